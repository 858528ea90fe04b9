"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# --- allocation.py ---
# Share of the memory that is free now that one call may take; the rest is left to other
# processes, and to the temporary arrays that the estimates do not count.
MEMORY_SHARE = 0.8
# Seconds above which a warning precedes a computation.
LONG_RUN = 60.0

# --- checks.py ---
# Largest magnitude of an argument: its square, 1e200, and sums of such squares stay below the
# largest float64, 1.8e308.
LARGEST_NUMBER = 1e100

# --- iteration.py ---
# Residual above which only plain steps are taken: Anderson acceleration that starts far from the
# chaotic solution converges to another root.
ACCELERATION_GUARD = 1e-2
# Differences of past values that the acceleration combines.
ANDERSON_DEPTH = 3
# Iterations without a new smallest residual after which the iteration counts as stalled.
STALL_ITERATIONS = 60
# Singular values of the differences, relative to the largest, below which they are dropped from
# the least-squares problem: the differences become nearly parallel as the iteration converges.
ANDERSON_RCOND = 1e-10

# --- newton_krylov.py ---
# Relative residual of the linear equations: an error of 1e-3 in a Newton step makes the next one
# 1000 times smaller, so that a few steps reach rounding, and GMRES ends after some ten products.
GMRES_TOL = 1e-3
# Largest number of products with the derivative in one Newton step; it is not restarted.
KRYLOV_DIMENSION = 80
# Times that a Newton step is halved before a plain step is taken in its place.
NEWTON_HALVINGS = 5
# Decrease of the residual that is required of a full Newton step, as a share of it (Armijo's rule).
LEAST_DECREASE = 1e-4
# Ratio of successive residuals above which a Newton step has not improved the value ...
NEWTON_STALL = 0.5
# ... and the number of steps in which the smallest residual must decrease by this ratio, or the
# iteration ends: from a start near enough it converges in about ten steps.
NEWTON_STALL_ITERATIONS = 12

# --- long_call.py ---
# Seconds of a call before a bar is shown.
QUIET_SECONDS = 1.0
