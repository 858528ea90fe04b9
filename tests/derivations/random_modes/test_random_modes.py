"""Emitted equations of random modes against explicit random matrices."""

import numpy as np
import pytest

from dmft.equations import fluctuations, random_modes
from tests.derivations.explicit_network import (
    Frequency,
    Theory,
    draw,
    draw_modes,
    draw_rotated,
    measured,
    z_scores,
)

PAIR = Frequency(1.9 + 0.7j, 1.3, 0.4, 0.8 - 0.3j), Frequency(2.1 - 0.5j, 0.9, 0.2, 0.6 + 0.2j)
TWO_KINDS = ((0.9, 0.6, 0.5), (1.1, -0.3, 0.3))


def averages(modes, S1, S2):
    """c, d, e4, p, q, r, s over kinds of modes."""
    total = np.zeros(7, dtype=complex)
    for D, rho, alpha in modes:
        T1, T2 = (random_modes.mode_transfer(D, rho, S) for S in (S1, S2))
        a1, a2 = abs(T1) ** 2, abs(T2) ** 2
        total += alpha * np.array([T1 * np.conj(T2), rho**2 * T1 * T2, a1 * a2, rho * a1 * T2,
                                   rho * T1 * a2, rho * a1 * np.conj(T2),
                                   rho * np.conj(T1) * a2])
    return total


def test_engine():
    """The closed forms, from the averages over modes, are the engine's inverse."""
    theory = Theory(modes=TWO_KINDS)
    phi, x = theory.covariances(*PAIR)
    (S1, C1), (S2, C2) = (theory.site(f) for f in PAIR)
    seven = averages(TWO_KINDS, S1, S2)
    assert random_modes.overlap_covariance_phi(C1, C2, *seven) == pytest.approx(phi - C1 * C2)
    K = [theory.memory(S) for S in (S1, S2)]
    noise = [theory.noise(C, S) + f.white
             for f, S, C in zip(PAIR, (S1, S2), (C1, C2), strict=True)]  # fmt: skip
    H = [f.H for f in PAIR]
    power = [fluctuations.x_power(*values)
             for values in zip(H, (S1, S2), K, (C1, C2), noise, strict=True)]
    closed = random_modes.overlap_covariance_x(C1, C2, S1, S2, *K, *H, *noise, *power, *seven)
    assert closed == pytest.approx(x - power[0] * power[1])


def test_resolvents():
    """A small version of the slow test: S, C and both covariances of drawn matrices."""
    theory, rng = Theory(modes=TWO_KINDS), np.random.default_rng(3)
    S, C = theory.site(PAIR[0])
    found = [measured(draw(theory, 300, rng), *PAIR) for _ in range(10)]
    scores = z_scores(found, [S, C, *theory.covariances(*PAIR)], 300)
    assert np.all(np.abs(scores) < 5), scores


def test_mean_diagonal():
    """Mean diagonal of drawn couplings; it equals the memory of a unit with zero response."""
    rng, (D, rho, alpha) = np.random.default_rng(2), TWO_KINDS[0]
    found = [np.trace(draw_modes(400, TWO_KINDS[:1], rng)) / 400 for _ in range(8)]
    expected = alpha * random_modes.mean_diagonal(D, rho)
    assert np.mean(found) == pytest.approx(expected, abs=4 * np.std(found) / np.sqrt(8))
    assert np.std(found) < 0.02 * expected
    assert random_modes.mode_memory(D, rho, 0.0) == random_modes.mean_diagonal(D, rho)


def test_ellipse():
    """The eigenvalues of a drawn matrix fill the ellipse."""
    g, rho, alpha = 1.0, 0.5, 0.5
    J = draw_modes(400, ((g / np.sqrt(alpha), rho, alpha),), np.random.default_rng(0))
    values = np.linalg.eigvals(J)
    values = values[abs(values) > 0.05]
    center = random_modes.flat_center(g, rho, alpha)
    along = random_modes.flat_semi_axis_real(g, rho)
    across = random_modes.flat_semi_axis_imaginary(g, rho)
    assert random_modes.flat_edge(g, rho, alpha) == pytest.approx(center + along)
    # The density thins out towards the edge: few eigenvalues come near it, none is beyond.
    assert values.real.max() == pytest.approx(center + along, abs=0.2)
    assert values.imag.max() == pytest.approx(across, abs=0.1)
    radius = ((values.real - center) / along) ** 2 + (values.imag / across) ** 2
    assert radius.max() == pytest.approx(1, abs=0.1)


