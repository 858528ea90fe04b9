"""Statistics on another grid: what the check of the step adds is the error of the step alone."""

import numpy as np
import pytest

import dmft
from dmft import Lags
from dmft.paths.site_statistics import SiteStatistics
from dmft.sampled.starting_statistics import on_grid, refined
from dmft.units.leaky import LEAKY


def bell(lags: Lags) -> SiteStatistics:
    C = 0.1 + np.exp(-lags.tau**2 / 8)
    return SiteStatistics(lags, C, 0.1, LEAKY.response(lags.omega), 1.0, 1.0, LEAKY, 0.0)


def test_interpolation_is_of_fourth_order():
    def largest_error(dt):
        fine = refined(bell(Lags(48.0, dt)), Lags(48.0, dt / 2))
        return np.max(np.abs(fine.C - bell(fine.lags).C))

    assert largest_error(0.8) < 2e-3  # linear: 0.019, and 0.0049 at half the step
    assert largest_error(0.8) > 8 * largest_error(0.4)


def test_beyond_the_window_only_the_static_part_is_left():
    longer = on_grid(bell(Lags(48.0, 0.8)), Lags(96.0, 0.8))
    np.testing.assert_allclose(longer.C, bell(longer.lags).C, atol=1e-12)


def test_the_step_of_slow_oscillations_is_not_refined_without_need():
    found = dmft.solve(dmft.PlasticNetwork(g=1.546, k=-4.177, p=1.0), tol=1e-2, rng=0)
    step = next(one for one in found.convergence.checks if one.name == "step")
    assert step.value < 1e-3  # 0.011 by linear interpolation
    assert float(found.C_phi[0]) == pytest.approx(0.11203, abs=4 * found.C_phi[0].stderr + 3e-5)
