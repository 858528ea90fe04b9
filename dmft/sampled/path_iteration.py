"""iterate_paths: paths and the statistics that drive them, each set to its own fixed point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.site_statistics import SiteStatistics
from .joint_iteration import Iterated, JointIteration


def iterate_paths(network: AnyNetwork, sites: list[Paths], start: SiteStatistics, *, tol: float,
                  max_iter: int, controlled: bool = True, stepping: bool = False,
                  callback: Callable | None = None) -> Iterated:
    """Iterate x, C and S of independent sites together, each to its own fixed point.

    Every step moves the paths once in the drive that their last statistics make; the noise is
    drawn once, so that this is a deterministic map. Where sweeps do not contract, the paths are
    stepped in time instead, which does not need it.

    Parameters
    ----------
    network : Network
    sites : list of Paths
        Moved in place.
    start : SiteStatistics
        What drives the first step.
    tol : float
        Bound on the change of C, relative to C(0).
    max_iter : int
    controlled : bool
        Whether the Gaussian surrogate is used as control variate.
    stepping : bool
        Step in time from the start.
    callback : callable, optional
        callback(iteration, residual, C) in each iteration.
    """
    begun = [start] * len(sites)
    end = JointIteration(network, sites, begun, tol, controlled, stepping).run(max_iter, callback)
    if stepping or end.converged or end.iterations >= max_iter:
        return end
    again = [one.statistics for one in end.measured]
    if not all(np.isfinite(one.change) and one.change < 1 for one in end.measured):
        again = begun
        for own in sites:
            own.begun = False
    return JointIteration(network, sites, again, tol, controlled, True).run(
        max_iter - end.iterations, callback)
