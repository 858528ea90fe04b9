"""The command line, one file a subcommand: each makes one call of a public function.

`solve.py` is the model to read first; `networks.py` and `arrays.py` read networks and arrays from
the command line, `common.py` holds progress and output paths.
"""
