"""Self-consistent families of fixed points: C = <phi^2> with a rule for which root units take."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize

from ..equations import plasticity as equations
from ..network.nonlinearity import Nonlinearity
from .fixed_point_site import Branch, RestingSite

SCAN = 240  # values of C between which sign changes are looked for
FEW = 80  # where there is a fold, and one solution as a rule
FARTHEST = 12.0  # logit of the outermost of them
NODES = 600  # of a distribution


def outer_family(g: float, k: float, phi: Nonlinearity, bound: float) -> list[float]:
    """All C > 0 of fixed points where each unit takes the outer root on its input's side.

    Where inputs have one root each, it is that root.
    """
    return _roots(lambda C: mean_square(RestingSite(g, k, phi, C), 1.0) / C - 1, 0.0, bound)


def shared_family(g: float, k: float, phi: Nonlinearity, bound: float, share: float) -> list[float]:
    """All C where units of inputs within the fold take the root on their input's side by chance.

    Parameters
    ----------
    share : float
        Probability of it, 1 being the outer family and 0 its opposite; the others take the outer
        root of the other sign. (Independent of the input, below the fold value.)
    """
    least = 1 / (k * phi.slope_at_zero) if k > 0 else bound
    if least >= bound:
        return []
    return _roots(lambda C: mean_square(RestingSite(g, k, phi, C), share) / C - 1, least, bound,
                  FEW)


def mean_square(site: RestingSite, share: float) -> float:
    """<phi^2> over the inputs, of which those within the fold take their root with `share`."""
    return sum(weight * float((part.weight * site.density(part)) @ part.phi**2)
               for weight, part in parts(site, share))


def parts(site: RestingSite, share: float) -> list[tuple[float, Branch]]:
    """Pieces of the roots that are taken, with the share of the units of such inputs."""
    if not site.folds:
        return [(1.0, site.between(0.0, site.largest))]
    if share == 1:
        return [(1.0, site.between(site.outer_zero, site.largest))]
    return [(1.0, site.between(site.fold_edge, site.largest)),
            (share, site.between(site.outer_zero, site.fold_edge)),
            (1 - share, site.between(site.smallest, site.outer_zero))]


def within_fold(site: RestingSite) -> float:
    """Share of the inputs that have three roots."""
    if not site.folds:
        return 0.0
    part = site.between(site.outer_zero, site.fold_edge)
    return float(part.weight @ site.density(part))


def stability(site: RestingSite, share: float) -> float:
    """q = g^2 <phi'^2/D^2>; infinite where units come arbitrarily near to the fold."""
    if site.folds and share < 1:
        return np.inf
    return sum(weight * float((part.weight * site.density(part))
                              @ equations.stability_density(part.slope, part.stiffness, site.g))
               for weight, part in parts(site, share))


def distribution(site: RestingSite, share: float) -> tuple[np.ndarray, np.ndarray]:
    """x >= 0, ascending (a jump has two densities at one x), and the density of abs(x)."""
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
        nodes = np.linspace(low, high, NODES // len(weights))
        x.append(nodes)
        density.append(2 * weight * site.density(site.at(nodes)))
    return np.concatenate(x), np.concatenate(density)


def _roots(residual: Callable[[float], float], low: float, high: float,
           scan: int = SCAN) -> list[float]:
    """Zeros between low and high, also those that are close pairs."""
    C = low + (high - low) / (1 + np.exp(-np.linspace(-FARTHEST, FARTHEST, scan)))
    values = np.array([residual(float(one)) for one in C])
    for i in range(1, scan - 1):
        # a pair between nodes: an extremum that comes towards zero may reach beyond it
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
