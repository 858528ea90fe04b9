"""Connectivity in texts: matrices with or without names, and lists of edges.

`tables.py` decides what a table is; read it first. `rows.py` gives the rows of cells of a text
(encoding, comments, separator), `matrix.py` and `edges.py` read the two kinds.
"""
