"""How many fixed points a plastic network has: growth rates of their number by Kac and Rice."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import optimize

from .. import checks
from ..array_data import ArrayData
from ..equations import plasticity as equations
from ..nonlinearity import Nonlinearity, tanh
from .resting_site import Branch, RestingSite, check_sigmoid, joined

LEAST = -600.0  # logarithm of the smallest multiplier that is told from zero
LARGEST = 12.0
NONE = -1.0  # growth rate that stands for "no such points" in searches
SCAN = 60  # values of C
NEWTON_STEPS = 200


@dataclass(frozen=True, eq=False)
class Complexity(ArrayData):
    """Growth rate Sigma of the number of fixed points with <phi^2> = C: exp(N Sigma) of them.

    Parameters
    ----------
    sigma : float
        (1/N) log E[number], -inf where no distribution of x meets the conditions.
    C : float
        Mean square of phi.
    q : float
        g^2 <phi'^2/D^2> of these points: stable ones have at most 1, marginal ones 1.
    h, mu : float
        Multipliers of C and of the stability. mu is 0 where stability costs nothing (below
        exp(-600), where q = 1 only by an immeasurable cut at the fold; or q < 1).
    s : float
        Saddle of the determinant where unstable points are counted, else 0.
    x, density : (n,) arrays
        Distribution of x over the units of such a point: at x >= 0, where its integral is one (x
        and -x are equally frequent).
    """

    sigma: float
    C: float
    q: float
    h: float
    mu: float
    s: float
    x: np.ndarray = field(repr=False)
    density: np.ndarray = field(repr=False)

    def __post_init__(self):
        self._freeze()


def stable_complexity(g: float, k: float, C: float, phi: Nonlinearity = tanh) -> Complexity:
    """Growth rate of the number of stable fixed points at one C.

    min over h, mu >= 0 of log int over D > 0 of D N(x - k C phi; 0, g^2 C)
    exp(h (phi^2 - C) - mu (g^2 phi'^2/D^2 - 1)); the determinant of the Kac-Rice formula has
    turned the integral over the input into one over the roots. It is the annealed rate, of the
    mean number. For Clark & Abbott 2024's network; mu imposes stability, q <= 1, which the roots
    near the fold would violate by a logarithm.

    Parameters
    ----------
    g, k : float
        Strengths of the random couplings (above 0) and of plasticity; its time constant does not
        matter.
    C : float
        Mean square of phi, above 0.
    phi : Nonlinearity
        An odd sigmoid.

    Returns
    -------
    Complexity

    Raises
    ------
    ModelError
        For a value outside its range.
    """
    site = _site(g, k, C, phi)
    branch = site.outer()
    ratio = equations.stability_density(branch.slope, branch.stiffness, site.g)
    last = {"h": 0.0}

    def at(log_mu: float) -> tuple[float, float, np.ndarray, float]:
        mu = np.exp(log_mu)
        exponent = equations.kac_rice_exponent(branch.x, branch.phi, branch.stiffness,
                                               branch.slope, C, site.g, 0.0, mu, site.k)
        sigma, h, share = _tilted(branch, exponent, C, last["h"])
        last["h"] = h
        return sigma, h, share, float(share @ ratio)

    if not branch.phi.min() ** 2 < C < branch.phi.max() ** 2:
        return _absent(C)
    sigma, h, share, q = at(LEAST)
    if q <= 1:
        # with a fold q = 1 nevertheless: it grows by a logarithm as mu falls
        return _complexity(branch, sigma, C, 1.0 if site.folds else q, h, 0.0, 0.0, share)
    if at(LARGEST)[3] > 1:
        return _absent(C)
    log_mu = optimize.brentq(lambda one: at(one)[3] - 1, LEAST, LARGEST, xtol=1e-11)
    sigma, h, share, q = at(log_mu)
    return _complexity(branch, sigma, C, q, h, float(np.exp(log_mu)), 0.0, share)


def total_complexity(g: float, k: float, C: float, phi: Nonlinearity = tanh) -> Complexity:
    """Growth rate of the number of all fixed points at one C, stable or not.

    As `stable_complexity` over all roots, with log abs(D) replaced by (1/2) log(D^2 + s phi'^2) -
    s/(2 g^2), the logarithm of the determinant of the Gaussian matrix beside D, at the s >= 0 that
    makes it largest: g^2 <phi'^2/(D^2 + s phi'^2)> = 1, or s = 0 where q < 1.

    Parameters, returns and errors are those of `stable_complexity`.
    """
    site = _site(g, k, C, phi)
    branch = joined(site.inner(), site.outer())
    last = {"h": 0.0}

    def at(s: float) -> tuple[float, float, np.ndarray, float]:
        exponent = (equations.kac_rice_exponent(branch.x, branch.phi, 1.0, branch.slope, C, site.g,
                                                0.0, 0.0, site.k)
                    + equations.unstable_log_det(branch.stiffness, branch.slope, s, site.g))
        sigma, h, share = _tilted(branch, exponent, C, last["h"])
        last["h"] = h
        gain = site.g**2 * branch.slope**2 / (branch.stiffness**2 + s * branch.slope**2)
        return sigma, h, share, float(share @ gain)

    if branch.phi.max() ** 2 <= C:
        return _absent(C)
    s = 0.0
    if at(np.exp(LEAST))[3] > 1:
        highest = 2 * np.log(site.g) + 1e-9  # the gain is at most g^2/s
        s = float(np.exp(optimize.brentq(lambda one: at(np.exp(one))[3] - 1, LEAST, highest,
                                         xtol=1e-11)))
    sigma, h, share, _ = at(s)
    with np.errstate(divide="ignore"):
        ratio = equations.stability_density(branch.slope, branch.stiffness, site.g)
    return _complexity(branch, sigma, C, float(share @ ratio), h, 0.0, s, share)


def most_numerous(g: float, k: float, phi: Nonlinearity = tanh, *, stable: bool = True,
                  folded: bool = False) -> Complexity:
    """The fixed points at the C where their number is largest.

    Parameters
    ----------
    g, k, phi
        As in `stable_complexity`.
    stable : bool
        Count the stable points only, or all.
    folded : bool
        Look only where units have several roots, k C phi'(0) > 1 (elsewhere stable points are not
        exponentially many).

    Returns
    -------
    Complexity
        Of sigma -inf where there are none.
    """
    bound = check_sigmoid(phi) ** 2
    rate = stable_complexity if stable else total_complexity
    low = 0.0
    if folded:
        low = 1 / (k * phi.slope_at_zero) if k > 0 else bound
        if low >= bound:
            return _absent(bound)
    z = np.linspace(-7.0, 7.0, SCAN)
    C = low + (bound - low) / (1 + np.exp(-z))
    values = np.array([max(rate(g, k, one, phi).sigma, NONE) for one in C])
    best = _absent(bound)
    for i in range(SCAN):
        left, right = max(i - 1, 0), min(i + 1, SCAN - 1)
        if values[i] <= NONE or values[i] < max(values[left], values[right]):
            continue
        found = optimize.minimize_scalar(
            lambda one: -max(rate(g, k, float(one), phi).sigma, NONE),
            bounds=(C[left], C[right]), method="bounded", options={"xatol": 1e-9})
        candidate = rate(g, k, float(found.x), phi)
        if candidate.sigma > best.sigma:
            best = candidate
    return best


def fixed_point_onset(g: float, phi: Nonlinearity = tanh) -> float:
    """The k above which stable fixed points are exponentially many: Sigma = 0 at its maximum.

    The time constant p of the synapses does not matter: it moves no fixed point, and for k > 0
    does not change whether one is stable.

    Parameters
    ----------
    g : float
        Strength of the random couplings, above 0.
    phi : Nonlinearity
        An odd sigmoid.

    Returns
    -------
    float

    Raises
    ------
    ModelError
        For g not above 0, or another phi.

    Examples
    --------
    >>> round(fixed_point_onset(1.5), 2)
    1.24
    """
    checks.positive("g", g)
    bound = check_sigmoid(phi) ** 2
    least = 1 / (bound * phi.slope_at_zero)  # below it no unit has several roots

    def sigma(k: float) -> float:
        return max(most_numerous(g, k, phi, folded=True).sigma, NONE)

    high = 1.5 * least
    while sigma(high) < 0:
        high *= 1.5
    low = high / 1.5
    return float(optimize.brentq(sigma, max(low, least * (1 + 1e-9)), high, xtol=1e-8))


def _site(g, k, C, phi) -> RestingSite:
    check_sigmoid(phi)
    return RestingSite(checks.positive("g", g), checks.finite("k", k), phi,
                       checks.positive("C", C))


def _tilted(branch: Branch, exponent: np.ndarray, C: float,
            h: float) -> tuple[float, float, np.ndarray]:
    """min over h of log int exp(exponent + h (phi^2 - C)): its value, h, and the shares of nodes.

    Convex in h: Newton's method with the step halved until it descends.
    """
    with np.errstate(divide="ignore"):
        plain = exponent + np.log(branch.weight)
    v = branch.phi**2 - C

    def at(h: float) -> tuple[float, np.ndarray, float, float]:
        total = plain + h * v
        top = float(np.max(total))
        share = np.exp(total - top)
        mass = float(share.sum())
        share /= mass
        mean = float(share @ v)
        return top + np.log(mass), share, mean, float(share @ v**2) - mean**2

    value, share, mean, variance = at(h)
    for _ in range(NEWTON_STEPS):
        step = -mean / max(variance, 1e-300)
        while abs(step) > 1e-14 * max(1.0, abs(h)):
            new = at(h + step)
            if new[0] <= value:
                break
            step /= 2
        else:
            break
        h, (value, share, mean, variance) = h + step, new
    return value, h, share


def _complexity(branch, sigma, C, q, h, mu, s, share) -> Complexity:
    order = np.argsort(branch.x, kind="stable")
    with np.errstate(invalid="ignore", divide="ignore"):
        density = np.where(branch.weight > 0, 2 * share / branch.weight, 0.0)
    return Complexity(float(sigma), float(C), q, float(h), mu, s, branch.x[order], density[order])


def _absent(C: float) -> Complexity:
    return Complexity(-np.inf, float(C), np.nan, np.nan, np.nan, 0.0, np.zeros(0), np.zeros(0))
