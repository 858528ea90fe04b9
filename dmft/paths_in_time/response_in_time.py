"""The mean response of phi in time, from averages of phi with the noise (Novikov's theorem)."""

from __future__ import annotations

import numpy as np

from ..equations import linear_response
from .tuning import RESPONSE_RIDGE


def response(noises: np.ndarray, inputs: np.ndarray, psi: np.ndarray, every: int,
             dt: float) -> np.ndarray:
    """R(t, s) at every `every`-th time, 0 at t < s.

    <phi(t) z_m> = int R(t, s) eta_m(s) ds, with eta_m the coordinates of the noise. R is
    psi(t) exp(-(t-s)), the response without memory, and a remainder that begins with 0 at t = s.
    The remainder is the smallest one with which the averages are met, up to a ridge.

    Parameters
    ----------
    noises, inputs : (n, m) arrays
        <phi(t) z_m> and eta_m(s), at all steps of dt.
    psi : (k,) array
        <phi'> at every `every`-th step.
    """
    steps = np.arange(0, len(noises), every)
    out = np.zeros((len(steps), len(steps)))
    for row, n in enumerate(steps):
        weight = np.full(n + 1, dt)
        weight[0] = weight[-1] = dt / 2
        known = psi[row] * linear_response.response(dt * (n - np.arange(n + 1)))
        B = inputs[:n + 1]
        missing = noises[n] - (weight * known) @ B if n else np.zeros(B.shape[1])
        # the remainder vanishes at s = t, like 1 - exp(-(t-s)): it is written as that, times r
        onset = -np.expm1(-dt * (n - np.arange(n + 1)))
        design = (weight * onset)[:, None] * B
        gram = design.T @ (onset[:, None] * B)
        gram = (gram + gram.T) / 2
        scale = float(np.trace(gram)) or 1.0
        gram.flat[::len(gram) + 1] += RESPONSE_RIDGE * scale
        r = onset * (onset * (B @ np.linalg.solve(gram, missing)))
        out[row, :row + 1] = (known + r)[::every][:row + 1]
    return out
