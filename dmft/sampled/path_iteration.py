"""iterate_paths: fixed-point iteration of paths, by sweeps or, where needed, block stepping."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.site_statistics import SiteStatistics
from .joint_iteration import Iterated, JointIteration
from .tuning import ALTERNATING_RESIDUAL_STEPPING, ALTERNATING_RESIDUAL_SWEEPS


def iterate_paths(network: AnyNetwork, sites: list[Paths], start: SiteStatistics, *, tol: float,
                  max_iter: int, controlled: bool = True, stepping: bool = False,
                  callback: Callable | None = None,
                  averageable: float = ALTERNATING_RESIDUAL_SWEEPS) -> Iterated:
    """Iterate x, C and S of independent sites together, each site to its own fixed point.

    Every iteration updates the paths once, with the drive given by their last statistics. The
    noise is drawn once, so that the iteration is a deterministic map. Where waveform sweeps do not
    contract, the paths are integrated by block time stepping, which needs no contraction.

    Parameters
    ----------
    network : Network
    sites : list of Paths
        Updated in place.
    start : SiteStatistics
        Statistics that give the drive of the first iteration.
    tol : float
        Bound on the change of C, relative to C(0).
    max_iter : int
    controlled : bool
        Whether the linear surrogate is used as control variate.
    stepping : bool
        Use block time stepping from the start.
    callback : callable, optional
        callback(iteration, residual, C) in each iteration.
    averageable : float
        Residual at which sweeps that stall are averaged. Above it the paths are stepped in time.

    Returns
    -------
    Iterated
    """
    initial = [start] * len(sites)
    largest = ALTERNATING_RESIDUAL_STEPPING if stepping else averageable
    end = JointIteration(network, sites, initial, tol, controlled, stepping, largest).run(
        max_iter, callback)
    if stepping or end.converged or end.iterations >= max_iter:
        return end
    again = [one.statistics for one in end.measured]
    if not all(np.isfinite(one.change) and one.change < 1 for one in end.measured):
        again = initial
        for own in sites:
            own.initialized = False
    return JointIteration(network, sites, again, tol, controlled, True,
                          ALTERNATING_RESIDUAL_STEPPING).run(max_iter - end.iterations, callback)
