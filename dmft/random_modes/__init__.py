"""Couplings that are a sum of modes D l r^T, gains of neurons, and connectivities read as such.

(Clark, Marschall, van Meegen & Litwin-Kumar 2025.) `random_mode_network.py` is the network; read
it first. `connectivity_file.py` reads a matrix, `connectivity_modes.py` measures it, and
`RandomModeNetwork.from_connectivity`, `heterogeneous_network.py` and `rotated_network.py` make
networks of it.
"""
