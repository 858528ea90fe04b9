"""Numbers of the example networks in the multiregion figures."""

from __future__ import annotations

# examples.py

# Seed of the overlaps and initial currents of the three regions: a draw whose currents reach a
# limit cycle, of period 6.188 without disorder and 6.158 with g = 1.5 in the first region.
CYCLE_SEED = 12

# Standard deviation of its overlaps T: large enough for currents that sustain themselves.
CYCLE_OVERLAP_SCALE = 1.5

# Standard deviation of its initial currents; the transient from them is visible in the figures.
START_CURRENT_SCALE = 0.5

# Overlaps of three regions with chaotic currents, found by climbing their exponent, and currents on
# the attractor, rounded.
CHAOTIC_T = (
    ((0.1, 0.0, 0.0), (-1.6, -0.4, 3.1), (-3.7, -2.3, 11.7)),
    ((1.1, 1.9, -0.4), (-2.7, 1.5, 3.2), (-3.3, 4.6, 1.7)),
    ((-0.5, 5.0, -0.2), (3.1, -3.7, 1.8), (5.8, -0.7, -1.3)))
CHAOTIC_START = ((0.0, 1.04, 1.58), (0.21, 1.52, 0.67), (1.08, -0.19, 0.95))
# Seed and scale of the overlaps of the network whose first region drops out: among 80 draws, one
# with a fixed point at g = 0.3 in region 1, a limit cycle at g = 3, and there currents of region 1
# that are ten times smaller.
DROPPING_OUT_SEED = 49
DROPPING_OUT_SCALE = 1.3

# class_examples.py

# Class of the units of a region: leading eigenvalue, seed of the draw, and the region.
CLASS_EXAMPLES = {
    "fixed point": (2.2 + 0.02j, 1, 0),
    "chaos about a fixed point": (1.58 + 0.005j, 1, 0),
    "limit cycle": (2.4 + 1.1j, 1, 0),
    "chaos about a limit cycle": (1.77 + 0.73j, 3, 0),
    "chaos": (1.2 + 0.5j, 1, 0),
}

# accuracy.py

# Initial variance of x in every region, besides that of the initial currents.
START_VARIANCE = 0.5
