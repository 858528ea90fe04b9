"""Grids of lags and of times, and the transforms between lag and frequency.

`lags.py` relates C(tau) to its spectrum, C(omega) = int C(tau) exp(-i omega tau) dtau; read it
first. `times.py` is the grid of a solution in time; `order_parameters.py` holds C and the response
S, from which ensembles compute noise and memory; `lag_transforms.py` and `impulse_response.py`
transform to other frequencies and lags; `resolution.py` checks that a grid resolves a correlation;
`tuning.py` holds the numerical settings.
"""
