"""Numerical settings of this folder, with the reason for each."""

# -- connectivity_spectrum.py ------------------------------------------------------------------
# Relative tolerance of `contains` for points on the edge.
EDGE_ROUNDING = 1e-9
# Distance to the bulk, relative to the largest eigenvalue, above which an eigenvalue is an
# outlier. Rounding gives defective zero eigenvalues a modulus of about 1e-8.
OUTLIER_DISTANCE = 1e-6

# -- contour_spectrum.py -----------------------------------------------------------------------
# Points of the edge, between which it is interpolated linearly.
EDGE_POINTS = 256
# Response that is small enough to stand for zero.
SMALL_RESPONSE = 1e-9
# Points along a ray on which the edge is searched, from far outside inwards.
RAY_POINTS = 400

# -- isolated_eigenvalues.py -------------------------------------------------------------------
# Starting points of the secant method along the real and the imaginary axis.
REAL_STARTS = 25
IMAGINARY_STARTS = 6
# Largest number of steps of the secant method.
SECANT_STEPS = 60
# Longest step of the secant method, in rates of the neurons.
LONGEST_SECANT_STEP = 0.2

# -- jacobian_spectrum.py ----------------------------------------------------------------------
# Nodes of the Gaussian density of abs(x), and the largest abs(x) in standard deviations.
GAUSSIAN_NODES = 4001
GAUSSIAN_RANGE = 8.0

# -- joint_density.py --------------------------------------------------------------------------
# Numbers that are evaluated at a time, which bounds the memory.
CHUNK_NUMBERS = 2**19
# Points of the grid of x for a smoothed density.
DENSITY_POINTS = 500
# Replaces a vanishing Im(d_0* d_1), where theta/Im has the finite limit 1/abs(d)^2.
SMALLEST_IMAGINARY_PART = 1e-200

# -- joint_spectrum.py -------------------------------------------------------------------------
# Imaginary part at which edges on the real axis are determined: thinner filaments are left out.
EDGE_HEIGHT = 1e-3
# Imaginary part at which `contains` and the bands detect filaments on the real axis.
FILAMENT_HEIGHT = 1e-9
# Largest rate that counts as zero.
ZERO_RATE = 1e-6
# Columns and rows of the grid on which the edge is traced.
GRID_COLUMNS = 240
GRID_ROWS = 60
# Points of the real axis on which its intervals in the support are searched.
REAL_AXIS_POINTS = 2000
# Heights on which the rightmost point of the support is searched.
RIGHTMOST_HEIGHTS = 60

# -- state_spectrum.py ----------------------------------------------------------------------
# Width of the distribution of x at quiescence, which stands for a delta function.
QUIESCENT_WIDTH = 1e-6

# Angles at which growth rates on the edge of the spectrum are compared before the largest is
# refined: at most a few modes compete.
EDGE_ANGLES = 128
