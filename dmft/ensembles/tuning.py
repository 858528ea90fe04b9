"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# --- low_rank.py ---
# Rounding of eigenvalues of the loadings' covariance, relative to the largest: an eigenvalue below
# counts as zero, a more negative one as a covariance that is not positive semidefinite.
LOADING_ROUNDING = 1e-10
# Largest overlap along a combination of directions that is zero, relative to the largest overlap of
# the region: the rounding of overlaps that were computed from loadings, and of that combination.
NULL_OVERLAP = 1e-7

# --- matrix.py ---
# Smallest response S, times the norm of the matrix, for which the resolvents are evaluated: a
# smaller |S| is replaced by it, since z - 1/S would cancel to rounding, and noise and memory have
# reached their limits of weak response.
LEAST_RESPONSE = 1e-4
# Frequencies at which noise and memory are computed where the grid has more than twice as many; a
# cubic spline interpolates them, as they are smooth in frequency.
RESPONSE_NODES = 48

# --- modes.py ---
# Rounding by which a matrix of overlaps may exceed the norm 1 that Gaussian modes allow.
OVERLAP_ROUNDING = 1e-9

# --- overlap_matrix.py ---
# Largest condition number of the eigenvectors of D O for which the eigendecomposition is used: it
# loses as many digits as this number has. Beyond it, linear systems are solved.
WORST_CONDITION = 1e7
# Complex numbers per block of those linear systems: 2^24 of them take 0.27 GB.
NUMBERS_PER_BLOCK = 2**24

# --- spectrum.py ---
# Gauss-Legendre nodes of a smooth spectrum: averages are exact to rounding for all spectra that the
# constructors accept.
SPECTRUM_NODES = 64
# Smallest offset of a power law, in units of its modes per neuron: with a smaller one the first few
# modes have nearly all of the strength.
LEAST_OFFSET = 0.01
# Largest beta times modes per neuron of an exponential spectrum: the last mode then has exp(-50),
# 2e-22, of the strength of the first.
MOST_DECAY = 50.0
