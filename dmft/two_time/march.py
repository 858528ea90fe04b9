"""The causal march: Gaussian units of several regions, their currents and correlations in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..averages.two_variances import PairAverages
from ..equations import linear_response
from ..network.mean_field import MeanField

# Time constants that rows reach back. Of what is older, the variance and the currents at t keep
# exp(-MEMORY) where units forget, and more where correlations at long lags are slow: 40 leaves
# errors of 1e-8 on a limit cycle and 1e-2 near the onset of chaos, 120 leaves none that was seen.
MEMORY = 120.0
BLOCK = 500.0  # time constants over which exp does not overflow


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
        noisy = np.flatnonzero(field.gains.any(axis=1))  # regions that receive disorder,
        heard = np.flatnonzero(field.gains.any(axis=0))  # and those that send it
        self.gains = field.gains[np.ix_(noisy, heard)]
        alone = (np.array_equal(noisy, heard)
                 and not np.any(self.gains - np.diag(np.diag(self.gains))))
        # a slice where it is all of them: much faster than a list of numbers
        self.noisy, self.heard = (slice(None) if len(which) == R else which
                                  for which in (noisy, heard))
        self.own_gain = np.diag(self.gains)[:, None].copy() if alone else None
        self.reach = n if keep else int(np.ceil(MEMORY / dt)) + 1
        self.known = _Known(field, v0, dt, n)
        self.carry = _Recursion(self.start, self.end, self.decay, dt, min(n, self.reach))
        # weights of the integral over u of exp(-(t-u)) Q(u, t), oldest first
        self.trapezoid = linear_response.response(dt * np.arange(min(n, self.reach), 0, -1)) * (
            self.start / self.decay + self.end)

        self.j = 0
        self.y = np.zeros((len(field.target), n))
        self.S = np.zeros((P, n))
        self.variance, self.width, self.psi = (np.zeros((R, n)) for _ in range(3))
        self.y[:P, 0], self.y[P:] = z0, inputs
        self.F = np.zeros((len(noisy), n))
        self.Q, self.Q_before = np.zeros_like(self.F), np.zeros_like(self.F)
        self.H_corner = np.zeros(len(self.F))  # H(t, t)
        self.F_diagonal = np.zeros(len(noisy))
        self._set_currents(0)
        power = averages.power(self.variance[:, 0])
        self.Q[:, 0] = self.Q_before[:, 0] = self._noise(power[self.heard][:, None])[:, 0]
        self.F_next = (1 - self.decay) * self.Q[:, 0]  # first prediction of F(t, t) one step on
        self.kept = _Kept(R, -(-n // keep)) if keep else None
        if self.kept is not None:
            self.kept.put(0, self.variance[:, :1], power[:, None])

    def step(self) -> None:
        """One row further."""
        field, averages, P = self.field, self.averages, self.field.currents
        y, S, F, Q = self.y, self.S, self.F, self.Q
        decay, start, end = self.decay, self.start, self.end
        k, j = self.j, self.j + 1
        a = max(0, j - self.reach)
        past = slice(a, j)
        # F one step on, extrapolated, and H(t_j, s): the recursion in s, from the oldest column on
        predicted = self.now * Q[:, past]
        predicted += decay * F[:, past]
        predicted += self.before * self.Q_before[:, past]
        row = self.carry(predicted)
        self.H_corner = decay * row[:, -1] + start * predicted[:, -1] + end * self.F_next
        # currents: extrapolated, then corrected with the gain that follows
        held, before = decay * y[:P, k], S[:, k]
        y[:P, j] = held + self.now * before + self.before * S[:, max(k - 1, 0)]
        gain = averages.gain(self._variance(j))
        y[:P, j] = held + start * before + end * field.driven(gain, y[:, j])
        total = self._variance(j)
        # Delta and C of that row, its corner included
        Delta, C = self._correlations(j, a, row, total)
        spare, self.Q_before = self.Q_before, Q
        self.Q = spare
        Q_row = spare[:, a:j + 1]
        Q_row[...] = self._noise(C[self.heard] if self.keep else C)
        Q[:, j] = Q_row[:, -2]  # the noise's covariance is symmetric
        Q_new, Q_corner = Q_row[:, :-1], Q_row[:, -1]
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
        self.H_corner = decay * row[:, -1] + start * F[:, k] + end * self.F_diagonal
        self._set_currents(j)
        if self.kept is not None and self.keep and j % self.keep == 0:
            Delta[:, -1] = self.variance[:, j]
            C[:, -1] = averages.power(self.variance[:, j])
            self.kept.put(j // self.keep, Delta[:, ::self.keep], C[:, ::self.keep])
        self.j = j

    def path(self) -> Path:
        """Everything up to the last time."""
        kept = (None, None) if self.kept is None else (self.kept.Delta, self.kept.C)
        return Path(self.y, self.S, self.variance, self.psi, *kept)

    def _correlations(self, j: int, a: int, row: np.ndarray,
                      total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows of Delta and C from time a to time j; C of regions that are heard, or of all."""
        self.variance[:, j], self.width[:, j] = total, np.sqrt(np.maximum(total, 0.0))
        upto = slice(a, j + 1)
        Delta = self.known.row(j, upto)
        Delta += self.field.static(self.y[:, j], self.y[:, upto])
        Delta[self.noisy, :-1] += row
        Delta[:, -1] = total
        # Where units repeat themselves, as on a limit cycle, the correlation is complete, and the
        # step's error may push it beyond: from there it would run away.
        most = self.width[:, j, None] * self.width[:, upto]
        np.minimum(Delta, most, out=Delta)
        np.maximum(Delta, -most, out=Delta)
        which = slice(None) if self.keep else self.heard
        return Delta, self.averages.correlation(Delta[which], total[which],
                                                self.variance[which, upto])

    def _variance(self, j: int) -> np.ndarray:
        """(R,) of x: what is known, the directions' part and H(t, t)."""
        total = self.known.variances[:, j] + self.field.static(self.y[:, j])
        total[self.noisy] += self.H_corner
        return total

    def _set_currents(self, j: int) -> None:
        """Variance, gain and currents that follow from H(t, t) and the filtered currents."""
        variance = self._variance(j)
        self.variance[:, j], self.width[:, j] = variance, np.sqrt(np.maximum(variance, 0.0))
        self.psi[:, j] = self.averages.gain(variance)
        self.S[:, j] = self.field.driven(self.psi[:, j], self.y[:, j])

    def _noise(self, C: np.ndarray) -> np.ndarray:
        return self.own_gain * C if self.own_gain is not None else self.gains @ C


