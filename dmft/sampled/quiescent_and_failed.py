"""Quiescent solutions, and the partial result of an iteration that failed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..base.checks import reject
from ..base.convergence import Check, Convergence
from ..base.estimate import Estimate
from ..base.outcomes import Outcome
from ..grids.lags import Lags
from ..network.network import AnyNetwork, unit_of
from ..network.structure import may_be_quiescent
from ..path_iteration.newton_iteration import FixedPoint
from ..path_iteration.path_map import PathMap
from ..paths.impulse_of_site import impulse_of_site
from ..stationary.solution import Solution
from .quiescent_state import amplification, quiescent_response
from .slow_starts import Search
from .tuning import QUIESCENT_CHANGE

QUIESCENT_LAGS = Lags(span=40.0, dt=0.05)  # default grid of a quiescent solution
UNDRIVEN = Search(None, "the units receive no input")


def quiescent_solution(network: AnyNetwork, lags: Lags, searched: Search) -> Solution:
    """The quiescent solution; one of its checks is that it is stable."""
    S, change = quiescent_response(network, lags)
    zero, gain = np.zeros(len(lags)), network.phi.slope_at_zero
    power = amplification(network, lags, S)
    checks_made: tuple[Check, ...]
    if change < QUIESCENT_CHANGE:
        checks_made = (Check("instability", power, 1.0, "the quiescent state is unstable: leave "
                             "branch out, or give an active solution as initial="),)
    else:
        checks_made = (Check("response", change, QUIESCENT_CHANGE, "the quiescent state is "
                             "unstable, and its memory is too strong for a response: give weaker "
                             "couplings, or a phi that saturates"),)
    if searched.longer_span is not None:
        checks_made += (Check("span", searched.longer_span, lags.span, "activity that survives in "
                              "a window of this span decays on the given lags: give a longer span, "
                              "or leave out lags"),)
    stable = "unstable" if power > 1 else "stable"
    convergence = Convergence(True, searched.iterations, change, change, "sampled",
                              f"{searched.evidence}: the quiescent state is {stable}",
                              checks_made)
    response = Estimate(impulse_of_site(S, gain, unit_of(network), lags, lags))
    C, static = Estimate(zero), Estimate(np.zeros(()))
    return Solution(network, lags, C, C, static, static, response,
                    Estimate(np.asarray(gain)), "quiescent", convergence)


def quiescent_branch(network: AnyNetwork, lags: Lags) -> Solution:
    """The quiescent solution as the requested branch; a check fails where it is unstable.

    Raises
    ------
    ModelError
        If noise, a bias or phi(0) excludes x = 0.
    """
    if not may_be_quiescent(network):
        reject("branch", "quiescent", "not a state of this network, which has noise, a bias or "
               "phi(0) != 0", "leave branch out")
    return quiescent_solution(network, lags, Search(None, "requested, without a search for others"))


def without_requested(found: Solution, branch: str) -> Solution:
    """The solution that was found, as a failure to find the requested branch."""
    if not found.convergence.success:
        return found  # its message states why
    message = (f"no {branch} state was found, but the {found.branch} one "
               f"({found.convergence.message})")
    return replace(found, convergence=replace(found.convergence, success=False, message=message,
                                              ended=Outcome.BRANCH_NOT_FOUND))


def without_branch(quiescent: Solution) -> Solution:
    """The quiescent solution as a failure: the branch of `initial` does not exist there."""
    message = ("the branch of `initial` does not exist at these parameters: its activity decays "
               "to the quiescent state (which a solve without initial returns, and which is the "
               ".solution of this error); dmft.continue_in finds where the branch ends")
    return replace(quiescent, convergence=replace(quiescent.convergence, success=False,
                                                  message=message, ended=Outcome.BRANCH_LOST))


def failed_solution(network: AnyNetwork, path_map: PathMap, fixed: FixedPoint) -> Solution:
    """The partial result of an iteration that failed, as a solution without success."""
    unknowns, u = path_map.unknowns, fixed.u
    own, lags = unknowns.statistics(u), unknowns.lags
    finite = bool(np.all(np.isfinite(u)))
    nan = np.full(len(lags), np.nan)
    frozen = fixed.ending.outcome is Outcome.FROZEN
    C_x = np.full(len(lags), float(u[unknowns.x_static]))
    C_x[:unknowns.m] += u[unknowns.x]
    convergence = Convergence(False, fixed.iterations, fixed.residual, np.inf, "sampled",
                              fixed.ending.message, ended=fixed.ending.outcome)
    R = impulse_of_site(own.S, own.slope, unknowns.unit, lags, lags) if finite else nan
    C_x, C = (C_x, own.C) if finite else (nan, nan)
    return Solution(network, lags, Estimate(C_x), Estimate(C), Estimate(np.zeros(())),
                    Estimate(np.asarray(own.static)), Estimate(R), Estimate(np.asarray(own.slope)),
                    "driven" if network.noise else "static" if frozen else "chaotic", convergence)
