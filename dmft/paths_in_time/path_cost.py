"""Number of paths, memory and duration of marches of paths, stated before they begin."""

from __future__ import annotations

from ..base.allocation import require, warn_if_long
from ..grids.times import Times
from .growing_basis import reject_too_few
from .path_options import PathOptions
from .site_in_time import SitesInTime
from .tuning import (
    FULLEST,
    MODES_AT_FIRST,
    MODES_PER_TIME,
    PATHS,
    PATHS_PER_DIRECTION,
    SECONDS_PER_PATH_AND_MODE,
    SECONDS_PER_PATH_STEP,
    WITH_RETURNS,
)


def expected_modes(sites: SitesInTime, times: Times, steps: int) -> int:
    """Modes of phi: as many as steps with white noise, and fewer where activity is smooth."""
    if sites.noisy:
        return steps
    return min(steps, int(MODES_AT_FIRST + MODES_PER_TIME * times.stop))


def directions(sites: SitesInTime, modes: int) -> int:
    """Directions that the paths of a set must have: modes, and the innovations of each group."""
    return modes * sites.directions


def enough_paths(sites: SitesInTime, times: Times, options: PathOptions, steps: int) -> int:
    """Paths of each set: those of the options, or as many as the modes require.

    Raises
    ------
    ModelError
        If the options give fewer paths than there are directions.
    """
    needed = directions(sites, expected_modes(sites, times, steps))
    if options.paths is None:
        return max(PATHS, int((WITH_RETURNS if sites.returns else PATHS_PER_DIRECTION) * needed))
    if sites.noisy and needed > FULLEST * options.paths:  # then the number of modes is certain
        reject_too_few(options.paths)
    return options.paths


def check_cost(sites: SitesInTime, times: Times, paths: int, options: PathOptions,
               steps: int) -> None:
    """Refuse marches that need more memory than there is, and warn before long ones.

    Raises
    ------
    ModelError
        If a march needs more memory than there is.

    Warns
    -----
    CostWarning
        If the marches take longer than about LONG_RUN seconds.
    """
    modes = expected_modes(sites, times, steps)
    # Q, Z, the known directions and the modes of the surrogate, each with room to grow; the rows of
    # the two correlations and of the response; two-time functions of all replicates
    R = len(sites.populations)
    rows = 2 * R * (2 * directions(sites, modes) + modes) * paths
    kept = len(times.kept)
    numbers = rows + 6 * R * steps * modes * sites.directions + (
        R * (2 * kept * paths + (3 * options.repeats + 6) * kept**2))
    require(8.0 * numbers, "times", times, f"give a larger dt or an earlier stop: {modes} modes "
            f"of {paths} paths are expected")
    seconds = (options.repeats + 1) * R * steps * paths * (
        SECONDS_PER_PATH_STEP + SECONDS_PER_PATH_AND_MODE * sites.directions * modes / 2)
    warn_if_long(seconds, f"times={times!r}: {options.repeats} sets of {paths} paths",
                 "give a larger dt, an earlier stop, or method='march' for one march of each set",
                 stacklevel=5)
