"""Plastic couplings (1 + p d/dt) A_ij = (k/N) phi_i phi_j: from the action to freezing.

`plastic_network.py` gathers the derivation; read it first. `hebbian.py` gives the memory k C of a
unit, `joint_jacobian.py`, `local_loop.py` and `isolated_eigenvalues.py` the joint spectrum,
`kac_rice.py`, `all_fixed_points.py` and `determinant.py` the number of fixed points, `freezing.py`
the network with halted plasticity, `tangent.py` the Lyapunov exponent, `onset.py` and
`small_activity.py` the expansion at the transition, `distant_times.py` the covariances between
units.
"""
