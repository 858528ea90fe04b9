"""Networks as frozen data: (1 + d/dt) x_i = sum_j J_ij phi(x_j) + inputs.

`network.py` is the sum of a unit and its coupling ensembles; read it first. `nonlinearity.py` is
phi, `gains.py` the gains of units, `inputs.py` external inputs, `preparation.py` the state at
t = 0. `structure.py` says what a network is made of, `mean_field.py` gathers its regions and
directions for the solvers in time.
"""
