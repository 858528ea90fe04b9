"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# --- gains.py ---
# Largest number of input gains over which averages are taken: a longer list is replaced by a Gauss
# quadrature with the same moments.
MOST_INPUT_GAINS = 24
# Nodes of a log-normal distribution are dropped if their weight, times their fourth power where the
# gain is above 1, is below this: moments up to the fourth, which fluctuations need, keep float64
# accuracy.
NEGLIGIBLE_WEIGHT = 1e-17
# Largest standard deviation of the logarithm of gains: at 2 the fourth moment is exp(16), 9e6, and
# the few largest gains dominate averages.
LARGEST_SPREAD = 2.0

# --- nonlinearity.py ---
# Magnitudes of x at which phi and phi' are evaluated when a Nonlinearity is made: irregularly
# spaced, so that a kink at a round number lies at none of them.
PROBE_POINTS = (0.013, 0.11, 0.37, 0.83, 1.7, 2.9, 5.3)
# Step of the central difference that is compared with phi', and the largest deviation, relative to
# 1 + the largest |phi'|: the step's error is of order 1e-10, rounding's of order 1e-11.
DERIVATIVE_STEP = 1e-5
DERIVATIVE_TOLERANCE = 1e-5
# Largest |phi(x) + phi(-x)|, relative to the largest |phi|, of an odd phi: rounding.
ODD_ROUNDING = 1e-13

# --- preparation.py ---
# Largest current and variance at t = 0: beyond, only the sign of x determines the activity of a
# saturating phi.
LARGEST_START = 1e6
