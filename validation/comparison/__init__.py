"""Comparison of theory and simulated networks: tests of all deviations, and their power.

`compare.py` is the public function; read it first. `deviation_tests.py` computes the tests,
`power.py` Holm's correction and the smallest detectable deviation, `verdict.py` is the result.
`compare_times.py` and `compare_pairs.py` are for networks in time and for pairs of units;
`tuning.py` has the numerical parameters.
"""
