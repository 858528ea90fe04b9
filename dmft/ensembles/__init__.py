"""Coupling ensembles, one per file: frozen data with the derivatives of their functional W.

Each computes the noise (dW/dC) and the memory kernel (dW/dS) of a unit; those of independent
ensembles add. `iid.py` is an example; read it first. `ensemble.py` is the protocol, `properties.py`
has its optional properties, `causal_matrix.py` the 4 x 4 matrices of the second derivatives W'',
`tuning.py` the numerical settings.
"""
