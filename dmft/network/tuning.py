"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

import numpy as np

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
# Where the code of an expression must be finite: exp overflows beyond 709.8.
FINITE_POINTS = (-1e5, -1e3, -711.0, -700.0, -30.0, 30.0, 700.0, 711.0, 1e3, 1e5)
# Distance from a break-point, relative to max(1, x), at which phi is evaluated for a jump.
KINK_STEP = 1e-9
# Most break-points: averages of pairs take a sum over pairs of them.
MOST_KINKS = 40

# --- symmetry.py ---
# Largest |phi(x) + phi(-x)|, relative to the largest |phi|, of an odd phi: rounding.
ODD_ROUNDING = 1e-13
# Magnitudes of x, beyond PROBE_POINTS, at which an odd phi must be odd too: a step of phi far from
# zero shows at all larger ones.
FAR_PROBES = (7.9, 11.3, 17.1, 26.9, 41.3, 67.0, 131.0)

# --- preparation.py ---
# Largest current and variance at t = 0: beyond, only the sign of x determines the activity of a
# saturating phi.
LARGEST_START = 1e6

# --- jumps.py ---
# Cells of the search for jumps: irregular, so that a jump at a round number lies within one.
JUMP_GRID = np.unique(np.concatenate([
    np.linspace(-6.013, 6.0137, 1201), np.geomspace(6.03, 64.07, 200),
    -np.geomspace(6.031, 64.03, 200)]))
# Width of a cell, relative to max(1, x), at which the step over it is a jump, if it is still this
# share of the step over the first cell and this share of the largest step. A smooth function would
# need a slope of 1e11.
JUMP_WIDTH = 1e-12
JUMP_SHARE = 0.1
SMALLEST_JUMP = 1e-6
# Cells that are bisected: the steepest ones.
SUSPECTED_JUMPS = 4

# --- piecewise_linear.py ---
# Places within a segment, as fractions of it, and distances beyond the outer kinks, at which a
# piecewise linear phi must be linear; and the largest relative deviation: rounding.
SEGMENT_POINTS = (0.03, 0.21, 0.46, 0.69, 0.93)
TAIL_POINTS = (1e-3, 0.37, 1.3, 41.0, 1e3, 1e5)
LINEAR_ROUNDING = 1e-13

# --- growth.py ---
# |x| at which phi(x)/x is compared: it has a limit if the last two agree to this share.
FAR_POINTS = (1e4, 1e6, 1e8)
SLOPE_AGREEMENT = 1e-4
# Largest |phi| next to an overflow of its code alone: log(1 + exp(x)) is 709 where exp overflows.
LARGE_OVERFLOW = 1e100

# --- network.py ---
# Weakest noise and bias: the fourth power, which the first integral contains, is still a number.
WEAKEST_INPUT = 1e-50
