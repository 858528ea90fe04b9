"""The largest Lyapunov exponent of the currents, from the separation of two nearby solutions."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from ..averages.two_variances import pair_averages
from ..base.checks import reject
from ..grids.times import Times
from ..network.network import AnyNetwork
from ..network.preparation import Preparation
from ..network.regional_mean_field import MeanField, mean_field
from ..two_time.causal_march import March
from ..two_time.filtered_inputs import filtered_inputs
from ..two_time.march_cost import check_cost
from .tuning import (
    AGREEING_ERRORS,
    DISTANCE_ROUNDING,
    LARGEST_DISTANCE,
    LARGEST_STEP_RATE,
    RESET_DISTANCE,
    START_DISTANCE,
    STEP_DIVISORS,
    TIME_BLOCKS,
)


def current_exponent(network: AnyNetwork, times: Times, start: Preparation
                     ) -> tuple[list[tuple[int, float]], float]:
    """Exponents with halved steps, as (number of steps, exponent), and the standard error.

    Halfway through the time, a copy with slightly perturbed currents and variances is started. Its
    distance from the solution, over the last time constant, is recorded once per time constant.
    Where the distance has become too large, the state of the copy (including its past) is rescaled
    towards the solution along their difference. Where it has fallen to rounding, the measurement
    ends. The step is halved until the exponent changes by no more than its standard errors: where
    currents are chaotic, trajectories with two steps separate, but their exponents agree.
    """
    field = mean_field(network)
    parts = step_divisor(field, times.dt)
    check_cost(field, times, "times", times, factors=(parts, 2 * parts), stacklevel=4)
    values: list[tuple[int, float]] = []
    errors: list[float] = []
    for finer in STEP_DIVISORS:
        steps, dt = (len(times) - 1) * parts * finer, times.dt / (parts * finer)
        one = March(field, pair_averages(field.phi), steps, dt, start.z0, start.v0,
                    filtered_inputs(field, steps, dt))
        for _ in range(steps // 2):
            one.step()
        found = separation_rate(one, steps - steps // 2)
        if found is None:
            reject("solution", network, "its currents and variances converge so fast to those of a "
                   "perturbed copy that no distance is left to measure",
                   "start from currents other than zero")
        values.append((steps, found[0]))
        errors.append(found[1])
        if len(values) > 1:
            change = abs(values[-1][1] - values[-2][1])
            if change <= AGREEING_ERRORS * np.hypot(errors[-2], errors[-1]):
                break
    return values, errors[-1]


def step_divisor(field: MeanField, dt: float) -> int:
    """Number of parts that dt is divided into, so that fast currents cause no spurious chaos."""
    own = np.linalg.eigvals(field.overlaps[:, :field.currents])
    fastest = abs(field.phi.slope_at_zero) * float(np.max(np.abs(own), initial=0.0))
    return max(1, int(np.ceil(fastest * dt / LARGEST_STEP_RATE)))


def separation_rate(one: March, steps: int, observe: Callable[[March], object] | None = None
                    ) -> tuple[float, float] | None:
    """Advance `one` by `steps`, with a perturbed copy: (rate, standard error) of their separation.

    None where their distance falls to rounding before the rate can be measured. `observe(one)` is
    called once per time constant.
    """
    dt = one.weights.dt
    often = max(1, round(1.0 / dt))
    other = _perturbed_copy(one)
    growth: list[float] = []
    distance, vanished = one.state.distance(other.state, often), False
    for _ in range(steps // often):
        for _ in range(often):
            one.step()
            if not vanished:
                other.step()
        if observe is not None:
            observe(one)
        if vanished:
            continue
        now = one.state.distance(other.state, often)
        vanished = now < DISTANCE_ROUNDING * one.state.size
        if vanished:
            continue
        growth.append(float(np.log(now / distance)) / (often * dt))
        if now > LARGEST_DISTANCE * one.state.size:
            share = RESET_DISTANCE * one.state.size / now
            other.state.contract_towards(one.state, share, one.reach)
            now = one.state.distance(other.state, often)
        distance = now
    for _ in range(steps % often):
        one.step()
    if len(growth) < 2:
        return None
    # after a quarter of the time the difference is aligned with the fastest growing direction
    return _mean_rate(np.array(growth[len(growth) // 4:]))


def _mean_rate(measured: np.ndarray) -> tuple[float, float]:
    """Mean and standard error: from blocks, or from the drift between halves where it is larger."""
    count = min(TIME_BLOCKS, len(measured))
    blocks = [np.mean(block) for block in np.array_split(measured, count)]
    halves = [np.mean(half) for half in np.array_split(measured, 2)]
    stderr = max(np.std(blocks, ddof=1) / np.sqrt(len(blocks)), abs(halves[1] - halves[0]) / 2)
    return float(np.mean(measured)), float(stderr)


def _perturbed_copy(one: March) -> March:
    """A copy with slightly different currents and variances at the present time."""
    other = copy.deepcopy(one)
    state, P, j = other.state, one.field.currents, one.state.j
    rng = np.random.default_rng(0)
    state.y[:P, j] += START_DISTANCE * one.state.size * rng.standard_normal(P)
    state.H_corner = state.H_corner * (1 + START_DISTANCE)
    state.F_diagonal = state.F_diagonal * (1 + START_DISTANCE)
    state.F[:, :j + 1] *= 1 + START_DISTANCE
    other.set_currents(j)
    return other
