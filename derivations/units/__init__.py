"""The unit (1 + d/dt) x = input: its response, its white noise, and exact time steps.

`linear_response.py` is the stationary unit; read it first. `started_unit.py` is the unit with an
initial condition at t = 0.
"""
