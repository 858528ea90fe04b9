"""Independent couplings with reciprocity: noise g^2 C and memory r g^2 S, from the action.

`iid.py` is the complete derivation, the model for the others; read it first.
`iid_covariances.py` adds the covariances between units.
"""
