"""Self-consistent families of fixed points: C = <phi^2>, given which root each unit occupies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize

from ..equations import plasticity as equations
from ..network.nonlinearity import Nonlinearity
from .fixed_point_site import FixedPointSite, RootBranch
from .tuning import (
    DISTRIBUTION_NODES,
    FAMILY_SCAN_LOGIT,
    FAMILY_SCAN_POINTS,
    MIXED_FAMILY_SCAN_POINTS,
)


def outer_family(g: float, k: float, phi: Nonlinearity, bound: float) -> list[float]:
    """All C > 0 of fixed points at which each unit occupies the outer root of its input's sign.

    Where an input has a single root, the unit occupies that root.
    """
    return _roots(lambda C: mean_square(FixedPointSite(g, k, phi, C), 1.0) / C - 1, 0.0, bound)


def shared_family(g: float, k: float, phi: Nonlinearity, bound: float, share: float) -> list[float]:
    """All C of fixed points at which units with three roots are shared between the outer two.

    Each unit whose input is within the fold, abs(eta) < eta_f, occupies the outer root of its
    input's sign with probability `share`, and else the outer root of the other sign,
    independently of its input.

    Parameters
    ----------
    share : float
        This probability: 1 is the outer family; at 0 all such units have the sign opposite to
        their input's.
    """
    least = 1 / (k * phi.slope_at_zero) if k > 0 else bound
    if least >= bound:
        return []
    return _roots(lambda C: mean_square(FixedPointSite(g, k, phi, C), share) / C - 1, least, bound,
                  MIXED_FAMILY_SCAN_POINTS)


def mean_square(site: FixedPointSite, share: float) -> float:
    """<phi^2> over the inputs; within the fold a share of the units has the sign of its input."""
    return sum(weight * float((part.weight * site.density(part)) @ part.phi**2)
               for weight, part in occupied_branches(site, share))


def occupied_branches(site: FixedPointSite, share: float) -> list[tuple[float, RootBranch]]:
    """Branches of the roots that are occupied, each with the share of such units that do so."""
    if not site.folds:
        return [(1.0, site.between(0.0, site.largest))]
    if share == 1:
        return [(1.0, site.between(site.outer_zero, site.largest))]
    return [(1.0, site.between(site.fold_edge, site.largest)),
            (share, site.between(site.outer_zero, site.fold_edge)),
            (1 - share, site.between(site.smallest, site.outer_zero))]


def three_root_fraction(site: FixedPointSite) -> float:
    """Fraction of the inputs that have three roots."""
    if not site.folds:
        return 0.0
    part = site.between(site.outer_zero, site.fold_edge)
    return float(part.weight @ site.density(part))


def stability(site: FixedPointSite, share: float) -> float:
    """q = g^2 <phi'^2/D^2>; infinite where units occupy roots arbitrarily close to the fold."""
    if site.folds and share < 1:
        return np.inf
    return sum(weight * float((part.weight * site.density(part))
                              @ equations.stability_density(part.slope, part.stiffness, site.g))
               for weight, part in occupied_branches(site, share))


def distribution(site: FixedPointSite, share: float) -> tuple[np.ndarray, np.ndarray]:
    """x >= 0, ascending, and the density of abs(x); at a jump of it x is listed twice."""
    if not site.folds:
        edges, weights = [0.0, site.largest], [1.0]
    else:
        edges = [site.smallest, site.outer_zero, site.fold_edge, site.largest]
        weights = [1 - share, share, 1.0]
    x: list[np.ndarray] = []
    density: list[np.ndarray] = []
    for low, high, weight in zip(edges[:-1], edges[1:], weights, strict=True):
        if weight == 0 and not x:
            continue
        nodes = np.linspace(low, high, DISTRIBUTION_NODES // len(weights))
        x.append(nodes)
        density.append(2 * weight * site.density(site.at(nodes)))
    return np.concatenate(x), np.concatenate(density)


def _roots(residual: Callable[[float], float], low: float, high: float,
           scan: int = FAMILY_SCAN_POINTS) -> list[float]:
    """Zeros between low and high, including close pairs of zeros."""
    C = low + (high - low) / (1 + np.exp(-np.linspace(-FAMILY_SCAN_LOGIT, FAMILY_SCAN_LOGIT, scan)))
    values = np.array([residual(float(one)) for one in C])
    for i in range(1, scan - 1):
        # two zeros between adjacent nodes: an extremum close to zero may cross it
        side = float(np.sign(values[i]))
        before, here, after = side * values[i - 1:i + 2]
        if 0 < here < min(before, after):
            turn = optimize.minimize_scalar(lambda c, s=side: s * residual(float(c)),
                                            bounds=(C[i - 1], C[i + 1]), method="bounded",
                                            options={"xatol": 1e-10})
            if turn.fun < 0:
                C, values = np.append(C, turn.x), np.append(values, side * turn.fun)
    order = np.argsort(C)
    C, values = C[order], values[order]
    found = []
    for at in np.flatnonzero(np.sign(values[1:]) != np.sign(values[:-1])):
        found.append(float(optimize.brentq(lambda one: residual(float(one)), C[at], C[at + 1],
                                           xtol=1e-15, rtol=1e-14)))
    return found
