"""Networks as frozen data: (1 + d/dt) x_i = sum_j J_ij phi(x_j) + inputs.

`network.py` combines a unit with its coupling ensembles; read it first. `nonlinearity.py` is phi,
`gains.py` the gains of units, `inputs.py` external inputs, `preparation.py` the state at t = 0.
`structure.py` lists the properties by which a solver is chosen, `regional_mean_field.py` gathers
regions and directions for the solvers in time; `tuning.py` holds the numerical settings.
"""
