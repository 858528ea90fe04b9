"""Numerical settings of this folder, with the reason for each."""

# -- surrogate.py ------------------------------------------------------------------------------
# Relative tolerance and number of steps for the slope of the surrogate (exact at any slope).
SLOPE_TOL = 1e-3
SLOPE_STEPS = 10
# The tolerance where the derivative is taken: near the onset of chaos 1 - G' is as small as this.
PRECISE_SLOPE_TOL = 1e-10
# Least abs(1 - slope H K) of the surrogate, and the factor by which its slope is reduced for it.
LEAST_LOOP = 0.03
STABLE_SHARE = 0.9
# Relative steps of finite differences of noise and memory, and of averages by the variance.
DERIVATIVE_STEP = 1e-5
VARIANCE_STEP = 1e-4
# Least real part of the eigenvalues of 1 - G' in a step of the iteration.
SLOWEST_MODE = 0.02
# Lags at which the derivative is known; between them it is interpolated.
MOST_NODES = 120

# -- path_features.py --------------------------------------------------------------------------
# Lags of products, and time constants of filters, in memory times; 0 is the path itself.
FEATURE_LAGS = (0.0, 0.08, 0.18, 0.35, 0.6, 0.9, 1.3, 1.9, 2.7, 3.6)
FEATURE_FILTERS = (0.0, 0.15, 0.5)
# Soft signs tanh(scale y), y of variance one.
SOFT_SIGNS = (1.0, 2.0, 5.0)
# Least number of paths for each feature, and the ridge of the regression on features of variance
# one. With fewer paths, chance correlations add more noise than the features remove.
PATHS_PER_FEATURE = 3
RIDGE = 1e-6

# -- newton_iteration.py -----------------------------------------------------------------------
# Plain steps come first, until one changes C by less than this, and at most so many.
PLAIN_CHANGE = 0.1
PLAIN_STEPS = 8
# Eigenvalue from which on a solution is on an unstable branch. (Chaos near its onset has up to
# 1.003.) It is left by a share of C(0), with plain steps as above, and so often.
UNSTABLE_EIGENVALUE = 1.02
LEAVING_CHANGE = 0.01
LEAVING_STEPS = 60
LEAVING_SHARE = 0.1
LEAVING_TRIES = 3
# Plain steps that leave a weakly unstable solution begin smaller; they end below this share of what
# the eigenvalue lets expect of the first.
EXPECTED_CHANGE_SHARE = 0.25
# Change of C, over C(0), below which an iteration that left a solution has returned to it.
SAME_SOLUTION = 0.02
# Relative change of C from which on the derivative of the surrogate is computed again.
RENEWAL_CHANGE = 0.05
# The same for the basis of the response.
REBASED_CHANGE = 0.3
# Largest step, over C(0).
LARGEST_STEP = 0.2
# Anderson mixing: steps that are kept, and relative cutoff of singular values.
ANDERSON_DEPTH = 5
ANDERSON_RCOND = 1e-4
# Steps whose change of the map is so many times the smallest before the derivative of the surrogate
# is given up, and the steps that are mixed then.
MUCH_WORSE = 5.0
WORSE_STEPS = 5
PLAIN_DEPTH = 10
# Factor by which steps must decrease to count as progress; sweeps without it after which the last
# steps are averaged, if they are below this size.
PROGRESS = 0.7
STALLED_AFTER = 25
AVERAGED_STEPS = 20
AVERAGED_STEP = 3e-2
# More of them are averaged, up to this number, until the error of the mean is below this share of
# C(0), or below the tolerance.
MOST_AVERAGED = 160
AVERAGED_ERROR = 3e-4
# Steps longer than so many times their median are left out of the mean.
OUTLYING = 3.0
# Plain steps go on while each leaves less than this share of C(0).
FALLING = 0.85
# Sweeps without progress after which plain steps follow: they lead away from where a branch has
# ended, and to zero or to another state. How often, how many, and the change that ends them.
LOST_AFTER = 60
MOST_RETREATS = 2
RETREAT_STEPS = 300
RETREAT_CHANGE = 3e-3
# Share of the largest C(0) below which the activity counts as decayed to zero, and that from which
# on it does so if it falls, or Newton's step leads to zero, and quiescence is stable.
ZERO_ACTIVITY = 1e-6
NEARLY_ZERO = 3e-3
# Factor of growth over the first C(0) above which the variance counts as unbounded.
UNBOUNDED_GROWTH = 1e8

# -- newton_krylov.py --------------------------------------------------------------------------
# Vectors of GMRES, its relative tolerance, and the length of the differences, over C(0), with the
# sweeps of each evaluation. At (g, k, p) = (1.2, -5, 2.5) four Newton steps of 3 to 8 vectors leave
# 8e-5, where 357 mixed steps of the map left 4e-2.
KRYLOV_VECTORS = 20
KRYLOV_TOL = 0.03
KRYLOV_DIFFERENCE = 1e-3
KRYLOV_SWEEPS = 2
# Most Newton steps, and those without progress after which they end.
NEWTON_STEPS = 20
NEWTON_STALLED = 5
# Shares of a Newton step that are tried in turn, and the distance from the solution at which its
# end by rounding counts as the solution.
SHARES = (1.0, 0.5, 0.25)
STEADY_DISTANCE = 2e-3

# -- solution_errors.py ------------------------------------------------------------------------
# Directions in which the derivative of the paths' map is measured: at first, in each round, and at
# most; rounds end when the errors change by less than this.
FIRST_PROBES = 5
MORE_PROBES = 3
MOST_PROBES = 26
PROBED_CHANGE = 0.08
# Directions that are drawn in addition where the leading ones are sampled.
EXTRA_DIRECTIONS = 8
# Paths of these differences. With 128, their noise amplifies slow modes of bistable units tenfold.
PROBE_PATHS = 512
# Step of these differences, over C(0), and the sweeps of each.
PROBE_STEP = 0.03
PROBE_SWEEPS = 2
# Sweeps before all differences: single paths that change between two states settle slowly.
SETTLING_SWEEPS = 4

# -- sampled_paths.py --------------------------------------------------------------------------
# Tolerance of the iteration without the offset of the regression, and of each round with it. The
# last is up to ten times smaller where the sampling error is small.
FIRST_TOL = 3e-3
ROUND_TOLS = (5e-4, 1e-4)
# Change of C, over C(0), from which on the linear response is probed again before a round.
PROBED_AGAIN_CHANGE = 0.01
# Rounds end when the next would move C(0) by less than this share of its error; two are usual, and
# static activity, whose paths differ most, takes up to four.
ROUND_SHARE = 0.2
MOST_ROUNDS = 5
# Moves that decrease by less than this factor, below the sampling error, are single paths that
# change between two states.
ROUND_RATIO = 0.5
# Steps of Arnoldi's method to the slowest mode, and the length of its differences, over C(0). Three
# give 1.24 at the unstable solution of (g, k, p) = (0.7, 1.8, 2.5), where five power steps give
# 0.95 and twenty 1.23; at bistable units more than five add noise.
ARNOLDI_STEPS = 5
MODE_STEP = 0.02
