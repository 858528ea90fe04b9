"""Integrations of one network with smaller steps over longer times, until its class stays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.checks import reject
from ..grids.times import Times
from ..lyapunov.current_exponent import step_divisor
from ..lyapunov.tuning import SHORTEST_DURATION
from ..network.network import AnyNetwork
from ..network.preparation import Preparation, prepared
from ..network.regional_mean_field import mean_field
from ..network.structure import structure
from ..two_time.march_cost import check_cost
from ..two_time.time_solution import TimeSolution
from .class_evidence import ClassEvidence, class_evidence
from .tuning import CLASS_MEMORY, NEARBY_START, PERIODS_OF_MEMORY, ROUNDS


def converged_evidence(network: AnyNetwork, times: Times, start: Preparation,
                       settled: Callable[[list[ClassEvidence]], bool]) -> list[ClassEvidence]:
    """Integrations with smaller steps over longer times, from slightly different starts.

    They end when `settled(those until then)`, or after as many as `ROUNDS`. Rows of Delta are
    extended to hold the period that the integration before has found.
    """
    field = mean_field(network)
    parts = step_divisor(field, times.dt)
    check_cost(field, Times(ROUNDS[1][1] * times.stop, times.dt), "times", times,
               factors=(parts * ROUNDS[1][0],), stacklevel=4)
    found: list[ClassEvidence] = []
    memory = CLASS_MEMORY
    for k, (finer, longer) in enumerate(ROUNDS):
        nearby = Preparation(start.z0 * (1 + (0.0, 1.0, -1.0)[k % 3] * NEARBY_START), start.v0)
        found.append(class_evidence(network, Times(longer * times.stop, times.dt), nearby, finer,
                                    memory))
        if k and settled(found):
            break
        if np.isfinite(found[-1].period):
            memory = max(CLASS_MEMORY, PERIODS_OF_MEMORY * found[-1].period)
    return found


def confirmed(found: list[ClassEvidence], kind: Callable[[ClassEvidence], str]) -> bool:
    """Whether the last class is that of the integrations before, up to one of twice the step."""
    last = found[-1]
    for one in reversed(found[:-1]):
        if kind(one) != kind(last):
            return False
        if one.dt > 1.5 * last.dt:
            return True
    return False


def network_times_start(solution, times: Times | None, currents: Start, variance: Start
                        ) -> tuple[AnyNetwork, Times, Preparation]:
    """What is integrated: the network, its grid of times and its initial state."""
    if isinstance(solution, TimeSolution):
        for name, value in (("times", times), ("currents", currents), ("variance", variance)):
            if value is not None:
                reject(name, value, "given together with a solution, which has its own",
                       "leave it out, or give the network instead of the solution")
        network, times = solution.network, solution.times
        _require_currents(solution, network)
        field, z0 = mean_field(network), solution.z[0].ravel()
        static = field.static(np.concatenate([z0, solution.filtered_input[0]]))
        start = Preparation(z0, np.maximum(solution.variance[0] - static, 0.0))
    elif hasattr(solution, "ensembles") and not isinstance(solution, type):
        _require_currents(solution, solution)
        network, times = solution, Times(250.0, 0.2) if times is None else times
        start = prepared(network, currents, variance)
    else:
        reject("solution", solution, "neither a network nor a solution in time",
               "give a network with currents, such as dmft.MultiregionNetwork(...), or what "
               "dmft.solve(network, times=...) returned")
    if not isinstance(times, Times):
        reject("times", times, "not a grid of times", "give dmft.Times(stop=250, dt=0.2)")
    if times.stop < SHORTEST_DURATION:
        name = "solution" if isinstance(solution, TimeSolution) else "times"
        reject(name, solution if name == "solution" else times,
               f"lasts {times.stop:g} time constants, too short to measure an exponent",
               f"give a stop of {SHORTEST_DURATION:g} time constants or more, preferably 250")
    return network, times, start


def _require_currents(given, network: AnyNetwork) -> None:
    if not structure(network).currents:
        reject("solution", given, "its network has no currents to classify",
               "give a network with low-rank couplings, such as dmft.MultiregionNetwork(...)")
