"""Random modes and gains at finite N have the statistics of their definition."""

import numpy as np
import pytest

import dmft
from dmft import Gains, HeterogeneousNetwork, Matrix, Modes, Network, Spectrum, validation
from dmft.averages.gaussian_averages import mean_square
from dmft.base.errors import ModelError
from dmft.validation.couplings import draw
from dmft.validation.couplings.gains import input_gain, variances_by_gain
from dmft.validation.couplings.operators import Dense, Product, Scaled
from dmft.validation.settings.settings import checked_settings
from dmft.validation.simulation.task import draw_network

N = 400
RNG = np.random.default_rng(2)
MATRIX = 0.5 * RNG.normal(size=(4, 4))
MATRIX /= 1.1 * np.linalg.norm(MATRIX, 2)
STRENGTHS = [2.0, 1.5, 0.5, 1.0]

ENSEMBLES = {
    "flat, few": Modes(Spectrum.flat(2.0, 0.25)),
    "flat, many": Modes(Spectrum.flat(2.0, 1.5)),
    "decaying": Modes(Spectrum.exponential(1.5, 4.0)),
    "overlapping": Modes(Spectrum.flat(1.5, 0.5), -0.6),
    "one whole overlap": Modes(Spectrum.flat(1.0, 0.4), 1.0),
    "of several kinds": Modes(Spectrum.from_values(STRENGTHS, 0.8), [0.9, -0.5, 0.0, 0.3]),
    "overlapping with one another": Modes(Spectrum.from_values(STRENGTHS, 0.8), MATRIX),
}


def matrix(ensemble, seed, neurons=N):
    one = draw.draw(ensemble, neurons, np.random.default_rng(seed))
    return one.apply(np.eye(neurons, dtype=np.float32)).astype(float)


def off(values, expected):
    """Deviation of the mean in standard errors."""
    values = np.asarray(values)
    return (values.mean() - expected) / (values.std(ddof=1) / np.sqrt(len(values)))


@pytest.mark.parametrize("name", ENSEMBLES)
def test_couplings_have_their_moments(name):
    """Variance, mean of J_ii, and tr J J^T J J^T, whose part of fourth order is <D^4>.

    Deviations are in standard errors over matrices. With overlaps sum J_ij^2 over i != j has a
    part of order 1/N more, and the fourth moment others, as large as <D^4>, left out here.
    """
    ensemble = ENSEMBLES[name]
    rows = []
    for seed in range(24):
        J = matrix(ensemble, seed)
        square = J @ J.T
        off_diagonal = square.trace() - np.sum(np.diag(J) ** 2)
        rows.append([off_diagonal / (N - 1), np.trace(J) / N, np.sum(square**2) / N])
    variance, diagonal, fourth = np.array(rows).T
    D, overlaps = ensemble.at(N)
    rho = overlaps if overlaps.ndim == 2 else np.diag(overlaps)
    m2, m4 = np.sum(D**2) / N, np.sum(D**4) / N
    assert m2 == pytest.approx(ensemble.spectrum.g_eff**2)
    cross = np.sum((D[:, None] * D) * (rho * rho.T)) / N**2
    assert abs(off(variance, m2 + cross)) < 4.5
    assert abs(off(diagonal, np.sum(D * np.diag(rho)) / N)) < 4.5
    if not ensemble.has_memory:  # two pairings are planar, and the fourth cumulant is m4
        assert fourth.mean() - 2 * m2**2 == pytest.approx(m4, rel=0.05)


@pytest.mark.parametrize("name", ["overlapping", "of several kinds",
                                  "overlapping with one another"])
