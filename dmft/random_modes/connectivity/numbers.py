"""Cells of a text: numbers, decimal commas, missing values, and names of neurons."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .request import Name, Request
from .tuning import LARGEST_EXACT

# Not float(): it takes 1_2 for 12, and NaN, infinity and digits of other scripts for numbers.
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
MISSING = {"", "na", "n/a", "nan", "none", "null", "<na>", "-"}
ROW = re.compile(rf"(?:{NUMBER.pattern}\x1f)+")
DIGITS = re.compile(r"[0-9]+")
TEXT, WHOLE, DECIMAL = range(3)


def is_number(cell: str) -> bool:
    """Whether a cell is a finite number, with a decimal point or a decimal comma."""
    return bool(NUMBER.fullmatch(cell) or COMMA.fullmatch(cell))


def is_label(cell: str) -> bool:
    """Whether a cell may name a neuron: a text, or a whole number of 0 or above."""
    if cell.casefold() in MISSING:
        return False
    return not is_number(cell) or as_whole(cell) is not None


def as_whole(cell: str) -> int | None:
    """The whole number of 0 or above that a cell holds (3, 3.0, 3e0), or None."""
    if DIGITS.fullmatch(cell):
        return int(cell)
    if NUMBER.fullmatch(cell) and float(cell).is_integer() and not cell.startswith("-"):
        return int(float(cell))
    return None


class Numbers:
    """Reads cells as numbers; records decimal commas and points that occur."""

    def __init__(self, request: Request, advice: str = "weight= names another column"):
        self.request, self.advice = request, advice
        self.decimal = self.either = self.point = ""

    def read(self, cell: str, line: int, column: int) -> float:
        """One finite number; an error names the line and the column, counted from 1."""
        if NUMBER.fullmatch(cell):
            if "." in cell:
                self.point = cell
            value = float(cell)
        elif COMMA.fullmatch(cell):
            if THOUSANDS.fullmatch(cell):
                self.either = cell
            else:
                self.decimal = cell
            value = float(cell.replace(",", "."))
        elif cell.casefold() in MISSING:
            what = "is empty" if not cell else f"{cell!r} is a missing value"
            self.request.unreadable(f"column {column} {what}; write 0 where there is no "
                                    "connection, or leave the row out of a list of edges", line)
        else:
            self.request.unreadable(f"column {column}: {cell!r} is not a finite number; "
                                    f"{self.advice}", line)
        if abs(value) == float("inf"):
            self.request.unreadable(f"column {column}: {cell!r} is not a finite number", line)
        return value

    def row(self, cells: list[str], line: int, first: int = 1) -> list[float]:
        """All cells of a row; `first` is the column of the first one, counted from 1."""
        if ROW.fullmatch("\x1f".join((*cells, ""))):
            values = list(map(float, cells))
            if not self.point:
                self.point = next((cell for cell in cells if "." in cell), "")
            if all(abs(value) < float("inf") for value in values):
                return values
        return [self.read(cell, line, first + k) for k, cell in enumerate(cells)]

    def finish(self) -> list[str]:
        """Notes on decimal commas; an error where a comma may also separate thousands."""
        comma = self.decimal or self.either
        if self.decimal and self.point:
            self.request.unreadable(f"{self.decimal!r} has a decimal comma and {self.point!r} a "
                                    "decimal point; write numbers with a decimal point")
        if comma and not self.decimal:
            why = f"beside {self.point!r}" if self.point else "no other number decides"
            self.request.unreadable(f"the comma of {comma!r} may be a decimal comma or separate "
                                    f"thousands ({why}); write numbers with a decimal point")
        return [f"decimal commas, as in {comma!r}"] if comma else []


def names_of(cells: Iterable[str], request: Request) -> list[Name]:
    """Names of neurons from distinct cells: integers if all are, else the texts.

    Identifiers that were rounded, negative or fractional numbers, missing names, and different
    cells of one number (7 and 07) are refused.
    """
    cells = list(cells)
    style = set()
    for cell in cells:
        if cell.casefold() in MISSING:
            request.unreadable(f"a neuron's name is missing ({cell!r}); leave out this row, or "
                               "name the neuron")
        if not is_number(cell):
            style.add(TEXT)
        elif as_whole(cell) is None:
            request.unreadable(f"{cell!r} is not the name of a neuron: a name is a text, or a "
                               "whole number of 0 or above; give source= and target= for the "
                               "columns of names, or leave out such rows")
        else:
            style.add(WHOLE if DIGITS.fullmatch(cell) else DECIMAL)
    if TEXT in style:
        return list(cells)
    whole = [as_whole(cell) or 0 for cell in cells]
    rounded = next((cell for cell, one in zip(cells, whole, strict=True)
                    if one > LARGEST_EXACT and not DIGITS.fullmatch(cell)), None)
    if rounded is not None:
        request.unreadable(f"the identifier {rounded!r} has been rounded; write identifiers as "
                           "integers with all digits")
    if len(set(whole)) < len(whole):
        seen: dict[int, str] = {}
        for cell, one in zip(cells, whole, strict=True):
            if one in seen:
                request.unreadable(f"{seen[one]!r} and {cell!r} are the same number; write each "
                                   "neuron's name in one way")
            seen[one] = cell
    return list(whole)
