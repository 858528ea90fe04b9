"""How many paths a tolerance requires, from the errors of fewer paths."""

from __future__ import annotations

import numpy as np

from ..path_iteration.path_features import Features, regressed
from ..path_iteration.sampled_paths import SampledPaths
from .pilot import PilotResult
from .starting_statistics import memory_length
from .tuning import (
    EXPECTED_PROBED_RATIO,
    LARGEST_GROWTH,
    LARGEST_PROBED_RATIO,
    LEAST_GROWTH,
    PATHS_MARGIN,
)


def first_count(found: PilotResult, tol: float, least: int) -> int:
    """Paths of the first round: `least`, or as many as the paths of the pilot predict.

    Only where a memory of the correlation alone sustains activity. Otherwise the surrogate is about
    as sensitive as the paths, or more so, and would predict up to ten times too many.
    """
    derivative, own = found.fixed.derivative, found.path_map
    sustained = memory_length(own.network) > 0 and not own.unknowns.responding
    if derivative is None or not derivative.ok or not sustained:
        return least
    u = found.fixed.u
    _, residuals = regressed(*own.each(u, Features(found.time)))
    without = SampledPaths(own, found.fixed, residuals, residuals, None)
    predicted = EXPECTED_PROBED_RATIO * without.surrogate_error
    needed = len(own.paths) * PATHS_MARGIN * (predicted / tol) ** 2
    return int(np.clip(needed, least, LARGEST_GROWTH * least))


def next_count(solved: SampledPaths, tol: float) -> int:
    """Paths of the next round, from the error of the last one."""
    error = solved.relative_error  # what the iteration leaves counts where it was carried out
    error = error if error > tol else solved.error
    certain = min(error, LARGEST_PROBED_RATIO * solved.surrogate_error)
    growth = np.clip(PATHS_MARGIN * (certain / tol) ** 2, LEAST_GROWTH, LARGEST_GROWTH)
    return int(np.ceil(len(solved.path_map.paths) * growth))
