"""Networks, colours, padded arrays and tapered spectra used by all figures of plasticity."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, ORANGE, RED, SKY

COLOURS, MARKERS = (BLUE, SKY, "0.35", ORANGE, RED), ("o", "v", "s", "^", "D")  # from low k to high


def networks_of(g: float, strengths: list[float], p: float) -> list[dmft.PlasticNetwork]:
    """Networks with phi = tanh, one g and one p, one for each k."""
    return [dmft.PlasticNetwork(g, k, p) for k in strengths]


def tapered_spectrum(tau: np.ndarray, C: np.ndarray, omega: np.ndarray) -> np.ndarray:
    """Tapered spectrum: 2 int_0^L cos(omega tau) cos^2(pi tau/2L) C(tau) d tau.

    Parameters
    ----------
    tau : (n,) array
        Equally spaced lags from 0 to L.
    C : (..., n) array
        Correlations at the lags.
    omega : (m,) array
        Angular frequencies.

    Returns
    -------
    (..., m) array
    """
    weight = np.full(len(tau), 2 * (tau[1] - tau[0]))
    weight[[0, -1]] /= 2
    return (C * weight * np.cos(np.pi * tau / (2 * tau[-1])) ** 2) @ np.cos(np.outer(tau, omega))


def padded(tau: np.ndarray, solution: dmft.Solution, missing: float) -> np.ndarray:
    """C_phi of a solution at given lags, and `missing` beyond its own longest lag."""
    from ...comparison.compare import theory_at

    out = np.full(len(tau), missing)
    own = tau <= solution.lags.tau[-1]
    out[own] = theory_at(solution, "C_phi", tau[own]).value
    return out


def stacked(rows: list[np.ndarray]) -> np.ndarray:
    """Rows of unequal length as one array, padded with NaN."""
    out = np.full((len(rows), max(len(one) for one in rows)), np.nan,
                  dtype=np.result_type(float, *rows))
    for row, one in zip(out, rows, strict=True):
        row[:len(one)] = one
    return out
