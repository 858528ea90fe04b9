"""Every coupling ensemble at finite N, as an operator that computes J phi for a batch of states.

`draw.py` draws the operator of an ensemble by one registered function each; read it first.
`operators.py` holds matrices, products and sums, `loadings.py` low-rank couplings, `modes.py`
random modes, `plastic.py` plastic couplings, `own.py` ensembles of your own, `gains.py` gains of
units; `tuning.py` has the numerical settings of this folder.
"""
