"""Settings of this folder, with the reason for each."""

# Standard errors on either side of a line that a band shows: nineteen of twenty lie within.
BAND_ERRORS = 2.0
# Largest number of points with error bars on one curve: more of them overlap.
MOST_POINTS = 40
# Share of the whole decay from which on a curve counts as decayed.
FAR_FROM_END = 0.02
# Characters of a value in a table; longer ones are cut off, with an ellipsis.
LONGEST_VALUE = 120
