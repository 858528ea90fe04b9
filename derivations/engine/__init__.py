"""The engine: from a network's definition to its action, its average and its single site.

`disorder.py` averages over the couplings and gives the functional W of the order parameters;
read it first. `saddle.py` takes first derivatives (noise, memory, drift), `spectral.py` and
`four_point.py` second ones (fluctuations); `couplings.py` and `kinds_of_sites.py` are the
ensembles, `cavity.py` a second route, `derivation.py` what a derivation is.
"""
