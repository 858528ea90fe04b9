"""The largest Lyapunov exponent of the currents: two neighbouring solutions in time."""

from __future__ import annotations

import copy

import numpy as np

from ..averages.two_variances import pair_averages
from ..base.checks import reject
from ..network.mean_field import MeanField, mean_field
from ..two_time.causal_march import March
from ..two_time.filtered_inputs import filtered_inputs
from ..two_time.time_solution import TimeSolution

START, NEAR, FAR = 1e-6, 1e-8, 1e-5  # distances, relative to the size of the state
ROUNDING = 1e-13  # distance below which there is nothing left to measure
STIFF = 0.8  # largest product of the step and the currents' fastest rate
BLOCKS = 8  # of the measured time, for the standard error
SHORTEST = 32.0  # time constants


def current_exponent(solution: TimeSolution, refine: int = 1) -> tuple[float, float]:
    """Exponent and its standard error, from the second half of the solution's time.

    There a neighbour leaves the solution by a small change of its currents and variances. Their
    distance, over the last time constant, is measured at every time constant; where it has grown
    too far the whole of the neighbour's state (its past included) is drawn back along the line
    between both. Where it has vanished in rounding the measurement ends.
    """
    if solution.times.stop < SHORTEST:
        reject("solution", solution, f"lasts {solution.times.stop:g} time constants, too short for "
               "an exponent", f"solve to {SHORTEST:g} or longer, better 400")
    field = mean_field(solution.network)
    refine *= parts(field, solution.times.dt)
    steps = (len(solution.times) - 1) * refine
    dt = solution.times.dt / refine
    z0 = solution.z[0].ravel()
    currents = field.static(np.concatenate([z0, solution.filtered_input[0]]))
    v0 = np.maximum(solution.variance[0] - currents, 0.0)
    one = March(field, pair_averages(field.phi), steps, dt, z0, v0,
                filtered_inputs(field, steps, dt))
    for _ in range(steps // 2):
        one.step()
    found = separation_rate(one, steps - steps // 2)
    if found is None:
        reject("solution", solution, "has no currents or variances whose distance can be measured",
               "start from currents other than zero")
    return found


def parts(field: MeanField, dt: float) -> int:
    """In how many parts to step: where currents decay fast a long step makes chaos of its own."""
    own = np.linalg.eigvals(field.overlaps[:, :field.currents])
    fastest = abs(field.phi.slope_at_zero) * float(np.max(np.abs(own), initial=0.0))
    return max(1, int(np.ceil(fastest * dt / STIFF)))


def separation_rate(one: March, steps: int) -> tuple[float, float] | None:
    """March `one` further, with a neighbour beside it: (rate, standard error) of their separation.

    None where their distance vanishes in rounding before it can be measured.
    """
    dt = one.weights.dt
    often = max(1, round(1.0 / dt))
    other = _neighbour(one)
    growth: list[float] = []
    distance, vanished = one.state.distance(other.state, often), False
    for _ in range(steps // often):
        for _ in range(often):
            one.step()
            if not vanished:
                other.step()
        if vanished:
            continue
        now = one.state.distance(other.state, often)
        vanished = now < ROUNDING * one.state.size
        if vanished:
            continue
        growth.append(float(np.log(now / distance)) / (often * dt))
        if now > FAR * one.state.size:
            other.state.draw_towards(one.state, NEAR * one.state.size / now, one.reach)
            now = one.state.distance(other.state, often)
        distance = now
    for _ in range(steps % often):
        one.step()
    if len(growth) < 2:
        return None
    return _mean_rate(np.array(growth[len(growth) // 4:]))  # by then it grows along what grows most


def _mean_rate(measured: np.ndarray) -> tuple[float, float]:
    """Mean and standard error: blocks see what fluctuates, halves what has not settled."""
    blocks = [np.mean(block) for block in np.array_split(measured, min(BLOCKS, len(measured)))]
    halves = [np.mean(half) for half in np.array_split(measured, 2)]
    stderr = max(np.std(blocks, ddof=1) / np.sqrt(len(blocks)), abs(halves[1] - halves[0]) / 2)
    return float(np.mean(measured)), float(stderr)


def _neighbour(one: March) -> March:
    """A copy with slightly other currents and variances at this time."""
    other = copy.deepcopy(one)
    state, P, j = other.state, one.field.currents, one.state.j
    rng = np.random.default_rng(0)
    state.y[:P, j] += START * one.state.size * rng.standard_normal(P)
    state.H_corner = state.H_corner * (1 + START)
    state.F_diagonal = state.F_diagonal * (1 + START)
    state.F[:, :j + 1] *= 1 + START
    other.set_currents(j)
    return other
