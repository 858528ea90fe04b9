"""Connectivity: a matrix that was read, with the names of its neurons and notes on the reading."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from ...base.allocation import require
from .request import Name
from .tuning import SHOWN_NAMES


class _Arithmetic:
    """Sums, differences, products and quotients are those of `matrix`, without names."""

    matrix: Any
    __array_priority__ = 20.0  # an array on the left leaves the operation to this class

    def __add__(self, other): return operator.add(self.matrix, _plain(other))
    def __radd__(self, other): return operator.add(_plain(other), self.matrix)
    def __sub__(self, other): return operator.sub(self.matrix, _plain(other))
    def __rsub__(self, other): return operator.sub(_plain(other), self.matrix)
    def __mul__(self, other): return operator.mul(self.matrix, _plain(other))
    def __rmul__(self, other): return operator.mul(_plain(other), self.matrix)
    def __truediv__(self, other): return operator.truediv(self.matrix, _plain(other))
    def __matmul__(self, other): return operator.matmul(self.matrix, _plain(other))
    def __rmatmul__(self, other): return operator.matmul(_plain(other), self.matrix)
    def __neg__(self): return -self.matrix
    def __abs__(self): return abs(self.matrix)
    def __getitem__(self, key): return self.matrix[key]
    def __len__(self): return self.matrix.shape[0]


@dataclass(frozen=True, eq=False)
class Connectivity(_Arithmetic):
    """A connectivity matrix J, from neuron j (column) to neuron i (row).

    `dmft.load_connectivity` returns it, and every function of a connectivity accepts it. It can be
    indexed, scaled and multiplied as its `matrix`; `np.asarray` gives a dense array; `print` shows
    how the input was understood and what was left out.

    Parameters
    ----------
    matrix : (N, N) array or scipy.sparse.csr_array
        J: dense from dense input, sparse from sparse matrices, edges and graphs. Read-only.
    names : tuple of N str or int, or None
        Names of the neurons, in the order of rows and columns; None if the input has none. Names
        that are whole numbers are integers.
    origin : str
        The file or object that was read.
    format : str
        How it was understood.
    direction : str
        What in the input is the source of a connection and what the target.
    notes : tuple of str
        What was dropped, added or assumed.

    Examples
    --------
    >>> import dmft
    >>> J = dmft.load_connectivity([[0.0, 1.5], [0.5, 0.0]], names=["a", "b"])
    >>> J.names, J.is_sparse, float(J.matrix[0, 1])
    (('a', 'b'), False, 1.5)
    """

    matrix: np.ndarray | sparse.csr_array
    names: tuple[Name, ...] | None
    origin: str
    format: str
    direction: str
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        held = self.matrix if isinstance(self.matrix, np.ndarray) else self.matrix.data
        held.flags.writeable = False

    @property
    def neurons(self) -> int:
        """Number of neurons N."""
        return int(self.matrix.shape[0])

    @property
    def is_sparse(self) -> bool:
        """Whether `matrix` is a sparse array."""
        return not isinstance(self.matrix, np.ndarray)

    def toarray(self) -> np.ndarray:
        """(N, N) array: J as a new dense array.

        Raises
        ------
        ModelError
            If the memory does not suffice.
        """
        N = self.neurons
        require(8.0 * N * N, "matrix", (N, N), "use the sparse .matrix, or fewer neurons")
        if isinstance(self.matrix, np.ndarray):
            return np.array(self.matrix)
        return self.matrix.toarray()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.is_sparse:
            return np.asarray(self.toarray(), dtype)
        return np.array(self.matrix, dtype) if copy else np.asarray(self.matrix, dtype)

    def __getattr__(self, name: str) -> Any:
        """Other attributes are those of the matrix: `shape`, `T`, `nnz`, `mean` ..."""
        if name.startswith("_") or "matrix" not in self.__dict__:
            raise AttributeError(f"'Connectivity' object has no attribute {name!r}")
        return getattr(self.matrix, name)

    def __str__(self) -> str:
        count = (int(np.count_nonzero(self.matrix)) if isinstance(self.matrix, np.ndarray)
                 else self.matrix.nnz)
        lines = [f"{self.neurons} neurons, {count} couplings that are not zero "
                 f"({'sparse' if self.is_sparse else 'dense'})",
                 f"read from {self.origin}: {self.format}",
                 f"J[i, j] is from neuron j to neuron i: {self.direction}"]
        if self.names is None:
            lines.append("neurons have no names")
        else:
            more = ", ..." if self.neurons > SHOWN_NAMES else ""
            lines.append("names: " + ", ".join(map(str, self.names[:SHOWN_NAMES])) + more)
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return (f"Connectivity({self.neurons} neurons, "
                f"{'sparse' if self.is_sparse else 'dense'}, read from {self.origin})")


def _plain(value: Any) -> Any:
    return value.matrix if isinstance(value, Connectivity) else value
