"""The largest Lyapunov exponent, of the network or of its currents.

`lyapunov_exponent.py` selects the method; read it first. `schroedinger_problem.py` solves
-psi'' + W psi = E psi on the elements of `spectral_elements.py`, for couplings without memory;
`lag_exponent.py` and `population_exponent.py` are for other units and for populations,
`sampled_exponent.py` and `path_tangent.py` for couplings with memory, `current_exponent.py` for
solutions in time.
"""
