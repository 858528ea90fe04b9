"""Connectivity matrices from files and from objects of other libraries.

`load.py` is the public function; read it first. `connectivity.py` is its result, `request.py` the
checked arguments. `file_formats.py` recognises a file by its first bytes; `texts/` reads texts,
`binary_files.py` and `arrays.py` arrays, `graphs.py` graphs, `frames.py` data frames. `numbers.py`
reads cells, `columns.py` names of columns; `edges.py` and `named_matrix.py` make the matrix;
`tuning.py` has the limits.
"""
