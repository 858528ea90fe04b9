"""Continuation: a solution followed along a parameter, around folds, to where it ends.

`continuation.py` is the verb; read it first. Near a fold `fixed_amplitude_solution.py` holds
C_phi(0) and solves for the parameter, `branch_end.py` reads the end off, `branch.py` is the
result.
"""
