"""Random modes: J = sum D l r^T averaged mode by mode, with overlaps of left and right modes.

`random_mode_network.py` gathers the derivation; read it first. `modes.py` is the ensemble (the
determinant of one mode), `mode_spectrum.py` the edge of the spectrum, `mode_covariances.py` the
covariances between units, `linear_network.py` a second route to them, `gains.py` units with
heterogeneous gains.
"""
