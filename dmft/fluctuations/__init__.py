"""Covariances of pairs of neurons, from Psi = (Q - W'')^{-1}, and the dimension of activity.

`dimension.py` (participation ratio) and `four_point.py` (any two lags) have the public functions;
read the first. `pair_kernel.py` is the 4 x 4 formula for every sum of ensembles,
`pair_quadrature.py` integrates it over frequencies, `site_spectra.py` evaluates the single-site
spectra that it needs. `tuning.py` holds the tuned numbers.
"""
