"""A square connectivity matrix with names on its rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...base import checks
from ...base.allocation import require
from .connectivity import Connectivity
from .request import Name, Request


def from_matrix(values: Any, request: Request, form: str, rows: Sequence[Name] | None = None,
                columns: Sequence[Name] | None = None, notes: Sequence[str] = ()) -> Connectivity:
    """J from an array or csr_array whose rows and columns may have names.

    Rows and columns of one set of neurons in two orders are brought into the order of the rows.
    """
    request.refuse_edges()
    said = list(notes)
    numbers = values if isinstance(values, np.ndarray) else values.data
    if not np.all(np.isfinite(numbers)):
        request.refuse("holds NaN or infinity", "give finite couplings, 0 where there is no "
                       "connection")
    checks.bounded("path_or_object", numbers)
    if isinstance(request.names, tuple):
        if values.shape != (len(request.names),) * 2:
            checks.reject("names", request.names, f"{len(request.names)} names for an array of "
                          f"shape {values.shape}", "give a name for each row and column")
        if rows is not None or columns is not None:
            said.append("names of the input replaced by names=")
        rows = columns = request.names
    for axis, names in (("rows", rows), ("columns", columns)):
        if names is not None and len(set(names)) < len(names):
            twice = next(one for one in names if list(names).count(one) > 1)
            request.refuse(f"two {axis} have the name {twice!r}", "give each neuron its own name")
    if rows is not None and columns is not None and list(rows) != list(columns):
        if set(rows) == set(columns):
            place = {name: k for k, name in enumerate(columns)}
            values = values[:, [place[name] for name in rows]]
            said.append("columns were in another order than rows, and now have that of the rows")
        elif not isinstance(request.neurons, tuple):
            only = [f"row {one!r} has no column" for one in rows if one not in set(columns)] or [
                f"column {one!r} has no row" for one in columns if one not in set(rows)]
            request.refuse(f"rows and columns have different names: {only[0]}",
                           "give neurons= with all names to fill up with zeros, or names= with the "
                           "names of both rows and columns")
    elif rows is None:
        rows = columns
    names, values = _embedded(values, rows, columns if columns is not None else rows, request,
                              said)
    if values.shape[0] != values.shape[1] or values.shape[0] < 2:
        request.refuse(f"holds an array of shape {values.shape}, not a square matrix of two "
                       "neurons or more", "give one row and one column per neuron, or kind='edges' "
                       "for a list of edges")
    turned = request.rows == "presynaptic"
    direction = ("rows are presynaptic (rows='presynaptic'): transposed" if turned else
                 "rows were taken as postsynaptic" + (
                     "" if request.rows else ", the default; rows='presynaptic' transposes"))
    J = values.T if turned else values
    # In one memory order, so that sums over the matrix do not depend on the format.
    J = np.ascontiguousarray(J) if isinstance(J, np.ndarray) else J.tocsr()
    return Connectivity(J, names, request.origin, form, direction, tuple(said))


def _embedded(values: Any, rows: Sequence[Name] | None, columns: Sequence[Name] | None,
              request: Request, said: list[str]) -> tuple[tuple[Name, ...] | None, Any]:
    """Names and matrix of the neurons that `neurons=` gives, in its order, zeros for new ones."""
    neurons = request.neurons
    if neurons is None:
        return None if rows is None else tuple(rows), values
    if not isinstance(neurons, tuple):
        if values.shape != (neurons, neurons):
            checks.reject("neurons", neurons, f"the matrix has the shape {values.shape}",
                          "leave it out, or give names of all neurons")
        return None if rows is None else tuple(rows), values
    if rows is None or columns is None:
        checks.reject("neurons", neurons, "the matrix has no names",
                      "give names= for its rows and columns")
    order = [str(one) for one in neurons]
    place = {name: k for k, name in enumerate(order)}
    missing = [one for one in (*rows, *columns) if str(one) not in place]
    if missing:
        checks.reject("neurons", neurons, f"the matrix also has {missing[0]!r}",
                      "name every neuron of the matrix")
    N = len(order)
    require(8.0 * N * N, "neurons", N, "give fewer neurons")
    dense = values if isinstance(values, np.ndarray) else values.toarray()
    out = np.zeros((N, N))
    out[np.ix_([place[str(one)] for one in rows], [place[str(one)] for one in columns])] = dense
    said.append(f"{N - len({*rows, *columns})} of {N} neurons are not in the input (neurons=)")
    return neurons, out
