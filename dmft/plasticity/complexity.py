"""Complexity of plastic networks: growth rate of the number of fixed points, by Kac and Rice."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import optimize

from ..base import checks
from ..base.array_data import ArrayData
from ..equations import plasticity as equations
from ..network.nonlinearity import Nonlinearity, tanh
from .fixed_point_site import FixedPointSite, RootBranch, check_sigmoid, join_branches
from .tuning import (
    ABSENT_GROWTH_RATE,
    COMPLEXITY_SCAN_POINTS,
    FIRST_SCAN_LOGIT,
    LAST_SCAN_LOGIT,
    LOG_LARGEST_MULTIPLIER,
    LOG_SMALLEST_MULTIPLIER,
    LOWEST_GROWTH_RATE,
    MAX_NEWTON_STEPS,
    SMALLEST_RETURNED_WEIGHT,
    WEAKEST_COUPLING,
)


@dataclass(frozen=True, eq=False)
class Complexity(ArrayData):
    """Growth rate Sigma of the number of fixed points with <phi^2> = C, which is exp(N Sigma).

    Parameters
    ----------
    sigma : float
        (1/N) log E[number], -inf where no distribution of x satisfies the conditions.
    C : float
        Mean square of phi.
    q : float
        g^2 <phi'^2/D^2> of these points: at most 1 for stable ones, 1 for marginal ones.
    h, mu : float
        Lagrange multipliers of C and of the stability condition. mu is 0 where this condition does
        not change the growth rate: where q < 1 without it, or where mu is below exp(-600), so that
        it only cuts the density off immeasurably close to the fold.
    s : float
        Saddle-point value in the determinant where unstable points are counted, else 0.
    x, density : (n,) arrays
        Distribution of x over the units of such a fixed point, given at x >= 0, where its integral
        is one (x and -x are equally frequent).

    Examples
    --------
    >>> import dmft
    >>> found = dmft.fixed_points(dmft.PlasticNetwork(g=1.5, k=2.0, p=2.5)).stable
    >>> round(found.sigma, 3), round(found.C, 3)
    (0.217, 0.942)
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

    Sigma = min over h and mu >= 0 of log int over D > 0 of D N(x - k C phi; 0, g^2 C)
    exp(h (phi^2 - C) - mu (g^2 phi'^2/D^2 - 1)). The determinant in the Kac-Rice formula turns the
    integral over the input into one over the roots. Sigma is the annealed rate, that of the mean
    number, for the network of Clark & Abbott 2024. The multiplier mu imposes stability, q <= 1,
    which the roots near the fold would violate by a logarithm.

    Parameters
    ----------
    g, k : float
        Strengths of the random couplings (above 0) and of plasticity, whose time constant has no
        influence.
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

    plain = equations.kac_rice_exponent(branch.x, branch.phi, branch.stiffness, branch.slope, C,
                                        site.g, 0.0, 0.0, site.k)

    def at(log_mu: float) -> tuple[float, float, np.ndarray, float]:
        # (the exponent of `kac_rice_exponent` is linear in mu; this is its last term)
        exponent = plain - np.exp(log_mu) * (ratio - 1)
        sigma, h, share = _exponentially_tilted(branch, exponent, C, last["h"])
        last["h"] = h
        return sigma, h, share, float(share @ ratio)

    if not branch.phi.min() ** 2 < C < branch.phi.max() ** 2:
        return _no_points(C)
    sigma, h, share, q = at(LOG_SMALLEST_MULTIPLIER)
    if q <= 1:
        # with a fold q = 1 nevertheless: q grows logarithmically as mu decreases to zero
        return _complexity(branch, sigma, C, 1.0 if site.folds else q, h, 0.0, 0.0, share)
    high = -4.0
    while q > 1:
        high += 2.0
        sigma, h, share, q = at(high)
        if sigma < LOWEST_GROWTH_RATE or high > LOG_LARGEST_MULTIPLIER:
            return _no_points(C)
    log_mu = optimize.brentq(lambda one: at(one)[3] - 1, LOG_SMALLEST_MULTIPLIER, high, xtol=1e-10)
    sigma, h, share, q = at(log_mu)
    return _complexity(branch, sigma, C, q, h, float(np.exp(log_mu)), 0.0, share)


def total_complexity(g: float, k: float, C: float, phi: Nonlinearity = tanh) -> Complexity:
    """Growth rate of the number of all fixed points at one C, stable or not.

    As `stable_complexity`, but over all roots, and with log abs(D) replaced by
    (1/2) log(D^2 + s phi'^2) - s/(2 g^2), the log-determinant per unit of the diagonal matrix of D
    plus the Gaussian matrix of couplings, at the s >= 0 that maximises it: g^2 <phi'^2/(D^2 +
    s phi'^2)> = 1, or s = 0 where q < 1.

    Parameters, return value and errors are those of `stable_complexity`.
    """
    site = _site(g, k, C, phi)
    branch = join_branches(site.inner(), site.outer())
    last = {"h": 0.0}

    def at(s: float) -> tuple[float, float, np.ndarray, float]:
        exponent = equations.all_points_exponent(branch.x, branch.phi, branch.stiffness,
                                                 branch.slope, C, site.g, 0.0, s, site.k)
        sigma, h, share = _exponentially_tilted(branch, exponent, C, last["h"])
        last["h"] = h
        gain = equations.raised_gain(branch.slope, branch.stiffness, s, site.g)
        return sigma, h, share, float(share @ gain)

    if branch.phi.max() ** 2 <= C:
        return _no_points(C)
    s = 0.0
    if at(np.exp(LOG_SMALLEST_MULTIPLIER))[3] > 1:
        highest = 2 * np.log(site.g) + 1e-9  # the gain is at most g^2/s
        s = float(np.exp(optimize.brentq(lambda one: at(np.exp(one))[3] - 1,
                                         LOG_SMALLEST_MULTIPLIER, highest, xtol=1e-11)))
    sigma, h, share, _ = at(s)
    ratio = equations.stability_density(branch.slope, branch.stiffness, site.g)
    q = np.inf if site.folds else float(share @ ratio)
    return _complexity(branch, sigma, C, q, h, 0.0, s, share)


def most_numerous(g: float, k: float, phi: Nonlinearity = tanh, *,
                  stable: bool = True) -> Complexity:
    """The fixed points at the C where their number is largest.

    Parameters
    ----------
    g, k, phi
        As in `stable_complexity`.
    stable : bool
        Count stable fixed points only (default), or all. Stable ones are sought where units have
        several roots, k C phi'(0) > 1; elsewhere they are not exponentially many.

    Returns
    -------
    Complexity
        With sigma = -inf where there are none.
    """
    if 0 <= g < WEAKEST_COUPLING:
        checks.reject("g", g, "random couplings so weak that units decouple: the quadrature does "
                      "not resolve the number of fixed points",
                      f"give {WEAKEST_COUPLING} or more")
    bound = check_sigmoid(phi) ** 2
    low = 0.0
    if stable:
        low = 1 / (k * phi.slope_at_zero) if k > 0 else bound
        if low >= bound:
            return _no_points()
    logits = np.linspace(FIRST_SCAN_LOGIT, LAST_SCAN_LOGIT, COMPLEXITY_SCAN_POINTS)
    C = low + (bound - low) / (1 + np.exp(-logits))

    def sigma(C: float) -> float:
        rate = stable_complexity if stable else total_complexity
        return max(rate(g, k, float(C), phi).sigma, ABSENT_GROWTH_RATE)

    # bracketed without the stability condition, which shifts the maximum only a little
    values = np.array([max(_unconstrained(g, k, one, phi), ABSENT_GROWTH_RATE) if stable
                       else sigma(one) for one in C])
    best = _no_points()
    for i in range(len(C)):
        near = values[max(i - 1, 0):i + 2]
        if values[i] <= ABSENT_GROWTH_RATE or values[i] < near.max():
            continue
        found = optimize.minimize_scalar(
            lambda one: -sigma(one), bounds=(C[max(i - 2, 0)], C[min(i + 2, len(C) - 1)]),
            method="bounded", options={"xatol": 1e-8})
        candidate = (stable_complexity if stable else total_complexity)(g, k, found.x, phi)
        if candidate.sigma > best.sigma:
            best = candidate
    return best


def _unconstrained(g: float, k: float, C: float, phi: Nonlinearity) -> float:
    """Sigma of the fixed points whose units all have D > 0, without the condition q <= 1."""
    branch = FixedPointSite(g, k, phi, C).outer()
    if not branch.phi.min() ** 2 < C < branch.phi.max() ** 2:
        return -np.inf
    exponent = equations.kac_rice_exponent(branch.x, branch.phi, branch.stiffness, branch.slope, C,
                                           g, 0.0, 0.0, k)
    return _exponentially_tilted(branch, exponent, C, 0.0)[0]


def _site(g, k, C, phi) -> FixedPointSite:
    check_sigmoid(phi)
    return FixedPointSite(checks.positive("g", g), checks.finite("k", k), phi,
                       checks.positive("C", C))


def _exponentially_tilted(branch: RootBranch, exponent: np.ndarray, C: float,
            h: float) -> tuple[float, float, np.ndarray]:
    """min over h of log int exp(exponent + h (phi^2 - C)): value, h, and normalised node weights.

    Convex in h; solved by Newton's method with the step halved until the value decreases.
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
    for _ in range(MAX_NEWTON_STEPS):
        step = -mean / max(variance, 1e-300)
        if abs(mean) < 1e-13 or abs(step) < 1e-13:
            break
        new = at(h + step)
        while new[0] > value + 1e-15 and abs(step) > 1e-12:
            step /= 2
            new = at(h + step)
        h, (value, share, mean, variance) = h + step, new
    return value, h, share


def _complexity(branch, sigma, C, q, h, mu, s, share) -> Complexity:
    # (next to the fold the nodes are closer together than floating-point numbers resolve)
    shown = branch.weight > SMALLEST_RETURNED_WEIGHT
    x, density = branch.x[shown], 2 * share[shown] / branch.weight[shown]
    order = np.argsort(x, kind="stable")
    return Complexity(float(sigma), float(C), q, float(h), mu, s, x[order], density[order])


def _no_points(C: float = np.nan) -> Complexity:
    return Complexity(-np.inf, float(C), np.nan, np.nan, np.nan, 0.0, np.zeros(0), np.zeros(0))
