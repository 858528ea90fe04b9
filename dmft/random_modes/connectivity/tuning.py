"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# ---- texts/rows.py
# Lines that decide on the separator. A later line with another number of cells is an error, so
# that more lines would not change what is read.
SAMPLED_LINES = 50

# ---- texts/tables.py
# Columns up to which a table without names may be a list of edges: index, source, target, weight.
MOST_EDGE_COLUMNS = 4
# Rows that are examined first. A square table of so few columns has at most one row more than
# columns, so that a table with a sixth row is not one.
FIRST_ROWS = MOST_EDGE_COLUMNS + 2

# ---- numbers.py
# Whole numbers up to which float64 is exact: a larger identifier written as 7.2e17 was rounded.
LARGEST_EXACT = 2**53

# ---- edges.py
# Bytes for each edge while the sparse matrix is made: three arrays of 8 bytes in the list, in the
# coordinates and in the compressed rows.
BYTES_PER_EDGE = 72
# Bytes for each neuron of the sparse matrix: the row pointer, and the name.
BYTES_PER_NEURON = 80

# ---- binary_files.py
# Bytes that are unpacked from a compressed file between two checks of the available memory.
UNPACKED_BLOCK = 2**24

# ---- connectivity.py
SHOWN_NAMES = 6  # names that are printed
