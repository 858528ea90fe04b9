"""Orthonormal bases that grow with the march, and normals matched to them."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from ..base import checks
from .tuning import FIRST_MODES, FULLEST, NEW_DIRECTION, SINGLE_FROM

MATCHED = np.float32  # of noise and of what it is orthogonal to: half the memory to be read


class Rows:
    """Rows (m, P) that are appended one after the other; contiguous, so that products are fast."""

    def __init__(self, width: int, dtype: type = np.float64):
        self._all: np.ndarray = np.empty((FIRST_MODES, width), dtype)
        self.count = 0

    @property
    def rows(self) -> np.ndarray:
        """(m, P)."""
        return self._all[:self.count]

    def append(self, row: np.ndarray) -> None:
        if self.count == len(self._all):
            self._all = np.concatenate([self._all, np.empty_like(self._all)])
        self._all[self.count] = row
        self.count += 1


class Basis(Rows):
    """An orthonormal basis of the vectors seen so far: a QR decomposition that grows."""

    def rest(self, vector: np.ndarray) -> np.ndarray:
        """The part of a vector that is orthogonal to the basis.

        By two Gram-Schmidt passes: after one, rounding that the basis is not orthogonal grows from
        vector to vector.
        """
        rest = vector - (self.rows @ vector) @ self.rows
        return rest - (self.rows @ rest) @ self.rows

    def extend(self, vector: np.ndarray) -> None:
        """Add the direction of a vector, unless it is in the basis already."""
        rest = self.rest(vector)
        size, whole = np.linalg.norm(rest), np.linalg.norm(vector)
        if whole > 0 and size > NEW_DIRECTION * whole:
            self.append(rest / size)


class Expansion(Basis):
    """Coordinates of vectors in the basis of their own innovations.

    An innovation, the part of a vector outside of the basis, adds a mode where its share of the
    vector is above `tol`.
    """

    def __init__(self, width: int, tol: float):
        self.dtype = MATCHED if tol >= SINGLE_FROM else np.float64
        super().__init__(width, self.dtype)
        self.tol = tol

    def split(self, vector: np.ndarray) -> tuple[np.ndarray, bool]:
        """Coordinates of a vector, and whether a mode was added, which is then the last one."""
        square, vector = float(vector @ vector), vector.astype(self.dtype, copy=False)
        own = (self.rows @ vector).astype(float)
        if square - own @ own <= self.tol**2 * square:
            return own, False
        rest = self.rest(vector)
        size = float(np.linalg.norm(rest))
        if size <= self.tol * np.sqrt(square):
            return own, False
        self.append(rest / size)
        return np.append(own, size), True


class MatchedNormals:
    """Standard normals whose sample moments with all that came before are those of a population.

    A draw is orthogonal to the constant, to the initial state, to all modes and to all earlier
    draws, and has mean square 1. Averages over few paths are then exact where the theory is linear.
    """

    def __init__(self, paths: int, rng: np.random.Generator):
        self.paths, self.rng = paths, rng
        self.known = Basis(paths, MATCHED)
        self.known.extend(np.ones(paths, MATCHED))

    def extend(self, vector: np.ndarray) -> None:
        """Later draws are orthogonal to this vector too."""
        self.known.extend(vector.astype(MATCHED))

    def draw(self) -> np.ndarray:
        """(P,) a matched draw, which later ones are orthogonal to, in single precision.

        Raises
        ------
        ModelError
            If the paths have no direction left.
        """
        if self.known.count >= FULLEST * self.paths:
            reject_too_few(self.paths)
        rest = self.known.rest(self.rng.standard_normal(self.paths, MATCHED))
        rest /= np.linalg.norm(rest)
        self.known.append(rest)
        return rest * MATCHED(np.sqrt(self.paths))

    def passing(self, state: np.ndarray, count: int) -> np.ndarray:
        """(count, P) draws that are orthogonal to all before, to a state and to each other, and
        that later ones need not be orthogonal to: the white noise of one step.
        """
        out = np.empty((count, self.paths))
        fixed = [state] if state @ state > 0 else []
        for k in range(count):
            drawn = self.rng.standard_normal(self.paths, MATCHED)
            normals = (drawn - (self.known.rows @ drawn) @ self.known.rows).astype(float)
            for one in (*fixed, *out[:k]):
                normals -= (normals @ one / (one @ one)) * one
            out[k] = normals * (np.sqrt(self.paths) / np.linalg.norm(normals))
        return out


def reject_too_few(paths: int) -> NoReturn:
    """Raise the error that the paths have no direction left for a further mode."""
    checks.reject("paths", paths, "too few: the activity has as many modes as the paths have "
                  "directions", "give dmft.PathOptions with more paths, or an earlier stop")
