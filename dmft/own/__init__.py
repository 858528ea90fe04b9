"""Ensembles of your own: noise, memory and drift that follow from a mean and a covariance in sympy.

`own_ensemble.py` has `dmft.ensemble` and the class that it returns; read it first. `definition.py`
derives the single site once for each definition, `site_kernels.py` evaluates it on grids of lags,
`synapse_rules.py` reads synapses for
simulations, `notation.py` holds the symbols, `draw_check.py` compares a draw with the covariance.
"""
