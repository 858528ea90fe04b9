"""Numerical settings of this folder, with the reason for each."""

# -- dimension.py ------------------------------------------------------------------------------
# Tolerated excess of the dimension per neuron over one, which is reached for independent neurons.
DIMENSION_EXCESS = 1e-3

# -- four_point.py -----------------------------------------------------------------------------
# Smallest tolerance of a quadrature over sampled spectra, below their sampling noise.
SAMPLED_QUADRATURE_TOL = 1e-3

# -- pair_quadrature.py ------------------------------------------------------------------------
# Numbers of frequencies that are tried in turn, each half as large again.
FREQUENCY_COUNTS = (24, 36, 54, 81, 122, 183, 274, 411, 617, 925, 1388, 2082, 3123)
# Least factor by which the error decreases from one number of frequencies to the next: convergence
# is geometric.
REFINEMENT_GAIN = 3.0
# Frequencies that are combined with all others at a time, so that a block fits into the cache.
BLOCK_ROWS = 128
# Width of the distribution of nodes at lags other than zero, relative to that at zero lag: the
# oscillating factors need nodes also where the spectrum is small.
LAG_STRETCH = 4.0
# Static part of C_phi, over C_phi(0), above which a solution is refused.
LARGEST_STATIC_SHARE = 1e-6
# Share of the power of phi that the frequencies may miss: two numbers of frequencies that both miss
# a narrow band agree with one another.
LARGEST_MISSED_POWER = 1e-2
