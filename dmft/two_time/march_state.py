"""MarchState: state of the two-time integrator, with the past that later rows depend on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .march_parts import DisorderNoise

ROWS = ("S", "variance", "width", "psi", "F", "Q", "Q_before", "y")  # arrays with a time axis
CORNERS = ("F_diagonal", "F_next", "H_corner")


@dataclass(eq=False)
class MarchState:
    """Rows and equal-time values of the two-time functions up to time j; a step updates them.

    Parameters
    ----------
    y : (Q, n) array
        Filtered currents, followed by filtered inputs.
    S : (P, n) array
        Currents.
    variance, width, psi : (R, n) arrays
        <x^2>, its square root, and <phi'(x)>.
    F, Q, Q_before : (r, n) arrays
        F(t_j, s) = <h(t_j) eta(s)>, the noise covariance Q(t_j, s), and Q(t_(j-1), s).
    H_corner, F_diagonal, F_next : (r,) arrays
        H(t_j, t_j), F(t_j, t_j), and the prediction of F(t_(j+1), t_(j+1)).
    j : int
        Number of steps made.
    """

    y: np.ndarray
    S: np.ndarray
    variance: np.ndarray
    width: np.ndarray
    psi: np.ndarray
    F: np.ndarray
    Q: np.ndarray
    Q_before: np.ndarray
    H_corner: np.ndarray
    F_diagonal: np.ndarray
    F_next: np.ndarray
    j: int = 0

    @classmethod
    def start(cls, z0: np.ndarray, inputs: np.ndarray, regions: int,
              disorder: DisorderNoise) -> MarchState:
        """State at t = 0: filtered currents z0 (P,), and filtered inputs (K, n) at all times."""
        P, n, r = len(z0), inputs.shape[1], len(disorder)
        y = np.concatenate([np.zeros((P, n)), inputs])
        y[:P, 0] = z0
        zeros = np.zeros
        return cls(y, zeros((P, n)), zeros((regions, n)), zeros((regions, n)), zeros((regions, n)),
                   zeros((r, n)), zeros((r, n)), zeros((r, n)), zeros(r), zeros(r), zeros(r))

    @property
    def size(self) -> float:
        """Euclidean norm of y and the standard deviations at time j; at least 1e-6."""
        now = np.concatenate([self.y[:, self.j], np.sqrt(self.variance[:, self.j])])
        return max(float(np.sqrt(np.sum(now**2))), 1e-6)

    def distance(self, other: MarchState, steps: int) -> float:
        """Root mean square difference of currents and variances over the last `steps` steps."""
        last = slice(max(0, self.j + 1 - steps), self.j + 1)
        P = len(self.S)
        square = (np.sum((other.y[:P, last] - self.y[:P, last]) ** 2)
                  + np.sum((other.variance[:, last] - self.variance[:, last]) ** 2))
        return float(np.sqrt(square / steps))

    def contract_towards(self, other: MarchState, share: float, reach: int) -> None:
        """Reduce the difference from `other` to `share` of it, over the past `reach` steps too."""
        past = slice(max(0, other.j - reach), other.j + 1)
        for name in ROWS:
            mine, aim = (getattr(one, name)[:, past] for one in (self, other))
            mine[...] = aim + share * (mine - aim)
        for name in CORNERS:
            mine, aim = getattr(self, name), getattr(other, name)
            setattr(self, name, aim + share * (mine - aim))
