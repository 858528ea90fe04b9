"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# --- window.py ---
# Decay of C_x at half of the window, relative to its value at lag zero: at g = 1.25 a window with
# 0.073 makes the entropy rate 9 % too small, and windows from 0.003 on agree to 0.3 %.
WINDOW_DECAY = 2e-3
SHORTEST_WINDOW = 24.0
# Step of the window: this, or this over the coupling strength if that is shorter. Without noise
# paths are smooth, and halving the step changes the entropy rate by less than 1e-3.
LARGEST_STEP = 0.5
STEP_OVER_GAIN = 2.0
# With white noise the gains are rough, and the error is proportional to the step.
NOISY_STEP = 0.25
# Largest number of points of the window: matrices of this size are factorised for each path.
MOST_POINTS = 1024

# --- control_features.py ---
# Values of C_x(tau)/C_x(0) at whose lags the products of gains are averaged.
FEATURE_LEVELS = (0.95, 0.8, 0.6, 0.35, 0.12)
# Points of the trapezoidal rule in each variable, in standard deviations from -REACH to REACH;
# the step in x is at most LINE_STEP, below the distance of the poles of sech^2.
REACH = 8.5
LINE_STEP = 0.08
# Ridges of the tilting, on standardised features: the first with which the effective number of
# paths is above this share of them. With 48 paths the exact means of 15 features lie in their hull
# with probability 0.996, with 32 paths with 0.6.
TILT_RIDGES = (1e-6, 1e-4, 1e-3, 1e-2, 0.1, 1.0)
LEAST_TILTED_SHARE = 0.2
TILT_STEPS = 60
# Singular values of the standardised features below which the regression drops a direction.
REGRESSION_RCOND = 1e-6

# --- tangent_kernels.py ---
# Modes are kept where A/|L|^2 or P exceeds this share of its maximum at the start.
ACTIVE_SHARE = 1e-6
# Scalar iterations of the closure with averaged gains, which gives the start.
CLOSURE_SWEEPS = 60
# Share of its maximum that P has at least at the start: where gains are constant, frequencies do
# not couple, and each must begin above 0.
START_FLOOR = 1e-2
# Spectra are kept above this share of their maximum, where rounding would make them negative.
CLOSURE_FLOOR = 1e-13
# Diagonal elements of E^T E below which 1 - M^-1 is not taken as a difference.
CANCELLING = 1e-7
ANDERSON_DEPTH = 6
LARGEST_LOG_STEP = 2.0
# Weighted root mean square of the change of log B and log P at which the iteration ends. Omega is
# stationary there, so that its error is of second order.
KERNEL_TOL = 3e-5
MOST_SWEEPS = 150
# Sweeps whose kernels are not positive, after which the iteration ends.
MOST_LOST = 3

# --- lyapunov_spectrum.py and thresholds.py ---
# First distances of thresholds from the edge, over lambda_max where it is positive: beyond, at and
# below s = 0. Then the distance grows by about this factor, to the last of the shares of the way
# from s = -1 to the edge that are solved in any case: F is steep near -1.
FIRST_DISTANCES = (0.4, 1.0, 1.8)
# Those that entropy rate and dimension need: s_KY is at -0.5 to -0.85 of lambda_max.
FEW_DISTANCES = (0.4, 1.0, 2.0)
DISTANCE_RATIO = 1.7
LOW_SHARES = (0.04, 0.09, 0.17, 0.3, 0.48)
# Below this share of the largest a the iteration starts at the kernels of the threshold above it,
# which saves half of the sweeps; near the edge the closure is the better start.
WARM_BELOW = 0.85
# The first distance where lambda_max is negative, as a share of the way.
STABLE_FIRST = 0.06
# Thresholds, from the edge on, that must be solved with memory: the edge follows from three.
LEAST_THRESHOLDS = 4
# The threshold s_KY is refined until it moves by less than this share of it: its error enters the
# dimension to second order.
TANGENT_TOL = 0.02
TANGENT_STEPS = 4
# The second window, from which the error is estimated: shorter and with longer steps by these.
COARSER_WINDOW = 1.4
COARSER_STEP = 1.4
# Residual of kernels, relative change between the windows, and distance of the weighted features
# from their exact means (in standard deviations of one path), at which a check fails.
RESIDUAL_LIMIT = 1e-3
ERROR_LIMIT = 0.03
FEATURE_LIMIT = 0.03

# --- spectrum_result.py ---
# 1 - F is a cubic spline in log(a + this share of the edge), a = 1 + s: the density is steep near
# -1. At g = 1.5 and 3 it deviates by 1e-4 at most where a is above 0.12, by 2e-3 below.
LOG_OFFSET = 0.02

# --- constant_gains.py ---
# Gauss-Legendre nodes in frequency, bisections for the product B P, and thresholds.
FREQUENCIES = 160
BISECTIONS = 60
CONSTANT_NODES = 200

# --- site_with_memory.py ---
# Cheap paths of a unit with memory: 2000 take less than a second on one core.
CHEAP_PATHS = 4000
# Sweeps after which paths have settled at given statistics, as in sampled/tuning.py.
SITE_SWEEPS = 4
# Half of the window in memory times, at which C_phi/C_phi(0) falls to 0.1; and the share of it from
# which sampled curves are tapered: at later lags they are sampling noise.
WINDOW_IN_MEMORY_TIMES = 2.0
SHORTEST_MEMORY_WINDOW = 48.0
TAPER_BEGIN = 0.65
# Level of C_x at the last lag whose statistics enter the regression of features, which leaves out
# directions with singular values below the second.
LAST_LEVEL = 0.04
STATISTICS_RCOND = 1e-3
# Groups of cheap paths, whose residuals are added up.
CHEAP_GROUPS = 32

# --- memory_spectrum.py ---
# Difference in a from which 1 - F is the derivative of psi at fixed kernels.
SLOPE_STEP = 3e-4
# Change of the causal response, relative to its largest value, at which its iteration ends, and
# its largest number of sweeps: 8 to 12 are usual, and it does not converge where it does not exist.
RESPONSE_TOL = 1e-6
RESPONSE_SWEEPS = 24
# Places at which the causal response is tried, the first that is found and one at this distance
# being those from which the error of the grid is extrapolated. At g = 2, r = 0.3 it changes by 2e-5
# from a = 0.9 to 1.05, linearly to 2e-6; the share of the change that counts as an error of psi.
CAUSAL_PLACES = (1.0, 1.2, 1.5, 2.0, 3.0)
CAUSAL_STEP = 0.04
EXTRAPOLATION_SHARE = 0.3

# --- with_memory.py ---
# Standard error of the largest exponent by perturbed paths, which only places the thresholds, and
# the difference of the edge from it, beyond five standard errors, at which a check fails.
EDGE_TOL = 5e-3
EDGE_LIMIT = 5e-3
# Difference of the cheap paths from the solution, in standard errors of all of some 15 averages:
# 9 where the tail of C was not tapered.
SITE_LIMIT = 5.0
# Lowest threshold: above -1/p by this share of the distance to the edge; with reciprocity at this
# share of the edge's a: below, the number of sweeps and the error of the window grow.
LOWEST_SHARE = 0.08
LOWEST_RECIPROCAL = 0.2
