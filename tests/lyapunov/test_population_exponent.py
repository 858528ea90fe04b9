"""Exponents of populations: the known ones of one population, and simulated networks."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

import dmft
from dmft import validation
from dmft.base.errors import ModelError


def test_without_means_it_is_that_of_independent_couplings():
    one = dmft.solve(dmft.PopulationNetwork([[0.0]], 2.0))
    expected = float(dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(2.0))))
    assert float(dmft.lyapunov_exponent(one)) == pytest.approx(expected, abs=1e-7)
    # two populations that receive the same: as one
    two = dmft.solve(dmft.PopulationNetwork(np.zeros((2, 2)), np.sqrt(2.0)))
    assert float(dmft.lyapunov_exponent(two)) == pytest.approx(expected, abs=1e-7)


def test_a_population_that_another_one_drives():
    """The exponent is the larger one of the two: here that of the first, which receives nothing."""
    unit = dmft.Adaptation(1.0, 4.0)
    states = dmft.solve(dmft.PopulationNetwork(np.zeros((2, 2)), [[4.0, 0.0], [0.5, 0.3]],
                                               unit=unit))
    expected = dmft.lyapunov_exponent(dmft.solve(dmft.Network(dmft.IID(4.0), unit=unit)))
    found = dmft.lyapunov_exponent(states.only(0))
    assert float(found) == pytest.approx(float(expected), abs=1e-5)
    assert len(found.refinement) == 2


def test_different_populations_against_the_schroedinger_problem():
    """(1 + lambda)^2 is the largest eigenvalue of d^2/dtau^2 + g^2 <phi' phi'>, by differences."""
    network = dmft.PopulationNetwork([[0.8, -1.2], [0.9, -0.4]], [[2.2, 0.4], [1.6, 0.9]],
                                     input=[0.6, -0.3])
    states = dmft.solve(network)
    state, (z, w) = states.stable[0], np.polynomial.hermite_e.hermegauss(60)
    tau, step, w = np.arange(0.0, 25.0, 0.1), 0.1, w / w.sum()
    slopes = []
    for mean, row in zip(state.means, state.C_x, strict=True):
        D, C = row[0], CubicSpline(state.lags.tau, row)(tau)
        x = mean + np.sqrt(D) * z
        y = (mean + np.multiply.outer(C / np.sqrt(D), z)[..., None]
             + np.sqrt(np.maximum(D - C**2 / D, 0.0))[:, None, None] * z)
        slopes.append(np.einsum("i,j,i,tij->t", w, w, 1 - np.tanh(x) ** 2, 1 - np.tanh(y) ** 2))
    second = (np.eye(len(tau), k=1) + np.eye(len(tau), k=-1) - 2 * np.eye(len(tau))) / step**2
    second[0, 1] *= 2  # even in tau
    operator = np.block([[second * (a == b) + np.diag(network.g[a, b] ** 2 * slopes[b])
                          for b in range(2)] for a in range(2)])
    expected = np.sqrt(np.max(np.linalg.eigvals(operator).real)) - 1
    found = float(dmft.lyapunov_exponent(states.only(list(states).index(state))))
    assert 0.05 < found == pytest.approx(expected, abs=1e-3)


def test_what_has_no_exponent_is_refused():
    bistable = dmft.solve(dmft.PopulationNetwork([[2.0]], 0.2))
    with pytest.raises(ModelError, match=r"2 stable states.*states.only"):
        dmft.lyapunov_exponent(bistable)
    with pytest.raises(ModelError, match=r"those of the means.*not derived"):
        dmft.lyapunov_exponent(bistable.only(0))
    for index in (9, -1, "a", None, 1.5, True):
        with pytest.raises(ModelError, match="index="):
            bistable.only(index)
    memory = dmft.solve(dmft.PopulationNetwork([[0.5]], 0.3, input=0.3, reciprocity=0.3))
    with pytest.raises(ModelError, match="means and memory"):
        dmft.lyapunov_exponent(memory)


@pytest.mark.slow
def test_excitation_and_inhibition_against_networks():
    """Finite networks are low, by 1/N: two sizes are extrapolated."""
    network = dmft.PopulationNetwork([[1.2, -2.0], [1.6, -1.0]], [[2.5, 1.5], [1.5, 1.0]],
                                     input=0.5, share=[0.7, 0.3])
    theory = float(dmft.lyapunov_exponent(dmft.solve(network)))
    small, large = (validation.lyapunov_exponent(network, N, 16, rng=0) for N in (300, 1200))
    limit, error = (4 * large - small) / 3, np.hypot(4 * large.stderr, small.stderr) / 3
    assert error < 0.02 * theory
    assert abs(float(limit) - theory) < 4 * float(error)
