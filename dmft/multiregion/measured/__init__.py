"""Statistics of a multiregion network, measured in given loadings or couplings.

`loadings.py` measures overlaps T and U of explicit loading vectors.
"""
