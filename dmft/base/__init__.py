"""What every room uses: errors, checks of arguments, estimates, and the driver of iterations.

`errors.py` and `checks.py` raise the one form of complaint; `estimate.py` is a value with its
standard error, `convergence.py` what was checked of a solution, `outcomes.py` how an iteration
ended. `iteration.py` solves x = f(x) by plain and accelerated steps; read that first.
"""
