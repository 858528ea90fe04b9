"""Covariances between units, and the dimension of activity, for every ensemble.

`unit_covariances.py` derives the four-point function from second derivatives of W, and with it
the participation ratio; read it first. `site_current.py` treats the current of one site,
`given_matrix.py` the ensemble of a given matrix in a random basis.
"""
