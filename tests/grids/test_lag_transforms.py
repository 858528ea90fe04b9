"""Fourier integrals of functions of the lag, compared with closed forms."""

import numpy as np
import pytest

from dmft.grids.lag_transforms import causal_transform, even_transform
from dmft.grids.lags import Lags

LAGS = Lags(40.0, 0.05)
W = np.array([0.0, 0.3, 2.0, 10.0])


def test_a_smooth_even_function():
    gauss = np.exp(-LAGS.tau**2 / 2)
    exact = np.sqrt(2 * np.pi) * np.exp(-W**2 / 2)
    np.testing.assert_allclose(even_transform(LAGS, gauss, W), exact, atol=1e-13)
    two = even_transform(LAGS, np.column_stack([gauss, 3 * gauss]), W)
    np.testing.assert_allclose(two, np.column_stack([exact, 3 * exact]), atol=1e-13)
    assert even_transform(LAGS, gauss, np.array([100.0]))[0] == 0  # beyond the grid


def test_a_corner_at_zero_lag():
    """exp(-2 tau): its spectrum decays as w^-2, also beyond the highest frequency of the grid."""
    corner = np.exp(-2 * LAGS.tau)
    far = np.append(W, 500.0)
    exact = 4 / (4 + far**2)
    found = even_transform(LAGS, corner, far, corner=True)
    np.testing.assert_allclose(found, exact, atol=2e-7)
    assert found[-1] == pytest.approx(exact[-1], rel=1e-3)
    assert np.abs(even_transform(LAGS, corner, W) - exact[:-1]).max() > 1e-4  # without corner


def test_a_response_with_its_jump():
    values = np.exp(-2 * LAGS.tau) + LAGS.tau**2 * np.exp(-LAGS.tau)
    exact = 1 / (2 + 1j * W) + 2 / (1 + 1j * W) ** 3
    np.testing.assert_allclose(causal_transform(LAGS, values, W), exact, atol=1.5e-7)
    far = np.array([200.0])  # beyond the grid only the jump and the slope contribute
    np.testing.assert_allclose(causal_transform(LAGS, values, far), 1 / (2 + 1j * far), atol=2e-6)
