"""Couplings that are a sum of modes D l r^T, neuronal gains, and analysis of connectivities.

(Clark, Marschall, van Meegen & Litwin-Kumar 2025.) `random_mode_network.py` defines the network;
read it first. `connectivity/` reads a connectivity matrix, `connectivity_modes.py` measures
its modes and `connectivity_gains.py` its gains; `RandomModeNetwork.from_connectivity`,
`heterogeneous_network.py` and `rotated_network.py` make networks of it. `connectivity_check.py`
tests whether the modes reproduce the matrix; `tuning.py` holds the numerical parameters.
"""
