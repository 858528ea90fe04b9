"""Connectivity matrices from files: arrays, sparse matrices, tables and lists of edges."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
from scipy import sparse

from ..base import checks
from ..base.errors import StorageError

KINDS = ("auto", "dense", "edges")


def load_connectivity(path: str | os.PathLike[str], kind: str = "auto",
                      rows: str = "postsynaptic") -> np.ndarray | sparse.csr_array:
    """Read a connectivity matrix J, from neuron j (column) to neuron i (row).

    Parameters
    ----------
    path : path-like
        `.npy` (an array), `.npz` (a matrix saved by scipy.sparse.save_npz, or an archive with one
        array), or a text file (.csv, .tsv, .txt, .edges; separated by commas, semicolons, tabs or
        blanks) with a square table of numbers or a list of edges. Each line of a list has a source,
        a target and optionally a weight (1 by default). A first line of column names is skipped,
        and # begins a comment.
    kind : "auto", "dense" or "edges"
        Content of a text file. By default a square table is dense (except in a .edges file), and
        anything else is a list of edges.
    rows : "postsynaptic" or "presynaptic"
        Meaning of the rows of a matrix or table; with "presynaptic" it is transposed. Edges always
        run from source to target.

    Returns
    -------
    (N, N) array, or scipy.sparse.csr_array
        Dense from arrays and tables, sparse from sparse matrices and edges. Integer names of
        neurons are indices counted from the smallest name, or, where most numbers in their range
        are missing (as with database identifiers), neurons are numbered in ascending order of
        their names. Other names are numbered in sorted order. Weights of repeated edges are added.

    Raises
    ------
    StorageError
        If the file cannot be read; for text the message names the line.
    ModelError
        If the file does not hold a square matrix.
    """
    checks.one_of("kind", kind, KINDS)
    checks.one_of("rows", rows, ("postsynaptic", "presynaptic"))
    try:
        path = Path(path)
    except TypeError:
        checks.reject("path", path, "not a path", "give the name of a file")
    try:
        if path.suffix == ".npy":
            J = np.load(path, allow_pickle=False)
        elif path.suffix == ".npz":
            J = _archive(path)
        else:
            lines = _lines(path)
            listed = path.suffix == ".edges" or not _is_square(lines)
            if kind == "edges" or (kind == "auto" and listed):
                return _edges(path, lines)
            J = np.array([_numbers(path, number, line) for number, line in lines])
    except (OSError, ValueError, KeyError) as error:
        why = getattr(error, "strerror", None) or error
        raise StorageError(f"{path}: cannot be read as a connectivity matrix ({why})") from error
    if J.ndim != 2 or J.shape[0] != J.shape[1]:
        checks.reject("path", str(path), f"holds an array of shape {J.shape}, not a square matrix",
                      "give one row and one column per neuron, or kind='edges'")
    return J.T if rows == "presynaptic" else J


def _archive(path: Path):
    with np.load(path, allow_pickle=False) as archive:
        names = archive.files
        if "format" not in names and len(names) != 1:
            raise ValueError(f"holds {len(names)} arrays; save one, or a scipy.sparse matrix")
        if "format" not in names:
            return archive[names[0]]
    return sparse.csr_array(sparse.load_npz(path))


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """(number, words) of every line that is not empty or a comment."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        mark = next((m for m in (";", "\t", ",") if m in text), None)
        words = text.split() if mark is None else next(csv.reader([text], delimiter=mark))
        found.append((number, [word.strip() for word in words if word.strip() or mark]))
    if not found:
        raise ValueError("is empty")
    return found


def _is_square(lines: list[tuple[int, list[str]]]) -> bool:
    return all(len(words) == len(lines) for _, words in lines)


def _numbers(path: Path, number: int, words: list[str]) -> list[float]:
    try:
        return [float(word) for word in words]
    except ValueError as error:
        raise StorageError(f"{path}, line {number}: {error}") from None


def _edges(path: Path, lines: list[tuple[int, list[str]]]):
    edges: list[tuple[str, str, float]] = []
    for place, (number, words) in enumerate(lines):
        if len(words) not in (2, 3):
            raise StorageError(f"{path}, line {number}: {len(words)} words; give a source, a "
                               "target and optionally a weight for each edge")
        try:
            edges.append((words[0], words[1], float(words[2]) if len(words) == 3 else 1.0))
        except ValueError:
            if place == 0:  # column names
                continue
            raise StorageError(f"{path}, line {number}: the weight {words[2]!r} is not a "
                               "number") from None
    if len(lines[0][1]) == 2 and edges and not _whole(edges[0][:2]) and all(
            _whole(edge[:2]) for edge in edges[1:]) and len(edges) > 1:
        edges = edges[1:]
    names = sorted({name for source, target, _ in edges for name in (source, target)})
    if not names:
        raise StorageError(f"{path}: no edges")
    if _whole(names):
        numbers = sorted({int(name) for name in names})
        first, sparse_ids = numbers[0], numbers[-1] - numbers[0] >= 4 * len(numbers) + 100
        rank = {number: k for k, number in enumerate(numbers)}
        place_of = {name: rank[int(name)] if sparse_ids else int(name) - first for name in names}
    else:
        place_of = {name: k for k, name in enumerate(names)}
    N = 1 + max(place_of.values())
    source = [place_of[edge[0]] for edge in edges]
    target = [place_of[edge[1]] for edge in edges]
    weights = [edge[2] for edge in edges]
    return sparse.csr_array((weights, (target, source)), shape=(N, N))


def _whole(words) -> bool:
    return all(word.lstrip("-").isdigit() for word in words)