def test_left_and_right_modes_have_the_given_overlaps(name, monkeypatch):
    """r_a . l_b = O_ab: measured by R^T J R = (R^T L) D (R^T R), from the modes themselves."""
    from dmft.validation.couplings import modes

    monkeypatch.setattr(modes, "as_product", lambda *a: True)
    ensemble, big = ENSEMBLES[name], 1500
    D, _ = ensemble.at(big)
    one = draw.draw(ensemble, big, np.random.default_rng(1))
    left = one.left.astype(float) / (D / big)  # entries of variance 1, as those of `right`
    right = one.right.astype(float)
    q = len(ensemble.spectrum.values)
    kinds = np.repeat(np.arange(q), len(D) // q)
    found = np.zeros((q, q))  # copies of a mode overlap as the modes do, others do not
    product = right.T @ left / big
    for a in range(q):
        for b in range(q):
            found[a, b] = np.mean(np.diag(product[np.ix_(kinds == a, kinds == b)]))
    asked = (np.asarray(ensemble.overlaps) if np.ndim(ensemble.overlaps) == 2
             else np.diag(np.broadcast_to(ensemble.overlaps, (q,))))
    stderr = np.sqrt((1 + asked**2) / big / (len(D) // q))
    assert np.abs((found - asked) / stderr).max() < 4.5
    unasked = product - np.kron(asked, np.eye(len(D) // q))
    assert np.std(unasked) == pytest.approx(1 / np.sqrt(big), rel=0.1)  # (1 + O^2)^(1/2) on it
    covariance = left.T @ left / big - np.eye(len(D))
    assert np.std(covariance[~np.eye(len(D), dtype=bool)]) == pytest.approx(
        1 / np.sqrt(big), rel=0.05)


@pytest.mark.parametrize("name", ENSEMBLES)
def test_few_modes_are_applied_as_modes_and_many_as_their_matrix(name, monkeypatch):
    from dmft.validation.couplings import modes

    ensemble = ENSEMBLES[name]
    one = draw.draw(ensemble, N, np.random.default_rng(3))
    few = 2 * len(ensemble.at(N)[0]) < N
    assert isinstance(one, Product if few else Dense)
    monkeypatch.setattr(modes, "as_product", lambda *a: not few)
    other = draw.draw(ensemble, N, np.random.default_rng(3))
    assert type(other) is not type(one)
    phi = np.random.default_rng(4).standard_normal((N, 3), dtype=np.float32)
    np.testing.assert_allclose(one.apply(phi), other.apply(phi), atol=2e-5)
    assert one.astype(float).apply(phi.astype(float)).dtype == float


def test_a_size_that_is_not_possible_is_refused_before_the_run():
    network = Network((ENSEMBLES["overlapping with one another"],), dmft.erf)
    with pytest.raises(ModelError, match="neurons=103"):
        validation.simulate(network, 103, 2, rng=0)


def test_a_given_matrix_is_every_network_s():
    J = np.random.default_rng(5).normal(size=(30, 30)) / np.sqrt(30)
    network = Network((Matrix(J),), dmft.tanh, noise=0.5)
    options = {"trials": 2, "duration": 4.0, "burn_in": 4.0, "lags": [0.0], "rng": 0}
    runs = validation.simulate(network, 30, 2, **options)
    settings = runs.settings
    for k in range(2):
        np.testing.assert_allclose(draw_network(settings, 30, k)[0].matrix, J, rtol=1e-6)
    assert runs.samples("C_x")[0, 0] != runs.samples("C_x")[1, 0]
    with pytest.raises(ModelError, match=r"neurons=31.*give 30"):
        validation.simulate(network, 31, 2, **options)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gains_scale_what_is_received_and_what_is_sent(dtype):
    network = HeterogeneousNetwork(2.0, Gains.lognormal(0.5), Gains.from_values([0.5, 1.5]),
                                   dmft.erf)
    settings = checked_settings(network, 60, 2, 2, 5.0, 0.1, 5.0, [0.0], 7, dtype)
    one, seeds = draw_network(settings, 60, 0)
    assert isinstance(one, Scaled)
    u, v = input_gain(one), one.output_gain[:, 0]
    assert u.dtype == v.dtype == dtype
    phi = np.random.default_rng(0).standard_normal((60, 3)).astype(dtype)
    expected = np.diag(u) @ one.couplings.matrix @ np.diag(v) @ phi
    np.testing.assert_allclose(one.apply(phi), expected, rtol=1e-4, atol=1e-4)
    assert set(np.round(v, 3)) == {0.5, 1.5}
    assert np.corrcoef(u, v)[0, 1] ** 2 < 0.1
    # the couplings, the starts and the noise are those of the network without gains
    plain = checked_settings(dmft.RandomNetwork(2.0, dmft.erf), 60, 2, 2, 5.0, 0.1, 5.0, [0.0], 7,
                             dtype)
    other, other_seeds = draw_network(plain, 60, 0)
    np.testing.assert_array_equal(one.couplings.matrix, other.matrix)
    assert seeds.start.spawn_key == other_seeds.start.spawn_key
    again, _ = draw_network(settings, 60, 0)
    np.testing.assert_array_equal(u, input_gain(again))
    assert not np.array_equal(u, input_gain(draw_network(settings, 60, 1)[0]))


def test_variances_by_gain_are_those_of_each_unit():
    network = HeterogeneousNetwork(3.0, Gains.from_values([0.5, 1.0, 2.0]), 1.0, dmft.tanh)
    solution = dmft.solve(network)
    of_phi, of_x = variances_by_gain(solution)(np.array([0.5, 1.0, 2.0]))
    assert np.mean(of_x) == pytest.approx(float(solution.C_x[0]))
    np.testing.assert_allclose(of_x, of_x[1] * np.array([0.25, 1.0, 4.0]))
    expected = [mean_square(network.phi, one) for one in of_x]
    np.testing.assert_allclose(of_phi, expected, rtol=1e-6)
    assert np.mean(of_phi) == pytest.approx(float(solution.C_phi[0]), rel=1e-6)
