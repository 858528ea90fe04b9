"""Sizes and settings of the benchmarks; a change of any of them changes what a row reports."""

from __future__ import annotations

# dimension.py

# Coupling strength in the chaotic phase, where the plain transform needs a long window.
DIMENSION_G = 1.5

# Frequencies of the plain transform in each direction: one complex array takes 268 MB.
TRANSFORM_SIZE = 4096

# Neurons of the connectivity matrix: one singular value decomposition took 61 s.
CONNECTIVITY_NEURONS = 5000

# plastic_simulation.py

# Size and time step of the plastic networks; the same step for both sides.
PLASTIC_NEURONS = 2000
PLASTIC_DT = 0.1

# Trajectories at once: one, as in the plain script, and the default of simulate.
PLASTIC_TRIALS = (1, 8)

# sampled_solve.py

# The networks: strength, reciprocity, plasticity and its time constant.
SITE_G = 2.0
SITE_RECIPROCITY = 0.3
SITE_K = 0.5
SITE_P = 2.5

# The plain iteration: length and step of a path, number of paths and of iterations, as in research
# scripts; its first 30 iterations are the transient and are not averaged.
PLAIN_SPAN = 80.0
PLAIN_DT = 0.1
PLAIN_PATHS = 200
PLAIN_ITERATIONS = 60
PLAIN_TRANSIENT = 30

# The same for the plastic network, whose memory is longer.
PLASTIC_SPAN = 160.0
PLASTIC_ITERATIONS = 50

# simulation.py

# Strength, size and time step of the networks; the same step for both sides.
SIMULATION_G = 2.0
SIMULATION_NEURONS = 1000
SIMULATION_DT = 0.1

# Trajectories at once at which a step of one trajectory takes the least time.
CHEAPEST_TRIALS = 64

# The default number of trajectories of simulate.
DEFAULT_TRIALS = 8

# Rows of the square matrices whose product measures the machine's peak: large enough for the
# product to be limited by arithmetic, not by memory.
PEAK_MATRIX_SIZE = 3000

# stationary.py

# Strength at which both sides are timed, well inside the chaotic phase.
STATIONARY_G = 2.0

# Error of the exponent to which the step of the plain second differences is halved.
EXPONENT_ERROR = 1e-6

# two_time.py

# Length of the solution in time constants, and the error of the currents to be reached.
TWO_TIME_STOP = 20.0
TWO_TIME_ERROR = 1e-3

# Steps at which the error and the time of the plain script are measured: enough to be in the range
# of its first order, few enough for a Python loop.
PLAIN_STEPS = (400, 800)

# Steps of both sides in the comparison at an equal number of steps.
EQUAL_STEPS = 2000

# --- paths_in_time.py ---
MEMORY_G, MEMORY_P, MEMORY_STOP = 2.0, 2.5, 20.0
MEMORY_STRENGTHS = (-1.0, 1.0)
MEMORY_NEURONS, MEMORY_NETWORKS = 1000, 12
# Of the plain script; its first iterations, which approach the solution, are not used.
MEMORY_DT, MEMORY_PATHS, MEMORY_ITERATIONS, MEMORY_TRANSIENT = 0.1, 1000, 40, 20
