"""What an exponent or a class of the currents is measured on: a network, or a solution in time."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.annotations import Start
from ..base.checks import reject
from ..grids.times import Times
from ..network.network import AnyNetwork
from ..network.preparation import Preparation, prepared
from ..network.regional_mean_field import mean_field
from ..network.structure import structure
from ..two_time.time_solution import TimeSolution
from .tuning import SHORTEST_DURATION


def network_times_start(solution: Any, times: Times | None, currents: Start, variance: Start,
                        default: Times) -> tuple[AnyNetwork, Times, Preparation]:
    """What is integrated: the network, its grid of times and its initial state.

    For a solution in time they are its own, and `times`, `currents` and `variance` must be None.
    """
    if isinstance(solution, TimeSolution):
        for name, value in (("times", times), ("currents", currents), ("variance", variance)):
            if value is not None:
                reject(name, value, "given together with a solution, which has its own",
                       "leave it out, or give the network instead of the solution")
        network, times = solution.network, solution.times
        field, z0 = mean_field(network), solution.z[0].ravel()
        static = field.static(np.concatenate([z0, solution.filtered_input[0]]))
        start = Preparation(z0, np.maximum(solution.variance[0] - static, 0.0))
    elif hasattr(solution, "ensembles") and not isinstance(solution, type):
        require_currents(solution)
        network, times = solution, default if times is None else times
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


def require_currents(given) -> None:
    """Refuse a network, or a solution in time of one, that has no currents."""
    network = given.network if isinstance(given, TimeSolution) else given
    if isinstance(network, type) or not hasattr(network, "ensembles"):
        return
    if not structure(network).currents:
        reject("solution", given, "its network has no currents",
               "give a network with low-rank couplings, such as dmft.MultiregionNetwork(...)")
