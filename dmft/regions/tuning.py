"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# --- current_stability.py ---
# Growth rates below this value are not followed: single units decay at rate -1, and the response of
# the variance is defined for rates above -1 only.
FASTEST_DECAY = -0.95
# A growth rate of smaller modulus counts as zero: the direction is marginal.
MARGINAL_RATE = 1e-6

# --- fixed_currents.py ---
# Nodes of the interpolated gain psi(drive) with which candidates are found; each candidate is then
# refined with the exact gain.
GAIN_NODES = 64
# Largest number of Heun steps that relax the starts before Newton's method, and their size in time
# constants.
FLOW_STEPS = 300
FLOW_STEP = 0.5
# A start is relaxed until no current changes faster than this rate; then Newton's method takes
# over.
RELAXED_RATE = 3e-4
# The same for regions that share disorder, whose correlations relax together with the currents, one
# step of their map for one of the currents: step, and grid of lags. Candidates may be inaccurate.
COUPLED_FLOW_STEP = 0.5
COUPLED_FLOW_LAGS = (40.0, 0.4)
# Two candidates are the same if they differ by less than this: their grid of lags is coarse.
COUPLED_DISTANCE = 3e-3

# --- coupled_search.py ---
# Tolerance, and largest number of iterations, of Newton's method for currents and correlations.
COUPLED_TOL = 1e-7
COUPLED_ITERATIONS = 40

# --- fixed_currents.py ---
# Newton's method with the exact process: largest number of steps, and largest change of a current
# in one step, relative to the largest current (at least 1).
NEWTON_STEPS = 30
LONGEST_NEWTON_STEP = 0.3
# Largest residual of a fixed point, relative to its largest current (at least 1).
FIXED_POINT_RESIDUAL = 1e-9
# Two fixed points are the same if they differ by less than this, relative to the largest current
# (at least 1).
SAME_DISTANCE = 1e-5

# --- regional_process.py ---
# A region fluctuates if Delta(0) - Delta(inf) exceeds this fraction of Delta(0).
FLUCTUATION_THRESHOLD = 1e-9
# Variance below which a region is tested for a decay to zero: it is quiescent if nothing drives it
# and its quiescent state is stable.
DECAYED_VARIANCE = 1e-8
# Relative change of a static variance at which its iteration ends.
STATIC_ROUNDING = 1e-14
# Iteration of regions that share disorder: its tolerance, the rounding error of its map, and its
# largest number of steps.
PROCESS_TOL = 1e-11
PROCESS_ROUNDING = 2e-15
MOST_ITERATIONS = 5000
# Longest lag window, in time constants; the window is doubled until correlations decay within it.
LONGEST_WINDOW = 4000.0
# Residual of the iteration at which Newton's method takes over.
NEWTON_START = 1e-2
# Largest number of iterations of Newton's method: it needs fewer than ten, and the plain iteration
# follows where it fails.
NEWTON_ITERATIONS = 30

# --- regional_map.py ---
# Difference of two states for a derivative, relative to their size.
TANGENT_STEP = 1e-7

# --- regional_solve.py ---
# Random starts of the search for fixed points; fewer where regions share disorder, because each
# state then requires an iteration of its own.
STARTS = 60
SHARED_DISORDER_STARTS = 8
# Lags of the correlations of a state, where no grid is given.
STATE_LAGS = 512

# --- variance_response.py ---
# Chebyshev nodes of the collocation on the half-line of lags.
COLLOCATION_NODES = 96
# Length of this half-line in decay times of the correlation: exp(-30) is below rounding.
COLLOCATION_DECAYS = 30.0
# Relative change of a variance in finite differences.
DIFFERENCE_STEP = 1e-4
