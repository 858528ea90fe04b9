"""The causal theory in time: C(t, s), currents and variances from a preparation at t = 0.

`causal_march.py` makes one row of the two-time equations after the other; read it first.
`solve_in_time.py` repeats it with halved steps and extrapolates, `filtered_inputs.py` brings
external inputs, `time_solution.py` is the result.
"""
