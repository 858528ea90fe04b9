"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# deviation_tests.py
# Fewest networks of one size: the standard error of fewer is itself too uncertain.
FEWEST_NETWORKS = 8
# Fewest points of a grid that is interpolated: below this, omitting every second point leaves too
# few for a cubic spline.
FEWEST_GRID_POINTS = 8
# Largest error of the interpolation of the theory, relative to its scale. It is also the tolerance
# of the four-point functions of the theory in compare_pairs.py.
SPLINE_TOLERANCE = 1e-4
# Ratio of the errors of a cubic spline, of fourth order, at twice the step and at the step.
SPLINE_ERROR_RATIO = 16

# compare_times.py
# Number of times that are compared by default: by Holm's correction, every additional test lowers
# the power of the others.
DEFAULT_TIMES = 6
# Numerical error of the theory, relative to its scale: smaller deviations cannot be distinguished
# from it.
THEORY_ROUNDING = 1e-6
# Two times are equal if they differ by less than this, in neuronal time constants.
LARGEST_TIME_DIFFERENCE = 1e-6

# compare_states.py
# Distance of the mean currents of a trial from those of a state, relative to the size of these, up
# to which the trial is at the state: half way to the state without currents.
LEFT_SHARE = 0.5
# Largest residual of a state, relative to its largest current, in the network of the runs.
WRONG_STATE = 1e-6

# compare_spectra.py
# Number of thresholds that are compared by default.
DEFAULT_THRESHOLDS = 6
# Number of exponents of each network above the last threshold that is compared by default.
FEWEST_ABOVE = 8
# Share of the way from -1/p, around which the exponents of synapses are spread in finite networks,
# to the edge, below which F is not compared by default. At g = 2, k = 1, p = 2.5 (edge 0.128)
# F(-0.25) is 0.058, 0.019, 0.008 below theory in networks of 40, 80, 120 units.
SYNAPTIC_SHARE = 0.3
# Points at which F of the theory is inverted: the error of a threshold does not matter, since F is
# computed there again.
INVERSION_POINTS = 2001
# Distance from s = -1 within which F of the theory, sampled and steep there, has this error.
STEEP_RANGE, STEEP_ERROR = 0.1, 1e-2

# power.py
# Bisections of the detectable deviation: enough for the last bit of a float.
BISECTIONS = 60

# verdict.py
# Resolution that a comparison must reach before it is said to agree.
REQUIRED_RESOLUTION = 0.05
# Largest number of times more networks that a message advises: beyond it, they must be larger.
MOST_ADVISED = 1000.0
