"""Arrays on the command line: numbers, or the name of a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from dmft.base.checks import reject

ARRAY = "numbers, or a file .npy, .csv or .txt"
FILES = (".npy", ".csv", ".txt")
# number of indices of the arrays whose entries may be given as a single row
DIMENSIONS = {"T": 3, "U": 3, "cross_g": 2, "currents": 2, "mean": 2}


def array(name: str, words: list[str], indices: int | None = None) -> Any:
    """The array given by words of the command line: one file, one number, or a row of numbers.

    A row or table of R^k numbers for a field of k indices becomes (R, ..., R), with the last index
    varying fastest: a text file holds T as R lines, or tables, of R^2 numbers. With `indices`, k of
    a field that is not in DIMENSIONS, one number stays a number.

    Raises
    ------
    ModelError
        For words that are neither numbers nor a file; the message names the field.
    """
    if len(words) == 1 and Path(words[0]).suffix in FILES:
        return _shaped(name, _read(name, Path(words[0])), indices)
    try:
        numbers = [float(one) for word in words for one in word.split(",") if one]
    except ValueError:
        reject(name, " ".join(words), "neither numbers nor a file", f"give {ARRAY}")
    return numbers[0] if len(numbers) == 1 and name not in DIMENSIONS else _shaped(
        name, np.array(numbers), indices)


def _read(name: str, path: Path) -> np.ndarray:
    try:
        if path.suffix == ".npy":
            return np.load(path, allow_pickle=False)
        text = re.sub(r"[,;\t]", " ", path.read_text(encoding="utf-8-sig"))
        rows = [[float(one) for one in line.split()] for line in text.splitlines()
                if line.strip() and not line.lstrip().startswith("#")]
        return np.array(rows)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        reject(name, str(path), f"cannot be read ({why})", f"give {ARRAY}")


def _shaped(name: str, values: np.ndarray, indices: int | None) -> np.ndarray:
    k = DIMENSIONS.get(name, indices)
    if k is None:
        return values.ravel() if values.ndim == 2 and 1 in values.shape else values
    if values.ndim == k or values.ndim > 2:  # from .npy, also with the indices of rank K
        return values
    R = round(values.size ** (1 / k))
    if R**k != values.size:
        reject(name, f"{values.size} numbers", f"not R^{k} for any whole number R",
               f"give R^{k} numbers for R regions or populations, the last index varying fastest")
    return values.reshape((R,) * k)
