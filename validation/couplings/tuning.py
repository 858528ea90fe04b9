"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# draw.py
# Edge of the tiles in which a matrix is mixed with its transpose: two tiles fit into the cache.
TRANSPOSE_TILE = 512

# gains.py
# Nodes of the spline through the variance of phi as a function of the logarithm of that of x.
VARIANCE_NODES = 200

# loadings.py
# Units whose loadings are computed at once: limits the memory of the intermediate float64 arrays,
# of which only the float32 result is kept.
LOADING_CHUNK = 2**18
# Eigenvalues of the covariance below this, relative to the largest, are zero, as in LowRank.
ZERO_EIGENVALUE = 1e-10

# modes.py
# Rows of the dense matrix that are computed at once, to limit the memory of the product.
DENSE_ROWS = 1024

# own_synapses.py
# Longest lag up to which the decay of a kernel of the past is followed.
LONGEST_MEMORY = 500.0

# plastic_memory.py
# Past states that are multiplied at once: they stay in the cache between the two products.
STATE_ROWS = 64
# Outer products that are collected before they are added to the matrix.
GATHERED_STATES = 32
# Part of a constant past that is discarded, relative to the part that is kept.
MEMORY_TAIL = 1e-4
# Number of past states, in units of N, beyond which the matrix needs less time per step.
MATRIX_CHEAPER_BEYOND = 0.8

# plastic_resolution.py
# Steps in radians of the oscillation caused by anti-Hebbian couplings. Measured at k from -6 to
# -200, p = 2.5, g = 2: C_phi(0) is 1.5 % too large at 0.1 and 6.5 % at 0.21; at 1.8 the sign
# alternates from step to step. The first gives a warning, the second an error.
COARSE_STEP_ANGLE = 0.15
UNRESOLVED_STEP_ANGLE = 1.0
