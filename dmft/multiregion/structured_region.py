"""structured_region: a region whose constant currents hold their own against its disorder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import gaussian_averages
from ..averages.protocol import GaussianAverages
from ..base import checks
from ..network.nonlinearity import Nonlinearity, erf
from .mean_gain import check_falling, variance_at_gain

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(128)
NODES = (1 + _NODES) / 2  # Gauss-Legendre on [0, 1]
WEIGHTS = _WEIGHTS / 2
LARGEST = 1e3  # of b phi'(0)


@dataclass(frozen=True)
class StructuredRegion:
    """A region in which constant currents and disorder coexist.

    Parameters
    ----------
    b : float
        Inverse of the gain psi.
    g : float
        Disorder within the region.
    variance : float
        Delta(0), the variance of x: that of the gain 1/b, whatever g is.
    static : float
        Delta(inf), the part that does not decay.
    current_power : float
        A, the sum of the squared currents into the region (z U z in general).
    chaotic : bool
        Whether x fluctuates about the pattern that the currents make.
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
        """sqrt(A): of the current, where the region receives one."""
        return float(np.sqrt(self.current_power))


def structured_region(b: float, g: float, phi: Nonlinearity = erf) -> StructuredRegion:
    """The region of gain psi = 1/b and disorder g, and the currents that keep it there.

    Constant currents need a certain gain of the region that passes them on (R = 1: b = T; pairs
    and self-currents: `AttractorManifold.gains`), hence a certain variance: (2/pi)(b^2 - 1) for
    erf. The disorder gives a part of it, the currents the rest, A = Delta_inf - g^2 C(Delta_inf),
    C(D) = <phi phi> at the covariance D. With V = -D^2/2 + g^2 int C + A D, Delta_inf solves
    V(Delta_inf) = V(Delta0): Delta0 itself up to the onset of chaos, less beyond it, 0 where the
    structure is lost (Clark & Beiran 2025, generation against transmission).

    Parameters
    ----------
    b : float
        From 1/phi'(0) to 1e3/phi'(0); above the first currents are not damped at rest.
    g : float
        0 or above, below `structure_loss(b, phi)`.
    phi : Nonlinearity
        Odd, with a gain that falls with the variance.

    Returns
    -------
    StructuredRegion

    Raises
    ------
    ModelError
        For a value out of range; the message tells the g at which structure is lost.

    Examples
    --------
    >>> structured_region(2.0, 1.8).chaotic, structured_region(2.0, 1.6).chaotic
    (True, False)
    """
    b, variance, averages = _at_gain(b, phi)
    g = checks.nonnegative("g", g)
    static = _static(averages, g)
    if static == 0:
        checks.reject("g", g, f"at or above {_loss(averages):.9g}, where the disorder leaves "
                      f"nothing for currents of b={b:g}", "give a smaller g, or a larger b")
    return StructuredRegion(b, g, variance, static, _power(averages, static, g), static < variance)


def current_power(b: float, g: float, phi: Nonlinearity) -> float:
    """A of `structured_region`, and 0 where the disorder leaves nothing."""
    averages = _at_gain(b, phi)[2]
    static = _static(averages, g)
    return _power(averages, static, g) if static > 0 else 0.0


def chaos_onset(b: float, phi: Nonlinearity = erf) -> float:
    """The g at which chaos sets in inside a region of gain 1/b: g^2 <phi'^2> = 1.

    (2 b^2 - 1)^(1/4) for erf (Clark & Beiran 2025, the structured state's boundaries).
    """
    _, variance, averages = _at_gain(b, phi)
    return float(averages.slope(variance)) ** -0.5


def structure_loss(b: float, phi: Nonlinearity = erf) -> float:
    """The g at which the currents of a region of gain 1/b vanish: all of its variance is chaos.

    V(0) = V(Delta0) without currents, g^2 int_0^Delta0 C = Delta0^2 / 2; the gain of the network
    of that disorder alone is 1/b there.
    """
    return _loss(_at_gain(b, phi)[2])


def region_phase(b: float, g: float, phi: Nonlinearity = erf) -> str:
    """What a region with a self-current of strength b and disorder g does (R = 1: b = T).

    "quiescent", "disorder-dominated chaos", "structured" (a fixed point with currents) or
    "structured chaos".
    """
    b, g = checks.finite("b", b), checks.nonnegative("g", g)
    check_falling(phi)
    if b * phi.slope_at_zero <= 1:
        return "disorder-dominated chaos" if g * phi.slope_at_zero > 1 else "quiescent"
    if g >= structure_loss(b, phi):
        return "disorder-dominated chaos"
    return "structured chaos" if g > chaos_onset(b, phi) else "structured"


def _at_gain(b: float, phi: Nonlinearity) -> tuple[float, float, GaussianAverages]:
    b = checks.positive("b", b)
    check_falling(phi)
    if b * phi.slope_at_zero <= 1:
        checks.reject("b", b, "the currents are damped even at rest",
                      f"give more than 1/phi'(0) = {1 / phi.slope_at_zero:g}")
    if b * phi.slope_at_zero > LARGEST:
        checks.reject("b", b, "so large that rounding hides <phi'^2> at its variance",
                      f"give at most {LARGEST:g}/phi'(0)")
    variance = variance_at_gain(phi, 1 / b)
    return b, variance, gaussian_averages(phi, variance)


def _static(averages: GaussianAverages, g: float) -> float:
    """Delta_inf; 0 where the structure is lost."""
    if g**2 * _mean_slope(averages, 0.0) <= 1:
        return averages.variance
    if g**2 * _mean_slope(averages, np.pi / 2) >= 1:
        return 0.0
    # Bracketed: Delta_inf = Delta0 always is a root too, of V but not of this ratio.
    angle = optimize.brentq(lambda one: g**2 * _mean_slope(averages, one) - 1, 0.0, np.pi / 2,
                            xtol=1e-15, rtol=1e-14)
    return averages.variance * float(np.cos(angle))


def _power(averages: GaussianAverages, static: float, g: float) -> float:
    return static - g**2 * float(averages.correlation(static))


def _loss(averages: GaussianAverages) -> float:
    return _mean_slope(averages, np.pi / 2) ** -0.5


def _mean_slope(averages: GaussianAverages, angle: float) -> float:
    """Mean of C'(D) over D from Delta_inf = Delta0 cos(angle) to Delta0, weighted by Delta0 - D.

    By parts, V(Delta_inf) - V(Delta0) with the A of a rest at Delta_inf is (1 - g^2 mean) times
    (Delta0 - Delta_inf)^2 / 2: the trivial root is divided out. The mean falls with the angle, as
    C' rises with D.
    """
    if angle == 0:
        return float(averages.slope(averages.variance))
    at = angle * NODES  # D = Delta0 cos(at): smooth at the steep end of C'
    weight = WEIGHTS * np.sin(at / 2) ** 2 * np.sin(at)  # 1 - cos without cancellation
    slope = averages.slope(averages.variance * np.cos(at))
    return float(weight @ slope / weight.sum())
