"""Finite networks, integrated in time: (1 + d/dt) x = J phi(x) + noise.

`simulate.py` is the public function; read it first. `integrator.py` is the exponential step of
second order, `task.py` and `time_task.py` run one network, `observer.py` measures prepared ones,
`transfer32.py` evaluates phi in single precision; `tuning.py` has the numerical parameters.
"""
