"""Continuation: a solution followed along a parameter, around folds, to the end of its branch.

`continuation.py` has `dmft.continue_in`; read it first. `fixed_amplitude_branch.py` follows the
branch around a fold: `fixed_amplitude_solution.py` solves for the parameter at fixed C_phi(0), as
the fixed point of `fixed_amplitude_map.py` by the steps of `fixed_amplitude_iteration.py`.
`branch_end.py` estimates the fold, and `stability.py` says on which side of it a solution is.
`branch.py` is the result, `tuning.py` holds the tuned numbers.
"""
