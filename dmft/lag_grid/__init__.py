"""The stationary Gaussian theory on a grid of lags, for couplings whose noise mixes lags.

`lag_iteration.py` decides which states exist and which is returned; read it first.
`local_approximation.py` measures the gain of the couplings at each frequency,
`constant_states.py` finds the quiescent and static states and their stability,
`starting_correlation.py` gives the starts, and `lag_solve.py` solves the map from them by Newton's
method with the derivative of `linearised_map.py`. `tuning.py` holds the numerical settings.
"""
