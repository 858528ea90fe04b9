"""structured_region: a region in which constant currents coexist with disorder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import averages_at
from ..averages.protocol import GaussianAverages
from ..base import checks
from ..network.nonlinearity import Nonlinearity, erf
from .mean_gain import check_decreasing_gain, variance_at_gain
from .tuning import LARGEST_STRENGTH, POTENTIAL_NODES

RegionPhase = Literal["quiescent", "disorder-dominated chaos", "structured", "structured chaos"]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(POTENTIAL_NODES)
NODES = (1 + _NODES) / 2  # Gauss-Legendre on [0, 1]
WEIGHTS = _WEIGHTS / 2


@dataclass(frozen=True)
class StructuredRegion:
    """A region in which constant currents and disorder coexist.

    Parameters
    ----------
    b : float
        Inverse of the gain psi.
    g : float
        Strength of the disorder within the region.
    variance : float
        Delta(0), the variance of x. It is set by the gain 1/b and does not depend on g.
    static : float
        Delta(inf), the static part of the correlation, which does not decay.
    current_power : float
        A, the sum of the squared currents into the region (z U z in general).
    chaotic : bool
        Whether x fluctuates chaotically around the static pattern that the currents impose.

    Examples
    --------
    >>> import dmft
    >>> region = dmft.structured_region(2.0, 1.6)
    >>> region.gain, round(region.variance, 6), region.chaotic
    (0.5, 1.909859, False)
    """

    b: float
    g: float
    variance: float
    static: float
    current_power: float
    chaotic: bool

    @property
    def gain(self) -> float:
        """psi = <phi'>."""
        return 1 / self.b

    @property
    def amplitude(self) -> float:
        """sqrt(A): the magnitude of the current, where the region receives a single one."""
        return float(np.sqrt(self.current_power))


def structured_region(b: float, g: float, phi: Nonlinearity = erf) -> StructuredRegion:
    """A region of gain psi = 1/b and disorder g, with the constant currents that sustain it.

    Constant currents require a certain gain of the region that transmits them (R = 1: b = T; pairs
    and self-currents: `AttractorManifold.gains`), hence a certain variance Delta0 of x:
    (2/pi)(b^2 - 1) for erf. The disorder contributes a part of it and the currents the rest,
    A = Delta_inf - g^2 C(Delta_inf), where C(D) = <phi phi> at the covariance D. With the potential
    V(D) = -D^2/2 + g^2 int C + A D, Delta_inf solves V(Delta_inf) = V(Delta0). It equals Delta0 up
    to the onset of chaos, is smaller beyond it, and reaches 0 where the structure is lost (Clark &
    Beiran 2025, generation against transmission).

    Parameters
    ----------
    b : float
        Inverse gain, above 1/phi'(0) (otherwise currents decay at the quiescent state) and at most
        1e3/phi'(0).
    g : float
        Strength of the disorder, 0 or above and below `structure_loss(b, phi)`.
    phi : Nonlinearity
        Odd, with a mean gain that decreases with the variance.

    Returns
    -------
    StructuredRegion

    Raises
    ------
    ModelError
        For a value out of range; for g the message gives the value at which structure is lost.

    Examples
    --------
    >>> structured_region(2.0, 1.8).chaotic, structured_region(2.0, 1.6).chaotic
    (True, False)
    """
    b, variance, averages = _at_gain(b, phi)
    g = checks.nonnegative("g", g)
    static = _static_variance(averages, g)
    if static == 0:
        checks.reject("g", g, f"at or above {_structure_loss(averages):.9g}, where the disorder "
                      f"alone makes the variance of b={b:g} and currents vanish",
                      "give a smaller g, or a larger b")
    return StructuredRegion(b, g, variance, static, _current_power(averages, static, g),
                            static < variance)


def current_power(b: float, g: float, phi: Nonlinearity) -> float:
    """A of `structured_region`; 0 where the structure is lost."""
    averages = _at_gain(b, phi)[2]
    static = _static_variance(averages, g)
    return _current_power(averages, static, g) if static > 0 else 0.0


def chaos_onset(b: float, phi: Nonlinearity = erf) -> float:
    """The g at the onset of chaos in a region of gain 1/b with constant currents.

    g^2 <phi'^2> = 1 at the variance of that gain: (2 b^2 - 1)^(1/4) for erf (Clark & Beiran 2025,
    the structured state's boundaries). Parameters b and phi are those of `structured_region`.

    Examples
    --------
    >>> import dmft
    >>> round(dmft.chaos_onset(2.0), 6)  # 7^(1/4)
    1.626577
    """
    _, variance, averages = _at_gain(b, phi)
    return float(averages.slope(variance)) ** -0.5


