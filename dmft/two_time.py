"""The causal march: Gaussian units of several regions, their currents, and two-time correlations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .equations import linear_response
from .mean_field import MeanField
from .pair_averages import PairAverages

# Time constants that rows reach back. Of what is older, the variance and the currents at t keep
# exp(-MEMORY) where units forget, and more where correlations at long lags are slow: 40 leaves
# errors of 1e-8 on a limit cycle and 1e-2 near the onset of chaos, 120 leaves none that was seen.
MEMORY = 120.0
LEFT = 80.0  # later than this exp(-t - s) is nothing beside a variance, and is not taken


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
        self.field, self.averages, self.dt, self.keep = field, averages, dt, keep
        R, P, n = field.regions, field.currents, steps + 1
        self.decay = float(linear_response.decay(dt))
        self.now, self.before = (float(weight(dt)) for weight in (
            linear_response.etd_weight_now, linear_response.etd_weight_before))
        self.start, self.end = (float(weight(dt)) for weight in (
            linear_response.etd_weight_start, linear_response.etd_weight_end))
        self.noisy = np.flatnonzero(field.gains.any(axis=1))  # regions that receive disorder,
        self.heard = np.flatnonzero(field.gains.any(axis=0))  # and those that send it
        self.gains = field.gains[np.ix_(self.noisy, self.heard)]
        alone = (np.array_equal(self.noisy, self.heard)
                 and not np.any(self.gains - np.diag(np.diag(self.gains))))
        self.own_gain = np.diag(self.gains)[:, None].copy() if alone else None
        self.reach = n if keep else int(np.ceil(MEMORY / dt)) + 1
        self.known = _Known(field, v0, dt, n)
        # weights of the integral over u of exp(-(t-u)) Q(u, t), oldest first
        self.trapezoid = linear_response.response(dt * np.arange(min(n, self.reach), 0, -1)) * (
            self.start / self.decay + self.end)

        self.j = 0
        self.y = np.zeros((len(field.target), n))
        self.S = np.zeros((P, n))
        self.variance, self.width, self.psi = (np.zeros((R, n)) for _ in range(3))
        self.y[:P, 0], self.y[P:] = z0, inputs
        self.F = np.zeros((len(self.noisy), n))
        self.Q, self.Q_before, self.H = (np.zeros_like(self.F) for _ in range(3))
        self.F_diagonal = np.zeros(len(self.noisy))
        self._set_currents(0)
        power = averages.power(self.variance[:, 0])
        self.Q[:, 0] = self.Q_before[:, 0] = self._noise(power[self.heard, None])[:, 0]
        self.F_next = (1 - self.decay) * self.Q[:, 0]  # first prediction of F(t, t) one step on
        self.kept = _Kept(R, -(-n // keep)) if keep else None
        if self.kept is not None:
            self.kept.put(0, self.variance[:, :1], power[:, None])

    def step(self) -> None:
        """One row further."""
        field, averages, P = self.field, self.averages, self.field.currents
        y, S, F, Q, H = self.y, self.S, self.F, self.Q, self.H
        decay, start, end = self.decay, self.start, self.end
        k, j = self.j, self.j + 1
        a = max(0, j - self.reach)
        past = slice(a, j)
        # currents and F one step on, extrapolated
        y[:P, j] = decay * y[:P, k] + self.now * S[:, k] + self.before * S[:, max(k - 1, 0)]
        predicted = self.now * Q[:, past]
        predicted += decay * F[:, past]
        predicted += self.before * self.Q_before[:, past]
        # H(t_j, s): the recursion in s, from the oldest column on
        row = _recursion(predicted, H[:, a], start, end, decay)
        H[:, past] = row
        total = self.known.variance(j) + field.static(y[:, j])
        total[self.noisy] += decay * row[:, -1] + start * predicted[:, -1] + end * self.F_next
        # Delta and C of that row
        Delta, C = self._correlations(j, past, row, total)
        Q_new = self._noise(C[self.heard] if self.keep else C)
        Q_corner = self._noise(averages.power(total)[self.heard, None])[:, 0]
        # F corrected, and its corner as the integral over the new row
        old = self.F_diagonal
        self.F_diagonal = Q_new @ self.trapezoid[len(self.trapezoid) - (j - a):] + end * Q_corner
        if a == 0:
            self.F_diagonal -= Q_new[:, 0] * (end * decay**j)
        self.F_next = 2 * self.F_diagonal - old
        F[:, past] *= decay
        F[:, past] += start * Q[:, past]
        F[:, past] += end * Q_new
        F[:, j] = self.F_diagonal
        self.Q_before[:, past], self.Q_before[:, j] = Q[:, past], Q_new[:, -1]
        Q[:, past], Q[:, j] = Q_new, Q_corner
        H[:, j] = decay * row[:, -1] + start * F[:, k] + end * self.F_diagonal
        # currents corrected with the gain at the new time
        self._set_currents(j)
        y[:P, j] = decay * y[:P, k] + start * S[:, k] + end * S[:, j]
        self._set_currents(j)
        if self.kept is not None and j % self.keep == 0:
            power = averages.power(self.variance[:, j])
            self.kept.put(j // self.keep,
                          np.hstack([Delta[:, ::self.keep], self.variance[:, j:j + 1]]),
                          np.hstack([C[:, ::self.keep], power[:, None]]))
        self.j = j

    def path(self) -> Path:
        """Everything up to the last time."""
        kept = (None, None) if self.kept is None else (self.kept.Delta, self.kept.C)
        return Path(self.y, self.S, self.variance, self.psi, *kept)

    def _correlations(self, j: int, past: slice, row: np.ndarray,
                      total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows of Delta and C between time j and the past; C of regions that are heard, or all."""
        Delta = self.known.row(j, past)
        Delta += self.field.static(self.y[:, j], self.y[:, past])
        Delta[self.noisy] += row
        which = slice(None) if self.keep else self.heard
        # Where units repeat themselves, as on a limit cycle, the correlation is complete, and the
        # step's error may push it beyond: from there it would run away.
        width = np.sqrt(np.maximum(total, 0.0))[:, None] * self.width[:, past]
        np.clip(Delta, -width, width, out=Delta)
        C = self.averages.correlation(Delta[which], total[which], self.variance[which, past])
        return Delta, C

    def _set_currents(self, j: int) -> None:
        """Variance, gain and currents that follow from H(t, t) and the filtered currents."""
        y = self.y[:, j]
        self.variance[:, j] = self.known.variance(j) + self.field.static(y)
        self.variance[self.noisy, j] += self.H[:, j]
        self.width[:, j] = np.sqrt(np.maximum(self.variance[:, j], 0.0))
        self.psi[:, j] = self.averages.gain(self.variance[:, j])
        self.S[:, j] = self.field.driven(self.psi[:, j], y)

    def _noise(self, C: np.ndarray) -> np.ndarray:
        return self.own_gain * C if self.own_gain is not None else self.gains @ C


