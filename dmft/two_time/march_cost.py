"""Cost of marches in time, stated before they begin: steps, memory and a rough duration."""

from __future__ import annotations

import numpy as np

from ..base.allocation import require, warn_if_long
from ..grids.times import Times
from ..network.regional_mean_field import MeanField
from .tuning import (
    MOST_HALVINGS,
    MOST_STEPS,
    ROW_MEMORY,
    SECONDS_PER_CLOSED_VALUE,
    SECONDS_PER_SERIES_VALUE,
    SECONDS_PER_STEP,
)


def finest_factor(steps: int) -> int:
    """Largest factor by which a refined solve divides the step of a grid of `steps` steps."""
    factor = 2
    while factor < 2**MOST_HALVINGS and 2 * steps * factor <= MOST_STEPS:
        factor *= 2
    return factor


def march_bytes(field: MeanField, times: Times, factor: int) -> float:
    """Bytes of marches with the step of `times` divided by `factor` and, if kept, of Delta and C.

    Delta and C_phi exist at two levels of the refinement and in the extrapolation.
    """
    rows = 12 * field.regions + 3 * len(field.target)
    return 8.0 * (8 * field.regions * len(times.kept)**2 + rows * len(times) * factor)


def march_seconds(field: MeanField, times: Times, factor: int) -> float:
    """Rough duration of one march with the step of `times` divided by `factor`, on one core."""
    steps = (len(times) - 1) * factor
    columns = min(steps, ROW_MEMORY / times.dt * factor) if times.keep is None else steps / 2
    regions = int(np.sum(np.any(field.gains, axis=0))) if times.keep is None else field.regions
    value = SECONDS_PER_CLOSED_VALUE if field.phi.closed is not None else SECONDS_PER_SERIES_VALUE
    return steps * (SECONDS_PER_STEP + value * columns * regions)


def check_cost(field: MeanField, times: Times, name: str, value: object, *,
               factors: tuple[int, ...], finest: int | None = None,
               advice: str = "give a larger dt or a smaller stop", stacklevel: int = 3) -> None:
    """Refuse marches that need more memory than there is, and warn before long ones.

    Parameters
    ----------
    field, times : MeanField, Times
        The network and the grid of the marches.
    name, value : str, object
        The argument that determines the grid.
    factors : tuple of int
        Factors by which the step is divided in the marches that are certain to be made.
    finest : int, optional
        The largest factor that may follow; the last one of `factors` by default.
    advice : str
        What to change.
    stacklevel : int
        Of the warning: 3 if the caller is the public function, more if it is called by that.

    Raises
    ------
    ModelError
        If the finest march needs more memory than there is.

    Warns
    -----
    CostWarning
        If the marches take longer than about LONG_RUN seconds.
    """
    need = march_bytes(field, times, max(finest or 1, *factors))
    kept = len(times.kept)
    if kept:
        require(need, "keep", times.keep, f"give a larger one: Delta and C_phi of {field.regions} "
                f"regions at {kept} x {kept} pairs of times")
    else:
        require(need, name, value, advice)
    seconds = sum(march_seconds(field, times, factor) for factor in factors)
    steps = [(len(times) - 1) * factor for factor in factors]
    warn_if_long(seconds, f"{name}={value!r}: {' + '.join(f'{n:,}' for n in steps)} steps", advice,
                 more=f", and up to {need / 2**30:.2g} GiB", stacklevel=stacklevel)
