"""The largest Lyapunov exponent of the currents: two neighbouring solutions in time."""

from __future__ import annotations

import copy

import numpy as np

from ..averages.two_variances import pair_averages
from ..base.checks import reject
from ..network.mean_field import MeanField, mean_field
from ..two_time.march import March
from ..two_time.solve_in_time import filtered_inputs
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
    often = max(1, round(1.0 / one.dt))
    other = _neighbour(one)
    growth: list[float] = []
    distance, vanished = _distance(one, other, often), False
    for _ in range(steps // often):
        for _ in range(often):
            one.step()
            if not vanished:
                other.step()
        if vanished:
            continue
        now = _distance(one, other, often)
        vanished = now < ROUNDING * _size(one)
        if vanished:
            continue
        growth.append(float(np.log(now / distance)) / (often * one.dt))
        if now > FAR * _size(one):
            _draw_back(one, other, NEAR * _size(one) / now)
            now = _distance(one, other, often)
        distance = now
    for _ in range(steps % often):
        one.step()
    if len(growth) < 2:
        return None
    measured = np.array(growth[len(growth) // 4:])  # the neighbour has turned to what grows most
    blocks = [np.mean(block) for block in np.array_split(measured, min(BLOCKS, len(measured)))]
    # blocks see what fluctuates, halves what has not settled
    halves = [np.mean(half) for half in np.array_split(measured, 2)]
    stderr = max(np.std(blocks, ddof=1) / np.sqrt(len(blocks)), abs(halves[1] - halves[0]) / 2)
    return float(np.mean(measured)), float(stderr)


def _neighbour(one: March) -> March:
    """A copy with slightly other currents and variances at this time."""
    other = copy.deepcopy(one)
    P, j = one.field.currents, one.j
    rng = np.random.default_rng(0)
    other.y[:P, j] += START * _size(one) * rng.standard_normal(P)
    other.H_corner = other.H_corner * (1 + START)
    other.F_diagonal = other.F_diagonal * (1 + START)
    other.F[:, :j + 1] *= 1 + START
    other._set_currents(j)
    return other


def _size(one: March) -> float:
    state = np.concatenate([one.y[:, one.j], np.sqrt(one.variance[:, one.j])])
    return max(float(np.sqrt(np.sum(state**2))), 1e-6)


def _distance(one: March, other: March, often: int) -> float:
    """Over the currents and variances of the last `often` steps."""
    last = slice(max(0, one.j + 1 - often), one.j + 1)
    P = one.field.currents
    square = (np.sum((other.y[:P, last] - one.y[:P, last]) ** 2)
              + np.sum((other.variance[:, last] - one.variance[:, last]) ** 2))
    return float(np.sqrt(square / often))


def _draw_back(one: March, other: March, share: float) -> None:
    """Bring the neighbour's whole state nearer."""
    reach = slice(max(0, one.j - one.reach), one.j + 1)
    for name in ("S", "variance", "width", "psi", "F", "Q", "Q_before", "y"):
        mine, theirs = (getattr(march, name)[:, reach] for march in (one, other))
        theirs[...] = mine + share * (theirs - mine)
    for name in ("F_diagonal", "F_next", "H_corner"):
        mine, theirs = getattr(one, name), getattr(other, name)
        setattr(other, name, mine + share * (theirs - mine))
