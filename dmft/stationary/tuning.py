"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

from ..grids.lags import Lags

# --- first_integral.py ---
# Degrees of the Chebyshev series of the orbit, tried in turn until the tail is below rounding.
ORBIT_DEGREES = (40, 80, 160, 320)

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

# --- lag_iteration.py ---
# Rounding error of one application of the self-consistent map, relative to Delta(0).
MAP_ROUNDING = 2e-15
# The window is doubled until the correlation decays within it, up to this span in time constants.
LONGEST_WINDOW = 1e5
# Largest relative difference between Delta(0) and the root of the first integral. A wrong root is
# much further off: the antiperiodic solution of the periodic grid differs by 1e-3 at g = 1.5 and
# span 80, with a residual of 6e-13.
FIRST_INTEGRAL_LIMIT = 1e-6

# --- stationary_variance.py ---
# Ratio of neighbouring variances in the search for the root from the bound downwards.
ROOT_SEARCH_RATIO = 1.2
# A stiffness below this value cannot be distinguished from zero in float64.
STIFFNESS_ROUNDING = 1e-14

# --- timescales.py ---
# Standard errors beyond which a minimum or a peak counts as resolved. The threshold is high because
# the error is estimated from 16 groups only, and the minimum is taken over many lags.
RESOLVED_ERRORS = 5.0

# --- variance_bound.py ---
# Range of variances that is searched where phi is unbounded.
SMALLEST_VARIANCE = 1e-12
LARGEST_VARIANCE = 1e10
# Ratio of neighbouring variances in the search for the bound.
BOUND_SEARCH_RATIO = 1.3
# Standard deviations of x over which the largest phi^2 is sought.
PHI_RANGE = 9.0
