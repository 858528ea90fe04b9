"""The sampled single site: the stationary theory of couplings that return a unit's own past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..base import checks
from ..base.convergence import Check, Convergence
from ..base.estimate import Estimate
from ..base.outcomes import Ending, Outcome
from ..equations import linear_response
from ..grids.impulse_response import impulse_response
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.linear_surrogate import surrogate
from ..paths.path_averages import Measured
from ..paths.response_fit import fastest_rate
from ..paths.site_statistics import SiteStatistics, drive
from ..paths.window import (
    LEAST_SPAN,
    MOST_SPAN,
    STEPS,
    TIMES_LONG,
    fast_grid,
    high_share,
    lag_window,
    memory_time,
    shown_grid,
    wanted_step,
)
from ..stationary.solution import Solution
from .joint_iteration import Iterated
from .path_iteration import iterate_paths
from .quiescent_state import amplification, quiescent_response
from .replicates import GROUPS, Repeats, curves, repeat
from .starting_statistics import from_above, from_solution, memory_length, on_grid

PILOT, PILOT_TOL = 128, 3e-4  # paths that find window and step, and their tolerance
LEAST = 384  # paths of the first try
TRIES = 4
GRID_ERROR = 3e-4  # of the grid, beside the sampling: what is seen of cases that are known exactly
FROZEN, HELD = 600.0, 0.6  # span of a pilot, and share of it with memory, that are called frozen
MEMORIES = 64.0  # span of the first pilot, in mean delays of a memory that keeps activity alive
STATIC = 1e-6  # share of C(0) that moves, below which nothing does
AT_REST = Lags(span=40.0, dt=0.05)


UNDRIVEN = Iterated([], 0, 0.0, Ending(Outcome.UNDRIVEN, "nothing drives the units"), False)


@dataclass(frozen=True, eq=False)
class Found:
    """Window, step and start of the iteration, as a pilot found them."""

    lags: Lags
    window: np.ndarray
    start: SiteStatistics
    iterated: Iterated
    time: float


def solve_single_site(network: AnyNetwork, lags: Lags | None, tol: float, max_iter: int,
                      initial: Solution | None, rng, callback: Callable | None) -> Solution:
    """Solve (1 + d/dt) x = eta + K * phi(x) + xi by sampled paths, self-consistently.

    The noise eta is Gaussian; its spectrum and the memory K are made by the ensembles from the
    paths' own C = <phi phi> and mean response S, which Novikov's theorem gives as <phi eta*>/C_eta.
    (Random networks with reciprocity: Sompolinsky, Crisanti & Sommers 1988; modes with overlaps:
    Clark, Marschall, van Meegen & Litwin-Kumar 2025, where the site is not Gaussian.)

    Parameters
    ----------
    network : Network
        Any sum of ensembles of one kind of sites.
    lags : Lags or None
        The grid; with None the window is six times as long as the lag at which C(tau)/C(0) ends
        to be above 0.1, and the step resolves the spectrum of phi.
    tol : float
        Relative standard error of C_phi(0) that is aimed at: paths are added until it is met.
    max_iter : int
        Largest number of iterations of one solve.
    initial : Solution or None
        Where the iteration starts; by default from strong activity, so that of several solutions
        the largest is found.
    rng : int, SeedSequence, Generator or None
        Seed of the noise, 0 for None: the same gives the same result.
    callback : callable or None
        callback(iteration, residual, C_phi) in each iteration.

    Returns
    -------
    Solution
        Its estimates have the standard errors of eight groups of paths, each solved by itself and
        kept as `replicates`. `convergence.success` is False, with what to change, where the
        iteration or a check failed.
    """
    generator = checks.generator(rng)
    seeds = [int(s) for s in generator.integers(2**63, size=GROUPS + 1)]
    options = {"max_iter": max_iter, "callback": callback}
    with np.errstate(over="ignore", invalid="ignore"):  # what diverges is found and said
        return _solved(network, lags, tol, initial, seeds, options)


def _solved(network: AnyNetwork, lags: Lags | None, tol: float, initial: Solution | None,
            seeds: list[int], options: dict) -> Solution:
    if initial is None and not np.any(drive(network, from_above(network, AT_REST)).V):
        return _quiescent(network, lags or AT_REST, UNDRIVEN)
    found = _pilot(network, lags, initial, seeds[-1], **options)
    if found.iterated.dead:
        rest = _quiescent(network, lags or AT_REST, found.iterated)
        return rest if initial is None else _without_branch(rest)
    if not found.iterated.converged:
        return _failed(network, found)
    for _ in STEPS:
        solution, step = _sampled(network, found, lags, seeds[:-1], tol, options)
        halved = replace_grid(found, found.lags.dt / 2)
        if lags is not None or step.passed or halved.lags.dt < STEPS[-1] / 2:
            return solution
        found = halved
    return solution


def _pilot(network: AnyNetwork, lags: Lags | None, initial: Solution | None, seed: int,
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


MARCHED_STEP = 0.2  # time stepping is of second order


def replace_grid(found: Found, dt: float) -> Found:
    """The same with another step."""
    lags = Lags(found.lags.span, dt)
    return replace(found, lags=lags, window=lag_window(lags, found.time),
                   start=on_grid(found.start, lags))


def _sampled(network: AnyNetwork, found: Found, asked: Lags | None, seeds: Sequence[int],
             tol: float, options: dict) -> tuple[Solution, Check]:
    """Solve with more and more paths until the standard error is small; then halve the step."""
    lags, window, start = found.lags, found.window, found.start
    shown = asked or shown_grid(lags)
    own = {**options, "tol": tol / 100, "stepping": found.iterated.stepping}
    size, iterations = LEAST // GROUPS, found.iterated.iterations
    resting = network.bias > 0 or not network.phi.odd
    for _ in range(TRIES):
        repeats = repeat(network, lags, window, seeds, size, start, **own)
        iterations += repeats.together.iterations + repeats.each.iterations
        if not repeats.converged or repeats.together.dead or repeats.each.dead:
            return _failed(network, replace(found, iterated=repeats.each)), _no_check()
        fields = curves(repeats, lags, shown, window, resting)
        error = float(fields["C_phi"][0].stderr) / float(fields["C_phi"][0])
        start = repeats.together.statistics[0]
        if error <= tol:
            break
        size = int(np.ceil(size * min(16.0, 1.3 * (error / tol) ** 2)))
    step = _step_check(network, found, seeds[0], size, repeats, tol, own)
    moving = float(fields["C_phi"][0]) - float(fields["C_phi_static"])
    branch = "driven" if network.noise > 0 else (
        "static" if moving < STATIC * float(fields["C_phi"][0]) else "chaotic")
    checks_made = (
        Check("standard error", error, tol, "the standard error of C_phi(0) is above tol: give a "
              "larger tol, or a longer window"),
        step, *_path_checks(network, repeats, lags, window, tol))
    how = ("stepped in time, because waveform sweeps did not converge"
           if repeats.each.stepping else "waveform sweeps")
    x_error = float(fields["C_x"][0].stderr) / float(fields["C_x"][0])
    residual = max(repeats.together.residual, repeats.each.residual)
    convergence = Convergence(True, iterations, residual,
                              max(error, x_error, step.value, GRID_ERROR), "sampled",
                              f"{how}; {GROUPS} groups of {size} paths", checks_made)
    return Solution(network, shown, branch=branch, convergence=convergence, **fields), step


def _step_check(network: AnyNetwork, found: Found, seed: int, size: int, repeats: Repeats,
                tol: float, own: dict) -> Check:
    """C_phi(0) of the first group at half the step, with the same noise at all frequencies."""
    coarse = repeats.each.measured[0].statistics
    finer = Lags(found.lags.span, found.lags.dt / 2)
    paths = Paths.draw([seed], size, finer, lag_window(finer, found.time))
    end = iterate_paths(network, [paths], on_grid(coarse, finer), **own)
    off = abs(end.statistics[0].C[0] / coarse.C[0] - 1) if end.converged else np.inf
    return Check("step", float(off), max(tol, 1e-3), "halving the step changes C_phi(0): give a "
                 "smaller dt")


def _path_checks(network: AnyNetwork, repeats: Repeats, lags: Lags, window: np.ndarray,
                 tol: float) -> list[Check]:
    """Decay in the window, the spectrum at its end, and the equation of motion."""
    ramp = (window > 0) & (window < 1)

    def late(one: Measured) -> np.ndarray:
        moving = one.C - one.statistics.static
        return np.asarray(np.mean(moving[ramp]) / one.C[0] if np.any(ramp) else 0.0)

    def motion(one: Measured) -> np.ndarray:
        return np.asarray(_variance_by_motion(network, one) / one.C_x[0] - 1)

    decay, _ = repeats.corrected(late)
    moved, _ = repeats.corrected(motion)
    whole = repeats.together.measured[0].statistics
    spectrum = whole.order(network.noise).C_spectrum
    smooth = spectrum if network.noise == 0 else spectrum[:len(spectrum) // 2]
    return [
        Check("decay", abs(float(decay)), 5e-3 + 4 * float(decay.stderr),
              f"the correlation has not decayed at span={lags.span:g}: give a longer span; if it "
              "never does, the activity is frozen (a static solution of an odd phi)"),
        Check("motion", abs(float(moved)), 2 * tol + 4 * float(moved.stderr),
              "the variance of x is not what response and memory make it: give a smaller tol"),
        Check("high frequencies", high_share(smooth, 0.5) if network.noise == 0 else 0.0, 1e-3,
              f"the spectrum has not decayed at pi/dt, dt={lags.dt:g}: give a smaller dt"),
    ]


def _variance_by_motion(network: AnyNetwork, one: Measured) -> float:
    """<x^2> of x = H (input + K phi) from C, S and K alone, <phi input*> = S times its spectrum."""
    now = drive(network, one.statistics)
    H = linear_response.lowpass(now.lags.omega)
    returned = now.returned
    spectrum = (now.V * (1 + 2 * (returned * one.statistics.S / H).real)
                + np.abs(returned) ** 2 * now.lags.spectrum(one.statistics.C))
    return float(now.lags.correlation(spectrum)[0])


def _no_check() -> Check:
    return Check("step", 0.0, 1.0, "not tried")


def _quiescent(network: AnyNetwork, lags: Lags, found: Iterated) -> Solution:
    """The solution without activity; its stability is the check."""
    S, change = quiescent_response(network, lags)
    zero, gain = np.zeros(len(lags)), network.phi.slope_at_zero
    power = amplification(network, lags, S)
    checks_made = (
        Check("instability", power, 1.0, "activity died although rest is unstable: give initial="),
        Check("response", change, 1e-9, "the response at rest was not found: report this network"))
    convergence = Convergence(True, found.iterations, change, change, "sampled",
                              "activity died: the quiescent state is stable", checks_made)
    response = Estimate(impulse_response(S, gain, lags, lags))
    nothing, none = Estimate(zero), Estimate(np.zeros(()))
    return Solution(network, lags, nothing, nothing, none, none, response,
                    Estimate(np.asarray(gain)), "quiescent", convergence)


def _without_branch(rest: Solution) -> Solution:
    """Rest, where the active branch of another solution was asked for."""
    says = ("the branch of `initial` does not exist at these parameters: its activity dies, and "
            "the quiescent state is what exists (solve without initial returns it, here it is the "
            "error's .solution); dmft.continue_in finds where the branch ends")
    return replace(rest, convergence=replace(rest.convergence, success=False, message=says,
                                             outcome=Outcome.BRANCH_LOST))


def _failed(network: AnyNetwork, found: Found) -> Solution:
    """What there is of a solution where the iteration did not end."""
    one, lags = found.iterated.measured[0], found.iterated.measured[0].statistics.lags
    own = one.statistics
    finite = bool(np.isfinite(one.C_x[0]) and np.all(np.isfinite(own.S)))
    frozen = found.iterated.ending.outcome is Outcome.FROZEN
    nan = np.full(len(lags), np.nan)
    convergence = Convergence(
        False, found.iterated.iterations, found.iterated.residual, np.inf, "sampled",
        f"{'stepped in time' if found.iterated.stepping else 'sweeps'}: {found.iterated.message}",
        outcome=found.iterated.ending.outcome)
    R = impulse_response(own.S, own.slope, lags, lags) if finite else nan
    C_x, C = (one.C_x, own.C) if finite else (nan, nan)
    return Solution(network, lags, Estimate(C_x), Estimate(C), Estimate(np.zeros(())),
                    Estimate(np.asarray(own.static)), Estimate(R), Estimate(np.asarray(own.slope)),
                    "driven" if network.noise else "static" if frozen else "chaotic", convergence)
