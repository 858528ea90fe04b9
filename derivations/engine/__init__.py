"""The engine: from a network's definition to its action, disorder average and single-site equation.

`disorder.py` averages over the couplings and gives the functional W of the order parameters;
read it first. `saddle.py` takes the first derivatives of W (noise, memory, drift), `spectral.py`
and `four_point.py` the second ones (fluctuations); `couplings.py` and `kinds_of_sites.py` are the
ensembles, `cavity.py` is an independent second route, `derivation.py` defines steps and formulas.
"""
