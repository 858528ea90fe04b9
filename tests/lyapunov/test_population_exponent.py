"""Exponents of populations: the known ones of one population, and simulated networks."""

import numpy as np
import pytest

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


def test_what_has_no_exponent_is_refused():
    bistable = dmft.solve(dmft.PopulationNetwork([[2.0]], 0.2))
    with pytest.raises(ModelError, match=r"2 stable states.*states.only"):
        dmft.lyapunov_exponent(bistable)
    with pytest.raises(ModelError, match=r"those of the means.*not derived"):
        dmft.lyapunov_exponent(bistable.only(0))
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
