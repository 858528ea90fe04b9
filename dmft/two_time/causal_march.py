"""Integrator of the two-time theory: the causal march of correlations and currents, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..averages.two_variances import PairAverages
from ..equations import linear_response
from ..network.regional_mean_field import MeanField
from .march_parts import (
    DisorderNoise,
    KeptRows,
    RowRecursion,
    StepWeights,
    UncoupledCovariance,
)
from .march_state import MarchState
from .tuning import ROW_MEMORY


@dataclass(frozen=True, eq=False)
class MarchResult:
    """Result of a march: one-time functions at n+1 times, and two-time functions at kept times.

    Parameters
    ----------
    y : (Q, n+1) array
        Filtered currents, followed by filtered inputs.
    S : (P, n+1) array
        Currents.
    variance, psi : (R, n+1) arrays
        <x^2> and <phi'(x)>.
    Delta, C : (R, m, m) arrays, or None
        <x x> and <phi phi> at the m kept times.
    """

    y: np.ndarray
    S: np.ndarray
    variance: np.ndarray
    psi: np.ndarray
    Delta: np.ndarray | None
    C: np.ndarray | None


class March:
    """Integrates the two-time theory row by row: exact in the leak, of second order in dt.

    With h the part of x that the random couplings cause, H(t, s) = <h(t) h(s)> and F(t, s) =
    <h(t) eta(s)> obey (1 + d/dt) F = Q and (1 + d/ds) H = F, where Q(t, s), the sum of gains times
    C(t, s), is the covariance of the effective noise eta. F is advanced from row to row: predicted
    by extrapolation of Q, then corrected by interpolation. A row of H follows from a row of F by a
    recursion in s, and a row of C from that of H. A step thus costs one row of each and needs the
    last two rows only. Without `keep`, rows extend `memory` into the past, and the cost of a long
    march grows linearly with its length instead of quadratically.

    Parameters
    ----------
    field : MeanField
        The network.
    averages : PairAverages
        Averages of its nonlinearity.
    steps, dt : int, float
        Number of steps, and the step in neuronal time constants.
    z0, v0 : (P,), (R,) arrays
        Preparation: x(0) = sum m z0 + N(0, v0).
    inputs : (Q - P, steps + 1) array
        Filtered inputs at every time.
    keep : int, optional
        Keep Delta and C at every keep-th time.
    memory : float
        Without `keep`: time constants of the past that a row extends into.
    """

    def __init__(self, field: MeanField, averages: PairAverages, steps: int, dt: float,
                 z0: np.ndarray, v0: np.ndarray, inputs: np.ndarray, keep: int | None = None,
                 memory: float = ROW_MEMORY):
        self.field, self.averages, self.keep = field, averages, keep
        n = steps + 1
        self.weights, self.disorder = StepWeights.of(dt), DisorderNoise.of(field)
        self.reach = n if keep else int(np.ceil(memory / dt)) + 1
        columns = min(n, self.reach)
        self.uncoupled = UncoupledCovariance(field, v0, dt, n)
        self.recursion = RowRecursion(self.weights, columns)
        # weights of the integral over u of exp(-(t-u)) Q(u, t), from the oldest time on
        self.trapezoid = linear_response.response(dt * np.arange(columns, 0, -1)) * (
            self.weights.start / self.weights.decay + self.weights.end)
        self.state = MarchState.start(z0, inputs, field.regions, self.disorder)
        self.kept = KeptRows(field.regions, -(-n // keep)) if keep else None
        self._begin()

    def _begin(self) -> None:
        """Values at t = 0."""
        state = self.state
        self.set_currents(0)
        power = self.averages.power(state.variance[:, 0])
        noise = self.disorder.covariance(power[self.disorder.sending][:, None])[:, 0]
        state.Q[:, 0] = state.Q_before[:, 0] = noise
        state.F_next = (1 - self.weights.decay) * noise  # first prediction of F(t_1, t_1)
        if self.kept is not None:
            self.kept.put(0, state.variance[:, :1], power[:, None])

    def step(self) -> None:
        """Advance by one row, from t_j to t_(j+1)."""
        field, averages, P, state = self.field, self.averages, self.field.currents, self.state
        y, S, F, Q = state.y, state.S, state.F, state.Q
        decay, start, end = self.weights.decay, self.weights.start, self.weights.end
        now, before = self.weights.now, self.weights.before
        k, j = state.j, state.j + 1
        a = max(0, j - self.reach)
        past = slice(a, j)
        # F at the new time, extrapolated, and H(t_j, s) by the recursion in s from the oldest time
        predicted = now * Q[:, past]
        predicted += decay * F[:, past]
        predicted += before * state.Q_before[:, past]
        row = self.recursion(predicted)
        state.H_corner = decay * row[:, -1] + start * predicted[:, -1] + end * state.F_next
        # currents: predicted by extrapolation, then corrected with the gain at the new time
        decayed, current = decay * y[:P, k], S[:, k]
        y[:P, j] = decayed + now * current + before * S[:, max(k - 1, 0)]
        gain = averages.gain(self._variance(j))
        y[:P, j] = decayed + start * current + end * field.driven(gain, y[:, j])
        total = self._variance(j)
        # Delta and C of the new row, including the equal-time value
        Delta, C = self._correlations(j, a, row, total)
        spare, state.Q_before = state.Q_before, Q
        state.Q = spare
        Q_row = spare[:, a:j + 1]
        Q_row[...] = self.disorder.covariance(C[self.disorder.sending] if self.keep else C)
        Q[:, j] = Q_row[:, -2]  # the noise covariance is symmetric
        Q_new, Q_corner = Q_row[:, :-1], Q_row[:, -1]
        # F corrected, and its equal-time value as the integral over the new row
        old = state.F_diagonal
        state.F_diagonal = Q_new @ self.trapezoid[len(self.trapezoid) - (j - a):] + end * Q_corner
        if a == 0:
            state.F_diagonal -= Q_new[:, 0] * (end * decay**j)
        state.F_next = 2 * state.F_diagonal - old
        F[:, past] *= decay
        F[:, past] += start * Q[:, past]
        F[:, past] += end * Q_new
        F[:, j] = state.F_diagonal
        state.H_corner = decay * row[:, -1] + start * F[:, k] + end * state.F_diagonal
        self.set_currents(j)
        if self.kept is not None and self.keep and j % self.keep == 0:
            Delta[:, -1] = state.variance[:, j]
            C[:, -1] = averages.power(state.variance[:, j])
            self.kept.put(j // self.keep, Delta[:, ::self.keep], C[:, ::self.keep])
        state.j = j

    def last_row(self) -> np.ndarray:
        """(R, m) Delta(t_j, s) at the last m times s <= t_j of a row; exact but for the oldest.

        Where a row does not begin at t = 0, its oldest values lack what came before them, which is
        forgotten as exp(-t).
        """
        state, j = self.state, self.state.j
        a = max(0, j - self.reach)
        row = self.recursion(state.F[:, a:j + 1])
        return self._delta(j, a, row[:, :-1], self._variance(j))

    def result(self) -> MarchResult:
        """The result up to the last time."""
        kept = (None, None) if self.kept is None else (self.kept.Delta, self.kept.C)
        state = self.state
        return MarchResult(state.y, state.S, state.variance, state.psi, *kept)

    def set_currents(self, j: int) -> None:
        """Set variance, gain and currents at t_j from H(t_j, t_j) and the filtered currents."""
        state = self.state
        variance = self._variance(j)
        state.variance[:, j], state.width[:, j] = variance, np.sqrt(np.maximum(variance, 0.0))
        state.psi[:, j] = self.averages.gain(variance)
        state.S[:, j] = self.field.driven(state.psi[:, j], state.y[:, j])

    def _correlations(self, j: int, a: int, row: np.ndarray,
                      total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows of Delta and C from time a to j; C of sending regions, or with `keep` of all."""
        state = self.state
        state.variance[:, j], state.width[:, j] = total, np.sqrt(np.maximum(total, 0.0))
        Delta, upto = self._delta(j, a, row, total), slice(a, j + 1)
        which = slice(None) if self.keep else self.disorder.sending
        return Delta, self.averages.correlation(Delta[which], total[which],
                                                state.variance[which, upto])

    def _delta(self, j: int, a: int, row: np.ndarray, total: np.ndarray) -> np.ndarray:
        """Row of Delta from time a to j, from H(t_j, s) at the times before t_j."""
        state, upto = self.state, slice(a, j + 1)
        Delta = self.uncoupled.row(j, upto)
        Delta += self.field.static(state.y[:, j], state.y[:, upto])
        Delta[self.disorder.receiving, :-1] += row
        Delta[:, -1] = total
        # Where units are periodic in time, as on a limit cycle, the correlation coefficient is 1,
        # and the error of a step may push it above 1, from where it would diverge.
        most = state.width[:, j, None] * state.width[:, upto]
        np.minimum(Delta, most, out=Delta)
        np.maximum(Delta, -most, out=Delta)
        return Delta

    def _variance(self, j: int) -> np.ndarray:
        """(R,) variance of x: uncoupled part, part along the loadings, and H(t, t)."""
        total = self.uncoupled.variances[:, j] + self.field.static(self.state.y[:, j])
        total[self.disorder.receiving] += self.state.H_corner
        return total


def march(field: MeanField, averages: PairAverages, steps: int, dt: float, z0: np.ndarray,
          v0: np.ndarray, inputs: np.ndarray, keep: int | None = None,
          callback: Callable[[int, int], None] | None = None) -> MarchResult:
    """Integrate over `steps` steps of dt; see `March` for the arguments.

    `callback(step, steps)` is called every hundred steps.
    """
    run = March(field, averages, steps, dt, z0, v0, inputs, keep)
    for step in range(1, steps + 1):
        run.step()
        if callback is not None and step % 100 == 0:
            callback(step, steps)
    return run.result()
