"""Storage of results: save and load in one .npz without pickle, and scans over many networks.

`files.py` writes and reads a file; read it first. `encoding.py` converts frozen dataclasses to JSON
and arrays, `saved_nonlinearity.py` does so for phi; `scan.py` applies a function to many networks
through any executor, and `scan_store.py` lets a later call resume an interrupted scan.
"""
