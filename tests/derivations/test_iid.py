"""Emitted equations of the iid network against explicit random matrices."""

import numpy as np
import pytest

from dmft.equations import iid


def test_noise_covariance():
    """Variance of the input J phi for activities of given correlation, over drawn couplings."""
    rng = np.random.default_rng(0)
    N, g = 1500, 1.7
    J = g / np.sqrt(N) * rng.standard_normal((N, N))
    first = rng.standard_normal(N)
    second = 0.6 * first + 0.8 * rng.standard_normal(N)
    found = np.mean((J @ first) * (J @ second))
    expected = iid.noise_covariance(np.mean(first * second), g)
    assert found == pytest.approx(expected, abs=5 * 1.2 * g**2 / np.sqrt(N))


@pytest.mark.parametrize("reciprocity", [0.5, -0.5])
def test_memory_kernel(reciprocity):
    """The resolvent of a drawn matrix obeys z S = 1 + K S."""
    rng = np.random.default_rng(1)
    N, g, z = 800, 0.9, 2.5
    A = rng.standard_normal((N, N))
    a = (np.sqrt(1 + reciprocity) + np.sqrt(1 - reciprocity)) / 2
    b = (np.sqrt(1 + reciprocity) - np.sqrt(1 - reciprocity)) / 2
    J = g / np.sqrt(N) * (a * A + b * A.T)
    S = np.trace(np.linalg.inv(z * np.eye(N) - J)) / N
    assert z * S == pytest.approx(1 + iid.memory_kernel(S, g, reciprocity) * S, abs=2e-3)
    assert abs(iid.memory_kernel(S, g, reciprocity) * S) > 0.03


def test_noise_gain():
    C = np.linspace(0.1, 1, 4)
    np.testing.assert_allclose(iid.noise_covariance(C, 1.3), iid.noise_gain(1.3) * C)
