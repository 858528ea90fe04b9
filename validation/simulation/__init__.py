"""Finite networks, integrated in time: x = H (J phi(x) + noise), with the response H of a unit.

`simulate.py` is the public function; read it first. `integrator.py` yields the states,
`unit_steps.py` is the exponential step of second order, and `population_steps.py` that of several
populations. `task.py` and `time_task.py` run one network, `observer.py` measures prepared ones,
`transfer32.py` evaluates phi in single precision; `tuning.py` has the numerical parameters.
"""
