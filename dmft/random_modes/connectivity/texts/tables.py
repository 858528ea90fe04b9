"""A table in a text: a matrix, with or without names, or a list of edges.

The header decides where there is one. Without one, a table that can be read in two ways is refused
until `kind`, or `names` for the first row and column, is given.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import IO

from ..columns import is_index_name, names_both_ends, role, shown
from ..connectivity import Connectivity
from ..numbers import MISSING, Numbers, as_whole, is_label, is_number
from ..request import Request
from ..tuning import FIRST_ROWS, MOST_EDGE_COLUMNS
from .edges import read_edges
from .matrix import Table, can_be_matrix, read_matrix, same_names
from .rows import MARKS, TextRows, text_rows

Rows = Iterator[tuple[int, list[str]]]


def read_text(stream: IO[bytes], request: Request) -> Connectivity:
    """A connectivity from a text: csv, tsv, or columns between blanks."""
    source = text_rows(stream, request)
    rows, width, notes = _equal_widths(source, request)
    head = list(itertools.islice(rows, FIRST_ROWS))
    first, body = head[0][1], [cells for _, cells in head[1:]]
    form = f"cells separated by {MARKS[source.separator]}"
    numbers = Numbers(request, "for a list of edges give source=, target= and weight=")
    everything = itertools.chain(head, rows)
    named_ends = names_both_ends(first)
    if request.edges or (named_ends and request.kind != "matrix"):
        return read_edges(everything, width, _header(first, body, width, named_ends, request),
                          numbers, request, form, notes)
    if request.kind is None and width <= MOST_EDGE_COLUMNS:
        one_end = {role(cell) for cell in first} & {"source", "target"}
        if one_end and not is_number(first[0]):
            request.refuse(f"the header {shown(first)} names a {one_end.pop()} only",
                           "give source= and target= with names of columns, or kind='matrix'")
        may_be_edges = _may_be_edges(first, body, width)
        table = None if len(head) == FIRST_ROWS else Table.of(head)
        matrix = table is not None and can_be_matrix(table, request)
        if table is not None and matrix and may_be_edges and not same_names(table):
            request.refuse(f"{len(head)} rows of {width} columns may be a matrix or a list of "
                           "edges", "give kind='matrix' or kind='edges'")
        if may_be_edges and not matrix:
            return read_edges(everything, width, _header(first, body, width, False, request),
                              numbers, request, form, notes)
    return read_matrix(everything, width, numbers, request, form, notes)


def _equal_widths(source: TextRows, request: Request) -> tuple[Rows, int, list[str]]:
    """Rows of one width. A shorter first row (as R writes it) gets an empty corner."""
    rows = source.rows
    head = list(itertools.islice(rows, FIRST_ROWS))
    if not head:
        request.unreadable("is empty")
    widths = [len(cells) for _, cells in head[1:] or head]
    width, notes = max(widths, key=widths.count), []  # the most frequent width
    if len(head) > 1 and width > 2 and all(not cells[-1] for _, cells in head):
        notes.append("dropped an empty last column")
        width -= 1
        cut = width + 1
    else:
        cut = 0
    if width == 1:
        request.refuse("has one column: no separator between cells was found",
                       "separate cells by commas, semicolons, tabs or blanks")
    header = source.comment_cells()
    own = head[0][1][:width]
    comment = names_both_ends(header) or (source.separator != " " and len(header) > 2
                                          and not any(is_number(cell) for cell in header))
    if comment and len(header) in (width, width - 1) and not names_both_ends(own) and all(
            is_number(cell) for cell in own[1:]):
        notes.append(f"header from the comment {source.comments[-1]!r}")
        head = [(head[0][0], header + [""] * cut), *head] if len(header) == width else [
            (head[0][0], ["", *header] + [""] * bool(cut)), *head]
    elif not request.columns_given and not names_both_ends(own):
        _check_comments(source.comments, request)

    def equal() -> Rows:
        for k, (line, cells) in enumerate(itertools.chain(head, rows)):
            if cut and not cells[-1] and (len(cells) == cut or (k == 0 and len(cells) == width)):
                cells = cells[:-1]
            if k == 0 and len(cells) == width - 1 and len(head) > 1:
                cells = ["", *cells]
            if len(cells) != width:
                request.unreadable(f"has {len(cells)} cells, other lines have {width}", line)
            yield line, cells

    return equal(), width, notes


def _check_comments(comments: list[str], request: Request) -> None:
    """Refuse a comment that may name the columns in another order than source, target, weight."""
    for comment in comments:
        roles = [one for one in map(role, re.split(r"[\s,;|:]+", comment.strip("#% "))) if one]
        order = list(dict.fromkeys(roles))
        if {"source", "target"} <= set(order) and request.kind != "matrix" and (
                order[:2] != ["source", "target"]):
            request.refuse(f"the comment {comment!r} may name the columns",
                           "give source=, target= and weight=, their places from 0, or "
                           "kind='matrix'")


def _may_be_edges(first: list[str], body: list[list[str]], width: int) -> bool:
    """Whether the first rows may be edges: two names and perhaps a weight, in any order.

    Of four columns the first would be an index: 0, 1, 2, ... or 1, 2, 3, ...
    """
    header = any(not is_number(cell) and all(is_number(row[k]) for row in body)
                 for k, cell in enumerate(first))
    rows = body if body and header else [first, *body]
    if width == MOST_EDGE_COLUMNS:
        index = [as_whole(row[0]) for row in rows]
        if index not in ([*range(len(index))], [*range(1, len(index) + 1)]):
            return False
        rows = [row[1:] for row in rows]
    columns = list(zip(*rows, strict=True))
    names = [column for column in columns if all(map(is_label, column))]
    text = [column for column in columns if not any(map(is_number, column))]
    return len(names) >= 2 and len(text) < 3


def _header(first: list[str], body: list[list[str]], width: int, named_ends: bool,
            request: Request) -> list[str] | None:
    """The header of a list of edges, or None if the first row is an edge."""
    given = [one for one in (request.source, request.target, request.weight)
             if isinstance(one, str)]
    if named_ends or any(one in first for one in given):
        return first
    if not body:
        return None
    # a column that is text at its top only
    titles = [k for k in range(width) if not is_number(first[k])
              and first[k].casefold() not in MISSING - {""}
              and all(is_number(row[k]) for row in body)]
    if titles or is_index_name(first[0]):
        return first
    return None
