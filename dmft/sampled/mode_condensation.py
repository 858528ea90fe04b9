"""Whether a single mode amplifies itself so much that the solution found is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..base.convergence import Check
from ..grids.lag_transforms import causal_transform
from ..stationary.solution import Solution

# An extensive number of modes keeps itself below: <abs(T)^2> < 1 bounds D rho S of a mode that
# stands for a share w of all by 1/(1 + sqrt(w)/rho), 0.9 for one in a hundred.
LARGEST = 0.9


def with_outlier_check(solution: Solution) -> Solution:
    """Add the check that no mode feeds itself, D rho S(0) = 1.

    There the mode's projection grows in every network: the state is unstable to it, and what
    follows (a condensed mode, of order one in every neuron) is not of this theory.
    """
    feeds = [one.largest_feedback for one in solution.network.ensembles
             if hasattr(one, "largest_feedback")]
    response = solution.R_phi.value
    if not feeds or not np.all(np.isfinite(response)):
        return solution
    S = float(causal_transform(solution.lags, response, np.zeros(1))[0].real)
    feedback = max(feed(S) for feed in feeds)
    check = Check("outlier", feedback, LARGEST, f"a mode with D rho S(0) = {feedback:.3g} is an "
                  f"outlier to which the {solution.branch} state is unstable: at 1 it feeds itself "
                  "and condenses, which this theory of many modes does not describe; give a "
                  "smaller D or overlap, or treat the mode as dmft.LowRank")
    convergence = solution.convergence
    return replace(solution, convergence=replace(convergence, checks=(*convergence.checks, check)))
