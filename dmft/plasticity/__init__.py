"""Networks with plastic couplings, (1 + p d/dt) A_ij = (k/N) phi_i phi_j, and their own analyses.

(Clark & Abbott 2024.) `plastic_network.py` defines the network; read it first. `freezing.py` solves
the state after plasticity is halted, on the map of `frozen_map.py`; `fixed_points.py`,
`fixed_point_families.py` and `complexity.py` find and count fixed points, with a single unit at a
fixed point in `fixed_point_site.py`; `phases.py` with `chaos_search.py`, `phase_diagram.py` with
`phase_rows.py`, `fixed_point_onsets.py` and `freezing_onset.py` determine which states exist.
`tuning.py` holds the numerical settings.
"""
