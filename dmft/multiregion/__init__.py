"""Networks of regions coupled by low-rank couplings, and their own analyses.

(Clark & Beiran 2025.) `multiregion_network.py` defines the network, with overlaps T; read it first.
Symmetric interactions have an `energy.py` and an `attractor_manifold.py`, `structured_region.py`
treats one region with constant currents, `random_overlaps.py` draws random networks, and
`chaos_search.py` finds those with chaotic currents. `tuning.py` holds the numerical settings.
"""