class _Recursion:
    """H_j+1 = decay H_j + start F_j + end F_j+1 along each row: a running sum, rescaled.

    H_j = decay^j times the sum over i < j of (start F_i + end F_i+1) decay^-(i+1), in blocks within
    which the powers do not overflow. H is zero at the oldest column: so it is at t = 0, and of an
    older edge nothing is left where it matters.
    """

    def __init__(self, start: float, end: float, decay: float, dt: float, columns: int):
        self.start, self.end = start, end
        self.block = max(1, min(columns, int(BLOCK / dt)))
        steps = dt * np.arange(1, self.block + 1)
        self.up, self.down = 1 / linear_response.response(steps), linear_response.response(steps)

    def __call__(self, F: np.ndarray) -> np.ndarray:
        out = np.empty_like(F)
        out[:, 0] = 0.0
        gained = self.start * F[:, :-1]
        gained += self.end * F[:, 1:]
        for begin in range(0, gained.shape[1], self.block):
            part = gained[:, begin:begin + self.block]
            count = part.shape[1]
            part *= self.up[:count]
            np.cumsum(part, axis=1, out=part)
            part += out[:, begin, None]
            np.multiply(part, self.down[:count], out=out[:, begin + 1:begin + 1 + count])
        return out


class _Known:
    """What start, white noise and bias alone leave in <x x>: known beforehand."""

    def __init__(self, field: MeanField, v0: np.ndarray, dt: float, n: int):
        self.field, self.v0 = field, v0[:, None]
        self.t = dt * np.arange(n)
        # exp(-t - s) is a product: a row costs no exponential
        self.left = linear_response.initial_covariance(self.t, 0.0, 1.0)
        self.variances = self.v0 * self.left**2 + self._driven(self.t, self.t)  # (R, n)

    def row(self, j: int, upto: slice) -> np.ndarray:
        """(R, m) between time j and others up to it."""
        started = self.v0 * self.left[j] * self.left[upto]
        if self.field.noise or self.field.bias:
            started += self._driven(self.t[j], self.t[upto])
        return started

    def _driven(self, t, s) -> np.ndarray:
        return (linear_response.white_noise_covariance(t, s, self.field.noise)
                + linear_response.bias_covariance(t, s, self.field.bias))


class _Kept:
    """Two-time functions at every keep-th time, filled row by row and by symmetry."""

    def __init__(self, regions: int, count: int):
        self.Delta = np.zeros((regions, count, count))
        self.C = np.zeros_like(self.Delta)

    def put(self, row: int, Delta: np.ndarray, C: np.ndarray) -> None:
        for array, values in ((self.Delta, Delta), (self.C, C)):
            array[:, row, :row + 1] = values
            array[:, :row + 1, row] = values
