"""The command line, one file per subcommand: each makes one call of a public function.

`solve.py` is the example to read first. `networks.py` and `arrays.py` read networks and arrays from
the command line, `terminal.py` prints and shows progress.
"""
