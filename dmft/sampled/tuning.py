"""Numerical settings of this folder, with the reason for each.

Numbers that a user may change are fields of `SamplingOptions` (sampling_options.py).
"""

import numpy as np

# -- activity_bound.py -------------------------------------------------------------------------
# Inputs, slopes and amplitudes at which the bound is evaluated, and the largest input. A few more
# of them change the k at which the bound leaves room for activity by less than 1 %.
BOUND_INPUTS = 400
BOUND_SLOPES = 200
BOUND_AMPLITUDES = 200
LARGEST_BOUND_INPUT = 100.0
# Frequencies among which the response of the unit is largest; neighbours differ by 0.3 %.
BOUND_FREQUENCIES = np.concatenate([[0.0], np.geomspace(1e-3, 1e3, 4001)])

# -- mode_condensation.py ----------------------------------------------------------------------
# Largest D rho S(0) of a mode. In an extensive number of modes it stays below: <abs(T)^2> < 1
# bounds D rho S of a mode that is a share w of all by 1/(1 + sqrt(w)/rho), 0.9 for w = 0.01.
LARGEST_MODE_FEEDBACK = 0.9

# -- pilot.py ----------------------------------------------------------------------------------
# Relative tolerance of the pilot, far below the sampling error of its few paths.
PILOT_TOL = 5e-3
# Memory time of a solution, over that of its lag window, from which on the window has cut it; lags
# count where C is above its level by so many standard errors. At (g, k, p) = (1.077, -5, 2.5) the
# window of the pilot made the minimum of C a third as deep.
WINDOW_GROWTH = 1.6
# Growth of the memory time of a window in which the correlation has not decayed. A unit with
# adaptation gives C a minimum of somewhat less than a tenth, which the memory time leaves out.
CUT_WINDOW_GROWTH = 2.0
CERTAIN_ERRORS = 2.0
# Depth of the minimum of C, over C(0), from which on the window is so many times as long: near the
# onset of slow oscillations the error of their phase fell tenfold from 6 to 20 memory times.
OSCILLATION = 0.3
OSCILLATING_SPANS = 3.0
# Largest number of grids that the pilot tries.
PILOT_GRIDS = 8
# Share of the span above which a memory time counts as not resolved by the window.
UNRESOLVED_SHARE = 0.6
# Step of the first pilot, without and with a memory that sustains activity, which makes it slow.
FIRST_STEP = 0.2
SLOW_FIRST_STEP = 0.4
# Least number of steps of the first window: in a long window the step is larger.
LEAST_SLOW_STEPS = 400
# Span of the first window from an initial solution, over that solution's own: correlations slow
# down by about this factor from one point of a phase diagram to the next, and a longer window than
# is needed costs less than a second one.
INITIAL_SPANS = 1.25
# Spans of the first windows, in mean delays of a memory that sustains activity. The next one is
# tried where the activity decays. At (g, k, p) = (0.8, 1.8, 2.5) it decays in the first window and
# survives in the second; its correlation falls to a tenth within 90 delays.
START_SPANS_IN_DELAYS = (64.0, 256.0, 1024.0)
# Where the paths diverge at the start: how often, and by which factor, it is made weaker.
WEAKER_STARTS = 4
WEAKER_START = 0.1
# Least span, in the same unit, at which such activity is reported as frozen.
FROZEN_SPAN_IN_DELAYS = 600.0
# Share of C(0) that decays below which the state counts as static.
STATIC_SHARE = 1e-6

# -- quiescent_state.py ------------------------------------------------------------------------
# Largest number of damped iterations for the response at quiescence, and their relative tolerance,
# near the rounding of float64.
RESPONSE_ITERATIONS = 4000
RESPONSE_TOL = 1e-13
# Largest change of that response with which it counts as found.
QUIESCENT_CHANGE = 1e-9

# -- redrawn_paths.py --------------------------------------------------------------------------
# Groups of paths, from whose scatter errors follow, with a relative uncertainty of 18 %; with 8
# groups it would be 27 %.
GROUPS = 16
# Largest number of iterations of paths that are drawn again, and their sweeps at given statistics.
REDRAWN_ITERATIONS = 400
REDRAWN_SWEEPS = 4
# Time between samples of x that are kept, in neuronal time constants: closer samples are strongly
# correlated.
SAMPLE_INTERVAL = 1.0

# -- path_checks.py ----------------------------------------------------------------------------
# Standard errors that a sampled correlation may exceed by chance at one of several hundred lags.
# Neighbouring lags are strongly correlated, so that 6 is exceeded in fewer than 1 solve of 1000.
NOISE_OF_LAGS = 6.0
# Paths of the check of the step, and sweeps until they have settled at the given statistics.
STEP_CHECK_PATHS = 128
STEP_CHECK_SWEEPS = 4
# Tolerance and iterations where both grids are solved again.
STEP_CHECK_TOL = 1e-4
STEP_CHECK_ITERATIONS = 100
# Error of the correlation over the largest part that the lag window removes: 0.9 to 1.9 for linear
# units, whose correlation is known exactly.
CUT_OFF_FACTOR = 2.0

# -- the whole folder ---------------------------------------------------------------------------
# Bytes per path and frequency: noise, x and phi at 16 each, and 8 for intermediate results.
BYTES_PER_COEFFICIENT = 3.5 * 16

# -- sampled_fields.py -------------------------------------------------------------------------
# Groups of paths that are kept as replicates, which give errors an uncertainty of 13 %.
REPLICATES = 32

# -- sample_size.py ----------------------------------------------------------------------------
# Number of paths over that which the error of the first ones predicts, so that one round suffices.
PATHS_MARGIN = 1.2
# Least and largest factor by which the number of paths grows from one round to the next: the error
# of few paths near the end of a branch may be estimated much too large.
LEAST_GROWTH = 2.0
LARGEST_GROWTH = 12.0
# The error over that by the response of the surrogate alone: as expected before it is measured (1.5
# to 2.5 are usual, 4 to 5 near the end of a branch), and the largest that counts.
EXPECTED_PROBED_RATIO = 2.5
LARGEST_PROBED_RATIO = 5.0

# -- sampled_solve.py --------------------------------------------------------------------------
# Weakest bias: below it the deviations of paths from their static part are rounding.
WEAKEST_BIAS = 1e-10
# Relative error of the grid in addition to the sampling error, measured on networks whose solution
# is known exactly.
GRID_ERROR = 3e-4
# Factor by which the paths are multiplied where too few leave the solution.
MORE_PATHS_FACTOR = 4

# -- starting_statistics.py --------------------------------------------------------------------
# Decay time of the initial correlation, in neuronal time constants, ...
START_DECAY_TIME = 2.0
# ... and, where memory sustains activity, in spans.
START_DECAY_SHARE = 0.125
# Initial variance, relative to that of Gaussian units with their memory in phase. Non-Gaussian
# units can exceed the latter.
START_VARIANCE_FACTOR = 1.5
# Largest initial variance: for a phi that does not saturate the estimate grows without bound.
LARGEST_START_VARIANCE = 100.0
