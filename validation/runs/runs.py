"""Runs: results of a stationary simulation, one row per quenched network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmft import Estimate, register
from dmft.plots.axes import LABELS, LAG, axes_for, finished, measured
from dmft.plots.frames import dataset, frame
from dmft.plots.style import BLUE, COLOURS, ORANGE
from dmft.plots.tables import Shown

from ..measurements.participation import pseudovalues
from ..settings.settings import Settings
from .base_runs import BaseRuns

CURVES = ("C_x", "C_phi")
DIMENSIONS = ("dimension_phi", "dimension_x", "dimension_phi_z", "dimension_x_z")
FOUR_POINT = ("Psi_phi", "Psi_x")


@register
@dataclass(frozen=True, eq=False)
class Runs(BaseRuns, Shown):
    """Simulated networks: S sizes, K networks of each, L lags.

    Parameters
    ----------
    settings : Settings
        The arguments of `simulate`, with every default filled in.
    per_network : dict of arrays
        "C_x", "C_phi" (S, K, L): averages over units, trials and time of one network; "x_static",
        "phi_static" (S, K): their limits at infinite lag, from pairs of trials (NaN for one trial);
        with regions or low-rank couplings also "C_x_regions", "C_phi_regions" (S, K, R, L), "psi"
        (S, K, R), and with currents "S_trials" (S, K, B, 2, P): of each trial in each half of the
        measured time; "drift" (S, K): relative change of the variance of x from the first half of
        the measured time to the second; "still" (S, K): number of trials that ended at a fixed
        point. With `dimension`, for kind x and phi: "trace_<kind>", "square_<kind>" (S, K): sums of
        C_ii / N and of C_ij^2 / N over units, and "dimension_<kind>", the first squared over the
        second; "square_drift_<kind>", the relative change of the square from half to half;
        "Psi_<kind>" (S, K, P) at the cross_lags; and all but Psi for z-scored units, as "<kind>_z".
    kept : (S, K) array of bool
        Networks that were not discarded.
    discard : str
        The rule by which networks were discarded.

    Examples
    --------
    >>> from dmft import RandomNetwork, validation
    >>> runs = validation.simulate(RandomNetwork(g=2.0), 50, 4, trials=2, duration=5.0, burn_in=5.0,
    ...                            lags=[0.0, 1.0], rng=1)
    >>> runs.neurons, runs.lags.tolist(), runs.samples("C_x", 50).shape
    ((50,), [0.0, 1.0], (4, 2))
    """

    settings: Settings
    per_network: dict[str, np.ndarray]
    kept: np.ndarray
    discard: str = "nothing"

    @property
    def lags(self) -> np.ndarray:
        """(L,) lags in neuronal time constants."""
        return self.settings.lags

    @property
    def C_x(self) -> Estimate:
        """(L,) autocorrelation of x at the largest size; standard error over networks."""
        return self.curve("C_x")

    @property
    def C_phi(self) -> Estimate:
        """(L,) autocorrelation of phi(x) at the largest size; standard error over networks."""
        return self.curve("C_phi")

    @property
    def x_static(self) -> Estimate:
        """Limit of C_x at infinite lag, at the largest size."""
        return self.curve("x_static")

    @property
    def phi_static(self) -> Estimate:
        """Limit of C_phi at infinite lag, at the largest size."""
        return self.curve("phi_static")

    @property
    def cross_lags(self) -> tuple[tuple[float, float], ...]:
        """P pairs of signed lags (tau1, tau2) of Psi, in neuronal time constants."""
        return self.settings.cross_lags

    @property
    def dimension_phi(self) -> Estimate:
        """Participation ratio of the covariances of phi(x), per neuron, at the largest size."""
        return self.curve("dimension_phi")

    @property
    def dimension_x(self) -> Estimate:
        """Participation ratio of the covariances of x, per neuron, at the largest size."""
        return self.curve("dimension_x")

    @property
    def Psi_phi(self) -> Estimate:
        """(P,) N <C_ij(tau1) C_ij(tau2)> over i != j of phi(x), at the largest size."""
        return self.curve("Psi_phi")

    @property
    def Psi_x(self) -> Estimate:
        """(P,) N <C_ij(tau1) C_ij(tau2)> over i != j of x, at the largest size."""
        return self.curve("Psi_x")

    def rows(self, quantity: str, neurons: int | None = None) -> np.ndarray:
        """As `samples`; for a dimension, jackknife pseudovalues of the ratio of the means."""
        if quantity not in DIMENSIONS:
            return self.samples(quantity, neurons)
        trace, square = (self.samples(quantity.replace("dimension", part), neurons)
                         for part in ("trace", "square"))
        return pseudovalues(trace, square)

    def plot(self, axes: Any = None) -> Any:
        """Draw C_x and C_phi at the largest size as points, with standard errors over networks.

        Of several regions or populations, C_phi of each is drawn, as in the plots of their states.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw, for example over `Solution.plot`; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes = axes_for(axes)
        if "C_phi_regions" in self.per_network and self.per_network["C_phi_regions"].shape[2] > 1:
            curves = self.curve("C_phi_regions")
            for i in range(curves.shape[0]):
                measured(axes, self.lags, curves[i], f"{i}, N = {self.neurons[-1]}",
                         COLOURS[i % len(COLOURS)])
            return finished(axes, LAG, LABELS["C_phi"])
        for name, colour in zip(CURVES, (BLUE, ORANGE), strict=True):
            measured(axes, self.lags, self.curve(name),
                     f"{LABELS[name]}, N = {self.neurons[-1]}", colour)
        return finished(axes, LAG, "correlation")

    def to_xarray(self) -> Any:
        """An xarray.Dataset of the values of each network: dimensions neurons, network, lag.

        Networks that were discarded are NaN. ImportError if xarray is not installed.
        """
        kept = np.where(self.kept, 1.0, np.nan)[:, :, None]
        curves = {name: (("neurons", "network", "lag"), self.per_network[name] * kept)
                  for name in CURVES}
        return dataset(curves, {"neurons": list(self.neurons), "lag": self.lags},
                       {"network": repr(self.network), "seed_entropy": str(self.seed_entropy)})

    def to_dataframe(self) -> Any:
        """A pandas.DataFrame of the means over networks at the largest size, one row per lag.

        ImportError if pandas is not installed.
        """
        return frame({"lag": self.lags, "C_x": self.C_x, "C_phi": self.C_phi})

    def _summary(self) -> list[tuple[str, Any]]:
        s = self.settings
        return [("network", self.network), ("neurons", self.neurons), ("networks", s.networks),
                ("trials", s.trials), ("duration", s.duration), ("dt", s.dt),
                ("discarded", f"{self.discarded} ({self.discard})"),
                *((f"{name}({self.lags[0]:g})", self.curve(name)[0]) for name in CURVES)]

    def __repr__(self) -> str:
        s = self.settings
        left = f", {self.discarded} discarded ({self.discard})" if self.discarded else ""
        return (f"Runs({self.network!r}: {s.networks} networks of {s.neurons} neurons, "
                f"{s.trials} trials of {s.duration:g} at dt={s.dt:g}, C_x(0)={self.C_x[0]}, "
                f"C_phi(0)={self.C_phi[0]}{left})" if self.lags[0] == 0 else
                f"Runs({self.network!r}: {s.networks} networks of {s.neurons} neurons{left})")
