"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# --- causal_march.py ---
# Time constants of the past that a row keeps. The variance and the currents at time t depend on
# older rows by a factor exp(-ROW_MEMORY) where units forget, and by more where correlations at long
# lags decay slowly: 40 leaves errors of 1e-8 on a limit cycle and of 1e-2 near the onset of chaos;
# with 120 no error was detected.
ROW_MEMORY = 120.0

# --- march_parts.py ---
# Time constants over which exp(t) does not overflow: blocks of the running sum along a row.
LONGEST_BLOCK = 500.0

# --- solve_in_time.py ---
# Largest number of times that the step of the grid is halved.
MOST_HALVINGS = 6
# Largest number of steps of one march: a finer step than that is not tried.
MOST_STEPS = 60_000
# Powers of the step in the error of a march, which Richardson extrapolation removes in turn.
ERROR_ORDERS = (2, 3, 4, 5, 6)

# --- march_cost.py ---
# Duration of one step without random couplings, and of one value of C in a row, by a closed form of
# the averages or by Chebyshev series; measured on one core, for erf and tanh. Machines differ by a
# factor of about two.
SECONDS_PER_STEP = 2e-4
SECONDS_PER_CLOSED_VALUE = 4e-8
SECONDS_PER_SERIES_VALUE = 6e-7
