"""Results kept: save and load in one .npz without pickle, and scans over many networks.

`files.py` writes and reads a file; read it first. `encoding.py` turns frozen data into JSON and
arrays, `saved_nonlinearity.py` phi; `scan.py` applies a function to many networks through any
executor, with `scan_store.py` to go on where it stopped.
"""
