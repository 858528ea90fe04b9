"""The 2N eigenvalues of units and synapses, against the full Jacobian and against growth."""

import numpy as np
import pytest

import dmft
from dmft import Hebbian, PlasticNetwork, validation
from dmft.base import allocation
from dmft.base.errors import ModelError
from dmft.validation.couplings.draw import draw_sum
from dmft.validation.plasticity.joint_jacobian import joint_matrix
from dmft.validation.settings.settings import checked_settings


def full_jacobian(W, x, k, p):
    """(N + N^2) square, entry by entry from the equations of x and A, at any x and A."""
    N, phi, slope = len(x), np.tanh(x), 1 - np.tanh(x)**2
    matrix = np.zeros((N + N * N, N + N * N))
    for i in range(N):
        matrix[i, i] -= 1
        for j in range(N):
            synapse = N + N * i + j
            matrix[i, j] += W[i, j] * slope[j]
            matrix[i, synapse] = phi[j]
            matrix[synapse, synapse] = -1 / p
            matrix[synapse, i] += k / (N * p) * slope[i] * phi[j]
            matrix[synapse, j] += k / (N * p) * phi[i] * slope[j]
    return matrix


@pytest.mark.parametrize("N", [8, 12])
@pytest.mark.parametrize(("k", "p"), [(1.4, 2.5), (-2.0, 0.7)])
def test_the_full_jacobian_has_these_eigenvalues_and_copies_of_the_synaptic_rate(N, k, p):
    rng = np.random.default_rng(N)
    W, x = rng.standard_normal((N, N)) * 2 / np.sqrt(N), rng.standard_normal(N)
    full = np.linalg.eigvals(full_jacobian(W, x, k, p))
    joint = np.linalg.eigvals(joint_matrix(W, np.tanh(x), 1 - np.tanh(x)**2, Hebbian(k, p)))
    # the copies of -1/p belong to defective blocks: their rounding is the square root's
    apart = full[np.abs(full + 1 / p) > 1e-3]
    assert np.sum(np.abs(joint + 1 / p) < 1e-3) == 0
    assert len(full) - len(apart) == N * N - N
    assert len(apart) == len(joint) == 2 * N
    distances = np.abs(apart[:, None] - joint)
    assert distances.min(axis=0).max() < 1e-12
    assert distances.min(axis=1).max() < 1e-12


def test_nothing_plastic_leaves_the_jacobian_of_the_units():
    network = dmft.RandomNetwork(0.5)
    found = validation.jacobian_eigenvalues(network, 30, 2, burn_in=100.0, rng=1)
    assert found.shape == (2, 1, 30)
    settings = checked_settings(network, 30, 2, 1, 0.1, 0.1, 100.0, [0.0], 1, "float32")
    for index in range(2):
        J = draw_sum(network.ensembles, 30, settings.seed(30, index).spawn(5)[0], float).matrix
        exact = np.linalg.eigvals(J) - 1  # at rest the gains are 1
        np.testing.assert_allclose(np.sort_complex(found[index, 0]), np.sort_complex(exact),
                                   atol=1e-9)


def test_states_are_where_the_couplings_are():
    """At rest of a plastic network: 2N, half of them the synapses' own -1/p."""
    found = validation.jacobian_eigenvalues(PlasticNetwork(0.5, 1.0, 4.0), 30, trials=2,
                                            burn_in=150.0, rng=1)
    assert found.shape == (1, 2, 60)
    assert np.sum(np.abs(found[0, 0] + 0.25) < 1e-6) == 30
    np.testing.assert_array_equal(np.isfinite(found), True)


def test_hebbian_couplings_pull_to_the_real_axis_and_anti_hebbian_off_it():
    """Extent along the imaginary axis over that along the real one, g = 2, p = 2.5."""
    ratio = {}
    for k in (-1.0, 0.0, 1.0):
        found = validation.jacobian_eigenvalues(PlasticNetwork(2.0, k, 2.5), 150, 2, burn_in=80.0,
                                                rng=1)
        ratio[k] = np.abs(found.imag).max() / np.ptp(found.real)
        assert found.real.max() > 0
    assert ratio[-1.0] > 1.15 * ratio[0.0] > 1.3 * ratio[1.0]


@pytest.mark.parametrize(("network", "problem"), [
    (dmft.Network((dmft.IID(1.0), Hebbian(1.0, 2.0), Hebbian(1.0, 3.0)), dmft.tanh), "several"),
    (dmft.HeterogeneousNetwork(1.5, dmft.Gains.lognormal(0.5)), "gains")], ids=["two", "gains"])
def test_what_cannot_be_linearised_is_named(network, problem):
    with pytest.raises(ModelError, match=problem):
        validation.jacobian_eigenvalues(network, 20, rng=0)
    with pytest.raises(ModelError, match="several sizes"):
        validation.jacobian_eigenvalues(PlasticNetwork(2.0, 1.0, 2.5), (10, 20), rng=0)


def test_more_memory_than_there_is_is_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(allocation, "available", lambda: 1e8)
    with pytest.raises(ModelError, match="GiB"):  # the couplings alone would fit
        validation.jacobian_eigenvalues(PlasticNetwork(2.0, 1.0, 2.5), 1000, burn_in=0.1, rng=0)
    monkeypatch.undo()
    with pytest.raises(ModelError, match=r"count=.*GiB"):
        validation.lyapunov_spectrum(PlasticNetwork(2.0, 1.0, 2.5), 5000, 2, count=5000, rng=0)


@pytest.mark.slow
@pytest.mark.parametrize(("k", "right", "top"), [(1.0, 0.25, 0.775), (-1.0, 0.125, 1.412)])
def test_the_support_is_filled(k, right, top):
    """N = 600 at g = 2, p = 2.5: mean over networks of the edges of the predicted support."""
    found = validation.jacobian_eigenvalues(PlasticNetwork(2.0, k, 2.5), 600, 8, rng=2)[:, 0]
    for edges, known in ((found.real.max(axis=1), right), (found.imag.max(axis=1), top)):
        stderr = edges.std(ddof=1) / np.sqrt(len(edges))
        assert abs(edges.mean() - known) < 4 * stderr
        assert stderr < 0.02
