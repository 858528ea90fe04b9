"""Jumps of a function: where its values on the two sides of a point differ."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .tuning import JUMP_GRID, JUMP_SHARE, JUMP_WIDTH, SMALLEST_JUMP, SUSPECTED_JUMPS


def find_jump(function: Callable) -> tuple[float, float] | None:
    """(place, height) of a jump of the function, or None if none is found on [-64, 64].

    The cells of a grid over which the function changes most for their width are bisected: the
    change over a cell that contains a jump does not vanish with its width.
    """
    with np.errstate(all="ignore"):
        values = np.asarray(function(JUMP_GRID), dtype=float)
        rounding = 8 * np.finfo(float).eps * np.max(np.abs(values), initial=0.0,
                                                    where=np.isfinite(values))
        steps = np.abs(np.diff(values))
        steps = np.where(np.isfinite(steps), steps, 0.0)
        size = max(float(np.max(steps, initial=0.0)), 1e-300)
        steep = steps / np.diff(JUMP_GRID) ** 0.5  # narrow cells next to zero come first
        for cell in np.argsort(steep)[-SUSPECTED_JUMPS:][::-1]:
            low, high = float(JUMP_GRID[cell]), float(JUMP_GRID[cell + 1])
            while high - low > JUMP_WIDTH * max(1.0, abs(low)):
                middle = (low + high) / 2
                at = np.asarray(function(np.array([low, middle, high])), dtype=float)
                left = abs(at[1] - at[0]) >= abs(at[2] - at[1])
                low, high = (low, middle) if left else (middle, high)
            ends = np.asarray(function(np.array([low, high])), dtype=float)
            height = float(ends[1] - ends[0])
            if abs(height) > JUMP_SHARE * steps[cell] and abs(height) > max(
                    SMALLEST_JUMP * size, rounding):
                place = (low + high) / 2
                return (0.0 if abs(place) < 2 * JUMP_WIDTH else place), height
    return None
