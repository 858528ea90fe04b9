"""A list of edges in a text, read line by line."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np

from ..columns import Columns, by_name, by_place
from ..connectivity import Connectivity
from ..edges import from_edges
from ..numbers import Numbers, as_whole, is_number, names_of
from ..request import Request


def read_edges(rows: Iterator[tuple[int, list[str]]], width: int, header: list[str] | None,
               numbers: Numbers, request: Request, form: str, notes: list[str]) -> Connectivity:
    """The matrix of a list of edges; `header` is its first row, or None if it has none."""
    request.refuse_rows()
    request.refuse_names()
    first = next(rows)
    second = first if header is None else next(rows, None)
    if second is None:
        request.unreadable("has a header and no edges")
    columns = by_place(width, request) if header is None else by_name(
        header, [is_number(cell) for cell in second[1]], request)
    labels: dict[str, int] = {}
    ends, weights = (array("q"), array("q")), array("d")
    row: tuple[int, list[str]] | None = second
    while row is not None:
        line, cells = row
        if header is not None and cells == header:
            request.unreadable("repeats the header; join files without their headers", line)
        for one, place in zip(ends, (columns.source, columns.target), strict=True):
            one.append(labels.setdefault(cells[place], len(labels)))
        if columns.weight is not None:
            weights.append(numbers.read(cells[columns.weight], line, columns.weight + 1))
        row = next(rows, None)
    source, target = (np.frombuffer(one, dtype=np.int64) for one in ends)
    if header is None:
        cells = list(labels)
        index = len(source) > 1 and all(one == int(one) >= 0 for one in weights) and [
            as_whole(cells[k]) for k in source] in ([*range(len(source))],
                                                    [*range(1, len(source) + 1)])
        _check_first(first[1], columns, source, target, index, request)
    names = names_of(labels, request)
    if header is None and not request.edges and (
            any(map(is_number, labels)) and not all(map(is_number, labels))):
        request.refuse("has no header, and both texts and numbers as names (such as "
                       f"{next(filter(is_number, labels))!r} and "
                       f"{next(one for one in labels if not is_number(one))!r})",
                       "give kind='edges' if they are names of neurons")
    return from_edges(names, source, target,
                      np.frombuffer(weights) if columns.weight is not None else None, request,
                      f"list of edges, {'with' if header else 'without'} header, {form}",
                      columns.direction, [*notes, *columns.notes, *numbers.finish()])


def _check_first(cells: list[str], columns: Columns, source: np.ndarray, target: np.ndarray,
                 index: bool, request: Request) -> None:
    """Refuse a first row of two texts that occur nowhere else: it may be a header.

    Also a first column that may be an index (`index`), so that the others are source and target.
    """
    one, two = cells[columns.source], cells[columns.target]
    given = request.source is not None and request.target is not None
    if request.kind is None and not given and columns.weight is not None and index:
        request.refuse("the first column counts the rows, and all columns are whole numbers: it "
                       "may be an index, or the sources",
                       "give kind='edges' for source, target and weight, or source=, target= and "
                       "weight= as places of columns, from 0 (weight=False: every edge counts "
                       "as 1)")
    if given or columns.weight is not None or len(source) < 2 or is_number(one) or is_number(two):
        return
    rest = np.concatenate([source[1:], target[1:]])
    if source[0] not in rest and target[0] not in rest:
        request.refuse(f"the first row ({one}, {two}) may be a header or an edge",
                       f"give source={one!r}, target={two!r} if it is a header, source="
                       f"{columns.source}, target={columns.target} if it is an edge")
