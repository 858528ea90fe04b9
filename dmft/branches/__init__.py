"""Continuation: a solution followed along a parameter, around folds, to the end of its branch.

`continuation.py` has `dmft.continue_in`; read it first. `fixed_amplitude_branch.py` follows the
branch around a fold: `fixed_amplitude_solution.py` solves for the parameter at fixed C_phi(0), and
`branch_end.py` estimates the fold. `branch.py` is the result, `tuning.py` holds the tuned numbers.
"""
