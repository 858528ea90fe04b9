"""A lag window that has cut the correlation is found from the solution in it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import dmft
from dmft.path_iteration.sampled_paths import path_map, solve_with_errors
from dmft.paths.window import fast_grid, lag_window
from dmft.sampled.path_checks import static_share
from dmft.sampled.pilot import _sufficient, longer_window
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


def test_correlations_that_oscillate_take_a_window_three_times_as_long(found):
    """Decided by the depth of the minimum, 0.3 of C(0)."""
    start, tau = found.start, found.lags.tau
    spans = []
    for low in (0.2, 0.4):
        C = start.C[0] * np.exp(-tau / 5) * np.cos(tau)
        C[1:] *= low * start.C[0] / -C.min()
        spans.append(_sufficient(NETWORK, replace(start, C=C), found.lags, 10.0, OPTIONS)[0])
    assert spans == [60.0, 180.0]


def test_what_the_iteration_left_is_no_fluctuation():
    """Static activity is known to the residual of its iteration, and to 1e-6 at best."""
    for residual, share in ((1e-9, 1e-6), (3e-4, 3e-4)):
        assert static_share(SimpleNamespace(fixed=SimpleNamespace(residual=residual))) == share


def test_a_minimum_of_less_than_a_tenth_is_not_cut():
    """Adaptation: C has a minimum of -0.096 C(0). At weak overlaps it is that without overlaps."""
    unit = dmft.Adaptation(0.877, 1.0)
    without, weak = (dmft.solve(dmft.Network(
        dmft.Modes(dmft.Spectrum.flat(0.8), overlaps), noise=0.5, unit=unit), tol=tol)
        for overlaps, tol in ((0.0, 1e-10), (1e-4, 1e-2)))
    exact = np.interp([2.0, 3.0, 4.0], without.lags.tau, without.C_x.value)
    found = np.interp([2.0, 3.0, 4.0], weak.lags.tau, weak.C_x.value)
    assert exact[0] / float(without.C_x[0]) == pytest.approx(-0.096, abs=2e-3)
    np.testing.assert_allclose(found, exact, atol=5e-4 * float(without.C_x[0]))
