"""Populations with mean couplings: excitation and inhibition, different units, several states.

Each population a has a mean input mu_a = sum_b mean_ab <phi_b> + I_a, and a Gaussian input of
variance sum_b g_ab^2 <phi_b phi_b> around it. `population_network.py` is the network; read
`population_map.py` for the equations. `population_solve.py` finds the roots, `mean_stability.py`
their stability, `population_states.py` is the result, `tuning.py` has the numerical settings.
"""
