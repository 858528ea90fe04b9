"""The causal march: Gaussian units of several regions, their currents, and two-time correlations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .equations import linear_response
from .mean_field import MeanField
from .pair_averages import PairAverages

MEMORY = 40.0  # exp(-MEMORY) is below rounding: what is older has been forgotten


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
    """March the two-time theory over `steps` steps of dt, exact in the leak, of second order.

    With h the part of x that the disorder makes, H(t, s) = <h(t) h(s)> and F(t, s) =
    <h(t) eta(s)> obey (1 + d/dt) F = Q and (1 + d/ds) H = F, Q(t, s) = sum of gains times C(t, s)
    the covariance of the noise eta. F is carried from row to row (predicted by the step that
    extrapolates, corrected by the one that interpolates); a row of H follows from a row of F by a
    recursion in s, a row of C from that. So a step costs one row of each and needs only the last
    two rows. Without `keep` rows reach back by 40 time constants: what lies before enters what is
    needed, the variance and the currents at t, with a weight of exp(-40).

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
    callback : callable, optional
        callback(step, steps), now and then.
    """
    R, P, n = field.regions, field.currents, steps + 1
    decay = float(linear_response.decay(dt))
    now, before = (float(weight(dt)) for weight in (linear_response.etd_weight_now,
                                                    linear_response.etd_weight_before))
    start, end = (float(weight(dt)) for weight in (linear_response.etd_weight_start,
                                                   linear_response.etd_weight_end))
    noisy = np.flatnonzero(field.gains.any(axis=1))  # regions that receive disorder,
    heard = np.flatnonzero(field.gains.any(axis=0))  # and those that send it
    gains = field.gains[np.ix_(noisy, heard)]
    alone = np.array_equal(noisy, heard) and not np.any(gains - np.diag(np.diag(gains)))
    diagonal = np.diag(gains)[:, None] if alone else None
    rows = np.union1d(noisy, heard) if keep is None else np.arange(R)
    place = {int(region): k for k, region in enumerate(rows)}
    of_noisy, of_heard = ([place[int(r)] for r in which] for which in (noisy, heard))
    reach = n if keep is not None else int(np.ceil(MEMORY / dt)) + 1
    known = _Known(field, v0, dt, n)
    # weights of the integral over u of exp(-(t-u)) Q(u, t), oldest first
    trapezoid = np.exp(-dt * np.arange(min(n, reach), 0, -1)) * (start / decay + end)

    y = np.zeros((len(field.target), n))
    S, variance, psi = np.zeros((P, n)), np.zeros((R, n)), np.zeros((R, n))
    y[:P, 0], y[P:] = z0, inputs
    F = np.zeros((len(noisy), n))
    Q, Q_before = np.zeros_like(F), np.zeros_like(F)
    H = np.zeros_like(F)
    kept = None if keep is None else _Kept(R, -(-n // keep))

    def noise_of(C):
        return diagonal * C if alone else gains @ C

    variance[:, 0] = known.variance(0) + field.static(y[:, 0])
    psi[:, 0] = averages.gain(variance[:, 0])
    S[:, 0] = field.driven(psi[:, 0], y[:, 0])
    power = averages.power(variance[:, 0])
    Q[:, 0] = noise_of(power[heard, None])[:, 0]
    F_diagonal = np.zeros(len(noisy))
    F_next = -np.expm1(-dt) * Q[:, 0]  # first prediction of F(t, t) one step on
    if kept is not None:
        kept.put(0, variance[:, :1], power[:, None])

    for k in range(steps):
        j = k + 1
        a = max(0, j - reach)
        past = slice(a, j)
        # currents and F one step on, extrapolated
        S_before = S[:, k - 1] if k else S[:, 0]
        y[:P, j] = decay * y[:P, k] + now * S[:, k] + before * S_before
        predicted = now * Q[:, past]
        predicted += decay * F[:, past]
        predicted += before * (Q_before[:, past] if k else Q[:, past])
        # H(t_j, s): the recursion in s, from the oldest column on
        edge = H[:, a].copy()
        row = _recursion(predicted, edge, start, end, decay)
        H[:, past] = row
        corner = decay * row[:, -1] + start * predicted[:, -1]
        total = known.variance(j) + field.static(y[:, j])
        total[noisy] += corner + end * F_next
        # Delta and C of that row
        Delta = known.row(j, a)[rows]
        Delta += field.static(y[:, j], y[:, past])[rows]
        Delta[of_noisy] += row
        C = averages.correlation(Delta[of_heard] if kept is None else Delta,
                                 total[heard if kept is None else slice(None)],
                                 variance[heard if kept is None else slice(None), past])
        power = averages.power(total)
        Q_new = noise_of(C if kept is None else C[heard])
        Q_corner = noise_of(power[heard, None])[:, 0]
        # F corrected, and its corner as the integral over the new row
        weights = trapezoid[len(trapezoid) - (j - a):]
        old = F_diagonal
        F_diagonal = Q_new @ weights + end * Q_corner
        if a == 0:
            F_diagonal -= Q_new[:, 0] * (end * np.exp(-dt * j))
        F[:, past] *= decay
        F[:, past] += start * Q[:, past]
        F[:, past] += end * Q_new
        F[:, j] = F_diagonal
        F_next = 2 * F_diagonal - old
        Q_before[:, past] = Q[:, past]
        Q_before[:, j] = Q_new[:, -1]
        Q[:, past], Q[:, j] = Q_new, Q_corner
        H[:, j] = decay * row[:, -1] + start * F[:, k] + end * F_diagonal
        # currents corrected with the gain at the new time
        total = known.variance(j) + field.static(y[:, j])
        total[noisy] += H[:, j]
        S_new = field.driven(averages.gain(total), y[:, j])
        y[:P, j] = decay * y[:P, k] + start * S[:, k] + end * S_new
        variance[:, j] = known.variance(j) + field.static(y[:, j])
        variance[noisy, j] += H[:, j]
        psi[:, j] = averages.gain(variance[:, j])
        S[:, j] = field.driven(psi[:, j], y[:, j])
        if kept is not None and j % keep == 0:
            kept.put(j // keep, np.hstack([Delta[:, ::keep], variance[:, j:j + 1]]),
                     np.hstack([C[:, ::keep], averages.power(variance[:, j])[:, None]]))
        if callback is not None and j % 100 == 0:
            callback(j, steps)
    return Path(y, S, variance, psi, *((None, None) if kept is None else kept.arrays()))


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
        return self._at(self.t[j], self.t[j])

    def row(self, j: int, a: int) -> np.ndarray:
        """(R, j - a) between time j and the times from a to j - 1."""
        return self._at(self.t[j], self.t[None, a:j])

    def _at(self, t, s) -> np.ndarray:
        v0 = self.v0 if np.ndim(s) == 0 else self.v0[:, None]
        # later than this nothing is left of the start, and its exponential need not be taken
        total = (linear_response.initial_covariance(t, s, v0) if t < 2 * MEMORY
                 else np.zeros(np.broadcast(v0, s).shape))
        if self.field.noise:
            total = total + linear_response.white_noise_covariance(t, s, self.field.noise)
        if self.field.bias:
            total = total + linear_response.bias_covariance(t, s, self.field.bias)
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

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        return self.Delta, self.C
