"""The pilot: few paths that determine window, step and start of a sampled solve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..base.allocation import require
from ..base.outcomes import Ending, Outcome
from ..grids.lags import Lags
from ..network.network import AnyNetwork, unit_of
from ..network.structure import may_be_quiescent
from ..path_iteration.newton_iteration import FixedPoint, solve_paths
from ..path_iteration.path_map import PathMap
from ..path_iteration.sampled_paths import SampledPaths, path_map
from ..path_iteration.stable_solution import stable_from
from ..paths.linear_surrogate import linear_surrogate
from ..paths.noise_and_memory import drive
from ..paths.response_fit import fastest_rate
from ..paths.sampling_cost import warn_of_cost
from ..paths.site_statistics import SiteStatistics
from ..paths.tuning import SHORTEST_SPAN, SLOW_STEP, STEPS
from ..paths.window import fast_grid, lag_window, memory_time, required_step
from ..stationary.solution import Solution
from .path_checks import cut_by_window
from .quiescent_state import quiescence_is_stable
from .sampling_options import SamplingOptions
from .starting_statistics import from_above, from_solution, memory_length, on_grid
from .tuning import (
    BYTES_PER_COEFFICIENT,
    CERTAIN_ERRORS,
    CUT_WINDOW_GROWTH,
    FIRST_STEP,
    FROZEN_SPAN_IN_DELAYS,
    INITIAL_SPANS,
    LEAST_SLOW_STEPS,
    OSCILLATING_SPANS,
    OSCILLATION,
    PILOT_GRIDS,
    PILOT_TOL,
    SLOW_FIRST_STEP,
    START_SPANS_IN_DELAYS,
    STATIC_SHARE,
    UNRESOLVED_SHARE,
    WEAKER_START,
    WEAKER_STARTS,
    WINDOW_GROWTH,
)


@dataclass(frozen=True, eq=False)
class PilotResult:
    """Window, step and start of the iteration, as determined by a pilot.

    Parameters
    ----------
    lags : Lags
        The grid, n lags.
    window : (n,) array
        The lag window.
    start : SiteStatistics
        Statistics of the pilot, on this grid.
    fixed : FixedPoint
        The end of the last iteration of the pilot.
    path_map : PathMap
        Its map.
    time : float
        Memory time, in neuronal time constants.
    first_span : float
        Span of the first window, in which the iteration started.
    """

    lags: Lags
    window: np.ndarray
    start: SiteStatistics
    fixed: FixedPoint
    path_map: PathMap
    time: float
    first_span: float

    @property
    def decayed(self) -> bool:
        """Whether the activity decayed to zero."""
        return self.fixed.ending.outcome is Outcome.DECAYED


def run_pilot(network: AnyNetwork, lags: Lags | None, initial: Solution | None, seed: int,
              options: SamplingOptions, first_span: float | None = None,
              **iteration) -> PilotResult:
    """Solve with few paths on one grid after the other, until window and step are sufficient.

    With given `lags` the grid is fixed; `first_span` is that of the first window otherwise. From
    an `initial` solution the first window is its own, slightly enlarged: in a shorter one, slow
    activity would lose the correlation that sustains it, and decay.
    `iteration` holds the arguments of `solve_paths`.
    """
    delay = memory_length(network)
    length = START_SPANS_IN_DELAYS[0] * delay
    longest = options.longest_span
    frozen_span = max(options.frozen_span, FROZEN_SPAN_IN_DELAYS * delay)
    begin = first_span or max(SHORTEST_SPAN * 2, min(length, longest))
    slow = min(max(begin / LEAST_SLOW_STEPS, SLOW_FIRST_STEP), SLOW_STEP)
    first_step = FIRST_STEP if length == 0 else slow
    first_step = unit_of(network).time_step or first_step
    grid = lags or (fast_grid(begin, first_step) if initial is None
                    else _grid_around(initial, options))
    first_span = grid.span
    start = from_above(network, grid) if initial is None else from_solution(initial, grid)
    time, warned, first, weaker = grid.span, False, start, WEAKER_STARTS
    may_decay = may_be_quiescent(network) and quiescence_is_stable(network)
    for _ in range(PILOT_GRIDS + WEAKER_STARTS):
        require(options.pilot_paths * len(grid) * BYTES_PER_COEFFICIENT, "pilot_paths",
                options.pilot_paths, "give fewer lags, or options with fewer pilot_paths or a "
                "shorter longest_span")
        # paths of the pilot, and of the solution, which take several rounds
        warned = warned or warn_of_cost(options.pilot_paths + 2 * options.first_paths, grid,
                                        stacklevel=8)
        window = lag_window(grid, time)
        own, u = path_map(network, start, window, seed, options.pilot_paths)
        end = solve_paths(own, u, PILOT_TOL, may_decay=may_decay, **iteration)
        start = own.unknowns.statistics(end.u)
        if end.ending.outcome is Outcome.DIVERGED and initial is None and weaker:
            weaker -= 1  # units that do not saturate may be unstable at so much activity
            decaying = WEAKER_START * (first.C - first.static)
            first = replace(first, C=first.static + decaying)
            start = on_grid(first, grid)  # later grids differ from the first
            continue
        if not end.ending.converged or end.ending.outcome is Outcome.DECAYED:
            break
        time = memory_time(start.C, start.static, grid)
        decays = start.C[0] - start.static > STATIC_SHARE * start.C[0]
        frozen = decays and time > UNRESOLVED_SHARE * grid.span and grid.span >= frozen_span
        if frozen and lags is None:
            end = replace(end, ending=Ending(
                Outcome.FROZEN, "the correlation does not decay within "
                f"span={grid.span:g}: the activity is frozen, or slower than that"))
            break
        span, dt = _sufficient(network, start, grid, time if decays else None, options)
        enough = lags is not None or (dt > 0.6 * grid.dt and span <= 1.05 * grid.span)
        if enough and initial is None and delay > 0:
            stable = stable_from(own, end, PILOT_TOL, may_decay=may_decay, **iteration)
            if stable is not end:
                end, start = stable, own.unknowns.statistics(stable.u)
                if end.ending.outcome is Outcome.DECAYED:  # later grids would start from nothing
                    break
                continue
        if enough:
            grid = lags or fast_grid(span, max(dt, STEPS[-1]))
            start = on_grid(start, grid)
            break
        grid = fast_grid(min(max(span, grid.span), 4 * grid.span), dt)
        start = on_grid(start, grid)
    return PilotResult(grid, lag_window(grid, time), start, end, own, time, first_span)


def longer_window(found: PilotResult, solved: SampledPaths, options: SamplingOptions
                  ) -> PilotResult | None:
    """A longer window for paths whose correlation the lag window has cut; None if it has not.

    Near the onset of slow oscillations the pilot, with its tolerance, keeps the tail that the first
    lag window leaves.
    """
    m, whole = solved.unknowns.m, solved.statistics
    each = solved.deviations[:m]
    error = each.std(axis=1, ddof=1) / np.sqrt(each.shape[1])
    decaying = (whole.C - whole.static)[:m]
    certain = np.maximum(np.abs(decaying) - CERTAIN_ERRORS * error, 0.0)
    certain[0] = decaying[0]
    known = np.zeros(len(found.lags))
    known[:m] = certain
    time = memory_time(known, 0.0, found.lags) if decaying[0] > STATIC_SHARE * whole.C[0] else 0.0
    if cut_by_window(solved):  # by a minimum above the level that defines the memory time
        time = max(time, CUT_WINDOW_GROWTH * found.time)
    if time <= WINDOW_GROWTH * found.time:
        return None
    network = solved.path_map.network
    span, _ = _sufficient(network, whole, found.lags, time, options)
    grid = fast_grid(max(span, found.lags.span), found.lags.dt)
    window = lag_window(grid, time)
    if _length(window, grid) < WINDOW_GROWTH * _length(found.window, found.lags):
        return None  # the longest that the options allow
    return replace(found, lags=grid, window=window, start=on_grid(whole, grid), time=time)


def _length(window: np.ndarray, lags: Lags) -> float:
    """The first lag at which a lag window is zero, or the span."""
    zeros = np.flatnonzero(window < 1e-12)
    return float(lags.tau[zeros[0]]) if len(zeros) else lags.span


def _sufficient(network: AnyNetwork, known: SiteStatistics, grid: Lags, time: float | None,
                options: SamplingOptions) -> tuple[float, float]:
    """Span and step that the statistics require; their memory time is None where none decays."""
    own = unit_of(network).time_step
    if time is None:
        return SHORTEST_SPAN, own or STEPS[0]
    decaying = known.C - known.static
    times = options.span_in_memory_times
    if np.min(decaying) < -OSCILLATION * decaying[0]:
        times *= OSCILLATING_SPANS
    span = min(max(SHORTEST_SPAN, times * time), options.longest_span)
    if own is not None:
        return span, own
    linear = linear_surrogate(drive(network, known), max(known.slope, 0.0), network.phi)
    return span, required_step(grid.spectrum(decaying), grid, network.noise,
                               fastest_rate(linear.transfer, grid), _is_slow(network, span))


def _is_slow(network: AnyNetwork, span: float) -> bool:
    """Whether a memory sustains activity that needs a window of many of the longest steps."""
    return span >= LEAST_SLOW_STEPS * SLOW_STEP and memory_length(network) > 0


def _grid_around(initial: Solution, options: SamplingOptions) -> Lags:
    """A grid for a solution that differs a little from `initial`."""
    lags, network = initial.lags, initial.network
    span = min(max(INITIAL_SPANS * lags.span, 2 * SHORTEST_SPAN), options.longest_span)
    own = unit_of(network).time_step
    if own is not None:
        return fast_grid(span, own)
    spectrum = lags.spectrum(initial.C_phi.value - float(initial.C_phi_static))
    moving = network.noise == 0 and initial.branch != "static"
    slow = _is_slow(network, span)
    return fast_grid(span, required_step(spectrum, lags, 0.0, 1.0, slow) if moving else FIRST_STEP)


def replace_grid(found: PilotResult, dt: float) -> PilotResult:
    """The result of the pilot on a grid with another step."""
    lags = Lags(found.lags.span, dt)
    return replace(found, lags=lags, window=lag_window(lags, found.time),
                   start=on_grid(found.start, lags))
