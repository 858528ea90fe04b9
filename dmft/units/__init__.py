"""Units: the linear response of a unit to its input current, H(omega) = x(omega) / input(omega).

`unit.py` says what theory and simulation require of a unit; read it first. `leaky.py` is the usual
one, H = 1/(1 + i omega). `rational.py` is any rational H, as a state space that is stepped exactly
(`state_space.py`); `named_units.py` has adaptation and the synaptic filter, `delayed.py` a
transmission delay, `discrete_map.py` the unit of a network in discrete time.
"""
