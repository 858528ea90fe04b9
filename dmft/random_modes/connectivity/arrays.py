"""Arrays of numpy, masked arrays and sparse matrices as connectivity."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ...base.allocation import require
from .columns import by_place
from .connectivity import Connectivity
from .edges import from_edges
from .frames import read_structured
from .named_matrix import from_matrix
from .numbers import names_of
from .request import Request
from .tuning import BYTES_PER_EDGE, BYTES_PER_NEURON


def read_array(array: Any, request: Request, form: str,
               notes: list[str] | None = None) -> Connectivity:
    """A dense, masked or sparse array: a matrix, or for kind='edges' the rows of a list."""
    notes = list(notes or [])
    if request.names in (True, False) and request.names is not None:
        request.refuse(f"names={request.names}: an array has no names in it",
                       "leave it out, or give names= as a sequence")
    if sparse.issparse(array):
        return _sparse(array, request, form, notes)
    masked = isinstance(array, np.ma.MaskedArray)
    given = np.ma.getdata(array) if masked else np.asarray(array)
    if given.dtype.names:
        if masked and np.any(np.ma.getmaskarray(array).view(bool)):
            request.refuse("has masked entries in a list of edges", "leave these rows out")
        return read_structured(given, request)
    numeric = given.dtype.kind in "biuf"
    if not numeric and given.dtype.kind not in "USO":
        request.refuse(f"has numbers of the type {given.dtype}", "give real numbers")
    if given.ndim != 2:
        request.refuse(f"holds an array of shape {given.shape}, not a square matrix",
                       "give one row and one column per neuron")
    if masked and np.any(np.ma.getmaskarray(array)):
        if request.edges:
            request.refuse("has masked entries in a list of edges", "leave these rows out")
        given = np.array(array.filled(0), dtype=float)
        notes.append(f"{np.ma.count_masked(array)} masked entries were taken as no connection")
    if request.edges:
        return _edges(given, request, form, notes)
    if not numeric and not (given.dtype.kind == "O" and all(
            isinstance(one, (int, float, np.number)) for one in given.flat)):
        request.refuse("does not hold numbers", "give numbers, or kind='edges' with rows of "
                       "source, target and weight")
    require(8.0 * given.size + 1, "path_or_object", given.shape, "give a sparse matrix")
    return from_matrix(np.array(given, dtype=float), request, form, notes=notes)


def _sparse(array: Any, request: Request, form: str, notes: list[str]) -> Connectivity:
    request.refuse_edges()
    if array.dtype.kind not in "biuf":
        request.refuse(f"has numbers of the type {array.dtype}", "give real numbers")
    if array.ndim != 2:
        request.refuse(f"holds an array of shape {array.shape}, not a square matrix",
                       "give one row and one column per neuron")
    require(float(BYTES_PER_EDGE * array.nnz) + BYTES_PER_NEURON * float(max(array.shape)),
            "path_or_object", array.shape, "give a smaller matrix")
    if hasattr(array, "check_format"):  # a wrong index would be read out of bounds
        try:
            array.check_format(full_check=True)
        except ValueError as error:
            request.refuse(f"is not a valid sparse matrix ({error})", "create it again")
    J = sparse.csr_array(array, dtype=float, copy=True)
    J.sum_duplicates()
    return from_matrix(J, request, form, notes=notes)


def _edges(rows: np.ndarray, request: Request, form: str, notes: list[str]) -> Connectivity:
    request.refuse_rows()
    request.refuse_names()
    columns = by_place(rows.shape[1], request)
    ends = rows[:, [columns.source, columns.target]]
    texts, places = np.unique(np.array([_text(one) for one in ends.flat], dtype=object),
                              return_inverse=True)
    places = places.reshape(ends.shape)
    weights = None
    if columns.weight is not None:
        try:
            weights = rows[:, columns.weight].astype(float)
        except (TypeError, ValueError):
            request.refuse("has weights that are not numbers", "give numbers")
        if not np.all(np.isfinite(weights)):
            request.refuse("has weights that are NaN or infinite", "leave these edges out")
    return from_edges(names_of(texts, request), places[:, 0], places[:, 1], weights, request,
                      f"{form}, a list of edges", columns.direction, [*notes, *columns.notes])


def _text(value: Any) -> str:
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if isinstance(plain, str) else repr(plain)
