"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

from ..grids.lags import Lags

# --- lag_iteration.py ---
# Stages of plain steps (most steps, residual) before Newton's method, and before its next trial.
# From the local approximation: the fast part of the correlation settles in three steps.
NEAR_STAGES = ((3, 0.0),)
# From above: the residual remains above 1e-2 while the activity decays to zero. Just beyond a fold,
# where two states have merged, it is smaller, and plain steps take thousands of steps to pass.
FAR_STAGES = ((1000, 1e-2), (1000, 1e-4), (3000, 1e-6))
# Shares of the upper estimate of the variance from which the search starts.
SATURATION_SHARES = (1.0, 0.3)
# Largest relative difference between Delta(0) and the root of the first integral. A wrong root is
# much further off: the antiperiodic solution of the periodic grid differs by 1e-3 at g = 1.5 and
# span 80, with a residual of 6e-13.
FIRST_INTEGRAL_LIMIT = 1e-6
# Largest relative change of Delta on twice the window with half the step.
REFINEMENT_LIMIT = 1e-6

# --- lag_solve.py ---
# Rounding error of one application of the self-consistent map, relative to Delta(0).
MAP_ROUNDING = 2e-15
# Correlation in the last tenth of the window above which the window is doubled, up to this span in
# time constants and up to this number of lags.
WINDOW_TAIL = 1e-10
LONGEST_WINDOW = 1e5
MOST_WINDOW_LAGS = 2**17
# Share of its first Delta(0) below which the activity counts as decaying to zero in plain steps.
# A state of smaller variance is found from the local approximation.
COLLAPSED_SHARE = 1e-4
# Factor over its first value at which the variance counts as growing without bound: the starts are
# above the solutions that are sought, or of the order of the input.
GROWN_FACTOR = 100.0
# Fluctuating share of Delta(0) below which the end of an iteration is a constant state: the error
# of the iteration is smaller by far.
FLUCTUATING_SHARE = 1e-7
# Violations by rounding of |C| <= C(0), relative to C(0), and of a spectrum of 0 or above, relative
# to its largest value; then the larger ones that trial states of Newton's method may have.
PEAK_LIMIT = 1e-9
SPECTRUM_LIMIT = 1e-8
TRIAL_SLACK = 1e-6
TRIAL_DEPTH = 1e-3

# --- linearised_map.py ---
# Relative change of the variance in its difference quotient: the error is of order 1e-8, from the
# third derivative and from the rounding of averages, 1e-13, divided by this number.
VARIANCE_PROBE = 1e-4
# Change of C, relative to C(0), in the difference quotient of the noise: exact up to rounding,
# 1e-10, for noise that is linear in C.
NOISE_PROBE = 1e-6
# Least absolute value of 1 - (gain at a frequency) by which the preconditioner divides.
LEAST_RESTORING = 1e-9

# --- local_approximation.py ---
# Grid on which the gain of the couplings is measured; its span is doubled until the maximum is
# resolved: its neighbours differ from it by less than this share, and the parabola through three
# values is then exact to the square of it.
GAIN_GRID = Lags(span=400.0, dt=0.1)
GAIN_PEAK_WIDTH = 1e-3
# Longest span for this, beyond the time constants of couplings.
GAIN_LONGEST_SPAN = 1e4
# Largest relative difference between the noise of a correlation and that of the gains at which the
# noise counts as linear in C: the difference quotients are accurate to 1e-9.
PROPORTIONAL_LIMIT = 1e-6

# --- constant_states.py ---
# Iterations of the static variance where the noise is not linear in C, and the relative change at
# which they end.
STATIC_ITERATIONS = 10000
STATIC_ROUNDING = 1e-14
STATIC_COLLAPSE = 1e-12
# Variance from which this iteration, and the search for active states, begins: phi is saturated
# there, or grows so slowly that the iteration comes down.
LARGE_VARIANCE = 100.0
# Error of the growth of fluctuations: rounding, where the noise is linear in C; where the growth is
# an eigenvalue, its tolerance and the effect of the window, in which vectors of a continuous
# spectrum do not decay. Then the decay time of the vector from which the search for the eigenvalue
# starts, and the number of vectors that the search keeps.
GROWTH_ROUNDING = 1e-13
GROWTH_TOL = 1e-4
GROWTH_DECAY = 10.0
GROWTH_KRYLOV = 60

# --- starting_correlation.py ---
# Least number of lags in a radian of an oscillation: the highest frequency of the grid is then the
# seventh harmonic. If that is not enough, the step is halved later.
LAGS_PER_RADIAN = 2.5
# Least span in discrete time: a whole number of steps, longer than lags that are usually asked for.
LEAST_MAP_SPAN = 32.0
