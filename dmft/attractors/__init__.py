"""Attractors of the theory in time: classes of the currents and of the units' activity.

(Clark & Beiran 2025, classes of solutions.) `class_evidence.py` integrates a network once and reads
the class off its second half; read it first. `integrations.py` repeats it with smaller steps over
longer times until the class no longer changes, `solution_class.py` and `activity_class.py` are the
results for the currents and for the units. `current_pattern.py`, `period.py` and
`unit_correlation.py` are the statistics, `random_classes.py` classifies draws of the published map,
`tuning.py` holds the numerical settings.
"""
