"""Numerical settings of this folder, with the reason for each."""

# -- linear_surrogate.py -----------------------------------------------------------------------
# Error of the Gaussian averages of phi above which the linear surrogate is not used as a control
# variate: its expectations must be known exactly.
SURROGATE_AVERAGES_TOL = 1e-6

# -- averages over paths -----------------------------------------------------------------------
# phi' is averaged over every fourth time: neighbouring times are correlated.
SLOPE_STRIDE = 4
# Upper bound on the coefficient of the control variate. It is near one where the linear surrogate
# is a good approximation; a much larger value would come from sampling noise.
LARGEST_CONTROL_WEIGHT = 1.5

# -- response_fit.py ---------------------------------------------------------------------------
# Number of exponentials in the basis of causal responses.
RESPONSE_RATES = 10
# Slowest rate of the basis, in units of 1/span.
SLOWEST_RATE = 5.0
# Fastest rate of the basis, in units of the fastest linear rate.
FASTEST_RATE = 5.0
# Added to the noise power, as a share of the largest power of phi: frequencies with less power
# than this do not influence the fit.
RESPONSE_POWER_FLOOR = 1e-5
# Relative cutoff of singular values in the least-squares fit.
RESPONSE_RCOND = 1e-7

# -- window.py ---------------------------------------------------------------------------------
# The memory time is the last lag at which the decaying part exceeds this share of its value at
# zero lag.
MEMORY_LEVEL = 0.1
# Span of the window in memory times: 14 decay times of an exponential.
SPAN_IN_MEMORY_TIMES = 6.0
# The lag window is one up to this many memory times ...
WINDOW_FLAT = 3.0
# ... and zero from this many on.
WINDOW_END = 4.5
# Shortest and longest span of a window, in neuronal time constants.
SHORTEST_SPAN = 20.0
LONGEST_SPAN = 4000.0
# Steps that are considered, in neuronal time constants.
STEPS = (0.8, 0.4, 0.2, 0.1, 0.05, 0.025, 0.0125)
# Step for activity that a memory makes slow: at (g, k, p) = (0.95, 1.96, 2.5), whose correlation
# has a half-life of 170, its error is 1e-5 and its cost half of that at 0.8. Near the onset of
# oscillating chaos the error at 0.8 is above 1 % already.
SLOW_STEP = 1.6
# Step with white noise, whose paths are rough: at 0.1 the error is 0.03 %, and it is proportional
# to dt^2.
WHITE_NOISE_STEP = 0.05
# Longest step of the curves that are returned, short enough to read values from them.
OUTPUT_STEP = 0.1
# Share of the power that a step may leave beyond half of its highest frequency: C(0) is then off by
# less than 1e-3, which the check of the step measures and convergence.error includes.
HIGH_FREQUENCY_SHARE = 3e-5

# -- sampling_cost.py --------------------------------------------------------------------------
# Seconds per path, lag and sweep: 5e-8 to 1e-7 on one core; machines differ by a factor of about
# two. And sweeps of all paths on one grid: 16 to 60, the more the slower the activity.
SECONDS_PER_VALUE = 6e-8
TYPICAL_ITERATIONS = 30

# -- memory_filters.py -------------------------------------------------------------------------
# One-pole filters that approximate the memory in time steps; their slowest rate, in units of
# 1/span; and their fastest, in units of the fastest linear rate.
FILTERS = 6
FILTER_SLOWEST = 5.0
FILTER_FASTEST = 2.5
# Added to the power of phi, over its largest value, as the weight of the fit of the filters.
FILTER_WEIGHT_FLOOR = 1e-4
# Relative cutoff of singular values in this fit: larger weights would amplify rounding.
FILTER_RCOND = 1e-6

# -- stepped_paths.py --------------------------------------------------------------------------
# Paths that are stepped together, so that they fit into the cache.
PATHS_AT_ONCE = 512
# Updates of whole paths of a phi that does not saturate, and the relative change that ends them.
MOST_RELAXATIONS = 60
RELAXED_CHANGE = 1e-6
