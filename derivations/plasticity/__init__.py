"""Plastic couplings (1 + p d/dt) A_ij = (k/N) phi_i phi_j: from the action to freezing.

`plastic_network.py` gathers the derivation; read it first. `hebbian.py` is the memory k C in a
unit, `joint_jacobian.py` and `local_loop.py` the spectrum, `root_count.py`, `all_points.py` and
`determinant.py` the number of fixed points, `freezing.py` the halted network, `tangent.py` the
Lyapunov exponent, `onset.py` the transition.
"""
