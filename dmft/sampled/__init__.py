"""The sampled solver: stationary theory of couplings with memory, where x is not Gaussian.

`sampled_solve.py` is the whole solve, from the pilot to the standard errors; read it first.
`joint_iteration.py` moves paths and their statistics to a common fixed point, `replicates.py`
makes errors of groups of paths, `redrawn_paths.py` draws the paths of a finished solution again.
"""
