"""The residual of Delta(tau) in the self-consistent equation, integrated without a lag grid."""

from __future__ import annotations

import numpy as np

from ..averages.line_panels import POINTS, WEIGHTS
from .first_integral import Orbit
from .gaussian_problem import GaussianProblem
from .tuning import (
    FILTER_MEMORY,
    LONGEST_PANEL,
    LONGEST_WINDOW_CHECKED,
    SHORTEST_PANEL,
    WINDOW_DECAYS,
)


def integral_equation_residual(problem: GaussianProblem, path: Orbit) -> float:
    """The largest deviation, relative to Delta(0), of Delta from the low-pass filtered noise.

    (1 - d^2/dtau^2) Delta = gain C_phi + bias^2 + 2 noise^2 delta(tau) has the solution

        Delta(tau) = Delta(inf) + 1/2 int_0^inf [exp(-|tau-s|) + exp(-tau-s)] f(s) ds
                     + noise^2 exp(-tau),

    with f the part of gain C_phi + bias^2 that decays. Gauss-Legendre panels, which shorten towards
    zero lag, resolve the steep beginning of C_phi that a steep phi and white noise cause, and that
    no grid of equal steps resolves.
    """
    span = WINDOW_DECAYS / path.rate
    worst = _deviation(problem, path, _edges(min(span, LONGEST_WINDOW_CHECKED)), first=True)
    # A slow decay is examined in windows: the filter has no memory beyond 40 time constants.
    begin = 0.5 * LONGEST_WINDOW_CHECKED
    while begin < span:
        # long enough that some edges lie further than the memory of the filter from both ends
        window = begin + LONGEST_PANEL * np.arange(2 * int(FILTER_MEMORY / LONGEST_PANEL) + 6)
        worst = max(worst, _deviation(problem, path, window, first=False))
        begin *= 2
    return worst / path.variance.total


def _deviation(problem: GaussianProblem, path: Orbit, edges: np.ndarray, first: bool) -> float:
    """The largest deviation at edges of panels, those near ends other than lag zero left out."""
    length = np.diff(edges)
    s = edges[:-1, None] + length[:, None] * POINTS
    averages, static = path.variance.averages, path.variance.static
    Delta = path.Delta(s.ravel()).reshape(s.shape)
    C = averages.correlation(np.append(Delta.ravel(), static))
    f = problem.gain * (C[:-1] - C[-1]).reshape(s.shape)
    fall = np.exp(-length)
    to_right = np.sum(f * WEIGHTS * np.exp(-length[:, None] * (1 - POINTS)), axis=1) * length
    to_left = np.sum(f * WEIGHTS * np.exp(-length[:, None] * POINTS), axis=1) * length
    past, future = np.zeros(len(edges)), np.zeros(len(edges))
    for n in range(len(length)):
        past[n + 1] = past[n] * fall[n] + to_right[n]
    for n in range(len(length) - 1, -1, -1):
        future[n] = future[n + 1] * fall[n] + to_left[n]
    decay = np.exp(-edges)
    filtered = (past + future + decay * (future[0] if first else 0.0)) / 2
    limit = problem.gain * float(C[-1]) + problem.bias**2
    deviation = filtered + problem.noise**2 * decay + limit - path.Delta(edges)
    inside = (edges <= edges[-1] - FILTER_MEMORY) & (first | (edges >= edges[0] + FILTER_MEMORY))
    return float(np.max(np.abs(deviation[inside])))


def _edges(span: float) -> np.ndarray:
    """Panels that double in length from zero lag on, up to the longest; beyond the span by 40."""
    graded = SHORTEST_PANEL * 2.0 ** np.arange(np.ceil(np.log2(LONGEST_PANEL / SHORTEST_PANEL)))
    count = int(np.ceil((span + FILTER_MEMORY) / LONGEST_PANEL))
    rest = graded[-1] + LONGEST_PANEL * np.arange(1, count + 1)
    return np.concatenate([[0.0], graded, rest])
