"""Numerical settings of this folder, with the reason for each; times in neuronal time constants."""

from __future__ import annotations

# enumeration.py
# Largest number of units whose fixed points are enumerated: it has 2^17 initial states.
LARGEST_SIZE = 18

# fixed_point_roots.py
# Time for which a sign pattern relaxes before Newton's method.
RELAXATION_TIME = 60.0
# Step of the relaxation: only its end matters, which is a fixed point for every step.
RELAXATION_STEP = 0.2
# Largest residual of a root.
LARGEST_RESIDUAL = 1e-10
# Number of steps of Newton's method.
NEWTON_STEPS = 30
# Initial states whose linear systems are solved together, to limit the memory of their matrices.
NEWTON_BATCH = 1024
# Shift of the diagonal of the Jacobian, so that an exactly singular one can be inverted.
JACOBIAN_SHIFT = 1e-14
# Roots whose entries differ by less than this are equal.
EQUAL_ROOTS = 1e-5
# A root whose entries are all below this is x = 0.
ZERO_ROOT = 1e-3

# freezing_run.py
# Time between two tests whether the halted states are at a fixed point.
FIXED_POINT_CHECK_TIME = 1.0
