"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

from ..grids.lags import Lags

# --- first_integral.py ---
# Degrees of the Chebyshev series of the orbit, tried in turn until the tail is below rounding.
ORBIT_DEGREES = (40, 80, 160, 320, 640, 1280)
# Rounding of the stiffness 1 - gain <phi' phi'>: divided by its limit kappa^2, the tail of the
# series below which twice the degree may bring no more.
STIFFNESS_DIGITS = 2e-15
# Fluctuations about a static state, as a share of the variance and of kappa^2, below which they
# follow the linear equation: rounding of the variance and the next order are then both about 1e-8
# of the fluctuations.
LINEAR_SHARE = 1e-8

# --- first_integral_solve.py ---
# Length of the lag window in decay times of the correlation: exp(-30) is below rounding.
WINDOW_DECAYS = 30
# The number of lags is doubled from the first value until the spectrum is resolved, up to the
# second value.
LEAST_LAGS = 1024
MOST_LAGS = 8192
# The grid is fine enough where the spectrum at the highest frequencies, relative to its maximum, is
# below this value.
NYQUIST_SPECTRUM = 1e-11
# Grid of a solution that is constant in time: any grid represents it, and this one is small.
STATIC_LAGS = Lags(span=40.0, dt=0.05)

# --- stationary_variance.py ---
# Ratio of neighbouring variances in the search for the root from the bound downwards.
ROOT_SEARCH_RATIO = 1.2
# Rounding of the first integral by the primitive of phi, relative to Delta^2, and the relative
# error of the variance that is accepted from it.
PRIMITIVE_ROUNDING = 2e-15
ROOT_ACCURACY = 3e-13
# A stiffness below this value cannot be distinguished from zero in float64.
STIFFNESS_ROUNDING = 1e-14

# --- timescales.py ---
# Standard errors beyond which a value counts as different from zero. The threshold is high because
# the error is estimated from 16 groups only, and the extremum is sought among many lags.
RESOLVED_ERRORS = 5.0
# Standard error, relative to C(0), that stands for rounding in a solution without sampling noise:
# the tail of a positive correlation is negative by some 1e-11 where its window ends.
NUMERICAL_NOISE = 1e-9

# --- variance_bound.py ---
# Range of variances that is searched where phi is unbounded.
SMALLEST_VARIANCE = 1e-12
LARGEST_VARIANCE = 1e10
# Ratio of neighbouring variances in the search for the bound.
BOUND_SEARCH_RATIO = 1.3
# Largest growth of a static variance, as gain <phi^2> over the variance, beside which fluctuating
# solutions are sought. In C(tau) a Hermite polynomial of degree n contributes to the first integral
# 1/(n + 1) of what it does to <phi^2>, so that n up to 13 are included.
LARGEST_GROWTH = 7.0
# Relative change of that ratio, over a factor of 13 of the variance, above which phi is not yet
# linear.
LINEAR_GROWTH = 0.03

# --- integral_equation.py ---
# Lengths of the first panel and of the longest, in time constants: that of the steepest C_phi that
# is resolved, and one over which exp(tau) is integrated to rounding.
SHORTEST_PANEL = 1e-9
LONGEST_PANEL = 4.0
# Time after which exp(-tau) is below rounding, and the longest window of lags that is examined
# as a whole.
FILTER_MEMORY = 40.0
LONGEST_WINDOW_CHECKED = 800.0
