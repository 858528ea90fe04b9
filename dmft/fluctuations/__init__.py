"""Covariances of pairs of neurons: Psi = (Q - W'')^{-1}, and the dimension of activity.

`dimension.py` (participation ratio) and `four_point.py` (any two lags) are the verbs; read the
first. `pair_kernel.py` is the one 4 x 4 formula for every sum of ensembles, `pair_quadrature.py`
integrates it over frequencies, `site_spectra.py` brings what it needs of single sites.
"""
