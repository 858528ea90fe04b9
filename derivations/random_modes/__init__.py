"""Random modes: J = sum D l r^T averaged mode by mode, with overlaps of left and right.

`random_mode_network.py` gathers the derivation; read it first. `modes.py` is the ensemble (the
determinant of one mode), `mode_spectrum.py` the edge of the spectrum, `mode_covariances.py` and
`linear_network.py` two routes to covariances, `gains.py` units with gains.
"""
