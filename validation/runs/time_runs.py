"""TimeRuns: results of prepared networks at chosen times, one row per quenched network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmft import Estimate, Times, register
from dmft.base.checks import reject
from dmft.network.structure import structure
from dmft.plots.axes import variances_in_time
from dmft.plots.frames import dataset
from dmft.plots.tables import Shown

from ..settings.time_settings import TimeSettings
from .base_runs import BaseRuns


@register
@dataclass(frozen=True, eq=False)
class TimeRuns(BaseRuns, Shown):
    """Networks simulated from a preparation on: S sizes, K networks of each, m times, R regions.

    Parameters
    ----------
    settings : TimeSettings
        The arguments of `simulate`, with every default filled in.
    per_network : dict of arrays
        Averages over the trials of one network: "z", "S" (S, K, m, R, R) ((S, K, m, P) for a
        network that is not a MultiregionNetwork), "variance", "mean", "rates", "power", "psi"
        (S, K, m, R), and with pairs "Delta", "C_phi" (S, K, R, m, m). Averages over units are over
        those of one region.

    Examples
    --------
    >>> from dmft import RandomNetwork, Times, validation
    >>> runs = validation.simulate(RandomNetwork(g=2.0), 50, 4, times=Times(2.0, dt=0.5), rng=1)
    >>> runs.at.tolist(), runs.variance.shape
    ([0.0, 0.5, 1.0, 1.5, 2.0], (5, 1))
    """

    settings: TimeSettings
    per_network: dict[str, np.ndarray]
    discard = "nothing"

    @property
    def kept(self) -> np.ndarray:
        """(S, K): all True, since no network is discarded."""
        return np.ones((len(self.neurons), self.settings.networks), dtype=bool)

    @property
    def times(self) -> Times:
        """The grid that was given."""
        return self.settings.times

    @property
    def at(self) -> np.ndarray:
        """(m,) times of observation, in neuronal time constants."""
        return self.settings.at

    @property
    def z(self) -> Estimate:
        """(m, R, R) filtered currents, (1 + d/dt) z = S, z(0) as prepared; at the largest size."""
        return self.curve("z")

    @property
    def S(self) -> Estimate:
        """(m, R, R) currents n . phi(x) / N at the largest size, [mu, nu] from nu to mu."""
        return self.curve("S")

    @property
    def variance(self) -> Estimate:
        """(m, R) <x^2> of each region at the largest size."""
        return self.curve("variance")

    @property
    def mean(self) -> Estimate:
        """(m, R) <x> of each region or population at the largest size."""
        return self.curve("mean")

    @property
    def rates(self) -> Estimate:
        """(m, R) <phi(x)> of each region or population at the largest size."""
        return self.curve("rates")

    @property
    def power(self) -> Estimate:
        """(m, R) <phi(x)^2> of each region or population at the largest size."""
        return self.curve("power")

    @property
    def psi(self) -> Estimate:
        """(m, R) gain <phi'(x)> of each region at the largest size."""
        return self.curve("psi")

    @property
    def Delta(self) -> Estimate | None:
        """(R, m, m) <x(t) x(t')> at the largest size; None without pairs."""
        return self.curve("Delta") if self.settings.pairs else None

    @property
    def C_phi(self) -> Estimate | None:
        """(R, m, m) <phi(x(t)) phi(x(t'))> at the largest size; None without pairs."""
        return self.curve("C_phi") if self.settings.pairs else None

    def plot(self, axes: Any = None) -> Any:
        """Draw the variance of each region, and the currents where there are some, as points.

        Parameters
        ----------
        axes : matplotlib axes, or two of them with currents, optional
            Where to draw, for example over `TimeSolution.plot`; a new figure by default.

        Returns
        -------
        matplotlib axes, or an array of two
        """
        group = "population" if structure(self.network).drift else "region"
        return variances_in_time(axes, self.at, self.variance, self.z, group)

    def to_xarray(self) -> Any:
        """An xarray.Dataset of the values of each network; ImportError without xarray."""
        return dataset({name: (("neurons", "network", "time", "region"), self.per_network[name])
                        for name in ("variance", "mean", "rates", "power", "psi")},
                       {"neurons": list(self.neurons), "time": self.at},
                       {"network": repr(self.network)})

    def index(self, time: float) -> int:
        """Index of a time in `at`."""
        found = np.flatnonzero(np.abs(self.at - time) < 1e-6 * self.settings.dt)
        if len(found) == 0:
            reject("at", float(time), "not observed",
                   f"give times of runs.at, or simulate with this time in `at` "
                   f"(nearest: {self.at[np.argmin(np.abs(self.at - time))]:g})")
        return int(found[0])

    def __repr__(self) -> str:
        s = self.settings
        pairs = ", all pairs of times" if s.pairs else ""
        last = np.array2string(self.variance.value[-1], precision=4)
        return (f"TimeRuns({self.network!r}: {s.networks} networks of {s.neurons} neurons, "
                f"{s.trials} trials to t={self.at[-1]:g} at dt={s.dt:g}, {len(self.at)} times"
                f"{pairs}, variance at the end {last})")
