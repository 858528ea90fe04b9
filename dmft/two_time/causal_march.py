"""The causal march: Gaussian units of several regions, their currents and correlations in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..averages.two_variances import PairAverages
from ..equations import linear_response
from ..network.mean_field import MeanField
from .march_parts import DisorderNoise, KeptRows, KnownCovariance, Recursion, StepWeights
from .march_state import MarchState

# Time constants that rows reach back. Of what is older, the variance and the currents at t keep
# exp(-MEMORY) where units forget, and more where correlations at long lags are slow: 40 leaves
# errors of 1e-8 on a limit cycle and 1e-2 near the onset of chaos, 120 leaves none that was seen.
MEMORY = 120.0


@dataclass(frozen=True, eq=False)
class Path:
    """What a march leaves: everything at n+1 times, and two-time rows where they were kept.

    Parameters
    ----------
    y : (Q, n+1) array
        Filtered currents and, behind them, filtered inputs.
    S : (P, n+1) array
        Currents.
    variance, psi : (R, n+1) arrays
        <x^2> and <phi'(x)>.
    Delta, C : (R, m, m) arrays, or None
        At the m kept times.
    """

    y: np.ndarray
    S: np.ndarray
    variance: np.ndarray
    psi: np.ndarray
    Delta: np.ndarray | None
    C: np.ndarray | None


class March:
    """The two-time theory, a row after the other: exact in the leak, of second order in dt.

    With h the part of x that the disorder makes, H(t, s) = <h(t) h(s)> and F(t, s) =
    <h(t) eta(s)> obey (1 + d/dt) F = Q and (1 + d/ds) H = F, Q(t, s) = sum of gains times C(t, s)
    the covariance of the noise eta. F is carried from row to row (predicted by the step that
    extrapolates, corrected by the one that interpolates); a row of H follows from a row of F by a
    recursion in s, a row of C from that. So a step costs one row of each and needs only the last
    two rows. Without `keep` rows reach back by `MEMORY`, and the cost of a long march grows with
    its length, not with the square of it.

    Parameters
    ----------
    field : MeanField
        The network.
    averages : PairAverages
        Of its nonlinearity.
    steps, dt : int, float
        The grid.
    z0, v0 : (P,), (R,) arrays
        Preparation: x(0) = sum m z0 + N(0, v0).
    inputs : (Q - P, steps + 1) array
        Filtered inputs at every time.
    keep : int, optional
        Keep Delta and C at every keep-th time.
    """

    def __init__(self, field: MeanField, averages: PairAverages, steps: int, dt: float,
                 z0: np.ndarray, v0: np.ndarray, inputs: np.ndarray, keep: int | None = None):
        self.field, self.averages, self.keep = field, averages, keep
        n = steps + 1
        self.weights, self.disorder = StepWeights.of(dt), DisorderNoise.of(field)
        self.reach = n if keep else int(np.ceil(MEMORY / dt)) + 1
        columns = min(n, self.reach)
        self.known = KnownCovariance(field, v0, dt, n)
        self.carry = Recursion(self.weights, columns)
        # weights of the integral over u of exp(-(t-u)) Q(u, t), oldest first
        self.trapezoid = linear_response.response(dt * np.arange(columns, 0, -1)) * (
            self.weights.start / self.weights.decay + self.weights.end)
        self.state = MarchState.start(z0, inputs, field.regions, self.disorder)
        self.kept = KeptRows(field.regions, -(-n // keep)) if keep else None
        self._begin()

    def _begin(self) -> None:
        """The first column of every row."""
        state = self.state
        self.set_currents(0)
        power = self.averages.power(state.variance[:, 0])
        noise = self.disorder.covariance(power[self.disorder.heard][:, None])[:, 0]
        state.Q[:, 0] = state.Q_before[:, 0] = noise
        state.F_next = (1 - self.weights.decay) * noise  # first prediction one step on
        if self.kept is not None:
            self.kept.put(0, state.variance[:, :1], power[:, None])

    def step(self) -> None:
        """One row further."""
        field, averages, P, state = self.field, self.averages, self.field.currents, self.state
        y, S, F, Q = state.y, state.S, state.F, state.Q
        decay, start, end = self.weights.decay, self.weights.start, self.weights.end
        now, before = self.weights.now, self.weights.before
        k, j = state.j, state.j + 1
        a = max(0, j - self.reach)
        past = slice(a, j)
        # F one step on, extrapolated, and H(t_j, s): the recursion in s, from the oldest column on
        predicted = now * Q[:, past]
        predicted += decay * F[:, past]
        predicted += before * state.Q_before[:, past]
        row = self.carry(predicted)
        state.H_corner = decay * row[:, -1] + start * predicted[:, -1] + end * state.F_next
        # currents: extrapolated, then corrected with the gain that follows
        held, sent = decay * y[:P, k], S[:, k]
        y[:P, j] = held + now * sent + before * S[:, max(k - 1, 0)]
        gain = averages.gain(self._variance(j))
        y[:P, j] = held + start * sent + end * field.driven(gain, y[:, j])
        total = self._variance(j)
        # Delta and C of that row, its corner included
        Delta, C = self._correlations(j, a, row, total)
        spare, state.Q_before = state.Q_before, Q
        state.Q = spare
        Q_row = spare[:, a:j + 1]
        Q_row[...] = self.disorder.covariance(C[self.disorder.heard] if self.keep else C)
        Q[:, j] = Q_row[:, -2]  # the noise's covariance is symmetric
        Q_new, Q_corner = Q_row[:, :-1], Q_row[:, -1]
        # F corrected, and its corner as the integral over the new row
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

    def path(self) -> Path:
        """Everything up to the last time."""
        kept = (None, None) if self.kept is None else (self.kept.Delta, self.kept.C)
        state = self.state
        return Path(state.y, state.S, state.variance, state.psi, *kept)

    def set_currents(self, j: int) -> None:
        """Variance, gain and currents that follow from H(t, t) and the filtered currents."""
        state = self.state
        variance = self._variance(j)
        state.variance[:, j], state.width[:, j] = variance, np.sqrt(np.maximum(variance, 0.0))
        state.psi[:, j] = self.averages.gain(variance)
        state.S[:, j] = self.field.driven(state.psi[:, j], state.y[:, j])

    def _correlations(self, j: int, a: int, row: np.ndarray,
                      total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows of Delta and C from time a to time j; C of regions that are heard, or of all."""
        state = self.state
        state.variance[:, j], state.width[:, j] = total, np.sqrt(np.maximum(total, 0.0))
        upto = slice(a, j + 1)
        Delta = self.known.row(j, upto)
        Delta += self.field.static(state.y[:, j], state.y[:, upto])
        Delta[self.disorder.noisy, :-1] += row
        Delta[:, -1] = total
        # Where units repeat themselves, as on a limit cycle, the correlation is complete, and the
        # step's error may push it beyond: from there it would run away.
        most = state.width[:, j, None] * state.width[:, upto]
        np.minimum(Delta, most, out=Delta)
        np.maximum(Delta, -most, out=Delta)
        which = slice(None) if self.keep else self.disorder.heard
        return Delta, self.averages.correlation(Delta[which], total[which],
                                                state.variance[which, upto])

    def _variance(self, j: int) -> np.ndarray:
        """(R,) of x: what is known, the directions' part and H(t, t)."""
        total = self.known.variances[:, j] + self.field.static(self.state.y[:, j])
        total[self.disorder.noisy] += self.state.H_corner
        return total


def march(field: MeanField, averages: PairAverages, steps: int, dt: float, z0: np.ndarray,
          v0: np.ndarray, inputs: np.ndarray, keep: int | None = None,
          callback: Callable[[int, int], None] | None = None) -> Path:
    """March over `steps` steps of dt; see `March` for the arguments.

    `callback(step, steps)` is called now and then.
    """
    moving = March(field, averages, steps, dt, z0, v0, inputs, keep)
    for step in range(1, steps + 1):
        moving.step()
        if callback is not None and step % 100 == 0:
            callback(step, steps)
    return moving.path()
