"""The largest Lyapunov exponent, of the network or of its currents.

`lyapunov_exponent.py` chooses and holds the Schroedinger problem, -psi'' + W psi = E psi; read it
first. `sampled_exponent.py` and `path_tangent.py` are for couplings with memory,
`current_exponent.py` for solutions in time.
"""
