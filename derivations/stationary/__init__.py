"""The stationary Gaussian process: Delta'' = force(Delta), its first integral and exponent.

`stationary_process.py` gathers the derivation; read it first. `potential_motion.py` is the
equivalent motion in a potential, `transition.py` the expansion near g = 1, `lyapunov.py` the
Schroedinger problem of two nearby replicas.
"""
