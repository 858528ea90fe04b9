"""Plastic networks at finite N: plasticity halted, joint Jacobians, fixed points enumerated.

`freezing.py` halts and releases plasticity; read it first. `freezing_run.py` and
`freezing_traces.py` are one run of it, `joint_jacobian.py` gives eigenvalues, `enumeration.py` and
`fixed_point_roots.py` count fixed points of small networks.
"""
