"""Storage of results: save and load in one .npz without pickle, and scans over many networks.

`files.py` writes and reads a file; read it first. `archive.py` reads its bytes within bounds,
`encoding.py` converts frozen dataclasses to JSON and arrays, `saved_nonlinearity.py` does so for
phi, and `fields.py` compares what is read with the declared types. `scan.py` applies a function to
many networks through any executor, and `scan_tasks.py` runs them; `scan_store.py` lets a later or a
second call share the results. `fingerprint.py` and `function_code.py` distinguish networks and
functions, `locks.py` shares the tasks among processes; `parent_process.py` ends a worker whose
parent has ended.
"""