def test_rotated_singular_vectors():
    """Orthogonal, not Gaussian: fourth moments of singular values replace those of the strengths.
    """
    rng, N = np.random.default_rng(5), 300
    values = np.linspace(0, 1.6, N) ** 2
    m2, m4 = np.mean(values**2), np.mean(values**4)
    rank = random_modes.haar_inverse_rank(m2, m4)
    found = [measured(draw_rotated(values, N, rng), *PAIR)[1:3] for _ in range(16)]

    def expected(inverse_rank):
        S, C = [], []
        for f in PAIR:
            S.append(1 / f.z)
            C.append(abs(S[-1]) ** 2 * f.n / (1 - m2 * abs(S[-1]) ** 2))
        c = m2 * S[0] * np.conj(S[1])
        return [C[0], C[0] * C[1] + random_modes.covariance_phi(*C, c, inverse_rank)]

    scores = z_scores(found, expected(rank))
    assert np.all(np.abs(scores) < 4), scores
    # The singular values are no strengths of Gaussian modes, nor is their rank infinite.
    for wrong in (m4 / m2**2, 0.0):
        assert np.max(np.abs(z_scores(found, expected(wrong)))) > 6


def overlapping(f, D, O, N):
    """S and C of a linear site among modes with a matrix of overlaps, and their transfer T."""
    S = 1 / f.z
    for _ in range(300):
        T = np.linalg.inv(np.diag(1 / D) / S - O)
        S = S / 2 + 1 / (f.z - np.trace(O @ T) / N / S) / 2
    return S, abs(S) ** 2 * f.n / (1 - np.sum(abs(T) ** 2) / N), T


def traces(O, T1, T2, N):
    """c, d, e4, p, q, r, s."""
    U1, U2 = T1.conj().T, T2.conj().T
    products = (T1 @ U2, O @ T1 @ O @ T2, T1 @ U1 @ T2 @ U2, T1 @ U1 @ T2 @ O, T1 @ O @ T2 @ U2,
                U2 @ T1 @ U1 @ O.T, U1 @ T2 @ U2 @ O.T)  # fmt: skip
    return [np.trace(one) / N for one in products]


def matrix_of_overlaps(M, rng):
    A = rng.standard_normal((M, M)) / np.sqrt(M)
    return 0.5 * np.eye(M) + 0.3 * A


def rest(O):
    """Square root of 1 - O^T O."""
    values, vectors = np.linalg.eigh(np.eye(len(O)) - O.T @ O)
    assert values.min() > 0
    return (vectors * np.sqrt(values)) @ vectors.T


def gaussian_overlapping(N, D, O, rng):
    """<r_a l_b> = O_ab / N for every unit."""
    r, other = rng.standard_normal((2, N, len(D)))
    return ((r @ O + other @ rest(O)) * D) @ r.T / N


def orthogonal_overlapping(N, D, O, rng):
    """Orthonormal modes with exactly these overlaps, r_a . l_b = O_ab."""
    Q, _ = np.linalg.qr(rng.standard_normal((N, 2 * len(D))))
    R, other = np.split(Q, 2, axis=1)
    return ((R @ O + other @ rest(O)) * D) @ R.T


def matrix_scores(N, M, networks, draw_one, seed):
    rng = np.random.default_rng(seed)
    D, O = np.linspace(0.6, 1.4, M), matrix_of_overlaps(M, np.random.default_rng(7))
    sites = [overlapping(f, D, O, N) for f in PAIR]
    seven = traces(O, sites[0][2], sites[1][2], N)
    C = [C for _, C, _ in sites]
    expected = [sites[0][0], C[0], C[0] * C[1] + random_modes.overlap_covariance_phi(*C, *seven)]
    found = [measured(draw_one(N, D, O, rng), *PAIR)[:3] for _ in range(networks)]
    return z_scores(found, expected, N), np.mean(found, axis=0), np.array(expected)


def test_matrix_of_overlaps():
    """Gaussian modes with covariances O_ab / N between all pairs."""
    scores, *_ = matrix_scores(300, 100, 12, gaussian_overlapping, 0)
    assert np.all(np.abs(scores) < 5), scores


def test_orthonormal_modes_are_others():
    """With fixed overlaps they have no fluctuations, and a different C and Psi."""
    _, found, expected = matrix_scores(300, 100, 2, orthogonal_overlapping, 0)
    assert np.all(np.abs(found / expected - 1)[1:] > 0.05)


NETWORKS = {
    "iid": Theory(1.1), "reciprocity": Theory(1.0, 0.3), "antisymmetry": Theory(1.1, -0.3),
    "overlap": Theory(modes=((1.2, 0.5, 0.5),)), "two kinds": Theory(modes=TWO_KINDS),
    "sum": Theory(0.5, 0.4, TWO_KINDS),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_large_matrices(name):
    theory, rng = NETWORKS[name], np.random.default_rng(11)
    S, C = theory.site(PAIR[0])
    found = [measured(draw(theory, 700, rng), *PAIR) for _ in range(10)]
    scores = z_scores(found, [S, C, *theory.covariances(*PAIR)], 700)
    assert np.all(np.abs(scores) < 4.5), scores


@pytest.mark.slow
def test_large_matrices_with_a_matrix_of_overlaps():
    scores, *_ = matrix_scores(700, 250, 10, gaussian_overlapping, 1)
    assert np.all(np.abs(scores) < 4.5), scores
