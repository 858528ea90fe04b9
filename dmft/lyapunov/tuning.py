"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

from ..grids.times import Times

# --- current_exponent.py ---
# Initial distance of the perturbed copy, relative to the size of the state.
START_DISTANCE = 1e-6
# The distance is reduced to the first value where it exceeds the second, relative to the size of
# the state: small enough for linear growth, and far above rounding.
RESET_DISTANCE = 1e-8
LARGEST_DISTANCE = 1e-5
# Relative distance below which only rounding is left to measure.
DISTANCE_ROUNDING = 1e-13
# Largest product of the step and the fastest rate of the currents: with longer steps the
# discretised currents can be chaotic where the continuous ones are not.
LARGEST_STEP_RATE = 0.8
# Divisors of the step that are tried in turn, until the exponent changes by less than so many
# standard errors.
STEP_DIVISORS = (1, 2, 4, 8)
AGREEING_ERRORS = 2.0
# Blocks of the measured time, from which the standard error is estimated.
TIME_BLOCKS = 8
# Shortest solution, in time constants, from which an exponent is measured.
SHORTEST_DURATION = 32.0

# --- lyapunov_exponent.py ---
EXPONENT_TIMES = Times(400.0, 0.2)  # over which a network's currents are followed
# Change of the exponent under the last refinement above which a warning is given, and above which
# the computation fails.
WARNING_ERROR = 1e-6
FAILURE_ERROR = 1e-3

# --- schroedinger_problem.py ---
# Degrees of the polynomials on an element, tried in turn until the exponent changes by less than
# ACCURACY.
DEGREES = (10, 14, 20, 28, 36)
ACCURACY = 1e-9

# --- spectral_elements.py ---
# First edges of elements, relative to the length of the interval: psi decays along it, and is steep
# near zero.
FIRST_EDGES = (0.0, 0.03125, 0.0625, 0.125, 0.25, 0.5, 1.0)
# Chebyshev nodes of an interval, and the bound on the last coefficients of W, times its weight, at
# which it is not halved further, relative to the largest |W|: averages know 13 digits of it.
POTENTIAL_NODES = 14
POTENTIAL_TAIL = 1e-12
# Rounds of halving: a corner like the square root of the lag is resolved after some 20.
MOST_HALVINGS = 40
# Change of the energy that counts as rounding; and the residual of psi above which the iteration
# goes on: its square, over the distance to the next state, is the error of the energy.
ENERGY_ROUNDING = 1e-13
LARGEST_RESIDUAL = 1e-9
# Largest numbers of inverse iterations (4 to 10 are usual), of halvings of the way to a closer
# shift, and of steps for the decay at the end (1 to 6 are usual).
MOST_INVERSE_STEPS = 200
MOST_SHIFT_HALVINGS = 10
MOST_DECAY_STEPS = 60

# --- sampled_exponent.py ---
# The two rates from which the secant method starts.
FIRST_RATES = (0.1, 0.13)
# Paths of one group, of which there are 16.
LEAST_PATHS = 24
# First the rate is found by the secant method, with power iterations to this change of the growth
# and steps of at most this size, until one is below the third; then every sweep moves it.
ROUGH_TOL = 3e-3
LARGEST_RATE_STEP = 0.1
LARGEST_LAST_STEP = 0.02
MOST_SECANT_STEPS = 30
# The growth decreases with the rate at least so fast: the transfer of a unit, 1/abs(1 + rate)^2,
# does by 2/(1 + rate).
LEAST_DECREASE = -0.5
# Growth at the end, its last change, and the change of the perturbations, relative to their size.
AMPLIFICATION_TOL = 3e-6
PATH_CHANGE = 5e-4
# The first of them for groups of paths: a fifteenth of their mean deviation enters the result.
GROUP_TOL = 3e-5
# Largest number of sweeps of either part.
MOST_SWEEPS = 400
# Exponents between -1/p and -1/p plus this are set to -1/p, the rate of the synapses alone.
SYNAPTIC_MARGIN = 1e-3
# Largest factor by which the number of paths grows to reach the requested standard error.
LARGEST_GROWTH = 256.0
# Largest rms of the correlation of perturbations in the last third of the lag window, over its
# value at zero lag, without the sampling noise. Exponents that are known exactly have up to 0.012;
# linear units, whose perturbations do not decay in the lag, have 0.05 to 0.5, and exponents that
# are wrong by 0.03 to 0.25.
LATE_SHARE = 0.03

# --- unit_exponent.py ---
# Periods of the paths over which perturbations of one unit grow, after one in which they align.
MEASURED_PERIODS = 4

# --- lag_exponent.py ---
# Tolerance of an eigenvalue, and of the rate: far below the error of the grid.
EIGENVALUE_TOL = 1e-12
RATE_TOL = 1e-11
# First widths of the bracket of the rate, around the value of a coarser grid, and without one.
RATE_BRACKET = (1e-4, 0.1)
# Change of the exponent, between the lags of the solution and half of them, above which a warning
# is given: the error on all lags is several times smaller.
LAG_WARNING_ERROR = 1e-4
