"""Every ensemble at finite N, as an operator J phi on a batch of states.

`draw.py` draws the operator of an ensemble, one registered function each; read it first.
`operators.py` holds matrices, products and sums, `loadings.py` low rank, `modes.py` random modes,
`plastic.py` couplings that follow the activity, `gains.py` gains of units.
"""
