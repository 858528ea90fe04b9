"""The checked arguments of load_connectivity, and the two errors of reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from ...base import checks
from ...base.errors import ModelError, StorageError

Name = int | str  # of a neuron
KINDS = ("matrix", "edges")
ROWS = ("postsynaptic", "presynaptic")


@dataclass(frozen=True)
class Request:
    """The arguments that describe the input; what is None follows from the input."""

    origin: str  # the file or object, as messages name it
    kind: str | None = None
    rows: str | None = None
    source: str | int | None = None
    target: str | int | None = None
    weight: str | int | bool | None = None
    neurons: int | tuple[Name, ...] | None = None
    names: bool | tuple[Name, ...] | None = None
    variable: str | None = None

    def __post_init__(self):
        if self.kind is not None:
            checks.one_of("kind", self.kind, KINDS)
        if self.rows is not None:
            checks.one_of("rows", self.rows, ROWS)
        for field in ("source", "target", "weight"):
            _check_column(field, getattr(self, field))
        if self.neurons is not None and not isinstance(self.neurons, tuple):
            checks.whole("neurons", self.neurons, 2)
        if self.variable is not None and not isinstance(self.variable, str):
            checks.reject("variable", self.variable, "not a name",
                          "give the name of an array in the file")
        if self.kind == "matrix" and self.columns_given:
            checks.reject("kind", self.kind, "a matrix has no columns source, target and weight",
                          "leave them out, or give kind='edges'")

    @property
    def columns_given(self) -> bool:
        """Whether a column of a list of edges is named."""
        return (self.source, self.target, self.weight) != (None, None, None)

    @property
    def edges(self) -> bool:
        """Whether the arguments make the input a list of edges."""
        return self.kind == "edges" or self.columns_given

    def refuse_rows(self) -> None:
        """Refuse `rows` for edges, whose source and target are given."""
        if self.rows is not None:
            checks.reject("rows", self.rows, f"{self.origin} has edges, which run from source to "
                          "target", "leave it out; source= and target= name the columns")

    def refuse_names(self) -> None:
        """Refuse `names` for edges, which name their neurons."""
        if self.names is not None:
            checks.reject("names", self.names, f"{self.origin} has edges, which name their "
                          "neurons", "give neurons=, which also sets their order")

    def refuse_edges(self) -> None:
        """Refuse columns of edges where the format holds a matrix."""
        if self.edges:
            checks.reject("kind", self.kind or "edges", f"{self.origin} holds a matrix, not a "
                          "list of edges", "leave out kind, source, target and weight")

    def refuse(self, problem: str, advice: str) -> NoReturn:
        """ModelError: the input has no or several meanings."""
        checks.reject("path_or_object", self.origin, problem, advice)

    def unreadable(self, problem: str, line: int | None = None) -> NoReturn:
        """StorageError: the input is broken; the message names the line."""
        raise StorageError(f"{self.origin}{f', line {line}' if line else ''}: {problem}")


@contextmanager
def reading(form: str, request: Request) -> Iterator[None]:
    """Whatever the reader of another library raises for a broken file becomes a StorageError."""
    try:
        yield
    except (ModelError, StorageError, MemoryError):
        raise
    except Exception as error:
        request.unreadable(f"cannot be read as {form} ({type(error).__name__}: {error})")


def sequence_of_names(field: str, value: Any) -> tuple[Name, ...]:
    """Distinct names of two neurons or more, each a text or an integer."""
    if isinstance(value, (str, bytes)) or not isinstance(value, (Iterable, Sequence)):
        checks.reject(field, value, "not a sequence of names", "give a text or an integer for each "
                      "neuron")
    names = tuple(one.item() if isinstance(one, np.generic) else one for one in value)
    for one in names:
        if isinstance(one, bool) or not isinstance(one, (str, int)):
            checks.reject(field, one, "not the name of a neuron", "give texts or integers")
    if len(names) < 2 or len(set(names)) < len(names):
        twice = next((one for one in names if names.count(one) > 1), None)
        checks.reject(field, value, f"names {twice!r} twice" if len(names) > 1
                      else "names fewer than two neurons", "give each neuron its own name")
    return names


def _check_column(field: str, value: Any) -> None:
    if value is None or (field == "weight" and value is False):
        return
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        extra = ", or weight=False for 1 each" if field == "weight" else ""
        checks.reject(field, value, "neither the name nor the place of a column",
                      f"give a name from the header, or its place, counted from 0{extra}")
