"""The sampled solver: stationary theory of couplings with memory, where x is not Gaussian.

`sampled_solve.py` is the whole solve, from the pilot to the standard errors; read it first.
`joint_iteration.py` iterates paths and their statistics to a common fixed point, `replicates.py`
estimates errors from groups of paths, `redrawn_paths.py` draws the paths of a solution again.
`sampling_options.py` holds the numbers that a user may change, `tuning.py` the others.
"""
