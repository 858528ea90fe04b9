"""Networks with plastic couplings, (1 + p d/dt) A_ij = (k/N) phi_i phi_j, and what only they have.

(Clark & Abbott 2024.) `plastic_network.py` is the network; read it first. `freezing.py` solves the
state after plasticity is halted; `fixed_points.py`, `families.py` and `complexity.py` find and
count fixed points, `fixed_point_site.py` being one unit at rest; `phases.py`, `phase_diagram.py`
and the onsets say which states exist.
"""
