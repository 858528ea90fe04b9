"""Measurements on simulated states: autocorrelations, and covariances of pairs of units.

`correlator.py` accumulates C(tau) while a network runs; read it first. `snapshots.py` stores states
for `pair_measures.py`, which uses `cross_moments.py` and `participation.py` for dimensions.
"""
