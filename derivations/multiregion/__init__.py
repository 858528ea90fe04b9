"""Regions that exchange currents, S = psi T z: from the action to energy and stability.

`multiregion_network.py` gathers the derivation; read it first. `region_network.py` averages the
network, `low_rank.py` derives the currents, `constant_currents.py` their fixed points, `energy.py`
and `matching.py` the symmetric case, `variance_response.py` and `static_regions.py` linear
stability.
"""
