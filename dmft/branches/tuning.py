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
# Successive amplitudes without a converged solution that are skipped. Above the fold of strong
# Hebbian plasticity (k = 1.8) single paths alternate between two states at some amplitudes.
SKIPPED_POINTS = 2

# Distance of a fold from all points, in steps of the amplitude, from which on it is solved for at
# its own amplitude. Nearer points would differ by less than their errors.
LEAST_SEPARATION = 0.25

# -- branch_end.py -----------------------------------------------------------------------------
# Smallest amplitude over the largest below which the parameter may be extrapolated to zero
# amplitude: at the onset of chaos it is nearly linear in the amplitude, and activity of very small
# amplitude is so slow that its iteration may not converge. (From 0.37 at k = -0.5: 0.9998.)
EXTRAPOLATED_AMPLITUDE = 0.4

# -- fixed_amplitude_map.py --------------------------------------------------------------------
# Step of the parameter, over its scale, in the derivative of the surrogate, which is exact to
# about 1e-10.
PARAMETER_STEP = 1e-4

# -- fixed_amplitude_iteration.py --------------------------------------------------------------
# Sweeps without progress after which none is expected; solutions take 3 to 20, and 60 where single
# paths alternate.
STALLED_SWEEPS = 60

# -- fixed_amplitude_solution.py ---------------------------------------------------------------
# Paths, and largest number of sweeps of each iteration.
FIXED_AMPLITUDE_PATHS = 512
FIXED_AMPLITUDE_ITERATIONS = 200
# Factor by which the memory time may differ from that for which the window was chosen, and the
# largest number of windows.
SAME_MEMORY_TIME = 1.3
MOST_GRIDS = 6
# Tolerance of the checks of each solution.
CHECKED_TOL = 1e-2
# Change of the errors and of the tangent below which no more directions are probed: at a tenth of
# the value that suffices for errors alone, the slope of the branch is right to about 0.02.
PROBED_CHANGE = 1e-2

# -- stability.py ------------------------------------------------------------------------------
# Distance of the largest eigenvalue from one below which it is not known on which side it is: at
# the folds for k = 1.2 to 1.6 it is right to about this, by the slope of the branch.
NEUTRAL_EIGENVALUE = 1e-2
