"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

from ..grids.lags import Lags

# --- population_solve.py ---
# First grid of lags; it is refined until the correlations have decayed and are resolved.
FIRST_LAGS = Lags(span=60.0, dt=0.1)
LONGEST_SPAN = 4000.0
MOST_LAGS = 2**15
# Change of the variances, over the largest, where the step is halved: with white noise the step is
# halved until it is below the first, and a change above the second causes a warning.
GRID_CHANGE = 1e-8
LARGEST_CHANGE = 1e-6
# Decay times of the correlations of the starts: near the onset of chaos those that begin fast end
# at a static state. At g = 1.05 to 1.25 beside a mean only the second leads to the chaotic state.
START_TIMES = (4.0, 30.0)
# Plain steps at fixed means, in which the variances follow the means of a start.
SETTLING_STEPS = 8
# Plain steps of means and correlations, which lead to a root that is stable under the map.
PLAIN_STEPS = 30
# Accuracy of the averages in plain steps, which only lead near a state.
PLAIN_TAIL = 1e-4
# Largest difference of two plain iterations, relative to their size, that lead to one state.
SAME_START = 1e-2
# Random starts with more than three populations; with fewer, all combinations of three means.
RANDOM_STARTS = 24
# Largest difference of two roots, relative to their size, that counts as one root.
SAME_ROOT = 1e-5
# Share of the variance below which a correlation counts as constant in time.
CONSTANT_SHARE = 1e-7

# Places between two roots from which Newton's method looks for the one that separates them; it is
# near an end close to a fold.
BETWEEN = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98)

# --- population_map.py ---
# Size of the differences in the derivative, of variances (relative) and means: the error is of
# order 1e-7, from the second derivative and from the rounding of averages divided by this number.
PROBE = 3e-7
# Least absolute value of 1 - (gain at a frequency) by which the preconditioner divides.
LEAST_RESTORING = 1e-6

# --- driven_mean.py ---
# Means of the drive that are tried, between the ends beyond which the drive falls behind.
SCANNED_MEANS = 7
FARTHEST_MEAN = 64.0
# Distance, as a share of the farthest mean, at which the sides of a root are tried.
BESIDE = 1 / 64
# Steps of the mean between which the slope of the drive is taken; the second where paths are
# sampled, with equal noise, whose errors the difference divides by the step.
MEAN_STEP = 1e-3
SAMPLED_MEAN_STEP = 0.1
# Iterations of the quenched noise that the mean output causes.
QUENCHED_STEPS = 50
# Change of <phi> at which they end, and least slope by which a secant step divides.
QUENCHED_TOL = 1e-9
# The same where paths are sampled, as a share of the tolerance of the mean: rounds of sampling
# differ by more than the first.
SAMPLED_QUENCHED_SHARE = 0.1
QUENCHED_SLOPE = 0.1
# Steps of the secant method with sampled paths.
SECANT_STEPS = 8
# Quenched noise below this, beside no bias, is that of a mean output that is rounding.
NEGLIGIBLE_BIAS = 1e-9
