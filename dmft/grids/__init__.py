"""Grids of lags and of times, and the transforms between lag and frequency.

`lags.py` holds C(tau) and its spectrum, C(omega) = int C(tau) exp(-i omega tau) dtau; read it
first. `times.py` is the grid of a solution in time, `order_parameters.py` what an ensemble is
given (C and the response S), `lag_transforms.py` and `impulse_response.py` go off the grid, and
`resolution.py` checks that a grid holds a correlation.
"""
