"""Numerical settings of this folder, with the reason for each."""

# ---- attractor_manifold.py

# Distance of ln(c^2 psi psi) from zero within which a pair of currents is taken to be marginal, so
# that it may flow. The gains are accurate to 1e-13 in their logarithms.
MARGINAL_LOG_GAIN = 1e-9

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

# ---- random_overlaps.py

DRAWS_PER_BATCH = 2048  # draws whose eigenvalues are computed together
HALF_CELL = 0.01875  # half a cell of the published map: 40 cells from 1 to 2.5
MAX_DRAWS = 2_000_000  # after which the eigenvalue is reported as too rare

# ---- fixed_point_gains.py

MAX_GAIN_STEPS = 500  # Newton steps; no case is known that needs as many
GAIN_ACCURACY = 1e-13  # of the logarithms of the gains, at which Newton's method has converged
# Distance of L = -ln psi from its value without currents, below which a region has none.
INACTIVE_DISTANCE = 1e-11
CURVATURE_STEP = 1e-4  # step in L of the finite differences for the programme's curvature

# ---- structured_region.py

POTENTIAL_NODES = 128  # Gauss-Legendre nodes of the integral of the correlation over D
# Largest b phi'(0): above it <phi'^2>, the slope at the variance, is lost in rounding.
LARGEST_STRENGTH = 1e3

# ---- energy.py

OVERLAP_ROUNDING = 1e-9  # asymmetry of overlaps, relative to the largest, that counts as rounding

# ---- chaos_search.py

SEARCH_SIZE = 3.0  # of the entries of the first T, times sqrt(R): most of them have limit cycles
SEARCH_STEP = 0.1  # of Runge-Kutta steps; halved in the confirmation
CLIMBED_TIME = 120.0  # time constants over which a generation is judged
CONFIRMED_TIME = 600.0  # over which the result is
PARENT_SHARE = 0.25  # of the population, kept and copied
CHILD_CHANGE = 0.1  # rms change of a copy, relative to the rms of T
CHAOS_SIGNIFICANCE = 5.0  # standard errors by which an exponent must be positive
