"""Solutions without activity, and what there is of one where the iteration failed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..base.convergence import Check, Convergence
from ..base.estimate import Estimate
from ..base.outcomes import Ending, Outcome
from ..grids.impulse_response import impulse_response
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..stationary.solution import Solution
from .joint_iteration import Iterated
from .pilot import Found
from .quiescent_state import amplification, quiescent_response

AT_REST = Lags(span=40.0, dt=0.05)  # grid of a solution that does not move
UNDRIVEN = Iterated([], 0, 0.0, Ending(Outcome.UNDRIVEN, "nothing drives the units"), False)


def quiescent_solution(network: AnyNetwork, lags: Lags, found: Iterated) -> Solution:
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


def without_branch(rest: Solution) -> Solution:
    """Rest, where the active branch of another solution was asked for."""
    says = ("the branch of `initial` does not exist at these parameters: its activity dies, and "
            "the quiescent state is what exists (solve without initial returns it, here it is the "
            "error's .solution); dmft.continue_in finds where the branch ends")
    return replace(rest, convergence=replace(rest.convergence, success=False, message=says,
                                             ended=Outcome.BRANCH_LOST))


def failed_solution(network: AnyNetwork, found: Found) -> Solution:
    """What there is of a solution where the iteration did not end."""
    one, lags = found.iterated.measured[0], found.iterated.measured[0].statistics.lags
    own = one.statistics
    finite = bool(np.isfinite(one.C_x[0]) and np.all(np.isfinite(own.S)))
    frozen = found.iterated.ending.outcome is Outcome.FROZEN
    nan = np.full(len(lags), np.nan)
    convergence = Convergence(
        False, found.iterated.iterations, found.iterated.residual, np.inf, "sampled",
        f"{'stepped in time' if found.iterated.stepping else 'sweeps'}: {found.iterated.message}",
        ended=found.iterated.ending.outcome)
    R = impulse_response(own.S, own.slope, lags, lags) if finite else nan
    C_x, C = (one.C_x, own.C) if finite else (nan, nan)
    return Solution(network, lags, Estimate(C_x), Estimate(C), Estimate(np.zeros(())),
                    Estimate(np.asarray(own.static)), Estimate(R), Estimate(np.asarray(own.slope)),
                    "driven" if network.noise else "static" if frozen else "chaotic", convergence)
