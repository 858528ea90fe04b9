"""The march of one set of paths from t = 0: one row of C in a step, without iteration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.two_variances import PairAverages
from ..equations import linear_response
from .growing_basis import MATCHED, Expansion, MatchedNormals, Rows
from .row_control import Grid, RowControl, grown
from .schedule import Schedule
from .site_in_time import SiteInTime
from .synaptic_memory import SynapticMemory
from .time_steps import TimeSteps
from .tuning import LARGEST_VARIANCE, MODE_SHARE

# of the paths, and of the surrogate: along the fixed directions, and the modes
Inputs = tuple[np.ndarray, np.ndarray, np.ndarray]
JUST = 1e-9  # a time just before


@dataclass(frozen=True, eq=False)
class PathRows:
    """Averages of one march of n times, and rows from which two-time functions follow.

    Parameters
    ----------
    variance, mean, psi : (j,) arrays
        <x^2>, <x> and <phi'(x)> at the recorded times.
    rows : (n, m) array
        L, with C(t, s) = L_t . L_s.
    noises : (n, m) array
        <phi(t) z_m> / strength of the first group: the response, applied to the rows of the noise.
    inputs : (n, m) array
        Coordinates of the noise of the first group, per strength.
    Delta : (k, k) array
        <x x> at every keep-th recorded time.
    explained : float
        Least share of x that the surrogate explained.
    modes : int
        Number of modes.
    """

    variance: np.ndarray
    mean: np.ndarray
    psi: np.ndarray
    rows: np.ndarray
    noises: np.ndarray
    inputs: np.ndarray
    Delta: np.ndarray
    explained: float
    modes: int


class PathMarch:
    """P paths of one unit, in the basis Q of the innovations of phi, y = phi/sqrt(P) = Q l.

    C(t, s) = L_t . L_s, where the rows L are the coordinates l, corrected by the control. Each mode
    has a white partner z. At time t the input of the paths is g Z L (noise), (k/p) sqrt(P) Q M L
    with M = sum over s of w_s exp(-(t-s)/p) l_s L_s^T (plasticity), and r g sqrt(P) Q <phi Z>
    (reciprocity: by Novikov's theorem <phi z> is the response applied to the noise). All averages
    are those of the paths, so that nothing is iterated. Steps are those of exponential
    Adams-Bashforth, of third order.

    Parameters
    ----------
    site : SiteInTime
    averages : PairAverages
    schedule : Schedule
    steps : TimeSteps
    variance : float
        Variance of x(0).
    paths : int
        P.
    keep : int or None
        Keep <x x> at every keep-th recorded time.
    rng : Generator
    control : bool
        Whether rows are corrected by the surrogate.
    """

    def __init__(self, site: SiteInTime, averages: PairAverages, schedule: Schedule,
                 steps: TimeSteps, variance: float, paths: int, keep: int | None,
                 rng: np.random.Generator, control: bool = True, tol: float = MODE_SHARE):
        self.site, self.schedule, self.steps, self.paths = site, schedule, steps, paths
        self.keep, self.groups = keep, len(site.groups)
        self.strengths, self.own_echo, self.direct, self.echo = (
            np.array([getattr(one, name) for one in site.groups])
            for name in ("strength", "own_echo", "direct", "echo"))
        self.normals = MatchedNormals(paths, rng)
        bias, start = self.normals.draw(), self.normals.draw()
        self.fixed = np.stack([bias, start]).astype(float)  # directions known from the start
        self.Q, self.Z = Expansion(paths, tol), Rows(paths, MATCHED)
        self.control = RowControl(averages, paths, steps.t, site.noise, tol, control)
        self.memories = [SynapticMemory(k, p) for k, p in site.plastic]
        self.x = np.sqrt(variance) * self.fixed[1]
        self.b_fixed, self.b = np.array([0.0, np.sqrt(variance)]), np.zeros((0, self.groups))
        self.filtered_noise = np.zeros(paths)
        self.inputs: list[Inputs] = []  # at the present time and before, the newest first

    def run(self) -> PathRows:
        """March from t = 0 to the end; averages are infinite from where the activity diverges."""
        n, recorded = len(self.steps), self.steps.recorded
        self.rows, noises, inputs = Grid(n), Grid(n), Grid(n)
        averages, explained = np.zeros((3, len(recorded))), 1.0
        kept: list[tuple[int, np.ndarray, np.ndarray, float]] = []
        x_L, record = self._surrogate(), 0
        for k in range(n):
            phi, phi_L = self.site.phi(self.x), self.site.phi(x_L)
            if not float(phi @ phi) < LARGEST_VARIANCE * self.paths:  # also NaN
                averages[:, record:] = np.inf
                break
            own, new = self.Q.split(phi / np.sqrt(self.paths))
            if new:
                self._add_mode()
            flat = np.concatenate([self.b_fixed, self.b.ravel()])
            self.control.measure(k, self.x, x_L, flat, phi_L)
            explained = min(explained, self.control.explained)
            row = self.control.row(k, own, self.rows)
            self.rows.put(k, row)
            echoes = self._echoes(phi, phi_L) if self.groups else np.zeros((len(own), 0))
            if k == recorded[record]:
                averages[:, record] = self._averages(k, x_L)
                if self.keep and record % self.keep == 0:
                    kept.append((k, self.x.copy(), x_L, self.control.weight))
                record += 1
            A = row[:, None] + self.own_echo * echoes
            factor = self.schedule.value("couplings", self.steps.t[k])
            if self.groups:
                noises.put(k, echoes[:, 0] / self.strengths[0])
                inputs.put(k, factor * A[:, 0])
            if k == n - 1:
                break
            self._remember(k, own, row)
            x_L = self._step(k, self._drives(k, phi, row, echoes, A, factor))
        width = self.rows.width
        return PathRows(averages[0], averages[1], averages[2], self.rows.upto(n - 1, width).copy(),
                        noises.upto(n - 1, width).copy(), inputs.upto(n - 1, width).copy(),
                        self._products(kept), explained, width)

    def _add_mode(self) -> None:
        """A new mode of phi, and its white partners; the surrogate has no component along it yet.
        """
        self.normals.extend(self.Q.rows[-1])
        for _ in range(self.groups):
            self.Z.append(self.normals.draw())
        self.b = grown(self.b, self.Q.count, self.groups)

    def _surrogate(self) -> np.ndarray:
        """(P,) x_L."""
        return (self.b_fixed @ self.fixed
                + self.b.ravel().astype(MATCHED) @ self.Z.rows
                + self.filtered_noise)

    def _echoes(self, phi: np.ndarray, phi_L: np.ndarray) -> np.ndarray:
        """(m, groups) <phi z>, of which the surrogate's part is known: <phi'> b."""
        if not (self.site.returns or self.keep):
            return np.zeros_like(self.b)
        weight = self.control.weight
        if weight:
            phi = phi - weight * phi_L
        sampled = (self.Z.rows @ phi.astype(MATCHED) / self.paths).reshape(-1, self.groups)
        return sampled + weight * self.control.gain * self.b

    def _averages(self, k: int, x_L: np.ndarray) -> tuple[float, ...]:
        """<x^2>, <x> and <phi'(x)>, controlled."""
        slope, weight = self.site.phi.derivative, self.control.weight
        variance, psi = float(self.x @ self.x) / self.paths, float(np.mean(slope(self.x)))
        if weight:
            variance += weight * (self.control.variance[k] - float(x_L @ x_L) / self.paths)
            psi += weight * (self.control.gain - float(np.mean(slope(x_L))))
        return variance, float(self.x.mean()), psi

    def _remember(self, k: int, own: np.ndarray, row: np.ndarray) -> None:
        """Advance the synapses by the interval that ends now."""
        t = float(self.steps.t[k])
        acts = k > 0 and self.schedule.plastic((t + self.steps.t[k - 1]) / 2)
        slope = self.control.gain * np.concatenate([self.b_fixed, self.b.ravel()])
        factors = [self.schedule.value("plasticity", max(t - early, 0.0)) for early in (JUST, 0.0)]
        for memory in self.memories:
            step = self.steps.implicit(k, memory.rate) if acts else None
            memory.feed(step, factors[0], factors[1], (own, row, slope))

    def _drives(self, k: int, phi: np.ndarray, row: np.ndarray, echoes: np.ndarray, A: np.ndarray,
                factor: float) -> Inputs:
        """Inputs of the paths, and of the surrogate: along the fixed directions, and the modes."""
        noise = factor * self.strengths * A
        along = factor * (echoes @ self.echo)
        slope = factor * self.direct.sum() * self.control.gain
        fixed, modes = slope * self.b_fixed, noise + slope * self.b
        for memory in self.memories:
            more, linear = memory.read(row)
            along = along + more
            fixed = fixed + linear[:2]
            modes = modes + linear[2:].reshape(modes.shape)
        fixed = fixed + np.array([self.site.bias, 0.0])
        drive = ((np.sqrt(self.paths) * along).astype(self.Q.dtype) @ self.Q.rows).astype(float)
        if self.groups:
            drive += noise.ravel().astype(MATCHED) @ self.Z.rows
            if slope:
                drive += factor * self.direct.sum() * phi
        if self.site.bias:
            drive += self.site.bias * self.fixed[0]
        drive += self.schedule.value("drive", float(self.steps.t[k]))
        return drive, fixed, modes

    def _step(self, k: int, inputs: Inputs) -> np.ndarray:
        """Advance the paths and the surrogate by one step; the new x_L."""
        decay, weights = self.steps.explicit(k)
        self.inputs = [inputs, *self.inputs[:2]]
        self.x *= decay
        self.b_fixed, self.b = decay * self.b_fixed, decay * self.b
        for weight, (drive, fixed, modes) in zip(weights, self.inputs, strict=False):
            self.x += weight * drive
            self.b_fixed += weight * fixed
            self.b[:len(modes)] += weight * modes
        if self.site.noise:
            step = self.steps.t[k + 1] - self.steps.t[k]
            noise = np.sqrt(linear_response.white_noise_step_variance(step, self.site.noise))
            noise = noise * self.normals.passing(self.x)
            self.x += noise
            self.filtered_noise = decay * self.filtered_noise + noise
        return self._surrogate()

    def _products(self, kept: list[tuple[int, np.ndarray, np.ndarray, float]]) -> np.ndarray:
        """<x x> at all pairs of kept times, controlled."""
        if not kept:
            return np.zeros((0, 0))
        steps = [one[0] for one in kept]
        x, x_L = (np.array([one[i] for one in kept]) for i in (1, 2))
        b, t = self.control.b.upto(len(self.steps) - 1)[steps], self.steps.t[steps]
        exact = b @ b.T
        if self.site.noise:
            exact = exact + linear_response.white_noise_covariance(t[:, None], t[None],
                                                                   self.site.noise)
        weight = np.sqrt([one[3] for one in kept])
        return x @ x.T / self.paths + np.outer(weight, weight) * (exact - x_L @ x_L.T / self.paths)
