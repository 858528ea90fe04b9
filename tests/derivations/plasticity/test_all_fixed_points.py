"""The weight of all fixed points, stable or not."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import erf

from dmft.equations import plasticity


def test_all_fixed_points():
    """It counts roots with the modulus of D at s = 0, and the determinant's part for any s."""
    C, k, g, s = 0.9, 2.0, 1.5, 0.7
    x = np.linspace(-12, 12, 200000)
    phi, slope = np.tanh(x), 1 / np.cosh(x) ** 2
    stiffness = plasticity.fixed_point_stiffness(slope, C, k)
    weight = np.exp(plasticity.all_points_exponent(x, phi, stiffness, slope, C, g, 0.0, 0.0, k))
    fold = brentq(lambda u: plasticity.fixed_point_stiffness(1 / np.cosh(u) ** 2, C, k), 0, 5)
    eta = abs(plasticity.fixed_point_input(fold, np.tanh(fold), C, k))
    assert np.sum(weight) * (x[1] - x[0]) == pytest.approx(
        1 + 2 * erf(eta / (g * np.sqrt(2 * C))), abs=1e-4)  # three roots between the folds
    at = (0.8, 0.6, -0.3, 0.5, C, g)
    change = plasticity.all_points_exponent(*at, 0.3, s, k) - plasticity.all_points_exponent(
        *at, 0.0, 0.0, k)  # fmt: skip
    determinant = plasticity.unstable_log_det(-0.3, 0.5, s, g) - np.log(0.3)
    assert change == pytest.approx(determinant + 0.3 * (0.6**2 - C))
    step = 1e-5
    slope_in_s = (plasticity.unstable_log_det(-0.3, 0.5, s + step, g)
                  - plasticity.unstable_log_det(-0.3, 0.5, s - step, g)) / (2 * step)
    assert plasticity.raised_gain(0.5, -0.3, s, g) == pytest.approx(1 + 2 * g**2 * slope_in_s)
