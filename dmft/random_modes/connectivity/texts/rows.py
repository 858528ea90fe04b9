"""Rows of cells from a text: encoding, comments, and the separator of the cells."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from ..numbers import COMMA
from ..request import Request
from ..tuning import SAMPLED_LINES

MARKS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "blanks"}
COMMENTS = ("#", "%")


@dataclass
class TextRows:
    """Iterator of (line, cells), with the separator and the comments at the top."""

    rows: Iterator[tuple[int, list[str]]]
    separator: str
    comments: list[str] = field(default_factory=list)

    def comment_cells(self) -> list[str]:
        """Cells of the last comment at the top, which may be a header."""
        text = self.comments[-1].lstrip("".join(COMMENTS) + " ") if self.comments else ""
        cells = _cells([text], self.separator)[0] if text else []
        while cells and not cells[-1]:
            cells.pop()
        return cells


def text_rows(stream: IO[bytes], request: Request) -> TextRows:
    """The rows of a text in UTF-8, or in UTF-16 with a byte-order mark."""
    head = stream.read(4)
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    raw = io.BufferedReader(_Rejoined(head, stream))
    text = io.TextIOWrapper(raw, encoding="utf-16" if wide else "utf-8-sig")
    lines = _readable(text, request)
    comments: list[str] = []
    kept = _without_comments(lines, comments, request)
    sample = list(itertools.islice(kept, SAMPLED_LINES))
    if not sample:
        request.unreadable("is empty")
    mark = _separator([line for _, line in sample], request)
    found = TextRows(iter(()), mark, comments)
    found.rows = _parsed(itertools.chain(sample, kept), mark, request)
    return found


class _Rejoined(io.RawIOBase):
    """A stream with its first bytes put back."""

    def __init__(self, head: bytes, rest: IO[bytes]):
        self.head, self.rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        block = self.head[:len(buffer)] or self.rest.read(len(buffer))
        self.head = self.head[len(buffer):]
        buffer[:len(block)] = block
        return len(block)


def _readable(text: Iterable[str], request: Request) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        for number, line in enumerate(text, 1):
            if "\0" in line:
                request.unreadable("is binary, or text in UTF-16 without its byte-order mark; "
                                   "give text in UTF-8, or a format that load_connectivity "
                                   "reads", number)
            yield number, line.rstrip("\r\n")
    except UnicodeError as error:
        request.unreadable(f"is not text in UTF-8 ({error}); save it in UTF-8", number + 1)


def _without_comments(lines: Iterator[tuple[int, str]], comments: list[str],
                      request: Request) -> Iterator[tuple[int, str]]:
    """Lines that are not blank and do not begin with # or %; those at the top are kept aside."""
    begun = 0
    for number, line in lines:
        if not line.strip():
            continue
        if not line.lstrip().startswith(COMMENTS):
            begun = max(begun, len(line.split(",")), len(line.split()))
            yield number, line
        elif not begun:
            comments.append(line.strip())
        elif begun in (len(line.split(",")), len(line.split())):
            request.unreadable(f"{line.strip()[:40]!r} may be a comment or a row; delete it, or "
                               "put names that begin with # or % in quotes", number)


def _cells(lines: Iterable[str], mark: str) -> list[list[str]]:
    if mark == " ":
        lines = (" ".join(line.split()) for line in lines)
    return [[cell.strip() for cell in row] for row in csv.reader(
        lines, delimiter=mark, skipinitialspace=True, strict=True)]


def _separator(lines: list[str], request: Request) -> str:
    """The separator with which all lines have equally many cells, two or more."""
    steady: dict[str, list[list[str]]] = {}
    for mark in MARKS:
        try:
            rows = _cells(lines, mark)
        except csv.Error:
            continue
        width = len(rows[-1])
        if width > 1 and all(len(row) == width for row in rows[1:]) and len(rows[0]) in (
                width, width - 1):
            steady[mark] = rows
    if not steady:
        return next((mark for mark in MARKS if mark in lines[0]), " ")
    marks = [mark for mark in steady if mark != " "] or [" "]
    if marks == [","] and all(COMMA.fullmatch(cell) for row in steady.get(" ", [[","]])
                              for cell in row if "," in cell):
        return " "  # decimal commas between blanks
    first, *others = marks
    for other in others:
        within = [cell for row in steady[first] for cell in row if other in cell]
        decimal = other == "," and all(COMMA.fullmatch(cell) for cell in within)
        if first != "\t" and within and not decimal:  # no name has a tab in it
            request.refuse(f"its cells are separated by {MARKS[first]} or by {MARKS[other]}",
                           "save it with tabs, or put names in quotes")
    return first


def _parsed(lines: Iterable[tuple[int, str]], mark: str,
            request: Request) -> Iterator[tuple[int, list[str]]]:
    at = [0]

    def texts() -> Iterator[str]:
        for number, line in lines:
            at[0] = number
            yield " ".join(line.split()) if mark == " " else line

    reader = csv.reader(texts(), delimiter=mark, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if mark == " " and "#" in cells[2:]:  # a comment at the end of a line
                cells = cells[:cells.index("#", 2)]
            yield at[0], cells
    except csv.Error as error:
        request.unreadable(f"{error} (a quotation mark may not be closed)", at[0])
