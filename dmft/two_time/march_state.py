"""MarchState: all that a march knows at its present time, its past rows included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .march_parts import DisorderNoise

ROWS = ("S", "variance", "width", "psi", "F", "Q", "Q_before", "y")  # arrays with a time axis
CORNERS = ("F_diagonal", "F_next", "H_corner")


@dataclass(eq=False)
class MarchState:
    """Rows and corners of the two-time functions, up to time j; changed in place by a step.

    Parameters
    ----------
    y : (Q, n) array
        Filtered currents and, behind them, filtered inputs.
    S : (P, n) array
        Currents.
    variance, width, psi : (R, n) arrays
        <x^2>, its root, and <phi'(x)>.
    F, Q, Q_before : (r, n) arrays
        <h(t) eta(s)> and the noise covariance at t = t_j, and that one step earlier.
    H_corner, F_diagonal, F_next : (r,) arrays
        H(t_j, t_j), F(t_j, t_j), and the prediction of the latter one step on.
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
        """At t = 0, with the filtered currents z0 (P,) and the inputs (K, n) at all times."""
        P, n, r = len(z0), inputs.shape[1], len(disorder)
        y = np.concatenate([np.zeros((P, n)), inputs])
        y[:P, 0] = z0
        return cls(y, np.zeros((P, n)), *(np.zeros((regions, n)) for _ in range(3)),
                   *(np.zeros((r, n)) for _ in range(3)), *(np.zeros(r) for _ in range(3)))

    @property
    def size(self) -> float:
        """Root of the summed squares of y and of the standard deviations, 1e-6 at least."""
        now = np.concatenate([self.y[:, self.j], np.sqrt(self.variance[:, self.j])])
        return max(float(np.sqrt(np.sum(now**2))), 1e-6)

    def distance(self, other: MarchState, steps: int) -> float:
        """Root mean square difference of currents and variances over the last `steps` steps."""
        last = slice(max(0, self.j + 1 - steps), self.j + 1)
        P = len(self.S)
        square = (np.sum((other.y[:P, last] - self.y[:P, last]) ** 2)
                  + np.sum((other.variance[:, last] - self.variance[:, last]) ** 2))
        return float(np.sqrt(square / steps))

    def draw_towards(self, other: MarchState, share: float, reach: int) -> None:
        """Bring this state, its past over `reach` steps included, to `share` of its distance."""
        past = slice(max(0, other.j - reach), other.j + 1)
        for name in ROWS:
            mine, aim = (getattr(one, name)[:, past] for one in (self, other))
            mine[...] = aim + share * (mine - aim)
        for name in CORNERS:
            mine, aim = getattr(self, name), getattr(other, name)
            setattr(self, name, aim + share * (mine - aim))
