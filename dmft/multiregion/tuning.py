"""Numerical settings of this folder, with the reason for each."""

# ---- attractor_manifold.py

# Distance of ln(c^2 psi psi) from zero within which a pair of currents is taken to be marginal, so
# that it may flow. The gains are accurate to 1e-13 in their logarithms.
MARGINAL_LOG_GAIN = 1e-9

# ---- current_pattern.py

PATTERN_BLOCKS = 8  # blocks of the time, for the standard error of a mean
LINE_HALF_WIDTH = 2  # bins on either side of a spectral line: the main lobe of Hann's window
MIN_LINE_CYCLES = 4  # cycles of a line in the time; a slow drift looks like a line with fewer

# ---- matching_polytope.py

WEIGHT_ROUNDING = 1e-9  # error of weights, relative to the largest load, that counts as zero
# Feasibility tolerance of the linear programmes, the smallest that HiGHS accepts.
PROGRAMME_TOLERANCE = 1e-10
# Most bases that are tried in an enumeration of the vertices; it takes time and memory in
# proportion to their number.
MAX_BASES = 200_000

# ---- mean_gain.py

# Degrees of the Chebyshev series that are tried in turn, until its tail is negligible.
SERIES_DEGREES = (32, 64, 128, 256, 512, 1024)
WARNED_GAIN_ERROR = 1e-9  # error of the mean gain above which a warning is given

# ---- period.py

# Largest distance of two states a period apart, relative to the currents' amplitude.
RETURN_DISTANCE = 5e-3
# Largest number of crossings of the section in one period: with more, quasi-periodic currents (a
# torus) come close enough to be taken for periodic ones.
MAX_LOOPS = 12

# ---- random_overlaps.py

DRAWS_PER_BATCH = 2048  # draws whose eigenvalues are computed together
MAX_DRAWS = 2_000_000  # after which the eigenvalue is reported as too rare

# ---- fixed_point_gains.py

MAX_GAIN_STEPS = 500  # Newton steps; no case is known that needs as many
GAIN_ACCURACY = 1e-13  # of the logarithms of the gains, at which Newton's method has converged
# Distance of L = -ln psi from its value without currents, below which a region has none.
INACTIVE_DISTANCE = 1e-11
CURVATURE_STEP = 1e-4  # step in L of the finite differences for the programme's curvature

# ---- solution_class.py

# Relative difference of the currents at the start between two integrations: far above errors of
# the step, and small enough to remain in one basin of attraction in nearly all cases.
NEARBY_START = 1e-3

# ---- class_evidence.py

VANISHED_SIZE = 1e-3  # size of the currents, relative to their largest, that counts as none
STATIC_MOTION = 1e-3  # fluctuation of the currents, relative to their size, that counts as static
# Standard errors by which an exponent must differ from zero for its sign to count.
EXPONENT_SIGNIFICANCE = 3.0
LINE_SHARE = 0.5  # share of the power in one line that makes a limit cycle of it
BASELINE_SIGNIFICANCE = 5.0  # standard errors by which a mean must differ from zero
MIN_BASELINE_SHARE = 0.1  # smallest mean, relative to the amplitude, that makes a baseline

# ---- structured_region.py

POTENTIAL_NODES = 128  # Gauss-Legendre nodes of the integral of the correlation over D
# Largest b phi'(0): above it <phi'^2>, the slope at the variance, is lost in rounding.
LARGEST_STRENGTH = 1e3

# ---- energy.py

OVERLAP_ROUNDING = 1e-9  # asymmetry of overlaps, relative to the largest, that counts as rounding
