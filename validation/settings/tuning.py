"""Numerical settings of this folder, with the reason for each; times in neuronal time constants."""

from __future__ import annotations

# settings.py
# Default step of a stationary simulation.
DEFAULT_STEP = 0.1
# Default step where the step matters more: in transients, and for the dimension, whose relative
# error from the step is ten times that of C_phi(0).
FINE_STEP = 0.05
# Longest step: beyond it the dynamics of units with time constant 1 is not resolved.
LONGEST_STEP = 0.5
# Time from one reference time to the next; the activity changes little in between.
REFERENCE_SPACING = 0.5
# Lags that are measured by default. Longer lags carry little information: there the correlations
# of single finite networks differ from one another by a large part of C(0).
DEFAULT_LAGS = (0.0, 0.5, 1.0, 2.0, 4.0)
# Shortest and longest default burn-in: the relaxation of a network far from the transition, and a
# limit to the slowing down close to it.
SHORTEST_BURN_IN = 50.0
LONGEST_BURN_IN = 1000.0
# Burn-in that plastic couplings add, in synaptic time constants: their memory builds up, and slows
# the units down.
SYNAPTIC_BURN_IN = 20.0
# Factor of the default burn-in if pairs of units are measured. Independent initial states have no
# cross-covariances; these build up at the rate of the slow collective modes.
PAIR_BURN_IN_FACTOR = 3.0
# Longest lag in steps: a longer one is a mistake in the units of time.
LONGEST_LAG_STEPS = 1e7

# settings.py and time_settings.py
# Largest number of steps of a run: more would take days even for a small network.
MOST_STEPS = 1e8

# pair_settings.py
# Pairs of lags of the four-point function that are measured by default: equal times, and a lag of
# several time constants with both covariances in the same direction, and in opposite ones.
DEFAULT_CROSS_LAGS = ((0.0, 0.0), (4.0, 4.0), (4.0, -4.0))
