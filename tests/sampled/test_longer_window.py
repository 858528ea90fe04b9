"""A lag window that has cut the correlation is found from the solution in it."""

from dataclasses import replace

import pytest

import dmft
from dmft.path_iteration.sampled_paths import path_map, solve_with_errors
from dmft.paths.window import fast_grid, lag_window
from dmft.sampled.pilot import longer_window
from dmft.sampled.slow_starts import search
from dmft.sampled.starting_statistics import on_grid

NETWORK = dmft.PlasticNetwork(1.5, -1.0, 2.5)
OPTIONS = dmft.SamplingOptions(pilot_paths=64, first_paths=64)


@pytest.fixture(scope="module")
def found():
    """The pilot of the network."""
    return search(NETWORK, None, None, 0, OPTIONS, max_iter=200, callback=None).found


def solved(pilot):
    own, u = path_map(NETWORK, pilot.start, pilot.window, 1, 64)
    return solve_with_errors(own, u, pilot.time, max_iter=200, worst=1.0)


def test_a_window_that_is_long_enough_stays(found):
    assert longer_window(found, solved(found), OPTIONS) is None


def test_a_window_that_cuts_is_lengthened(found):
    """One of a third of the memory time, on a grid that is as short."""
    grid = fast_grid(found.lags.span / 3, found.lags.dt)
    time = found.time / 3
    short = replace(found, lags=grid, time=time, window=lag_window(grid, time),
                    start=on_grid(found.start, grid))
    longer = longer_window(short, solved(short), OPTIONS)
    assert longer.time > 1.6 * time
    assert longer.lags.span > 1.6 * grid.span
    assert len(longer.window) == len(longer.lags) == len(longer.start.C)
