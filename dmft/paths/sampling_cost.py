"""Cost of sampled solves, stated before their long part begins."""

from __future__ import annotations

from ..base.allocation import warn_if_long
from ..grids.lags import Lags
from .tuning import SECONDS_PER_VALUE, TYPICAL_ITERATIONS


def sampling_seconds(paths: float, lags: Lags, iterations: int = TYPICAL_ITERATIONS) -> float:
    """Rough duration of the iteration of so many paths on a grid, on one core."""
    return SECONDS_PER_VALUE * paths * len(lags) * iterations


def warn_of_cost(paths: float, lags: Lags, iterations: int = TYPICAL_ITERATIONS, *,
                 stacklevel: int) -> bool:
    """Warn before an iteration that takes longer than about LONG_RUN seconds; whether it does.

    Warns
    -----
    CostWarning
        With the number of paths, the lags and a rough duration.
    """
    return warn_if_long(
        sampling_seconds(paths, lags, iterations),
        f"{round(paths):,} sampled paths of {len(lags):,} lags (span={lags.span:g}, "
        f"dt={lags.dt:.3g})",
        "give a larger tol, options=dmft.SamplingOptions(...) with fewer paths or a shorter "
        "longest_span, or lags=dmft.Lags(span, dt)", stacklevel=stacklevel + 1)
