"""Stability of a solution to the condensation of a single mode of the couplings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..base.convergence import Check
from ..ensembles.properties import random_modes
from ..network.network import unit_of
from ..paths.impulse_of_site import response_transform
from ..stationary.solution import Solution
from .tuning import LARGEST_MODE_FEEDBACK


def with_outlier_check(solution: Solution) -> Solution:
    """Add the check that the feedback D rho S(0) of every mode is below one.

    At one, the projection of the activity on the mode grows in every network: the state is
    unstable to it. The state that follows (a condensed mode, of order one in every neuron) is
    outside this theory.
    """
    feedbacks = [one.largest_feedback for one in random_modes(solution.network.ensembles)]
    response = solution.R_phi.value
    if not feedbacks or not np.all(np.isfinite(response)):
        return solution
    unit = unit_of(solution.network)
    S = float(response_transform(solution.lags, response, unit, np.zeros(1))[0].real)
    feedback = max(of(S) for of in feedbacks)
    check = Check("outlier", feedback, LARGEST_MODE_FEEDBACK, "a mode has the feedback "
                  f"D rho S(0) = {feedback:.3g}: it is an outlier, and at 1 the {solution.branch} "
                  "state is unstable to it and the mode condenses, which this theory of many "
                  "modes does not describe; give a smaller D or overlap, or treat the mode as "
                  "dmft.LowRank")
    convergence = solution.convergence
    return replace(solution, convergence=replace(convergence, checks=(*convergence.checks, check)))
