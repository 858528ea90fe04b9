"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# --- growing_basis.py ---
FIRST_MODES = 64  # rows that are allocated at first
# A direction whose part outside of the basis is smaller than this is in the basis already.
NEW_DIRECTION = 1e-6
# Share of an innovation from which on the basis is in single precision, whose errors of 1e-7 are
# far below its square.
SINGLE_FROM = 1e-3
FULLEST = 0.9  # share of the directions of the paths that may be in use

# --- path_march.py ---
# Share of an innovation in phi that is worth a mode. What is left out shows in correlations of
# linear reciprocal units: 1e-3 of them at 3e-3, 3e-4 at 1e-3. The number of modes grows like the
# logarithm of 1/MODE_SHARE.
MODE_SHARE = 1e-3

# --- time_steps.py ---
# Shares of the first step after an event at which shorter steps end: the first one is of first
# order, with an error of 1/500 of that of a whole step.
FINER_STEPS = (1 / 16, 1 / 8, 1 / 4, 1 / 2)

# --- row_control.py ---
# Ridge of the rotation of rows, relative to the mean square of a row: 1e-5 to 1e-2 give the same
# results, and less rotates rows by noise where modes are many.
ROW_RIDGE = 1e-3
# The control acts where the linear surrogate explains more than this share of x, fully from the
# second value on. Below, sites are bistable and the controlled rows are biased.
EXPLAINED_FROM, EXPLAINED_FULLY = 0.93, 0.96

# --- response_in_time.py ---
# Ridge of the regression, relative to the trace. A smaller one amplifies errors of the step and of
# the sampling.
RESPONSE_RIDGE = 1e-3

# --- site_in_time.py ---
# Pairs of populations, or strengths of modes with overlaps: each has innovations of its own.
MOST_GROUPS = 36

# --- solve_paths.py ---
# Longest step: errors of 1e-4 to 1e-3 of the variance.
LONGEST_STEP = 0.1
MOST_HALVINGS = 4  # of the step, where its error is above tol
STEP_SETS = 2  # sets of paths with twice the step, from which the error of the step is estimated
LARGEST_VARIANCE = 1e12  # activity that grows beyond it diverges
PATHS, REPEATS = 1000, 8
# Modes that smooth activity needs per time constant, and of all at first: paths must outnumber
# them, and memory follows from them. Measured at MODE_SHARE = 1e-3 for g from 1.2 to 4.
MODES_PER_TIME, MODES_AT_FIRST = 4.2, 36
# Paths per direction in use. Where the response returns, the controlled rows have a bias of about
# (modes/paths)^2: 1 % of <phi^2> at g = 3, reciprocity -.5 with noise, and 3 paths per direction.
PATHS_PER_DIRECTION, WITH_RETURNS = 2.0, 5.0
LEAST_PATHS = 64
MOST_REPEATS = 64

# --- path_cost.py ---
# Seconds of a step of one path, and of each mode in it; measured on one core.
SECONDS_PER_PATH_STEP = 1e-7
SECONDS_PER_PATH_AND_MODE = 3e-9
# Sets of paths from whose scatter the error has no variance (Student's t with two degrees of
# freedom): reports of progress leave it out until there are more.
LEAST_SETS = 3
