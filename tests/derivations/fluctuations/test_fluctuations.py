"""Emitted equations of fluctuations against explicit random matrices."""

import numpy as np
import pytest

from dmft.equations import fluctuations
from tests.derivations.explicit_network import Frequency, Theory, draw, measured, z_scores

PAIR = Frequency(1.9 + 0.7j, 1.3, 0.4, 0.8 - 0.3j), Frequency(2.1 - 0.5j, 0.9, 0.2, 0.6 + 0.2j)


def test_current():
    """Cross-spectra and power of x = H (eta + K phi), phi being linear in eta."""
    H, K, S, C_eta, own = 0.8 - 0.3j, 0.2 + 0.1j, 0.6 - 0.4j, 1.3, 0.7
    # phi = S (eta + f) + its own noise of spectrum ``own``
    C = abs(S) ** 2 * C_eta + own
    x, phi = np.array([H * (1 + K * S), H * K]), np.array([S, 1])  # by eta and by the own noise
    spectra = np.array([C_eta, own])
    assert fluctuations.x_phi(H, S, K, C, C_eta) == pytest.approx(np.sum(x * phi.conj() * spectra))
    assert fluctuations.x_power(H, S, K, C, C_eta) == pytest.approx(np.sum(abs(x) ** 2 * spectra))
    assert fluctuations.x_response(H, S, K) == pytest.approx(-x[0])


def test_back_substitution():
    rng = np.random.default_rng(0)
    M = np.zeros((4, 4), dtype=complex)
    places = ((0, 3), (1, 1), (1, 3), (2, 2), (2, 3), (3, 0), (3, 1), (3, 2), (3, 3))
    for place in places:
        M[place] = complex(*rng.standard_normal(2))
    found = fluctuations.inverse_phi_phi(*(M[place] for place in places))
    assert found == pytest.approx(np.linalg.inv(M)[0, 0])


@pytest.mark.parametrize("r", [-0.3, 0.3])
def test_reciprocity(r):
    theory, rng = Theory(g=1.0, r=r), np.random.default_rng(3)
    S, C = theory.site(PAIR[0])
    found = [measured(draw(theory, 300, rng), *PAIR) for _ in range(10)]
    scores = z_scores(found, [S, C, *theory.covariances(*PAIR)], 300)
    assert np.all(np.abs(scores) < 5), scores
    without = [S, C, *Theory(g=1.0).covariances(*PAIR)]
    assert np.max(np.abs(z_scores(found, without)[[2, 3]])) > 10


def test_given_matrix():
    """For a drawn matrix: noise and memory, and all of F by traces, against its ensemble's."""
    theory, rng, N = Theory(0.5, 0.4, ((0.9, 0.5, 0.5),)), np.random.default_rng(4), 300
    pairs, found = list(np.ndindex(2, 2)), []
    for _ in range(10):
        A, fields, values = draw(theory, N, rng), [], []
        for f in PAIR:
            G = np.linalg.inv(f.z * np.eye(N) - A)
            power = G @ G.conj().T
            S, h = np.trace(G) / N, np.trace(power).real / N
            fields.append([[f.n * power, -G], [G.conj().T, np.zeros((N, N))]])
            values += [fluctuations.resolvent_memory(f.z, S),
                       fluctuations.resolvent_noise(f.n * h, S, h)]  # fmt: skip
        F = [np.sum(fields[0][a][d] * fields[1][c][b].T) / N
             for c, d in pairs for a, b in pairs]  # fmt: skip
        found.append(values + F)
    sites = [theory.site(f) for f in PAIR]
    expected = [g(*one) for one in sites for g in (
        lambda S, C: theory.memory(S), lambda S, C: theory.noise(C, S))]  # fmt: skip
    expected += list(theory.fluctuations(sites).ravel())
    scores = z_scores(found, expected, N)
    assert np.all(np.abs(scores) < 5), scores
