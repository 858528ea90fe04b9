"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

from ..grids.times import Times

# ---- current_pattern.py

PATTERN_BLOCKS = 8  # blocks of the time, for the standard error of a mean
LINE_HALF_WIDTH = 2  # bins on either side of a spectral line: the main lobe of Hann's window
LINE_BAND = 0.05  # half width of a line, relative to its frequency
MIN_LINE_CYCLES = 4  # cycles of a line in the time; a slow drift looks like a line with fewer

# ---- period.py

# Largest distance of two states a period apart, relative to the currents' amplitude.
RETURN_DISTANCE = 5e-3
# Largest number of crossings of the section in one period: with more, quasi-periodic currents (a
# torus) come close enough to be taken for periodic ones.
MAX_LOOPS = 12

# ---- integrations.py

CLASS_TIMES = Times(250.0, 0.2)  # of the first integration

# Relative difference of the currents at the start between two integrations: far above errors of
# the step, and small enough to remain in one basin of attraction in nearly all cases.
NEARBY_START = 1e-3
# Step divisor and factor of the time of the integrations, in turn.
ROUNDS = ((1, 1), (2, 2), (2, 4), (4, 4))
# Time constants that a row of Delta extends into the past, and the least number of periods.
CLASS_MEMORY = 180.0
PERIODS_OF_MEMORY = 2.0

# ---- solution_class.py

SAME_PERIOD = 0.05  # relative difference of two periods below which they are the same one
# Error of an extrapolated period, relative to the correction: errors of order three are left.
PERIOD_ERROR_SHARE = 0.7
# Least standard error of a period, relative to it. The correction can vanish by chance while errors
# are left: of ten random networks two, with periods 33 and 36, had errors of 0.6e-4 and 1.6e-4.
LEAST_PERIOD_ERROR = 1e-4

# ---- class_evidence.py

VANISHED_SIZE = 1e-3  # size of the currents, relative to their largest, that counts as none
STATIC_MOTION = 1e-3  # fluctuation of the currents, relative to their size, that counts as static
# Standard errors by which an exponent must differ from zero for its sign to count.
EXPONENT_SIGNIFICANCE = 3.0
LINE_SHARE = 0.5  # share of the power in one line that makes a limit cycle of it
LINE_SIGNIFICANCE = 1.0  # standard errors by which a line's share must differ from that
BASELINE_SIGNIFICANCE = 5.0  # standard errors by which a mean must differ from zero
MIN_BASELINE_SHARE = 0.1  # smallest mean, relative to the amplitude, that makes a baseline
# Largest lag of the units' correlation, relative to the time: from the middle of the time, it does
# not reach into the first eighth.
LONGEST_LAG = 0.375

# ---- unit_correlation.py

# Share of a row of Delta that is used: its oldest values begin from zero, which is forgotten slowly
# near the onset of chaos.
EXACT_MEMORY = 2 / 3
LATE_LAGS = 0.25  # share of the lags at whose end the correlation's limit is read
SHORTEST_SERIES = 5  # least number of times over which the largest depth is taken

# ---- unit_evidence.py

# Share of the currents in the variance of a region that counts as none.
VANISHED_POWER = 1e-6
# Depth (1 minus the correlation coefficient after one period) below which units repeat themselves,
# and that from which they certainly do not. With a step of 0.2, second-order steps leave up to
# 1.3e-3 where they do, with 0.1 up to 2e-4.
COHERENT_DEPTH = 1e-3
INCOHERENT_DEPTH = 1e-2
# A depth below this share of that in the middle of the time still falls.
DECAY_TREND = 0.7
