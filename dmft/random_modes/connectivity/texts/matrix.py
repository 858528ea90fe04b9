"""A matrix in a text, with or without names in its first row and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ....base.allocation import require
from ..columns import is_index_name
from ..connectivity import Connectivity
from ..named_matrix import from_matrix
from ..numbers import Numbers, as_whole, is_number, names_of
from ..request import Request


@dataclass(frozen=True)
class Table:
    """Texts of the first row and the first column of a table, corner included in both."""

    top: list[str]
    left: list[str]

    @classmethod
    def of(cls, rows: list[tuple[int, list[str]]]) -> Table | None:
        """The table of these rows; None if its inner cells are not all numbers."""
        if all(is_number(cell) for _, cells in rows[1:] for cell in cells[1:]):
            return cls(rows[0][1], [cells[0] for _, cells in rows])
        return None

    def fits(self, header: bool, labels: bool) -> bool:
        """Whether the cells that are not names are numbers, of two neurons or more."""
        return len(self.left) - header > 1 and (header or all(map(is_number, self.top[1:]))) and (
            labels or all(map(is_number, self.left[header:])))


def can_be_matrix(table: Table, request: Request) -> bool:
    """Whether a table is a square matrix of numbers, apart from its names."""
    found = named(table, request, try_only=True)
    return found is not None and table.fits(*found)


def named(table: Table, request: Request, try_only: bool = False) -> tuple[bool, bool] | None:
    """Whether the first row and the first column of a table hold names: its shape must fit.

    If the table is not a square matrix: None with `try_only`, otherwise an error.
    """
    n, width = len(table.left), len(table.top)
    corner = is_number(table.top[0])
    text_top = not all(map(is_number, table.top[1:]))
    text_left = not all(map(is_number, table.left[1:]))
    if n == width:
        found = not corner or text_top or text_left or request.names is True
        if request.names is False and found:
            return _wrong("names=False, and the first row or column is not all numbers",
                          "leave names out", request, try_only)
        # A table of two rows would leave one neuron.
        if not (found or try_only) and request.names is None and n > 2 and _may_be_names(
                table.top[1:], table.left[1:], request.kind == "matrix"):
            return _wrong("the first row and the first column may be names or couplings",
                          "give names=True or names=False (with kind='matrix' if it is not a list "
                          "of edges)", request, False)
        return found, found
    if request.names is not False:
        if n == width + 1 and (not corner or text_top or request.names is True
                               or _counts(table.top)):
            return True, False
        if n == width - 1 and (not corner or text_left or request.names is True
                               or _counts(table.left)):
            return False, True
    more = " (names=True if the first row or column has names)" if abs(n - width) == 1 else ""
    return _wrong(f"{n} rows of {width} columns are not a square matrix",
                  f"give one row and one column per neuron{more}, or kind='edges' for a list of "
                  "edges", request, try_only)


def same_names(table: Table) -> bool:
    """Whether row and column names are the same, under a corner that is not a number."""
    return (not is_number(table.top[0]) and len(table.top) == len(table.left)
            and sorted(table.top[1:]) == sorted(table.left[1:]))


def read_matrix(rows: Iterable[tuple[int, list[str]]], width: int, numbers: Numbers,
                request: Request, form: str, notes: list[str]) -> Connectivity:
    """The matrix of a table of `width` columns; only its first row and column may be names."""
    require(8.0 * width * (width + 1), "path_or_object", request.origin,
            "give a list of edges or a sparse matrix")
    values = np.full((width + 1, width), np.nan)
    first_line, top, left, lines = 0, [], [], []
    for n, (line, cells) in enumerate(rows):
        if n == width + 1:
            request.refuse(f"more than {n} rows of {width} columns: neither a square matrix nor a "
                           "list of edges with the names of its columns in a header",
                           "give source= and target= for a list of edges")
        left.append(cells[0])
        lines.append(line)
        if n == 0:
            first_line, top = line, cells
        else:
            values[n, 1:] = numbers.row(cells[1:], line, 2)
    table = Table(top, left)
    header, labels = named(table, request) or (False, False)
    if not header:
        values[0, 1:] = numbers.row(top[1:], first_line, 2)
    if not labels:
        for n in range(int(header), len(left)):
            values[n, 0] = numbers.read(left[n], lines[n], 1)
    kept = values[int(header):len(left), int(labels):]
    said = [*notes, *numbers.finish()]
    row_texts, column_texts = left[int(header):], top[int(labels):]
    if header and labels:
        labels = not (is_index_name(top[0]) and _only_counts(row_texts, column_texts))
        header = not _only_counts(column_texts, row_texts)
        if not labels:
            said.append(f"dropped the index column {row_texts[0]} to {row_texts[-1]}")
        if not header:
            said.append(f"dropped the index row {column_texts[0]} to {column_texts[-1]}")
    where = {(False, False): "without names", (True, False): "names in the first row",
             (False, True): "names in the first column", (True, True):
             "names in the first row and column"}[header, labels]
    return from_matrix(np.array(kept), request, f"matrix, {where}, {form}",
                       names_of(row_texts, request) if labels else None,
                       names_of(column_texts, request) if header else None, said)


def _wrong(problem: str, advice: str, request: Request,
           try_only: bool) -> tuple[bool, bool] | None:
    return None if try_only else request.refuse(problem, advice)


def _may_be_names(top: list[str], left: list[str], matrix: bool) -> bool:
    """Whether cells of numbers may be names: different integers, the same ones in both.

    Or one of them is an index, 0, 1, 2, ..., unless the table is known to be a `matrix`.
    """
    one, two = ([as_whole(cell) for cell in cells] for cells in (top, left))
    if None in (*one, *two) or len(set(one)) < len(one) or len(set(two)) < len(two):
        return False
    return set(one) == set(two) or (not matrix and (_counts(top) or _counts(left)))


def _only_counts(cells: list[str], others: list[str]) -> bool:
    """Whether cells count rows or columns while the names on the other axis are not indices."""
    return _counts(cells) and not {*map(as_whole, others)} & {*range(len(cells) + 1)}


def _counts(cells: list[str]) -> bool:
    """Whether cells are 0, 1, 2, ... or 1, 2, 3, ..."""
    whole = [as_whole(cell) for cell in cells]
    return whole in ([*range(len(cells))], [*range(1, len(cells) + 1)])