def _recursion(F: np.ndarray, edge: np.ndarray, start: float, end: float,
               decay: float) -> np.ndarray:
    """H_j+1 = decay H_j + start F_j + end F_j+1 along each row, from H_0 = edge."""
    from scipy.signal import lfilter  # slow to import: only when marching

    out = np.empty_like(F)
    out[:, 0] = edge
    if F.shape[1] > 1 and len(F):
        state = (start * F[:, 0] + decay * edge)[:, None]
        out[:, 1:] = lfilter([end, start], [1.0, -decay], F[:, 1:], axis=1, zi=state)[0]
    return out


class _Known:
    """What start, white noise and bias alone leave in <x x>: known beforehand."""

    def __init__(self, field: MeanField, v0: np.ndarray, dt: float, n: int):
        self.field, self.v0 = field, v0
        self.t = dt * np.arange(n)

    def variance(self, j: int) -> np.ndarray:
        """(R,) at time j."""
        return self._at(self.t[j], self.t[j], self.v0)

    def row(self, j: int, past: slice) -> np.ndarray:
        """(R, m) between time j and times of the past."""
        return self._at(self.t[j], self.t[past], self.v0[:, None])

    def _at(self, t, s, v0) -> np.ndarray:
        total = (linear_response.initial_covariance(t, s, v0) if t < LEFT
                 else np.zeros(np.broadcast(v0, s).shape))
        if self.field.noise:
            total += linear_response.white_noise_covariance(t, s, self.field.noise)
        if self.field.bias:
            total += linear_response.bias_covariance(t, s, self.field.bias)
        return total


class _Kept:
    """Two-time functions at every keep-th time, filled row by row and by symmetry."""

    def __init__(self, regions: int, count: int):
        self.Delta = np.zeros((regions, count, count))
        self.C = np.zeros_like(self.Delta)

    def put(self, row: int, Delta: np.ndarray, C: np.ndarray) -> None:
        for array, values in ((self.Delta, Delta), (self.C, C)):
            array[:, row, :row + 1] = values
            array[:, :row + 1, row] = values
