"""Classes of one random network with a given leading eigenvalue: tasks of the published map."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from ..base.annotations import Seed
from ..base.checks import generator
from ..grids.times import Times
from ..multiregion.multiregion_network import MultiregionNetwork
from ..multiregion.random_overlaps import random_overlaps
from .activity_class import ActivityClass, activity_class
from .solution_class import SolutionClass, solution_class


def random_activity_class(leading: complex, *, regions: int = 2, g: ArrayLike = 1.5,
                          times: Times | None = None, rng: Seed = None,
                          progress: bool | None = None) -> ActivityClass:
    """Class of the units of one random network whose T_hat has a given leading eigenvalue.

    One draw of the published map: T is drawn by `dmft.random_overlaps`, the currents start uniform
    between 0 and 1, and the remaining variance of the units is g^2 (Clark & Beiran 2025, classes of
    solutions over the leading eigenvalue). The class of the currents is `.currents` of the result.
    For use with `dmft.scan`:

        dmft.scan(dmft.random_activity_class, [1.5, 1.5 + 0.5j], store="map", executor=pool)

    Parameters
    ----------
    leading : complex
        Eigenvalue of largest real part of T_hat; real part above 0.
    regions : int
        Number of regions R.
    g : float or (R,) array
        Strength of the disorder within each region.
    times : Times, optional
        Grid of times of the first integration, as in `dmft.activity_class`.
    rng : int, SeedSequence or Generator, optional
        Seed of T and of the initial currents; 0 by default.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

    Returns
    -------
    ActivityClass

    Raises
    ------
    ModelError
        As `dmft.random_overlaps` and `dmft.activity_class`.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.random_activity_class(2.2, g=0.5, times=dmft.Times(stop=60.0, dt=0.2), rng=1)
    >>> found.kinds, found.currents.kind
    (('fixed point', 'fixed point'), 'fixed point')
    """
    network, start = _random_network(leading, regions, g, rng)
    return activity_class(network, times=times, progress=progress, **start)


def random_solution_class(leading: complex, *, regions: int = 2, g: ArrayLike = 1.5,
                          times: Times | None = None, rng: Seed = None,
                          progress: bool | None = None) -> SolutionClass:
    """Class of the currents of one random network whose T_hat has a given leading eigenvalue.

    The network and its start are those of `dmft.random_activity_class`, which classifies the units
    too (Clark & Beiran 2025, classes of solutions over the leading eigenvalue).

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
    rng : int, SeedSequence or Generator, optional
        Seed of T and of the initial currents; 0 by default.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

    Returns
    -------
    SolutionClass

    Raises
    ------
    ModelError
        As `dmft.random_overlaps` and `dmft.solution_class`.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.random_solution_class(2.2, g=0.5, times=dmft.Times(stop=60.0, dt=0.2), rng=1)
    >>> found.kind
    'fixed point'
    """
    network, start = _random_network(leading, regions, g, rng)
    return solution_class(network, times=times, progress=progress, **start)


def _random_network(leading: complex, regions: int, g: ArrayLike, rng: Seed
                    ) -> tuple[MultiregionNetwork, dict[str, Any]]:
    """One draw of the map, and its start."""
    random = generator(rng)
    T = random_overlaps(regions, leading, rng=random)
    network = MultiregionNetwork(g, T)
    return network, {"currents": random.uniform(size=T.shape[:2]), "variance": network.g**2}
