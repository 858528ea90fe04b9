"""Results of simulations, one row for each quenched network, with their standard errors.

`runs.py` is for stationary runs; read it first. `time_runs.py` is for runs in time, `base_runs.py`
for what both share, `finite_size_fit.py` the extrapolation a + b/N. `store.py` and `parts.py` are
the file from which a later call resumes; `identity.py` states which settings must agree for that.
"""
