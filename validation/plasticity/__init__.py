"""Plastic networks at finite N: halted plasticity, joint Jacobians, enumeration of fixed points.

`freezing.py` halts and releases plasticity; read it first. `freezing_run.py` and
`freezing_traces.py` simulate one such network, `joint_jacobian.py` computes eigenvalues,
`enumeration.py` and `fixed_point_roots.py` count fixed points of small networks; `tuning.py` has
the numerical parameters.
"""
