"""Ensembles of your own: a mean and a covariance in sympy, from which noise, memory and drift follow.

`own_ensemble.py` has `dmft.ensemble` and the class that it returns; read it first. `definition.py`
derives the single site once for each definition, `site_kernels.py` evaluates it on grids of lags,
`notation.py` holds the symbols, `draw_check.py` compares a draw with the covariance.
"""
