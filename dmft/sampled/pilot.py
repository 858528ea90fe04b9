"""The pilot: few paths that find window, step and start for a sampled solve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..base.outcomes import Ending, Outcome
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.linear_surrogate import surrogate
from ..paths.noise_and_memory import drive
from ..paths.response_fit import fastest_rate
from ..paths.site_statistics import SiteStatistics
from ..paths.window import (
    LEAST_SPAN,
    MOST_SPAN,
    STEPS,
    TIMES_LONG,
    fast_grid,
    lag_window,
    memory_time,
    wanted_step,
)
from ..stationary.solution import Solution
from .joint_iteration import Iterated
from .path_iteration import iterate_paths
from .starting_statistics import from_above, from_solution, memory_length, on_grid

PILOT, PILOT_TOL = 128, 3e-4  # paths that find window and step, and their tolerance
FROZEN, HELD = 600.0, 0.6  # span of a pilot, and share of it with memory, that are called frozen
MEMORIES = 64.0  # span of the first pilot, in mean delays of a memory that keeps activity alive
STATIC = 1e-6  # share of C(0) that moves, below which nothing does
MARCHED_STEP = 0.2  # time stepping is of second order


@dataclass(frozen=True, eq=False)
class Found:
    """Window, step and start of the iteration, as a pilot found them."""

    lags: Lags
    window: np.ndarray
    start: SiteStatistics
    iterated: Iterated
    time: float


def find_window(network: AnyNetwork, lags: Lags | None, initial: Solution | None, seed: int,
           **options) -> Found:
    """Few paths, until the window is long enough for their correlations and the step fits."""
    length = MEMORIES * memory_length(network)
    grid = lags or fast_grid(max(LEAST_SPAN * 2, min(length, MOST_SPAN)),
                             STEPS[1] if length == 0 else STEPS[0])
    start = from_above(network, grid) if initial is None else from_solution(initial, grid)
    stepping, time = False, grid.span
    for _ in range(8):
        window = lag_window(grid, time)
        own = Paths.draw([seed], PILOT, grid, window)
        end = iterate_paths(network, [own], start, tol=PILOT_TOL, stepping=stepping, **options)
        start, stepping = end.statistics[0], end.stepping
        if not end.converged or end.dead:
            break
        time = memory_time(start.C, start.static, grid)
        moving = start.C[0] - start.static > STATIC * start.C[0]
        if lags is not None:
            return Found(grid, lag_window(grid, time), start, end, time)
        if moving and time > HELD * grid.span and grid.span >= FROZEN:
            frozen = Ending(Outcome.FROZEN, "the correlation does not decay within "
                            f"span={grid.span:g}: the activity is frozen, or slower than that")
            return Found(grid, window, start, replace(end, ending=frozen), time)
        span = min(max(LEAST_SPAN, TIMES_LONG * time), MOST_SPAN) if moving else LEAST_SPAN
        now = drive(network, start)
        linear = surrogate(now, max(start.slope, 0.0), network.phi)
        spectrum = grid.spectrum(start.C - start.static)
        dt = (wanted_step(spectrum, grid, network.noise, fastest_rate(linear.transfer, grid))
              if moving else STEPS[0])
        if stepping:
            dt = min(dt, MARCHED_STEP)
        if dt > 0.6 * grid.dt and span <= 1.05 * grid.span:
            final = fast_grid(span, max(dt, STEPS[-1]))
            return Found(final, lag_window(final, time), on_grid(start, final), end, time)
        grid = fast_grid(min(max(span, grid.span), 4 * grid.span), min(dt, grid.dt))
        start = on_grid(start, grid)
    return Found(grid, lag_window(grid, time), start, end, time)


def replace_grid(found: Found, dt: float) -> Found:
    """The same with another step."""
    lags = Lags(found.lags.span, dt)
    return replace(found, lags=lags, window=lag_window(lags, found.time),
                   start=on_grid(found.start, lags))
