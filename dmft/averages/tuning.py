"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

import numpy as np

# --- quadrature.py ---
# Standard deviations on either side that are integrated: at the ends the Gaussian has fallen to
# 1.5e-17 of its maximum, and its weight beyond is 1e-18.
GAUSSIAN_RANGE = 8.8
# Standard deviations of x within which averages of pairs may evaluate phi': x is the sum of two
# Gaussians, each within its range, and tables are shared by widths over a factor of sqrt(2).
PAIR_RANGE = 2 * GAUSSIAN_RANGE
# Relative change of averages of phi'^2 and phi^2, at a refinement of the step, below which the
# trapezoidal rule is accepted.
QUADRATURE_ACCURACY = 3e-14
# Largest |x| for a quadrature whose step resolves phi: beyond, there would be too many nodes.
WIDEST_RANGE = 1e5
# Nodes on half the line at which a rule is accepted with the accuracy that it has ...
MOST_NODES = 600
# ... unless the last refinement reduced the change tenfold, so that phi has no kink.
MOST_NODES_IF_SMOOTH = 3000
# Relative error of <phi'^2> over narrow Gaussians above which phi' is taken to oscillate: for a
# sigmoid it is 1e-13.
NARROW_ACCURACY = 1e-12
# Factor between the steps of two rules, which refinements compare.
STEP_RATIO = 1.3
# First and largest step: 0.74 standard deviations integrate the Gaussian itself to rounding, since
# its error exp(-2 pi^2 width^2 / step^2) is 2e-16; 0.45 units of x are for phi'.
LARGEST_STEP_OF_GAUSSIAN = 0.74
LARGEST_STEP_OF_PHI = 0.45
# Exponent of the error of the trapezoidal rule that poles of phi cause: exp(-34) is 2e-15.
TRAPEZOIDAL_EXPONENT = 34
# Nodes in the plane that are evaluated at once: arrays of 0.2 MB stay within the cache.
LARGEST_BLOCK = 25000

# phi', relative to its largest value, that counts as zero: below it rounding of float64 decides.
NEGLIGIBLE_SLOPE = 1e-18

# --- chebyshev_averages.py ---
# Last coefficients of a series, relative to the largest, below which it is accepted: just above
# rounding.
SERIES_TAIL = 3e-13
# Nodes beyond which a series that has not converged is replaced by one in the stretched angle.
STRETCHED_FROM = 80
# Nodes beyond which the series is accepted with the accuracy that it has (phi has a kink).
SERIES_MOST_NODES = 1200

# --- two_variances.py ---
# Last coefficients of the series in two widths and an angle, relative to the largest, below which
# the table is accepted.
TABLE_TAIL = 3e-11
# Nodes for each variable at which the table is accepted with the accuracy that it has: 96^3
# coefficients take 7 MB.
TABLE_MOST_NODES = 96
# Largest standard deviation for which phi is tabulated.
WIDEST_TABLE = 40.0

# --- partition.py ---
# Chebyshev nodes of an interval, and the bound on the last coefficients of phi' with which it is
# accepted, relative to the largest |phi'| at equal or smaller |x|.
INTERVAL_NODES = 17
INTERVAL_TAIL = 1e-12
# Edges from which the halving starts, on both sides of zero: close enough for peaks of phi' of a
# width of 0.03 (1e-5 at zero). They, and the place of the cut, are irregular, so that no kink lies
# on an edge by chance.
FIRST_EDGES = (*np.geomspace(1.13e-5, 0.0131, 9), *(0.0131 + 0.4937 * np.arange(1, 16)),
               *np.geomspace(8.113, 8.3e3, 16))
UNEVEN_HALF = 0.4873
# Width of an interval, relative to max(1, x), at which halving ends: phi has a kink there, or phi'
# is not accurate to INTERVAL_TAIL.
NARROWEST_INTERVAL = 1e-7
# Distances at which a kink is verified: it is one if phi' changes by this share of its largest
# value over the second distance; or if its slope does, and by this share of the change over the
# first distance (a smooth phi' would change by one tenth).
CORNER_STEPS = (1e-4, 1e-5)
KINK_SHARE = 1e-3
CORNER_SHARE = 0.5
# Largest number of rounds in which neighbouring intervals are joined in pairs.
MOST_MERGES = 12
# Intervals at which halving ends: an oscillating phi', or one that is not accurate.
MOST_INTERVALS = 20000

# --- panel_rule.py ---
# Gauss-Legendre nodes of a panel, and edges of panels in standard deviations: the Gaussian is
# integrated over them to 1e-14.
PANEL_NODES = 16
GAUSSIAN_PANELS = (1.8, 3.6, 5.6, 8.8)
# Nodes in the plane beyond which panels are compared with the trapezoidal rule, and the largest
# estimated error with which they take its place.
MOST_TRAPEZOIDAL_NODES = 3e4
LARGEST_PANEL_ERROR = 1e-12
# Angles and variances that share a table, about: its cost is divided by them.
TABLE_USES = 30.0
# Range of x on which undeclared kinks of phi are looked for.
SCANNED_RANGE = 128.0

# --- slope_table.py ---
# Intervals of widths for each factor of 2; Chebyshev nodes in the wider and the narrower width. The
# series are in the distance from zero width, where Gaussians are singular: over a factor of
# sqrt(2) their coefficients fall at least 8-fold each, over a factor of 2 4-fold.
WIDTHS_PER_OCTAVE = 2
INNER_WIDTHS = 16
OUTER_WIDTHS = 24
# Last coefficients, relative to the largest value, at which a panel and an interval are accepted.
OUTER_TAIL = 3e-14
WIDTH_TAIL = 1e-13
# Tail below which a panel whose halving does not reduce it is not halved further: phi' of a steep
# tanh, as 1 - tanh^2, has rounding of this order next to a small phi' at zero.
ROUNDING_TAIL = 1e-11
# Rounds of halving; an interval that is left is accepted with the accuracy that it has.
MOST_HALVINGS = 12
# Panels that are evaluated at once: arrays of 16 times as many values stay within the cache.
LARGEST_CHUNK = 4000

# --- gain_mixture.py ---
# Accuracy of the series of a kind of units, for a kind that is all of them; rarer kinds need less,
# down to the second value. Kinds below the third share are left out. Solves with gains are accurate
# to 1e-8.
MIXTURE_TAIL = 1e-11
RARE_TAIL = 1e-4
NEGLIGIBLE_SHARE = 1e-12

# --- chebyshev_series.py ---
# Values of polynomials that are tabulated at once: 2 MB. Smaller tables take more calls and are
# slower, larger ones leave the cache.
LARGEST_TABLE = 2**18

# --- gaussian_averages.py ---
# Variance of the small x about rest; and the relative change of the squared slope, on both sides of
# zero together, that tells of a corner there: a smooth phi has about the variance.
REST_VARIANCE = 1e-12
CORNER_SHARE = 1e-6

# --- pairs_with_means.py ---
# Terms of a Hermite series; a kink leaves about 1e-4 of <phi^2> to the rest, a smooth phi nothing.
HERMITE_TERMS = 64
# Panels of a unit normal: 16 Gauss points on 1.1 standard deviations resolve tanh to 1e-10, and
# He_64 to rounding.
PANEL_NODES, PANEL_WIDTH = 16, 1.1
