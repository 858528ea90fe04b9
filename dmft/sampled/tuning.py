"""Numerical settings of this folder, with the reason for each.

Numbers that a user may change are fields of `SamplingOptions` (sampling_options.py).
"""

# -- activity_bound.py -------------------------------------------------------------------------
# Inputs, slopes and amplitudes at which the bound is evaluated, and the largest input. A few more
# of them change the k at which the bound leaves room for activity by less than 1 %.
BOUND_INPUTS = 400
BOUND_SLOPES = 200
BOUND_AMPLITUDES = 200
LARGEST_BOUND_INPUT = 100.0

# -- joint_iteration.py ------------------------------------------------------------------------
# Residual above which the sequence of statistics is not extrapolated.
EXTRAPOLATION_RESIDUAL = 5e-2
# Largest change of C by an extrapolation step, over C(0).
EXTRAPOLATION_CHANGE = 0.2
# New paths are iterated in the drive of the given statistics until they change by less than this in
# a step, for so many steps at most. Without this, bistable units start at small amplitude, and slow
# activity, which new paths do not have yet, must build up again.
HELD_CHANGE = 0.02
HELD_STEPS = 25
# Iterations without a decrease of the typical change after which none is expected any more.
STALL_ITERATIONS = 40
# The same number below this typical change, where the activity may move along its slowest mode with
# a change that hardly decreases: (g, k, p) = (0.7, 1.8, 2.5) does so in sweeps. In block stepping a
# change of this size is more often that of single paths which alternate between two solutions.
CREEPING_RESIDUAL_SWEEPS = 6e-3
CREEPING_RESIDUAL_STEPPING = 2e-3
CREEPING_ITERATIONS = 120
# The typical change is the median of this many iterations: single small values occur where the
# sequence turns.
TYPICAL_OF = 9
# Factor by which the typical change must decrease to count as progress.
PROGRESS = 0.9
# Largest residual, in block stepping and in sweeps, that single paths can cause which alternate
# between two solutions of their equation of motion. A larger one means a failed iteration.
ALTERNATING_RESIDUAL_STEPPING = 3e-2
ALTERNATING_RESIDUAL_SWEEPS = 4e-4
# Iterations over which the statistics of such paths are averaged.
AVERAGED_ITERATIONS = 40
# If C(0) has fallen below this share of its value STALL_ITERATIONS ago, a constant change means
# that the activity decays at a constant rate, and the iteration continues.
DECAY_SHARE = 0.9
# Share of the largest C(0) below which the activity counts as decayed to zero.
ZERO_ACTIVITY = 1e-10
# Factor of growth over the first C(0) above which the variance counts as unbounded.
UNBOUNDED_GROWTH = 1e8
# Tolerated change of the paths, in units of that of C. The change of x is a root mean square over
# all paths; that of C is a difference of averages, which is much smaller.
PATH_CHANGE_FACTOR = 50.0

# -- mode_condensation.py ----------------------------------------------------------------------
# Largest D rho S(0) of a mode. In an extensive number of modes it stays below: <abs(T)^2> < 1
# bounds D rho S of a mode that is a share w of all by 1/(1 + sqrt(w)/rho), 0.9 for w = 0.01.
LARGEST_MODE_FEEDBACK = 0.9

# -- pilot.py ----------------------------------------------------------------------------------
# Relative tolerance of the pilot, far below the sampling error of its few paths.
PILOT_TOL = 5e-3
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

# -- redrawn_paths.py --------------------------------------------------------------------------
# Relative tolerance and largest number of iterations for paths that are drawn again. They start
# from the statistics of the solution, so that few are needed except near the end of a branch.
REDRAWN_TOL = 2e-5
REDRAWN_ITERATIONS = 600
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

# -- replicates.py -----------------------------------------------------------------------------
# Groups of paths, each solved separately, from which the standard errors are estimated, with a
# relative uncertainty of 18 %; with 8 groups it would be 27 %.
GROUPS = 16
# Residual at which groups of paths whose sweeps stall are averaged: only their scatter is needed.
AVERAGED_GROUPS_RESIDUAL = 3e-3
# Bytes per path and frequency: noise, x and phi at 16 each, and 8 for intermediate results.
BYTES_PER_COEFFICIENT = 3.5 * 16

# -- sampled_fields.py -------------------------------------------------------------------------
# Groups of paths that are kept as replicates, which give errors an uncertainty of 13 %.
REPLICATES = 32

# -- sampled_solve.py --------------------------------------------------------------------------
# Relative error of the grid in addition to the sampling error, measured on networks whose solution
# is known exactly.
GRID_ERROR = 3e-4
# Number of paths over that which the error of the first ones predicts, so that one round suffices.
PATHS_MARGIN = 1.2
# Least and largest factor by which the number of paths grows from one round to the next: the error
# of few paths near the end of a branch may be estimated much too large.
LEAST_GROWTH = 2.0
LARGEST_GROWTH = 12.0
# Largest error, over that by the response of the surrogate, which counts for this. It is 1.5 to 2.5
# times that in the mean.
LARGEST_PROBED_RATIO = 2.5
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
