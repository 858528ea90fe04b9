"""The stationary Gaussian theory: (1 - d^2/dtau^2) Delta = C_eta(tau) + bias^2 + white noise.

`stationary_variance.py` finds Delta(0) as the root of the first integral; read it first.
`first_integral.py` gives Delta(tau) without a grid; the map of `self_consistent_map.py` on the lag
grid checks it (dmft/lag_grid solves it). `solution.py` is the result, `timescales.py` computes
half-life and oscillation from it, and `heterogeneous_units.py` treats units with different gains.
"""
