"""Check of the elements of a MATLAB file (version 5 to 7) before scipy reads them.

scipy takes the types and the counts of a file as they are, and a damaged one ends the process. An
element has a tag with its type and its number of bytes; a matrix is an element whose content is a
sequence of elements: flags, dimensions, name, and the parts of its class.
"""

from __future__ import annotations

import math
import struct
import zlib
from typing import NamedTuple

import numpy as np

_HEADER = 128  # bytes of text, version and byte order
_MATRIX, _COMPRESSED = 14, 15
# by type, the bytes of each value
_NUMBERS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8}
_CHARACTERS = {**_NUMBERS, 16: 1, 17: 2, 18: 4}
_CELL, _STRUCT, _OBJECT, _CHAR, _SPARSE, _FUNCTION, _OPAQUE = 1, 2, 3, 4, 5, 16, 17
_NUMERIC = range(6, 16)
_COMPLEX, _LOGICAL = 0x800, 0x200  # of the flags
_DEEPEST = 100  # matrices within matrices


class _Element(NamedTuple):
    kind: int
    begin: int
    end: int
    next: int


def check_elements(data: bytes) -> None:
    """Refuse a MATLAB file whose elements do not fit together; older ones (version 4) pass.

    Raises
    ------
    ValueError
        For an unknown type, an element longer than what holds it, a number of values other than
        the dimensions state, or an index of a sparse matrix outside it.
    """
    if len(data) < _HEADER or 0 in data[:4]:  # version 4 has no header
        return
    order = {b"IM": "<", b"MI": ">"}.get(data[126:128])
    if order is None:
        raise ValueError("no byte order in its header")
    if data[125 if order == "<" else 124] == 2:  # version 7.3, which scipy refuses
        return
    at = _HEADER
    while at < len(data):
        one = _Walk(data, order).element(at, len(data), padded=False)
        if one.kind == _COMPRESSED:
            inner = zlib.decompress(data[one.begin:one.end])
            walk = _Walk(inner, order)
            walk.matrix(walk.element(0, len(inner)), 0)
        else:
            _Walk(data, order).matrix(one, 0)
        at = one.next


class _Walk:
    """The elements in a sequence of bytes."""

    def __init__(self, data: bytes, order: str):
        self.data = data
        self.order = order

    def element(self, at: int, end: int, padded: bool = True) -> _Element:
        """The element at a place, which must end before another; its content may be padded."""
        if at + 8 > end:
            raise ValueError(f"no element at byte {at}")
        kind, size = struct.unpack_from(f"{self.order}2I", self.data, at)
        if kind >> 16:  # up to four bytes within the tag itself
            kind, size = kind & 0xFFFF, kind >> 16
            if size > 4:
                raise ValueError(f"{size} bytes in a tag at byte {at}")
            return _Element(kind, at + 4, at + 4 + size, at + 8)
        begin = at + 8
        if begin + size > end:
            raise ValueError(f"an element at byte {at} is longer than what holds it")
        after = begin + size + (-size % 8 if padded else 0)
        return _Element(kind, begin, begin + size, min(after, end))

    def values(self, one: _Element, kinds: dict[int, int], what: str) -> int:
        """Number of the values of an element, which must have one of these types."""
        if one.kind not in kinds or (one.end - one.begin) % kinds[one.kind]:
            raise ValueError(f"{what} of type {one.kind} and {one.end - one.begin} bytes")
        return (one.end - one.begin) // kinds[one.kind]

    def integers(self, one: _Element, what: str) -> np.ndarray:
        """The values of an element of 32-bit integers."""
        count = self.values(one, {5: 4, 6: 4}, what)
        return np.frombuffer(self.data, f"{self.order}i4", count, one.begin)

    def matrix(self, whole: _Element, depth: int) -> None:
        """Check one matrix, and those in it."""
        if whole.kind != _MATRIX or depth > _DEEPEST:
            raise ValueError(f"no matrix, but type {whole.kind}" if depth <= _DEEPEST
                             else "matrices nested too deeply")
        if whole.begin == whole.end:  # an empty one within a cell or struct
            return
        at = whole.begin

        def following() -> _Element:
            nonlocal at
            one = self.element(at, whole.end)
            at = one.next
            return one

        flags = self.integers(following(), "flags").tolist()
        if len(flags) != 2:
            raise ValueError(f"{len(flags)} flags")
        kind, parts = flags[0] & 0xFF, 2 if flags[0] & _COMPLEX else 1
        if kind == _OPAQUE:
            for _ in range(3):
                self.values(following(), _CHARACTERS, "name")
            return self.matrix(following(), depth + 1)
        shape = tuple(self.integers(following(), "dimensions").tolist())
        if not 1 <= len(shape) <= 32 or min(shape) < 0:
            raise ValueError(f"dimensions {shape}")
        count = math.prod(shape)
        self.values(following(), _CHARACTERS, "name")
        if kind in _NUMERIC:
            for _ in range(parts):
                found = self.values(following(), _NUMBERS, "numbers")
                if found != count:
                    raise ValueError(f"{found} numbers for the dimensions {shape}")
        elif kind == _CHAR:
            self.values(following(), _CHARACTERS, "characters")
        elif kind == _SPARSE:
            self.sparse(shape, [following() for _ in range(2 + parts)], bool(flags[0] & _LOGICAL))
        elif kind == _FUNCTION:
            self.matrix(following(), depth + 1)
        elif kind in (_CELL, _STRUCT, _OBJECT):
            if kind == _OBJECT:
                self.values(following(), _CHARACTERS, "name")
            fields = 1 if kind == _CELL else self.fields(following(), following())
            if count * fields > (whole.end - at) // 8:
                raise ValueError(f"too few elements for the dimensions {shape}")
            for _ in range(count * fields):
                self.matrix(following(), depth + 1)
        else:
            raise ValueError(f"a matrix of class {kind}")
        return None

    def fields(self, length: _Element, names: _Element) -> int:
        """Number of the fields of a struct."""
        each = self.integers(length, "length of names")
        size = self.values(names, _CHARACTERS, "names")
        if len(each) != 1 or each[0] < 1 or size % each[0]:
            raise ValueError(f"{size} bytes of names of fields")
        return size // each[0]

    def sparse(self, shape: tuple[int, ...], parts: list[_Element], logical: bool) -> None:
        """Check the indices of a sparse matrix (compressed columns)."""
        rows, starts = self.integers(parts[0], "rows"), self.integers(parts[1], "columns")
        if len(shape) != 2 or len(starts) != shape[1] + 1 or starts[0] != 0 or np.any(
                np.diff(starts) < 0):
            raise ValueError(f"columns of a sparse matrix of the dimensions {shape}")
        used = int(starts[-1])
        if used > len(rows) or np.any(rows[:used] < 0) or np.any(rows[:used] >= shape[0]):
            raise ValueError(f"rows of a sparse matrix of the dimensions {shape}")
        # MATLAB may write truth values as bytes and call them numbers of 8 bytes
        kinds = dict.fromkeys(_NUMBERS, 1) if logical else _NUMBERS
        for part in parts[2:]:
            if self.values(part, kinds, "numbers") < used:
                raise ValueError(f"fewer than {used} numbers in a sparse matrix")
