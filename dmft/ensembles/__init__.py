"""Coupling ensembles, one a file: frozen data with the derivatives of their functional W.

Each says which noise (W' in C) and which memory (W' in S) it gives a unit; independent ensembles
add. Begin with `iid.py`; `ensemble.py` is the protocol, `properties.py` what a solver may ask
besides, `examples.py` the list over which the contract is tested, `causal_matrix.py` the 4 x 4
matrices of the second derivatives W''.
"""
