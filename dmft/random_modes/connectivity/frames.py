"""Tables with named columns of one type each: data frames of pandas, and structured arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ...base.allocation import require
from .columns import by_name, is_index_name, names_both_ends, role, shown
from .connectivity import Connectivity
from .edges import from_edges
from .named_matrix import from_matrix
from .numbers import names_of
from .request import Name, Request
from .tuning import MOST_EDGE_COLUMNS


def is_frame(value: Any) -> bool:
    """Whether this is a data frame of pandas (without importing pandas)."""
    return {"columns", "index", "dtypes", "iloc"} <= set(dir(type(value)))


def read_frame(frame: Any, request: Request) -> Connectivity:
    """A data frame: a matrix with names in its index and columns, or a list of edges."""
    columns = list(frame.columns)
    if any(isinstance(one, tuple) for one in (*columns, *frame.index[:1])):
        request.refuse("has an index of several levels", "call .reset_index() first, and give "
                       "columns of one level")
    ends = names_both_ends(columns)
    if request.edges or (ends and request.kind != "matrix"):
        return _edges(frame, columns, request)
    counted = columns == [*range(len(columns))]
    if request.kind is None and len(columns) < MOST_EDGE_COLUMNS and (
            not ends and {role(one) for one in columns} & {"source", "target"}):
        request.refuse(f"the columns {shown(columns)} name one end of an edge only",
                       "give source= and target= with names of columns, or kind='matrix'")
    rows = list(frame.index)
    plain_index = rows == [*range(len(rows))]
    if plain_index and columns and len(columns) == len(rows) + 1 and (
            is_index_name(columns[0]) or frame.dtypes.iloc[0].kind not in "biuf"):
        frame, rows, columns = frame.iloc[:, 1:], list(frame.iloc[:, 0]), columns[1:]
        plain_index = rows == [*range(len(rows))]
    if plain_index and request.kind is None and len(rows) == len(columns) in (2, 3) and all(
            frame.dtypes.iloc[k].kind in "iu" for k in (0, 1)):
        request.refuse(f"{len(rows)} rows of {len(columns)} columns may be a matrix or a list of "
                       "edges", "give kind='matrix' or kind='edges'")
    notes, row_names, column_names = [], None, None
    if not (plain_index and counted):
        row_names, column_names = _as_names(rows, request), _as_names(columns, request)
        # Indices 0, 1, ... are not names, unless some of them are names on the other axis.
        if plain_index and not set(row_names) & set(column_names):
            notes.append("the index 0, 1, ... of the rows was not taken as names")
            row_names = None
        elif counted and not set(row_names) & set(column_names):
            column_names = None
    return from_matrix(_values(frame, request), request, "data frame, a matrix", row_names,
                       column_names, notes)


def read_structured(array: np.ndarray, request: Request) -> Connectivity:
    """A structured array, whose fields are columns of a list of edges."""
    try:
        import pandas
    except ImportError:
        request.unreadable("a structured array needs pandas: pip install 'dmft[connectome]'")
    return _edges(pandas.DataFrame(array), list(array.dtype.names or ()), request)


def _values(frame: Any, request: Request) -> Any:
    bad = [column for column, dtype in zip(frame.columns, frame.dtypes, strict=True)
           if dtype.kind not in "biuf"]
    if bad:
        request.refuse(f"column {bad[0]!r} does not hold numbers", "give numbers, or name the "
                       "columns of a list of edges by source=, target= and weight=")
    if hasattr(frame, "sparse") and all(str(one).startswith("Sparse") for one in frame.dtypes):
        return sparse.csr_array(frame.sparse.to_coo().astype(float))
    require(8.0 * frame.shape[0] * frame.shape[1], "path_or_object", frame.shape,
            "give a sparse matrix or a list of edges")
    values = frame.to_numpy(dtype=float, na_value=np.nan)
    if np.any(np.isnan(values)):
        request.refuse("has missing values", "give .fillna(0) if they stand for no connection")
    return values


def _edges(frame: Any, columns: list, request: Request) -> Connectivity:
    request.refuse_rows()
    request.refuse_names()
    if len(set(columns)) < len(columns):
        request.refuse("two columns have the same name", "rename one")
    numeric = [one.kind in "biuf" for one in frame.dtypes]
    chosen = by_name(columns, numeric, request)
    labels: dict[Any, int] = {}
    ends = []
    for place in (chosen.source, chosen.target):
        column = frame.iloc[:, place]
        if column.isna().any():
            request.refuse(f"column {columns[place]!r} has missing values",
                           "leave out these rows (.dropna())")
        ends.append(np.array([labels.setdefault(one, len(labels)) for one in column.tolist()],
                             dtype=np.int64))
    weights = None
    if chosen.weight is not None:
        if not numeric[chosen.weight]:
            request.refuse(f"the weights in column {columns[chosen.weight]!r} are not numbers",
                           "convert them, or give another weight=")
        weights = frame.iloc[:, chosen.weight].to_numpy(dtype=float, na_value=np.nan)
        if not np.all(np.isfinite(weights)):
            request.refuse(f"column {columns[chosen.weight]!r} has missing or infinite values",
                           "leave out these rows (.dropna())")
    return from_edges(_as_names(list(labels), request), ends[0], ends[1], weights, request,
                      "table with named columns, a list of edges", chosen.direction, chosen.notes)


def _as_names(values: list, request: Request) -> list[Name]:
    """Texts and integers as they are, floats that are integers as those."""
    cells = [one.item() if isinstance(one, np.generic) else one for one in values]
    if all(isinstance(one, str) for one in cells):
        return names_of(cells, request)
    if all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in cells):
        return names_of([repr(one) for one in cells], request)
    return [str(one) for one in cells]
