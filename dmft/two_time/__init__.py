"""The causal theory in time: C(t, s), currents and variances from a preparation at t = 0.

`causal_march.py` integrates the two-time equations row by row; read it first. `solve_in_time.py`
repeats it with halved steps and extrapolates, `filtered_inputs.py` filters external inputs, and
`time_solution.py` is the result.
"""
