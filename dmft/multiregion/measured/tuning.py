"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# spiked_block.py
# 0.999 quantile of the Tracy-Widom law of real matrices: above it a singular value stands out.
EDGE_QUANTILE = 3.272
# Share of the largest singular value below which others are rounding (of weights in single
# precision): the block has no disorder.
NO_REST = 1e-6
REST_ROUNDS = 50  # of the iteration of g, which needs fewer than ten

# spike_errors.py
DRAWS = 400  # of the parametric bootstrap; standard errors to 4 %
BISECTIONS = 60  # steps of the search for a singular value, each of which halves the error

# partition.py
# Fewest units of a region: errors of the theory are of order 1/sqrt(N).
SMALLEST_REGION = 10

# measured_currents.py
# Variance of a combination of directions, in units of theirs, below which it is taken as zero.
SMALLEST_COVARIANCE = 0.05

# measure_weights.py
# p value, times the number of tests, below which the rest is reported as not independent.
REST_LEVEL = 1e-3
# Excess kurtosis of a loading that is reported, and standard errors by which it must differ from 0.
LOADING_KURTOSIS = 1.0
LOADING_SIGNIFICANCE = 4.0

# rest_tests.py
# Excess kurtosis up to which the limit laws of the tests hold in blocks of a hundred units.
GAUSSIAN_KURTOSIS = 1.0
PERMUTATIONS = 24  # of the entries of a block with a larger one; each needs a product of matrices
