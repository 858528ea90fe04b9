"""Settings of a simulation: arguments checked, every default filled in.

`settings.py` is for stationary runs; read it first. `time_settings.py` is for prepared networks in
time, `pair_settings.py` for pairs of units, `preparation.py` for a schedule of couplings before the
measurement; `tuning.py` has the numerical settings of this folder.
"""
