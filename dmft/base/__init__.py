"""Shared utilities of the package: errors, checks of arguments, estimates, fixed-point iteration.

`iteration.py` solves x = f(x) by plain and accelerated steps; read it first. `errors.py` and
`checks.py` define the errors and their common message format; `estimate.py` is a value with its
standard error, `convergence.py` lists the checks of a solution, `outcomes.py` the ways in which an
iteration ends. `tuning.py` holds the numerical settings, with their reasons.
"""
