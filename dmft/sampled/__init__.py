"""The sampled solver: stationary theory of couplings with memory, where x is not Gaussian.

`sampled_solve.py` is the whole solve, from the pilot to the checks; read it first. The iteration
itself is in `dmft/path_iteration/`. `redrawn_paths.py` draws the paths of a solution again, for
exponents and frozen states, in groups whose scatter gives the errors (`bias_correction.py`).
`sampling_options.py` holds the numbers that a user may change, `tuning.py` the others.
"""
