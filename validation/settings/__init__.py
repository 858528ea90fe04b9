"""What a simulation is asked for: arguments checked, every default filled in.

`settings.py` is for stationary runs; read it first. `time_settings.py` is for prepared networks in
time, `pair_settings.py` for pairs of units, `preparation.py` for parameters that are ramped.
"""
