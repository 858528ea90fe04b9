"""Acceleration of a sequence whose slow modes are few: reduced rank extrapolation."""

from __future__ import annotations

import numpy as np

RCOND = 1e-5  # of the differences: what is smaller is noise of other modes
SETTLE, DEPTH = 4, 4  # plain steps after an extrapolation; differences that the next one uses


def extrapolate(sequence: list[np.ndarray]) -> np.ndarray:
    """Limit of a sequence u_0 ... u_m that a map with few slow modes made.

    The weights, of sum one, make the weighted difference sum gamma_i (u_{i+1} - u_i) smallest; the
    same weights of u_{i+1} are the limit, exact where m modes are left (with one mode it is
    Aitken's). The state behind the sequence may be larger than what is seen of it.
    """
    points = np.stack(sequence, axis=1)
    change = np.diff(points, axis=1)
    second = np.diff(change, axis=1)
    amounts, *_ = np.linalg.lstsq(second, change[:, -1], rcond=RCOND)
    return points[:, -1] - change[:, 1:] @ amounts


class Sequence:
    """Points of an iteration, of which the limit is told from time to time.

    Extrapolations disturb modes that are not slow: between two of them plain steps let these decay.
    """

    def __init__(self) -> None:
        self.points: list[np.ndarray] = []

    def limit(self, point: np.ndarray) -> np.ndarray | None:
        """Take one more point; the limit of the last ones if enough have come, which then go."""
        self.points.append(point)
        if len(self.points) <= SETTLE + DEPTH:
            return None
        last, self.points = self.points[-DEPTH - 1:], []
        return extrapolate(last)
