"""Errors of a self-consistent solution from those of one evaluation of its map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .path_map import PathMap
from .surrogate import SurrogateDerivative
from .tuning import MOST_PROBES, PROBE_STEP


@dataclass(frozen=True, eq=False)
class LinearResponse:
    """(1 - G')^-1 of a path map: that of the surrogate, corrected along its slowest directions.

    With probes Q (orthonormal) of the paths' own G', Y = (1 - J)^-1 (G' Q - J Q), it is
    (1 + Y (1 - Q'Y)^-1 Q') (1 - J)^-1, J the derivative of the surrogate.
    """

    derivative: SurrogateDerivative
    Q: np.ndarray
    Y: np.ndarray

    def solve(self, vectors: np.ndarray) -> np.ndarray:
        """(1 - G')^-1 times vectors (len, ...)."""
        first = self.derivative.solve(vectors)
        inner = np.linalg.solve(np.eye(self.Q.shape[1]) - self.Q.T @ self.Y, self.Q.T @ first)
        return first + self.Y @ inner

    @property
    def largest_eigenvalue(self) -> float:
        """Largest real part of the eigenvalues of G' in the directions that were probed.

        They are found from those of (1 - G')^-1 there.
        """
        inverse = self.Q.T @ self.solve(self.Q)
        values = 1 - 1 / np.linalg.eigvals(inverse)
        return float(values.real.max())


def linear_response(path_map: PathMap, u: np.ndarray, derivative: SurrogateDerivative,
                    residuals: np.ndarray) -> LinearResponse:
    """The response to errors like the `residuals` (len, P): probed where they matter most."""
    driving = path_map.unknowns.driving
    moved = np.where(driving[:, None], derivative.solve(residuals), 0)
    Q = np.linalg.svd(moved, full_matrices=False)[0][:, :MOST_PROBES]
    Q = np.where(driving[:, None], Q, 0)
    half = slice(0, max(1, len(path_map.paths) // 2))
    start = path_map.paths.copy(half)
    trial = PathMap(path_map.network, start, path_map.unknowns)
    trial.slope, trial.control = path_map.slope, path_map.last_control
    base = trial(u, sweeps=3)
    level = float(u[0] + u[path_map.unknowns.static])
    rows = []
    for direction in Q.T:
        step = PROBE_STEP * level / max(float(np.max(np.abs(direction))), 1e-300)
        trial.paths = start.copy()
        forward = trial(u + step * direction, sweeps=2)
        trial.paths = start.copy()
        rows.append((forward - trial(u - step * direction, sweeps=2)) / (2 * step))
    del base
    differences = np.stack(rows, axis=1) - derivative.times(Q)
    return LinearResponse(derivative, Q, derivative.solve(differences))
