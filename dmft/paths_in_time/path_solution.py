"""SampledTimeSolution: the theory in time of couplings with memory, with its standard errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base import checks
from ..base.array_data import read_only
from ..base.convergence import Convergence
from ..base.estimate import Estimate
from ..grids.times import Times
from ..network.network import AnyNetwork
from ..plots.axes import TIME, axes_for, finished, theory
from ..plots.frames import dataset
from ..plots.style import COLOURS
from ..plots.tables import Shown
from .schedule import Schedule


def student(r: int) -> float:
    """Standard deviation of Student's t of r values: with errors that are larger by this factor,
    deviations over errors have variance 1.
    """
    return float(np.sqrt((r - 1) / (r - 3)))


@dataclass(frozen=True, eq=False)
class SampledTimeSolution(Shown):
    """Solution in time from sampled paths: couplings with memory, populations, schedules.

    R is the number of populations, 1 in a network without them. Its arrays have the shapes of those
    of a `TimeSolution`.

    Parameters
    ----------
    network : Network
        The network that was solved.
    times : Times
        Grid of n times, in neuronal time constants.
    schedule : Schedule
        What changed in time.
    variance, mean, rates, power, psi : Estimate (n, R)
        <x^2>, <x>, <phi(x)>, <phi(x)^2> and <phi'(x)>.
    Delta, C_phi : Estimate (R, m, m), or None
        <x(t) x(t')> and <phi(x(t)) phi(x(t'))> at the m times `times.kept`; means are part of them.
    R_phi : Estimate (R, m, m), or None
        Mean response of phi(x(t)) to an input at t', at t >= t', 0 at t < t'. From a regression
        with a ridge, which smooths it in t': it is off by up to about 0.01 of <phi'> besides its
        standard error. NaN for a population with plastic couplings that receives no noise.
    replicates : (r, R, m, m) array, or None
        C_phi of each of r independent sets of paths, from which errors of functions of it follow.
    convergence : Convergence
        The checks of this solution, with their values and limits.
    past : float
        Time before t = 0 that was marched for a stationary past; 0 for a prepared start.

    Examples
    --------
    >>> import dmft
    >>> network = dmft.PlasticNetwork(g=1.5, k=1.0, p=2.5)
    >>> solution = dmft.solve(network, times=dmft.Times(stop=2.0, dt=0.2, keep=5), tol=0.1)
    >>> solution.variance.shape, solution.C_phi.shape, solution.R_phi.shape
    ((11, 1), (1, 3, 3), (1, 3, 3))
    """

    network: AnyNetwork
    times: Times
    schedule: Schedule
    variance: Estimate
    mean: Estimate
    rates: Estimate
    power: Estimate
    psi: Estimate
    Delta: Estimate | None
    C_phi: Estimate | None
    R_phi: Estimate | None
    replicates: np.ndarray | None
    convergence: Convergence
    past: float = 0.0

    def __post_init__(self):
        if self.replicates is not None:
            read_only(self.replicates)

    @property
    def C_x(self) -> Estimate | None:
        """Delta, under the name that it has in a stationary `Solution`."""
        return self.Delta

    @property
    def z(self) -> np.ndarray:
        """(n, 0): this network has no currents."""
        return np.zeros((len(self.times), 0))

    S = z

    def overlap(self, t: float) -> Estimate:
        """(m,) correlation of phi at the kept times with phi at one of them, t.

        <phi(s) phi(t)> / sqrt(C(s, s) C(t, t)), C of all units: 1 at s = t. With t the time of a
        halt it says how much of the state at the halt is left.

        Raises
        ------
        ModelError
            If C_phi was not kept, or not at this time.
        """
        at = self._kept_index("t", t)

        def of(C: np.ndarray) -> np.ndarray:
            square = np.diag(C)
            return C[at] / np.sqrt(np.maximum(square * square[at], 1e-300))

        return self._function_of_C(of)

    def static_share(self, start: float, stop: float) -> Estimate:
        """Share of <phi^2> that is constant in time over an interval.

        The mean of C_phi(t, t') over all pairs of kept times from start to stop, over the mean of
        C_phi(t, t): 1 at a fixed point, and about the correlation time over the length of the
        interval where activity forgets its past.

        Raises
        ------
        ModelError
            If C_phi was not kept, or fewer than two kept times are in the interval.
        """
        self._require_kept()
        start, stop = checks.finite("start", start), checks.finite("stop", stop)
        kept = self.times.kept
        inside = np.flatnonzero((kept >= start - 1e-9) & (kept <= stop + 1e-9))
        if len(inside) < 2:
            checks.reject("stop", stop, f"fewer than two kept times from start={start:g} on",
                          "give a longer interval, or keep more times")

        def of(C: np.ndarray) -> np.ndarray:
            block = C[np.ix_(inside, inside)]
            return np.asarray(block.mean() / max(float(np.diag(block).mean()), 1e-300))

        return self._function_of_C(of)

    def plot(self, axes: Any = None) -> Any:
        """Draw <x^2> in time, with bands of two standard errors, and halts in grey.

        In one population also <phi^2>; with several, <x^2> of each in the colours of
        `TimeRuns.plot`.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes = axes_for(axes)
        ends = [*self.schedule.release, self.times.stop]
        for first, last in zip(self.schedule.halt, ends, strict=False):
            axes.axvspan(first, last, color="0.9", lw=0)
        R, square = self.variance.shape[1], r"$\langle x^2\rangle$"
        curves = ([(f"population {a}", self.variance[:, a]) for a in range(R)] if R > 1 else
                  [(square, self.variance[:, 0]), (r"$\langle\phi^2\rangle$", self.power[:, 0])])
        for i, (name, curve) in enumerate(curves):
            theory(axes, self.times.t, curve, name, COLOURS[i % len(COLOURS)])
        return finished(axes, TIME, square if R > 1 else "")

    def to_xarray(self) -> Any:
        """An xarray.Dataset of the averages along time, and of the two-time functions where kept.

        ImportError without xarray.
        """
        one, several = self.variance.shape[1] == 1, ("population",)
        curves: dict[str, tuple[tuple[str, ...], Any]] = {}
        for name in ("variance", "mean", "rates", "power", "psi"):
            value = getattr(self, name)
            curves[name] = (("time",), value[:, 0]) if one else (("time", *several), value)
        coords = {"time": self.times.t}
        for name in ("Delta", "C_phi", "R_phi"):
            value = getattr(self, name)
            if value is not None:
                pair = ("kept", "kept_before")
                curves[name] = (pair, value[0]) if one else ((*several, *pair), value)
                coords |= {"kept": self.times.kept, "kept_before": self.times.kept}
        return dataset(curves, coords, {"network": repr(self.network)})

    def _function_of_C(self, of: Callable[[np.ndarray], np.ndarray]) -> Estimate:
        """A function of the mean of C_phi, with the jackknife over replicates for its error."""
        assert self.C_phi is not None
        assert self.replicates is not None
        share = getattr(self.network, "share", None)
        all_ = np.average(self.replicates, axis=1, weights=share)  # of all units
        r, total = len(all_), all_.sum(axis=0)
        without = np.array([of((total - one) / (r - 1)) for one in all_])
        error = np.sqrt((r - 1) * np.mean((without - without.mean(axis=0)) ** 2, axis=0)) * student(
            r)
        return Estimate(of(total / r), error)

    def _require_kept(self) -> None:
        if self.C_phi is None:
            checks.reject("times", self.times, "C_phi was not kept",
                          "solve with times=dmft.Times(stop, dt, keep=...)")

    def _kept_index(self, name: str, t: float) -> int:
        self._require_kept()
        t, kept = checks.finite(name, t), self.times.kept
        at = int(np.argmin(np.abs(kept - t)))
        if abs(kept[at] - t) > 1e-6 * self.times.stop:
            checks.reject(name, t, "not a time at which C_phi was kept",
                          f"give one of solution.times.kept, such as {kept[at]:g}")
        return at

    def __repr__(self) -> str:
        return (f"SampledTimeSolution({self.network!r}: {len(self.times)} times to "
                f"{self.times.stop:g}, variance at the end "
                f"{', '.join(str(self.variance[-1, a]) for a in range(self.variance.shape[1]))}, "
                f"converged={self.convergence.success})")
