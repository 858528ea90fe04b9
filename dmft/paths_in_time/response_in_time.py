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
    steps, own = np.arange(0, len(noises), every), step_response(len(noises), dt)
    out = np.zeros((len(steps), len(steps)))
    for row, n in enumerate(steps):
        lag = dt * (n - np.arange(n + 1))
        B = inputs[:n + 1]
        missing = noises[n] - psi[row] * (own[n, :n + 1] @ B)
        # the remainder vanishes at s = t: it is written as 1 - exp(-(t-s)), times r
        onset = -np.expm1(-lag)
        weight = np.full(n + 1, dt)
        weight[0] = weight[-1] = dt / 2
        gram = B.T @ ((weight * onset**2)[:, None] * B)
        gram.flat[::len(gram) + 1] += RESPONSE_RIDGE * (float(np.trace(gram)) or 1.0)
        r = onset**2 * (B @ np.linalg.solve(gram, missing))
        out[row, :row + 1] = (psi[row] * linear_response.response(lag) + r)[::every][:row + 1]
    return out


def step_response(n: int, dt: float) -> np.ndarray:
    """(n, n) weights of the inputs at all steps in x at a later step, of the scheme of the march.
    """
    decay, now, before = (float(weight(dt)) for weight in (
        linear_response.decay, linear_response.etd_weight_now, linear_response.etd_weight_before))
    lags = np.arange(n)[:, None] - np.arange(n)
    past = np.maximum(lags - 1, 0)
    out = np.where(lags >= 1, now * decay**past, 0.0)
    out += np.where(lags >= 2, before * decay**np.maximum(lags - 2, 0), 0.0)
    out[1:, 0] += before * decay**past[1:, 0]  # the first step has no predecessor
    return out
