"""Connectivity matrices from files and from objects of other libraries, and what was read.

`load.py` is the public function; read it first. `connectivity.py` is its result, `request.py` the
checked arguments. `file_formats.py` recognises a file by its first bytes; `binary_files.py` reads
arrays, `graphs.py` graphs, `frames.py` data frames. Text goes through `text_rows.py` (separator,
comments, encoding) and `text_tables.py` (matrix or edges); `numbers.py` reads cells, `columns.py`
the names of columns. `edges.py` and `named_matrix.py` make the matrix; `tuning.py` has the limits.
"""
