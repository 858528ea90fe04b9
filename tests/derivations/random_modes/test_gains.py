"""Emitted equations of heterogeneous units against explicit random matrices."""

import numpy as np
import pytest

from dmft.equations import gains, random_modes
from tests.derivations.explicit_network import draw_modes, z_scores

G_EFF, ALPHA = 0.9, 0.5
FREQUENCIES = (0.5, -0.4)
H = [1 / (1 + 1j * w) for w in FREQUENCIES]


def units(N, rng):
    """Output gains, and by the input gain: s, private noise of phi (another at each frequency)."""
    v = np.exp(0.3 * rng.standard_normal(N))
    u = np.exp(0.4 * rng.standard_normal(N))
    return v, u, 0.8 * u / (1 + u), [0.5 + 0.3 * u, 0.9 / (1 + u)]


def two_point(v, s, private):
    """C_u of every unit, and the spectrum of the noise, at both frequencies."""
    spectra = []
    for h, n in zip(H, private, strict=True):
        gain = G_EFF**2 * np.mean(v**2)
        noise = gain * np.mean(n) / (1 - gain * np.mean(s**2) * abs(h) ** 2)
        spectra.append((s**2 * abs(h) ** 2 * noise + n, noise))
    return spectra


def theory(N_large=400_000, of="phi"):
    v, u, s, private = units(N_large, np.random.default_rng(99))
    (C1, noise1), (C2, noise2) = two_point(v, s, private)
    m = np.mean
    network = (m(v**2), m(v**4), G_EFF, *H, 1 / ALPHA)
    if of == "phi":
        W = 1 / (0.2 + u)
        return gains.covariance_weighted_phi(
            m(W**2 * C1 * C2), m(W * C1 * C2), m(C1 * C2), m(C1), m(C2), m(s**2), m(W * s**2),
            *network)  # fmt: skip
    W = u**2
    D1, D2 = abs(H[0]) ** 2 * noise1, abs(H[1]) ** 2 * noise2
    return gains.covariance_weighted_x(
        D1, D2, m(W**2), m(W), m(C1 * C2), m(C1), m(C2), m(s**2), m(W * s**2), *network
    )


def measured(N, rng):
    """phi_i = s_i H (J v phi)_i + private noise, and y = H J v phi, weighted and summed."""
    v, u, s, private = units(N, rng)
    J = draw_modes(N, ((G_EFF / np.sqrt(ALPHA), 0.0, ALPHA),), rng) * v
    phi, y = [], []
    for h, n in zip(H, private, strict=True):
        G = np.linalg.inv(np.eye(N) - h * s[:, None] * J)
        C = (G * n) @ G.conj().T
        phi.append(C)
        y.append(abs(h) ** 2 * J @ C @ J.T)
    out = []
    for matrices, W in ((phi, 1 / (0.2 + u)), (y, u**2)):
        out.append(np.sum(np.outer(W, W) * matrices[0] * matrices[1].conj()) / N)
    return out


def check(N, networks, seed, bound):
    rng = np.random.default_rng(seed)
    found = [measured(N, rng) for _ in range(networks)]
    scores = z_scores(found, [theory(of="phi"), theory(of="x")], N)
    assert np.all(np.abs(scores) < bound), scores


def test_resolvents():
    check(250, 12, 1, 4.5)


@pytest.mark.slow
def test_resolvents_of_large_matrices():
    check(700, 20, 2, 3.5)


def test_homogeneous_networks():
    """Without gains the formulas equal the closed forms of random modes."""
    C1, C2, s, g, rank = 0.7, 0.5, 0.6, 1.1, 0.5
    c = (g * s) ** 2 * H[0] * np.conj(H[1])
    found = gains.covariance_weighted_phi(C1 * C2, C1 * C2, C1 * C2, C1, C2, s**2, s**2, 1.0, 1.0,
                                          g, *H, 1 / rank)  # fmt: skip
    assert found - C1 * C2 == pytest.approx(random_modes.covariance_phi(C1, C2, c, 1 / rank))
    D1, D2 = (abs(h) ** 2 * g**2 * C for h, C in zip(H, (C1, C2), strict=True))
    found = gains.covariance_weighted_x(D1, D2, 1.0, 1.0, C1 * C2, C1, C2, s**2, s**2, 1.0, 1.0, g,
                                        *H, 1 / rank)  # fmt: skip
    expected = random_modes.covariance_x(D1, D2, C1, C2, *H, c, g, 1 / rank)
    assert found - D1 * D2 == pytest.approx(expected)
