"""Numerical settings of this folder, with the reason for each."""

from __future__ import annotations

# --- lags.py ---
# Largest number of lags: 34 MB an array. More are requested by mistake only.
MOST_LAGS = 2**22

# --- times.py ---
# Largest number of times: a longer row of times is requested by mistake only.
MOST_TIMES = 2**21

# --- resolution.py ---
# Largest correlation in the last tenth of the window, relative to that at zero lag: where more is
# left, the periodic continuation of the correlation adds to it.
DECAY_LIMIT = 1e-6
# Largest spectrum at the highest frequency pi/dt, relative to its maximum: where more is left, the
# frequencies beyond are folded back onto the grid.
NYQUIST_LIMIT = 1e-6

# --- impulse_response.py ---
# Weight of the equation R(0+) = slope among those of the frequencies, of weight one: large, so that
# the least-squares fit fulfils it like a constraint.
SLOPE_WEIGHT = 1e5

# --- lag_transforms.py ---
# Lags per block of a Fourier sum: the waves exp(-i omega k dt) are computed for the lags of one
# block and for the first lag of each block only; the others are products of these.
LAGS_PER_BLOCK = 32
