"""Numerical settings of this folder, with the reason for each; times in neuronal time constants."""

from __future__ import annotations

# simulate.py
# Default interval of reference times of a stationary simulation.
DEFAULT_DURATION = 50.0
# Variance of x below which a network is quiescent.
QUIESCENT_VARIANCE = 1e-6
# Fewest networks whose drift is tested: fewer give no reliable standard error.
FEWEST_FOR_DRIFT = 8
# A drift gives a warning if it exceeds this number of standard errors, and one of the two limits
# below, under which it does not matter.
LARGEST_DRIFT_ERRORS = 5
# Relative change of the variance of x from one half of the measured time to the other.
LARGEST_DRIFT = 0.005
# The same of the squared covariances, which fluctuate more.
LARGEST_SQUARE_DRIFT = 0.02

# task.py, time_task.py, and freezing_run.py of plasticity
# A trajectory is at a fixed point if <(dx/dt)^2> / <x^2> is below the square of this.
FIXED_POINT_SPEED = 1e-4
# Steps between two tests for divergence: a test costs as much as an elementwise operation.
DIVERGENCE_CHECK_STEPS = 100

# transfer32.py
# Argument beyond which erf(sqrt(pi) x/2) is 1 in float32.
ERF_RANGE = 4.4
# Degree in x^2 of the polynomial p in tanh(x p(x^2)): gives erf to 2e-7, float32 precision.
ERF_DEGREE = 7
# Chebyshev nodes of the fit of that polynomial: many more than its coefficients.
ERF_NODES = 600

# --- unit_steps.py ---
# Largest deviation of a delay from a whole number of steps, in steps: rounding only.
DELAY_ROUNDING = 1e-6
