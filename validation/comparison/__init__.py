"""The verdict: theory held against simulated networks, with what the test could have found.

`compare.py` is the verb; read it first. `judgement.py` holds the tests, `power.py` Holm's
correction and the smallest deviation that would be found, `verdict.py` the result;
`compare_times.py` and `compare_pairs.py` are for networks in time and for pairs.
"""
