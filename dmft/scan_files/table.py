"""Results of a scan as rows: for each quantity that is a number its value and standard error."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

import dmft

from ..base.estimate import Estimate
from ..plots.groups import ShownStates
from ..storage.files import write_atomically


def row_of(result: Any) -> dict[str, Any]:
    """Names and values of the numbers and words of a result; of a failure its message.

    A standard error follows its value as `name_stderr`.
    """
    if isinstance(result, BaseException):
        return {"failed": str(result)}
    if isinstance(result, dmft.Solution):
        return {"branch": result.branch, **_number("C_x(0)", result.C_x[0]),
                **_number("C_phi(0)", result.C_phi[0]), **_number("gain", result.gain),
                "error": result.convergence.error}
    if isinstance(result, dmft.LyapunovSpectrum):
        return {name: value for of in ("entropy_rate", "dimension", "s_ky", "largest")
                for name, value in _number(of, getattr(result, of)).items()}
    if isinstance(result, Estimate) and result.ndim == 0:
        error = getattr(result, "error", None)  # of the grid, beside that of sampling
        return _number("value", result) | ({} if error is None else {"error": error})
    if isinstance(result, ShownStates):
        first = result.states[0]  # stable ones come first
        each = (_entries(name, getattr(first, name, ())) for name in ("rates", "z", "variance"))
        return {"states": len(result), "stable": len(result.stable),
                "branch": " ".join(first.branch), **{k: v for one in each for k, v in one.items()},
                "error": result.convergence.error}
    if isinstance(result, (dmft.TimeSolution, dmft.SampledTimeSolution)):
        return {name: value for of in ("z", "variance", "psi")
                for name, value in _entries(f"{of}(stop)", getattr(result, of)[-1]).items()}
    if dataclasses.is_dataclass(result):
        return {name: value for field in dataclasses.fields(result)
                for name, value in _field(field.name, getattr(result, field.name)).items()}
    return {"value": result}


def write_table(path: Path, parameters: Iterable[dict[str, Any]], results: Iterable[Any]) -> None:
    """A CSV file with one row for each network: its parameters, then the quantities of `row_of`."""
    rows = [{**one, **row_of(result)} for one, result in zip(parameters, results, strict=True)]
    names = list(dict.fromkeys(name for row in rows for name in row))

    text = io.StringIO(newline="")
    table = csv.DictWriter(text, names)
    table.writeheader()
    table.writerows(rows)
    write_atomically(path, lambda stream: stream.write(text.getvalue().encode()))


def _entries(name: str, values: Any) -> dict[str, Any]:
    """The numbers of an array by their indices, such as variance[0]."""
    found: dict[str, Any] = {}
    for index in np.ndindex(np.shape(values)):
        at = f"{name}[{','.join(map(str, index))}]"
        found |= (_number(at, values[index]) if isinstance(values, Estimate)
                  else {at: float(values[index])})
    return found


def _field(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Estimate):
        return _number(name, value) if value.ndim == 0 else {}
    if isinstance(value, (bool, int, float, str, np.bool_)):
        return {name: value}
    if isinstance(value, tuple) and value and all(isinstance(one, str) for one in value):
        return {name: " ".join(value)}
    return {}


def _number(name: str, value: Estimate) -> dict[str, Any]:
    return {name: float(value), f"{name}_stderr": float(value.stderr)}
