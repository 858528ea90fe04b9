"""The mean response of phi in time, from averages of phi with the noise (Novikov's theorem)."""

from __future__ import annotations

import numpy as np

from ..units.unit import Unit
from .path_march import PathRows
from .time_steps import TimeSteps
from .tuning import RESPONSE_RIDGE


def response(rows: PathRows, steps: TimeSteps, keep: int, unit: Unit) -> np.ndarray:
    """R(t, s) at every keep-th recorded time, 0 at t < s.

    <phi(t) z_m> = int R(t, s) eta_m(s) ds, with eta_m the coordinates of the noise. R is
    psi(t) h(t-s), the response without memory, and a remainder that begins with 0 at t = s. The
    remainder is the smallest one with which the averages are met, up to a ridge.
    """
    kept, own = steps.recorded[::keep], rows.own_response
    out = np.zeros((len(kept), len(kept)))
    for row, (n, psi) in enumerate(zip(kept, rows.psi[::keep], strict=True)):
        t, B = steps.t[:n + 1], rows.inputs[:n + 1]
        missing = rows.noises[n] - psi * (own[n, :n + 1] @ B)
        # the remainder vanishes at s = t: it is written as 1 - exp(-(t-s)), times r
        onset = -np.expm1(t - t[-1])
        half = np.diff(t) / 2
        weight = np.concatenate([half, [0.0]]) + np.concatenate([[0.0], half])
        gram = B.T @ ((weight * onset**2)[:, None] * B)
        gram.flat[::len(gram) + 1] += RESPONSE_RIDGE * (float(np.trace(gram)) or 1.0)
        r = onset**2 * (B @ np.linalg.solve(gram, missing))
        out[row, :row + 1] = (psi * unit.impulse(t[-1] - t) + r)[kept[:row + 1]]
    return out
