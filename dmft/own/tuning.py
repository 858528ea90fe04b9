"""Numerical settings of ensembles of your own."""

COVARIANCE_SIZES = (6, 12)  # of the networks whose covariance is diagonalised
NEGATIVE_SHARE = 1e-9  # of the largest eigenvalue, that a negative one may reach by rounding
DRAW_SIZES = (12, 32)  # of the networks that are drawn to check a draw
DRAWS = 160  # of each size
LARGEST_Z = 5.0  # of a moment of the draw; six moments of two sizes are tested
KERNEL_TAIL = 1e-10  # of the largest weight, beyond which a kernel is cut off
PROBE_STEPS = 256  # of the search for that lag
LONGEST_KERNEL = 4096.0  # neuronal time constants
LARGEST_STEP = 0.1  # of the grid of a kernel
LEAST_STEPS = 400  # within the reach of a kernel
FAR_LAG = 400.0  # neuronal time constants; a kernel larger there than below a quarter of it grows
GROWTH = 1.5  # factor of growth that oscillations between the probes may make
