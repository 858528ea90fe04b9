"""Numerical settings of this folder, with the reason for each."""

# -- continuation.py ---------------------------------------------------------------------------
# Share of the previous C_phi(0) below which an iteration has left the branch: it is stopped,
# because the decay to zero that would follow is slow.
BRANCH_LEFT_SHARE = 0.4

# -- fixed_amplitude_branch.py -----------------------------------------------------------------
# Change of C_phi(0) from one solution at fixed amplitude to the next, and the C_phi(0) below which
# the branch is no longer followed, as shares of the first C_phi(0): about ten solutions.
AMPLITUDE_STEP = 0.09
SMALLEST_AMPLITUDE = 0.1
# Largest number of solutions at fixed amplitude, needed where the amplitude grows.
MOST_POINTS = 40

# -- branch_end.py -----------------------------------------------------------------------------
# Points around the fold to which a parabola is fitted.
FOLD_FIT_POINTS = 5
# Smallest amplitude over the largest below which the parameter may be extrapolated to zero
# amplitude.
EXTRAPOLATED_AMPLITUDE = 0.2

# -- fixed_amplitude_iteration.py --------------------------------------------------------------
# Change of the parameter, over its scale, in the finite difference of its effect on C(0).
PARAMETER_PROBE = 1e-2
# Share of a Newton step of the parameter that is taken: its effect is known at the start only.
PARAMETER_DAMPING = 0.5
# Largest step of the parameter, over its scale.
LARGEST_PARAMETER_STEP = 0.1

# -- fixed_amplitude_solution.py ---------------------------------------------------------------
# Paths in each of the 16 groups.
PATHS_PER_GROUP = 20
# Relative tolerance and largest number of iterations for all paths together ...
FIXED_AMPLITUDE_TOL = 1e-4
FIXED_AMPLITUDE_ITERATIONS = 400
# ... and the factor by which the tolerance is larger for the groups, which only determine an error.
GROUP_TOL_FACTOR = 4
# Largest mean correlation in the taper of the lag window, over C_phi(0).
LARGEST_LATE_CORRELATION = 0.02
