"""Emitted equations of the iid network against explicit random matrices."""

import numpy as np
import pytest

from dmft.equations import fluctuations, iid, random_modes
from tests.derivations.explicit_network import Frequency, Theory


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


@pytest.mark.parametrize("reciprocity", [0.4, 0.0, -0.4])
def test_covariances(reciprocity):
    """The closed form is the engine's inverse, with both of its second derivatives."""
    pair = (Frequency(1.9 + 0.7j, 1.3, 0.4, 0.8 - 0.3j),
            Frequency(2.1 - 0.5j, 0.9, 0.2, 0.6 + 0.2j))  # fmt: skip
    theory = Theory(1.1, reciprocity)
    (S1, C1), (S2, C2) = (theory.site(f) for f in pair)
    c, d = 1.1**2 * S1 * np.conj(S2), reciprocity * 1.1**2 * S1 * S2
    found = iid.covariance_phi(C1, C2, c, d)
    phi, x = theory.covariances(*pair)
    assert found == pytest.approx(phi - C1 * C2)
    # That of x is the one of random modes, whose other averages vanish.
    S, C, H = (S1, S2), (C1, C2), [f.H for f in pair]
    K = [iid.memory_kernel(s, 1.1, reciprocity) for s in S]
    noise = [iid.noise_covariance(q, 1.1) + f.white for q, f in zip(C, pair, strict=True)]
    power = [fluctuations.x_power(*values) for values in zip(H, S, K, C, noise, strict=True)]
    found = random_modes.overlap_covariance_x(*C, *S, *K, *H, *noise, *power, c, d, *[0.0] * 5)
    assert found == pytest.approx(x - power[0] * power[1])
