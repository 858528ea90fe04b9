"""Self-consistent statistics of sampled paths, with one draw of their noise.

`path_map.py` evaluates the map of statistics to statistics; read it first. `unknowns.py` states
the vector in which `newton_iteration.py` solves it, with the derivative of the linear surrogate
(`surrogate.py`), mixed by `anderson_mixing.py`; `progress.py` notices where the steps no longer
decrease. `path_features.py` reduces the sampling error by regression, and
`solution_errors.py` follows what remains to the solution. `tuning.py` holds the tuned numbers.
"""
