"""Networks of regions with low-rank couplings between them, and what only they have.

(Clark & Beiran 2025.) `multiregion_network.py` is the network, with overlaps T; read it first.
Symmetric interactions have an `energy.py` and an `attractor_manifold.py`; `solution_class.py` and
`period.py` classify currents in time, `structured_region.py` one region, `random_overlaps.py` and
`random_class.py` draw networks.
"""
