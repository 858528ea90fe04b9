"""Read-only arrays, and data classes that compare and hash by the contents of their arrays."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np


class ArrayData:
    """Mixin of `@dataclass(frozen=True, eq=False)` with array fields: equal contents, equal hash.

    (The equality that a dataclass generates compares arrays element by element and has no truth
    value.)
    """

    def _contents(self) -> tuple[Any, ...]:
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        return tuple(_content(getattr(self, field.name)) for field in fields)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore the fields, and make the arrays read-only again."""
        self.__dict__.update(state)
        self._freeze()

    def _freeze(self) -> None:
        """Make every array read-only."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._contents() == other._contents()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._contents()))


def _content(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, (value + 0).tobytes()  # -0.0 + 0 is 0.0: equal numbers, equal bytes
    return value


def read_only(array: np.ndarray) -> np.ndarray:
    """The array, after it has been made read-only."""
    array.flags.writeable = False
    return array
