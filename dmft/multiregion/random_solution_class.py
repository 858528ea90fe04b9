"""random_solution_class: the class of solution of a random network with a given eigenvalue."""

from __future__ import annotations

from numpy.typing import ArrayLike

from ..base.annotations import Seed
from ..base.checks import generator, positive
from ..grids.times import Times
from .multiregion_network import MultiregionNetwork
from .random_overlaps import random_overlaps
from .solution_class import SolutionClass, solution_class


def random_solution_class(leading: complex, *, regions: int = 2, g: ArrayLike = 1.5,
                          times: Times | None = None, size: float = 0.5,
                          rng: Seed = None) -> SolutionClass:
    """The class of solution of one random network whose T_hat has a given leading eigenvalue.

    T is drawn by `dmft.random_overlaps`, the currents start as independent normal variables of
    standard deviation `size`, and the remaining variance of the units is 1. This is one task of a
    map of the classes over the leading eigenvalue (Clark & Beiran 2025, classes of solutions), for
    use with `dmft.scan`:

        dmft.scan(dmft.random_solution_class, [1.5, 1.5 + 0.5j], store="map", executor=pool)

    Parameters
    ----------
    leading : complex
        Eigenvalue of largest real part of T_hat; real part above 0.
    regions : int
        Number of regions R.
    g : float or (R,) array
        Strength of the disorder within each region.
    times : Times, optional
        Grid of times of the first integration, as in `dmft.solution_class`.
    size : float
        Standard deviation of the currents at t = 0, above 0.
    rng : int, SeedSequence or Generator, optional
        Seed of T and of the initial currents; 0 by default.

    Returns
    -------
    SolutionClass

    Examples
    --------
    >>> import dmft
    >>> found = dmft.random_solution_class(2.0, g=0.5, times=dmft.Times(stop=60.0, dt=0.2), rng=1)
    >>> found.kind
    'fixed point'
    """
    random = generator(rng)
    size = positive("size", size)
    T = random_overlaps(regions, leading, rng=random)
    currents = size * random.standard_normal((len(T), len(T)))
    return solution_class(MultiregionNetwork(g, T), times=times, currents=currents)
