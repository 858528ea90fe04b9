"""LyapunovSpectrum: the distribution of exponents, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import interpolate, optimize

from ..base.array_data import ArrayData
from ..base.checks import finite_array, reject
from ..base.convergence import Convergence
from ..base.estimate import Estimate
from ..network.network import AnyNetwork
from ..plots.axes import EXPONENT, axes_for, finished, theory
from ..plots.style import BLUE
from ..plots.tables import Shown
from .tuning import LOG_OFFSET


@dataclass(frozen=True, eq=False, repr=False)
class LyapunovSpectrum(ArrayData, Shown):
    """Distribution of the Lyapunov exponents of a large network, per neuron.

    Parameters
    ----------
    largest : Estimate ()
        Upper edge lambda_max of the spectrum, as `lyapunov_exponent` gives it.
    thresholds : (k,) array
        s, increasing from above -1 to lambda_max, at which the theory was solved.
    excess : (k,) array
        psi(s) = (1/N) sum over exponents above s of lambda - s.
    fraction : (k,) array
        1 - F(s), the fraction of exponents above s.
    influence : (k, n) array
        Parts of n sampled paths in the error of `excess`; empty where nothing was sampled.
    atom : float
        Fraction of exponents exactly at -1.
    convergence : Convergence
        Sweeps of the iteration; its residual; relative change of psi on a coarser window.
    symmetric : bool
        Whether the spectrum below -1 is taken by symmetry. Where it is not (couplings with memory
        in a moving state, or not the full one), F is known from the first of the `thresholds`
        on.
    network : Network, optional
        The network that was solved; None in files of versions that did not keep it.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(g=0.5)))
    >>> round(float(found.F(-1.0)), 6), round(float(found.density(-0.7)), 4)
    (0.5, 1.0186)
    """

    largest: Estimate
    thresholds: np.ndarray
    excess: np.ndarray
    fraction: np.ndarray
    influence: np.ndarray
    atom: float
    convergence: Convergence
    symmetric: bool = True
    network: AnyNetwork | None = None

    def __post_init__(self):
        for name in ("thresholds", "excess", "fraction", "influence"):
            object.__setattr__(self, name, np.array(getattr(self, name), dtype=float))
        self._freeze()

    def F(self, s: ArrayLike) -> Estimate:
        """Fraction of exponents below s, of the shape of s; half of an atom counts at -1.

        Between `thresholds` it is interpolated by cubics.

        Raises
        ------
        ModelError
            For s below the first threshold, where the spectrum is not symmetric.
        """
        a, inside = self._place(s)
        near = np.abs(a)  # symmetric, or above 0
        above = np.where(inside, np.where(a == 0, 0.5, self._fraction(self._variable(near))), 0.0)
        return Estimate(np.where(a < 0, above, 1 - above),
                        np.where(inside & (a != 0), self._error(near, 1), 0.0))

    def density(self, s: ArrayLike) -> Estimate:
        """Density of exponents at s, dF/ds, without the atom.

        In a chaotic state it is not resolved within some 0.07 of -1, where it has a sharp maximum.

        Raises
        ------
        ModelError
            For s below the first threshold, where the spectrum is not symmetric.
        """
        a, inside = self._place(s)
        near = np.abs(a)
        slope = -self._fraction(self._variable(near), 1) / (near + self._offset)
        return Estimate(np.where(inside, slope, 0.0), np.where(inside, self._error(near, 2), 0.0))

    @property
    def entropy_rate(self) -> Estimate:
        """Sum of the positive exponents over N: the Kolmogorov-Sinai entropy rate per neuron.

        In nats per neuronal time constant (by Pesin's formula).
        """
        if self._top <= 1:
            return Estimate(0.0)
        return self._excess_at(0.0)

    @property
    def s_ky(self) -> Estimate:
        """The exponent at which the sum of all larger ones is zero, up to 1/N.

        psi(s)/abs(s) is smallest there. It is lambda_max where that is negative, and NaN where it
        lies below the first threshold.
        """
        if self._top <= 1:
            return self.largest
        s = self._tangent
        if np.isnan(s):
            return Estimate(np.nan)
        error = 0.0
        if self.influence.size:
            at = np.asarray(s + 1)
            mean, fraction = self._influences(at, 0) / -s, -self._influences(at, 1)
            error = float(np.linalg.norm(mean - fraction)) / max(float(self.density(s)), 1e-300)
        return Estimate(s, error)

    @property
    def dimension(self) -> Estimate:
        """Kaplan-Yorke dimension over N: the minimum over s < 0 of psi(s)/abs(s).

        NaN where the minimum lies below the first threshold.
        """
        if self._top <= 1:
            return Estimate(0.0)
        s = self._tangent
        if np.isnan(s):
            return Estimate(np.nan)
        found = self._excess_at(s)
        return Estimate(found.value / -s, found.stderr / -s)

    def plot(self, axes: Any = None) -> Any:
        """Draw the fraction of exponents above s, 1 - F(s), at the thresholds and between them.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes = axes_for(axes)
        s = np.linspace(float(self.thresholds[0]), float(self.thresholds[-1]), 201)
        below = self.F(s)
        theory(axes, s, Estimate(1 - below.value, below.stderr), "theory", BLUE)
        return finished(axes, EXPONENT, "fraction of exponents above $s$")

    def _summary(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in
                ("largest", "entropy_rate", "dimension", "s_ky", "convergence")]

    def __repr__(self) -> str:
        return (f"LyapunovSpectrum(largest={float(self.largest):.6g}, entropy_rate="
                f"{self.entropy_rate!r}, dimension={self.dimension!r})")

    @property
    def _top(self) -> float:
        """Distance of the edge from -1."""
        return float(self.thresholds[-1]) + 1

    def _place(self, s: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        a = finite_array("s", s) + 1
        lowest = float(self.thresholds[0])
        if not self.symmetric and np.any(a < lowest + 1):
            reject("s", s, f"below {lowest:.4g}, from where on the spectrum was computed",
                   "give larger values; without memory full=True computes all of it; or use "
                   "dmft.validation.lyapunov_spectrum(network, neurons)")
        return a, np.abs(a) < self._top

    @property
    def _offset(self) -> float:
        return LOG_OFFSET * self._top

    def _variable(self, a: ArrayLike) -> np.ndarray:
        """u(a) in which cubic splines are accurate, a the distance from -1."""
        return np.log(np.asarray(a) + self._offset)

    @cached_property
    def _fraction(self) -> interpolate.CubicSpline:
        """1 - F as a function of u."""
        a, values = self.thresholds + 1, self.fraction
        if self.symmetric:
            a, values = np.append(0.0, a), np.append((1 - self.atom) / 2, values)
        return interpolate.CubicSpline(self._variable(a), values)

    @cached_property
    def _psi(self) -> interpolate.CubicHermiteSpline:
        return interpolate.CubicHermiteSpline(self.thresholds + 1, self.excess, -self.fraction)

    @cached_property
    def _spread(self) -> interpolate.CubicSpline:
        """Influence of each path on psi, as a function of u."""
        return interpolate.CubicSpline(self._variable(self.thresholds + 1), self.influence)

    def _influences(self, a: np.ndarray, order: int) -> np.ndarray:
        """Influence on psi or on its derivatives in s, which are those on F and on the density.

        Total derivatives: psi is stationary in the kernels at each s, F is not.
        """
        a = np.clip(a, self.thresholds[0] + 1, self._top)
        u, width = self._variable(a), (a + self._offset)[..., None]
        if order == 0:
            return self._spread(u)
        first = self._spread(u, 1) / width
        return first if order == 1 else self._spread(u, 2) / width**2 - first / width

    def _error(self, a: np.ndarray, order: int) -> np.ndarray:
        """Standard error of psi or of one of its derivatives, at distances a from -1."""
        if not self.influence.size:
            return np.zeros(np.shape(a))
        return np.linalg.norm(self._influences(a, order), axis=-1)

    def _excess_at(self, s: float) -> Estimate:
        return Estimate(self._psi(s + 1), self._error(np.asarray(s + 1), 0))

    @cached_property
    def _tangent(self) -> float:
        """s < 0 at which psi/abs(s) is smallest: psi(s)/abs(s) = 1 - F(s)."""
        def beyond(s: float) -> float:
            return float(self._psi(s + 1) + s * self._fraction(self._variable(s + 1)))

        if beyond(float(self.thresholds[0])) > 0:
            return np.nan
        return float(optimize.brentq(beyond, float(self.thresholds[0]), 0.0, xtol=1e-12))
