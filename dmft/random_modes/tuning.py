"""Numerical settings of this folder, with the reason for each."""

# ---- connectivity_check.py

# Argument z at which linear responses are compared, relative to the real part of the rightmost
# eigenvalue or to the root mean square of the couplings (times sqrt(N)), whichever is larger: the
# linear network is stable there.
COMPARED_RESPONSE = 1.3
PROBE_VECTORS = 64  # random vectors for the traces of the resolvent
# Deviations above which a warning is given: of the noise, relative to that of the matrix, and of
# the memory times the response.
NOISE_DEVIATION = 0.5
MEMORY_DEVIATION = 0.05

# ---- connectivity_gains.py

MAX_SWEEPS = 500  # of rows and columns in turn
GAINS_TOLERANCE = 1e-10  # change of the squared gains at which they have converged
# Change of a squared gain after all sweeps above which a warning is given: no gains balance the
# matrix, or the sweeps approach them too slowly.
UNCONVERGED_CHANGE = 1e-6
# Largest share of one neuron in the sum of the squared gains; above it a warning is given.
DOMINANT_SHARE = 0.5

# ---- connectivity_modes.py

# Arrays as large as the matrix at the height of its decomposition: both sets of modes, a copy that
# is overwritten, and four in the workspace of LAPACK's divide and conquer.
DECOMPOSED_COPIES = 7

# Singular value, relative to the largest, below which a mode has no strength: its singular vectors
# are then arbitrary.
ZERO_SINGULAR_VALUE = 1e-10

# ---- rotated_network.py

# Neurons up to which all pairs of modes are taken into account: resolvents of the full matrix, at a
# cost of order N^3, are needed at many frequencies.
MAX_NEURONS = 1500