def structure_loss(b: float, phi: Nonlinearity = erf) -> float:
    """The g at which the currents of a region of gain 1/b vanish: all of its variance is chaotic.

    V(0) = V(Delta0) without currents, g^2 int_0^Delta0 C = Delta0^2 / 2. At this g a network with
    disorder alone has the gain 1/b. Parameters b and phi are those of `structured_region`.

    Examples
    --------
    >>> import dmft
    >>> bool(dmft.chaos_onset(1.5) < dmft.structure_loss(1.5)), round(dmft.structure_loss(1.5), 6)
    (True, 1.479073)
    """
    return _structure_loss(_at_gain(b, phi)[2])


def region_phase(b: float, g: float, phi: Nonlinearity = erf) -> RegionPhase:
    """Phase of a region with a self-current of strength b and disorder g (R = 1: b = T).

    Returns "quiescent", "disorder-dominated chaos", "structured" (a fixed point with currents) or
    "structured chaos" (Clark & Beiran 2025, the structured state's boundaries). b may be any
    finite number; g is 0 or above.

    Examples
    --------
    >>> import dmft
    >>> [dmft.region_phase(b=1.5, g=g) for g in (0.5, 1.4, 2.0)]
    ['structured', 'structured chaos', 'disorder-dominated chaos']
    """
    b, g = checks.finite("b", b), checks.nonnegative("g", g)
    check_decreasing_gain(phi)
    if b * phi.slope_at_zero <= 1:
        return "disorder-dominated chaos" if g * phi.slope_at_zero > 1 else "quiescent"
    if g >= structure_loss(b, phi):
        return "disorder-dominated chaos"
    return "structured chaos" if g > chaos_onset(b, phi) else "structured"


def _at_gain(b: float, phi: Nonlinearity) -> tuple[float, float, GaussianAverages]:
    b = checks.positive("b", b)
    check_decreasing_gain(phi)
    if b * phi.slope_at_zero <= 1:
        checks.reject("b", b, "so small that currents decay even at the quiescent state",
                      f"give more than 1/phi'(0) = {1 / phi.slope_at_zero:g}")
    if b * phi.slope_at_zero > LARGEST_STRENGTH:
        checks.reject("b", b, "so large that <phi'^2> at its variance is lost in rounding",
                      f"give at most {LARGEST_STRENGTH:g}/phi'(0)")
    variance = variance_at_gain(phi, 1 / b)
    return b, variance, averages_at(phi, variance)


def _static_variance(averages: GaussianAverages, g: float) -> float:
    """Delta_inf; 0 where the structure is lost."""
    if g**2 * _weighted_mean_slope(averages, 0.0) <= 1:
        return averages.variance
    if g**2 * _weighted_mean_slope(averages, np.pi / 2) >= 1:
        return 0.0
    # A single root: the trivial one of V, Delta_inf = Delta0, is divided out of this ratio.
    angle = optimize.brentq(lambda one: g**2 * _weighted_mean_slope(averages, one) - 1,
                            0.0, np.pi / 2, xtol=1e-15, rtol=1e-14)
    return averages.variance * float(np.cos(angle))


def _current_power(averages: GaussianAverages, static: float, g: float) -> float:
    return static - g**2 * float(averages.correlation(static))


def _structure_loss(averages: GaussianAverages) -> float:
    return _weighted_mean_slope(averages, np.pi / 2) ** -0.5


def _weighted_mean_slope(averages: GaussianAverages, angle: float) -> float:
    """Mean of C'(D) over D from Delta_inf = Delta0 cos(angle) to Delta0, weighted by Delta0 - D.

    Integration by parts gives, with the A for which Delta_inf is an extremum of V,
    V(Delta_inf) - V(Delta0) = (1 - g^2 mean) (Delta0 - Delta_inf)^2 / 2: the trivial root is
    divided out. The mean decreases with the angle, because C' increases with D.
    """
    if angle == 0:
        return float(averages.slope(averages.variance))
    at = angle * NODES  # D = Delta0 cos(at), so that the integrand is smooth where C' is steep
    weight = WEIGHTS * np.sin(at / 2) ** 2 * np.sin(at)  # 1 - cos without cancellation
    slope = averages.slope(averages.variance * np.cos(at))
    return float(weight @ slope / weight.sum())
