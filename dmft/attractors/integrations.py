"""Integrations of one network with smaller steps over longer times, until its class stays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..grids.times import Times
from ..lyapunov.current_exponent import step_divisor
from ..network.network import AnyNetwork
from ..network.preparation import Preparation
from ..network.regional_mean_field import mean_field
from ..two_time.march_cost import check_cost
from .class_evidence import ClassEvidence, class_evidence
from .tuning import CLASS_MEMORY, NEARBY_START, PERIODS_OF_MEMORY, ROUNDS


def converged_evidence(network: AnyNetwork, times: Times, start: Preparation,
                       settled: Callable[[list[ClassEvidence]], bool],
                       report: Callable | None = None) -> list[ClassEvidence]:
    """Integrations with smaller steps over longer times, from slightly different starts.

    They end when `settled(those until then)`, or after as many as `ROUNDS`; `report(done, total)`
    is called after each. Rows of Delta are
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
        if report is not None:
            report(k + 1, len(ROUNDS))
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
