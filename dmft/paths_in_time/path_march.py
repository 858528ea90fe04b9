"""The march of one set of paths from t = 0: one row of C in a step, without iteration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .marched_population import MarchedPopulation
from .schedule import Schedule
from .site_in_time import SitesInTime
from .synaptic_memory import SynapticMemory
from .time_steps import TimeSteps
from .tuning import LARGEST_VARIANCE, MODE_SHARE

Start = tuple[np.ndarray, np.ndarray]  # means and variances of x(0), (R,) each
JUST = 1e-9  # a time just before


@dataclass(frozen=True, eq=False)
class PathRows:
    """Averages of one march of n times in one population, and rows of two-time functions.

    Parameters
    ----------
    square, mean, rate, psi : (j,) arrays
        <x^2>, <x>, <phi(x)> and <phi'(x)> at the recorded times.
    rows : (n, m) array
        L, with C(t, s) = L_t . L_s.
    noises : (n, m) array
        <phi(t) z_m> / strength of the strongest group: the response, applied to the rows of the
        noise.
    inputs : (n, m) array
        Coordinates of the noise of this group, per strength.
    Delta : (k, k) array
        <x x> at every keep-th recorded time.
    own_response : (n, n) array
        Response of x at all times to inputs before, without couplings; empty if nothing is kept.
    explained : float
        Least share of x that the surrogate explained.
    modes : int
        Number of modes.
    """

    square: np.ndarray
    mean: np.ndarray
    rate: np.ndarray
    psi: np.ndarray
    rows: np.ndarray
    noises: np.ndarray
    inputs: np.ndarray
    Delta: np.ndarray
    own_response: np.ndarray
    explained: float
    modes: int


class PathMarch:
    """P paths of one unit of each population, in the basis Q of the innovations of phi.

    With y = phi/sqrt(P) = Q l, C(t, s) = L_t . L_s, where the rows L are the coordinates l,
    corrected by the control. Each mode has a white partner z in each population that receives its
    noise. At time t the input of the paths is the sum over populations b of g Z L_b (noise),
    (k/p) sqrt(P) Q M L_b with M = sum over s of w_s exp(-(t-s)/p) l_s L_b,s^T (plasticity),
    r g sqrt(P) Q <phi_b Z> (reciprocity: by Novikov's theorem <phi z> is the response applied to
    the noise), and mean <phi_b>. All averages are those of the paths, so that nothing is iterated.
    Steps are those of exponential Adams-Bashforth, of third order.

    Parameters
    ----------
    sites : SitesInTime
    schedule : Schedule
    steps : TimeSteps
    start : (means, variances)
        Of x(0) in each population.
    paths : int
        P.
    keep : int or None
        Keep <x x> at every keep-th recorded time.
    rng : Generator
    control : bool
        Whether rows are corrected by the surrogate.
    """

    def __init__(self, sites: SitesInTime, schedule: Schedule, steps: TimeSteps, start: Start,
                 paths: int, keep: int | None, rng: np.random.Generator, control: bool = True,
                 tol: float = MODE_SHARE):
        self.sites, self.schedule, self.steps, self.paths = sites, schedule, steps, paths
        self.keep = keep
        centred = not (np.any(sites.mean) or np.any(start[0]) or schedule.drive != 0.0
                       or sites.input_at is not None
                       or any(one.input for one in sites.populations))
        self.populations = [
            MarchedPopulation(site, {number: one for number, one in enumerate(sites.groups)
                                     if one.target == a}, steps, (start[0][a], start[1][a]),
                              paths, rng, control, centred, tol)
            for a, site in enumerate(sites.populations)]
        self.memories = [SynapticMemory(one.k, one.p) for one in sites.plastic]

    def run(self) -> list[PathRows]:
        """March from t = 0 to the end; averages are infinite from where the activity diverges."""
        n, recorded = len(self.steps), self.steps.recorded
        averages = np.zeros((len(self.populations), 4, len(recorded)))
        kept: list[tuple[int, list[tuple]]] = []
        record = 0
        for k in range(n):
            new = [one.evaluate() for one in self.populations]
            if not all(float(one.phi @ one.phi) < LARGEST_VARIANCE * self.paths
                       for one in self.populations):  # also NaN
                averages[:, :, record:] = np.inf
                break
            self._add_modes(new)
            for one in self.populations:
                one.measure(k)
            echoes = [one.echoes() if self.sites.returns or self.keep else np.zeros(one.Z.count)
                      for one in self.populations]
            if k == recorded[record]:
                averages[:, :, record] = [one.averages() for one in self.populations]
                if self.keep and record % self.keep == 0:
                    kept.append((k, [(one.now.copy(), one.x_L, one.control.weight,
                                      one.control.Delta, one.control.mean)
                                     for one in self.populations]))
                record += 1
            self._drive(k, echoes)
            if k == n - 1:
                break
            for one in self.populations:
                one.step(k)
        return [self._found(a, averages[a], kept) for a in range(len(self.populations))]

    def _add_modes(self, new: list[bool]) -> None:
        """White partners of the new modes of phi, in all populations that receive their noise."""
        for population, has_new in zip(self.populations, new, strict=True):
            if has_new:
                population.normals.extend(population.Q.rows[-1])
        for number, group in enumerate(self.sites.groups):
            if new[group.source]:
                self.populations[group.target].add_partner(number)

    def _drive(self, k: int, echoes: list[np.ndarray]) -> None:
        """The inputs of all populations at the present time, and the synapses of now."""
        t = float(self.steps.t[k])
        factor = self.schedule.value("couplings", t)
        all_, along = self.populations, [np.zeros(len(one.row)) for one in self.populations]
        noise, direct = [np.zeros(one.Z.count) for one in all_], np.zeros(len(all_))
        linear = [np.zeros(3 + one.Z.count) for one in all_]
        for number, group in enumerate(self.sites.groups):
            target, source = all_[group.target], all_[group.source]
            columns = target.columns[number]
            V = echoes[group.target][columns]
            A = source.row + group.own_echo * V
            noise[group.target][columns] = factor * group.strength * A
            direct[group.target] += factor * group.direct
            if group.echo:
                returned = factor * group.echo * V
                along[group.source] += returned
                linear[group.source] += returned @ source.linear_modes
            if self.keep and number == target.response_group:
                target.noises.put(k, V / group.strength)
                target.sent.put(k, factor * A)
        self._remember(k)
        for part, memory in zip(self.sites.plastic, self.memories, strict=True):
            more, slope = memory.read(all_[part.source].row)
            along[part.target] += more
            linear[part.target] += slope
        common = self.sites.mean @ [one.rate for one in all_] + self.schedule.value("drive", t)
        if self.sites.input_at is not None:
            common = common + self.sites.input_at(t)
        for a, one in enumerate(all_):
            one.drive(along[a], noise[a], linear[a], direct[a], float(common[a]) + one.site.input)

    def _remember(self, k: int) -> None:
        """Advance the synapses by the interval that ends now."""
        t = float(self.steps.t[k])
        acts = k > 0 and self.schedule.plastic((t + self.steps.t[k - 1]) / 2)
        factors = [self.schedule.value("plasticity", max(t - early, 0.0)) for early in (JUST, 0.0)]
        for part, memory in zip(self.sites.plastic, self.memories, strict=True):
            step = self.steps.implicit(k, memory.rate) if acts else None
            target, source = (self.populations[i] for i in (part.target, part.source))
            memory.feed(step, factors[0], factors[1],
                        (target.own, source.row, target.linear_phi))

    def _found(self, a: int, averages: np.ndarray, kept: list) -> PathRows:
        one, last = self.populations[a], len(self.steps) - 1
        response = one.unit.step_response() if self.keep else np.zeros((0, 0))
        steps = [k for k, _ in kept]
        rows, noises, sent = (grid.upto(last).copy() for grid in (one.rows, one.noises, one.sent))
        square, mean, rate, psi = averages
        Delta = _products(steps, [all_[a] for _, all_ in kept])
        return PathRows(square, mean, rate, psi, rows, noises, sent, Delta, response,
                        one.explained, one.rows.width)


def _products(steps: list[int], kept: list[tuple]) -> np.ndarray:
    """<x x> at all pairs of kept times, controlled."""
    if not kept:
        return np.zeros((0, 0))
    x, x_L = (np.array([one[i] for one in kept]) for i in (0, 1))
    exact = np.zeros((len(kept), len(kept)))
    means = np.array([one[4] for one in kept])
    for row, one in enumerate(kept):
        exact[row, :row + 1] = exact[:row + 1, row] = one[3][steps[:row + 1]]
    exact += np.outer(means, means)
    weight = np.sqrt([one[2] for one in kept])
    paths = x.shape[1]
    return x @ x.T / paths + np.outer(weight, weight) * (exact - x_L @ x_L.T / paths)


