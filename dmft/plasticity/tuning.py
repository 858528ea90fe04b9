"""Numerical settings of this folder, with the reason for each."""

# ---- fixed_point_site.py

# x at which a sigmoid counts as saturated: its values here and at a hundredth of it are compared.
SATURATION_POINT = 1e8
# Range of the inputs, in standard deviations; the Gaussian density beyond it is below exp(-72) of
# its maximum, which is negligible.
INPUT_RANGE = 12.0
# Step of the trapezoidal rules in the variable u that parametrises the roots.
ROOT_STEP = 0.1
# Largest spacing of the nodes near the outer root at zero input, in standard deviations of the
# input: a narrow input distribution is resolved too.
MAX_NODE_SPACING = 0.6
# Logarithm of the smallest distance of a node from the fold; the square of that distance,
# exp(-680), is still a normal floating-point number.
LOG_SMALLEST_FOLD_DISTANCE = -340.0
# Half-width of the interval around the fold on which the slope of phi is interpolated. Within half
# of it the stiffness is computed from this series, which has no constant term, so that it keeps
# its relative accuracy where it vanishes.
FOLD_SERIES_RANGE = 0.2
FOLD_SERIES_DEGREE = 18  # of that Chebyshev interpolant
PANEL_NODES = 20  # Gauss-Legendre nodes of each panel away from the fold

# ---- fixed_point_families.py

# Values of C between which sign changes of the self-consistency are looked for.
FAMILY_SCAN_POINTS = 240
# The same for the families with mixed roots: they have a fold, and as a rule one solution.
MIXED_FAMILY_SCAN_POINTS = 80
# Logit of the outermost of these C: within 6e-6 of the interval's length from its ends.
FAMILY_SCAN_LOGIT = 12.0
DISTRIBUTION_NODES = 600  # nodes of the distribution of x that is returned

# ---- fixed_points.py

MARGINAL_DISTANCE = 1e-6  # of q from 1, within which fixed points are reported as marginal
# Distance of phi^2 from its bound, relative to the bound, below which rounding hides it.
SATURATED_DISTANCE = 1e-8

# ---- complexity.py

# Logarithm of the smallest multiplier (mu or s) that is distinguished from zero. A multiplier of
# exp(-600) changes the distribution of x only at an immeasurably small distance from the fold.
LOG_SMALLEST_MULTIPLIER = -600.0
# Logarithm of the largest mu that is tried: there the stability condition excludes all points.
LOG_LARGEST_MULTIPLIER = 12.0
LOWEST_GROWTH_RATE = -30.0  # below it points count as absent
# Growth rate that stands for "no such points" where a root or a maximum is searched for, which
# -inf would prevent; used by fixed_point_onsets.py too.
ABSENT_GROWTH_RATE = -1.0
# Smallest quadrature weight of a node of the distribution that is returned. Next to the fold the
# nodes are closer together than floating-point numbers resolve.
SMALLEST_RETURNED_WEIGHT = 1e-9
# Weakest random couplings. Below this g the nodes do not resolve the growth rates, which tend to
# log 2 (stable points) and log 3 (all points).
WEAKEST_COUPLING = 0.05
COMPLEXITY_SCAN_POINTS = 60  # values of C at which the maximum of the growth rate is bracketed
# Logits of the first and the last of them within their interval. The last is so large because in
# saturation the C of the maximum is next to its bound.
FIRST_SCAN_LOGIT = -6.0
LAST_SCAN_LOGIT = 18.0
MAX_NEWTON_STEPS = 200  # for the multiplier h; the problem is convex, and far fewer are needed

# ---- fixed_point_onsets.py

ONSET_WIDTH = 1e-2  # of the final bracket of the onset of a family, by default
# Bounds of k phi'(0) max(phi)^2 between which this onset is sought. Above the upper one units are
# saturated.
LOWEST_ONSET = 0.05
HIGHEST_ONSET = 2.45

# ---- chaos_search.py

# Largest residual of an iteration that is chaotic, and only not stationary: near the onset of
# oscillating chaos 3e-3 to 6e-2 remain, where C(0) is the same with several seeds within 1 %, and
# its time scales are not.
LARGEST_RESIDUAL = 0.1
# Factor by which the window is longer where a check fails: oscillations decay more slowly than the
# memory time says, as at (g, k, p) = (2.23, -5, 2.5).
LONGER_SPAN = 1.5

# ---- phase_rows.py

# Points of a row, which is one task of some seconds to some minutes. The last row goes on through
# all points where rest is stable.
ROW_POINTS = 8
# Paths where plasticity sustains activity, k > 0. Its windows are long, up to 4000 time constants,
# and with these few paths the error of C(0) is 2e-3 to 6e-3 there.
SLOW_PATHS = 128
# Paths elsewhere, where the windows are short: the negative part of C(tau) is a few percent of
# C(0) at weak anti-Hebbian plasticity, and 256 paths do not resolve it. 1024 cost 1.2 to 1.8 times
# as much.
FAST_PATHS = 1024

# ---- freezing.py

# Length of the past on which the frozen state may depend, in synaptic time constants. With 10 the
# results change by less than 3e-3 (tests/plasticity/test_freezing.py).
PAST_DURATION = 16.0
# Ridge of the regression on the past noise, relative to g^2 C(0). With 1e-3 the results change by
# less than 3e-3 (same test).
REGRESSION_RIDGE = 1e-4
FREEZING_TOLERANCE = 2e-5  # change of (c, C*) in a step, relative to C(0), when it has converged
MAX_FREEZING_STEPS = 150  # of that iteration
NEWTON_DISTANCE = 0.02  # such a change below which Newton's method converges
# Ratio of successive changes above which the response is computed anew, which costs as much as 18
# steps. Without overlap 0.3 to 0.6 are usual, and 0.96 where the overlap vanishes.
SLOW_CONTRACTION = 0.5
LARGEST_MOVE = 0.3  # of a component of (c, C*) in one step, relative to C*
# Least variance, relative to the largest, of the eigenvectors of the noise's covariance along which
# the response is computed; and the steps of the differences, relative to what the noise explains.
RESPONSE_VARIANCE = 1e-5
RESPONSE_STEP = 0.02
FIRST_GROUP_SIZE = 80  # paths in each of the 16 groups
MAX_GROWTH = 64.0  # largest factor by which their number grows to reach the requested error
TOL_MARGIN = 0.1  # excess over tol without a warning

# ---- freezing_onset.py

# Where the search starts if the network's own k is not above 0: START_SLOPE g - START_OFFSET, which
# is within 0.05 of the onset for p = 2.5 and g from 1.1 to 2.5, but at least LEAST_START.
START_SLOPE = 0.8
START_OFFSET = 0.5
LEAST_START = 0.3
LEAST_K = 0.02  # smallest k that is tried
MAX_K_STEP = 0.4  # largest step of k
FIRST_SLOPE = -0.8  # of q(k), while one value is known: -0.9 at g = 1.5, -0.35 at g = 1.1
LEAST_SLOPE = -0.2  # the least steep that is believed
# Values of q this close to 1 enter the linear fit. The curvature of q(k) then shifts k_c by about
# 0.004 at most. At g = 3 values K_OFFSET from the root are 0.08 off.
FIT_DISTANCE = 0.1
# Share of the distance from q = 1 to the plateau without overlap above which a value counts as on
# the plateau: there q(k) has a kink.
FIT_SHARE = 0.6
MAX_EVALUATIONS = 10  # solve and freeze, at most
# Distance in k by which values are spread around the expected root, so that a straight line is
# well determined; and within which of a value the root must be.
K_OFFSET = 0.05
