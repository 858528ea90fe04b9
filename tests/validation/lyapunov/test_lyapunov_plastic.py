"""The tangent of plastic networks, against small differences, and what their exponents must be."""

import itertools

import numpy as np
import pytest

import dmft
from dmft import IID, Hebbian, PlasticNetwork, validation
from dmft.base.errors import ModelError
from dmft.units.leaky import LEAKY
from dmft.validation.couplings.draw import draw_sum
from dmft.validation.couplings.operators import (
    Scaled,
    Sum,
    halt,
    matrix_of,
    release,
    rescale,
    tangent_of,
)
from dmft.validation.couplings.plastic import Plastic
from dmft.validation.couplings.plastic_tangent import PlasticTangent
from dmft.validation.lyapunov.plastic_variation import with_tangents
from dmft.validation.settings.preparation import scheduled
from dmft.validation.settings.settings import checked_settings
from dmft.validation.simulation.integrator import states
from dmft.validation.simulation.unit_steps import UnitSteps

N, DT = 12, 0.1
GAIN = np.linspace(0.5, 1.5, N)[:, None]


def drawn():
    couplings = draw_sum((IID(1.8), Hebbian(1.6, 2.5)), N, np.random.SeedSequence(5), float)
    return Scaled(couplings, GAIN, GAIN)


def followed(x, u, steps, rescaled_at=()):
    """The tangent u (N, B) after some steps along the states from x, as the exponent takes it."""
    both, couplings, B = np.hstack([x, u]), tangent_of(drawn()), x.shape[1]
    units, total = UnitSteps(LEAKY, DT, 0.0, both), np.ones(B)
    for step in range(steps):
        phi = np.tanh(both[:, :B])
        rates = np.hstack([phi, (1 - phi**2) * both[:, B:]])
        drive = couplings.apply(rates)
        couplings.advance(rates, DT)
        units.advance(drive)
        if step in rescaled_at:
            factor = np.array([3.0, 0.2])
            units.transform(slice(B, None), lambda old, factor=factor: old * factor)
            rescale(couplings, factor)
            total *= factor
    return both[:, :B], both[:, B:] / total


def test_the_tangent_is_the_derivative_of_the_step():
    """Central differences of whole trajectories, over several synaptic time constants."""
    rng, steps, small = np.random.default_rng(3), 60, 1e-5
    x, u = rng.standard_normal((2, N, 2))
    ends = [next(itertools.islice(states(x + sign * small * u, np.tanh, drawn(), None, DT, 0.0,
                                         rng), steps, None))[0].copy() for sign in (1, -1)]
    states_, tangents = followed(x, u, steps)
    np.testing.assert_allclose(tangents, (ends[0] - ends[1]) / (2 * small), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(states_, (ends[0] + ends[1]) / 2, atol=1e-7)


def test_rescaling_the_tangent_scales_it_and_nothing_else():
    x, u = np.random.default_rng(3).standard_normal((2, N, 2))
    plain, rescaled = followed(x, u, 40), followed(x, u, 40, rescaled_at=(7, 20, 31))
    np.testing.assert_array_equal(plain[0], rescaled[0])
    np.testing.assert_allclose(plain[1], rescaled[1], rtol=1e-10)


def test_the_oldest_states_are_forgotten():
    """More steps than are remembered: the ring goes round."""
    tangent = PlasticTangent(1.0, 0.2, N)
    rng = np.random.default_rng(0)
    for _ in range(50):
        tangent.advance(rng.standard_normal((N, 2)), DT)
    assert tangent.filled == tangent.states.shape[2] == 19
    assert tangent.weights.min() > 0


def test_nothing_plastic_has_the_exponent_of_the_random_network():
    options = {"trials": 2, "duration": 40.0, "burn_in": 20.0, "rng": 1}
    plastic, random = (validation.lyapunov_exponent(net, 60, 4, **options)
                       for net in (PlasticNetwork(2.5, 0.0, 2.0), dmft.RandomNetwork(2.5)))
    assert float(plastic) == pytest.approx(float(random), abs=1e-6)


def test_rest_shrinks_at_the_rate_of_its_slowest_part():
    """At rest units decay as without plasticity, abscissa(J) - 1, or synapses at -1/p do."""
    slow = validation.lyapunov_exponent(PlasticNetwork(0.3, 1.0, 4.0), 30, 2, trials=1,
                                        duration=50.0, burn_in=50.0, rng=2)
    assert float(slow) == pytest.approx(-1 / 4.0, abs=1e-4)
    network, K = PlasticNetwork(0.3, 1.0, 0.8), 3
    found = validation.lyapunov_exponent(network, 30, K, trials=1, duration=200.0, burn_in=150.0,
                                         rng=2, dtype="float64")
    settings = checked_settings(network, 30, K, 1, 200.0, 0.1, 150.0, [0.0], 2,
                                "float64")
    exact = [np.linalg.eigvals(draw_sum((IID(0.3),), 30, settings.seed(30, k).spawn(4)[0],
                                        float).matrix).real.max() - 1 for k in range(K)]
    assert float(found) == pytest.approx(np.mean(exact), abs=5e-3)


@pytest.mark.parametrize(("k", "p", "exponent", "within"), [
    (0.6, 2.0, -0.5, 0.01), (-0.6, 2.0, -0.5, 0.01), (0.6, 0.5, -0.9133, 0.02)])
def test_without_random_couplings_synapses_or_single_units_are_slowest(k, p, exponent, within):
    """-1/p, the synapses' own, unless it is below the exponent of a unit with its memory."""
    network = dmft.Network((Hebbian(k, p),), dmft.tanh, noise=0.5)
    found = validation.lyapunov_exponent(network, 60, 4, trials=2, duration=40.0, rng=1)
    assert float(found) == pytest.approx(exponent, abs=within)


def test_couplings_whose_tangent_is_unknown_are_refused():
    class Strange:
        memoryless = False

    assert tangent_of(Strange()) is None
    assert tangent_of(Scaled(Strange(), GAIN, GAIN)) is None
    assert tangent_of(Sum((Strange(), drawn()))) is None


def test_a_memory_that_is_not_plastic_is_not_taken_for_fixed_couplings():
    class Slow:
        memoryless = False

    both = Sum((Slow(), drawn().couplings.terms[1]))
    with pytest.raises(ModelError, match="tangent is not known"):
        with_tangents(both, 2, np.random.default_rng(0))
    with pytest.raises(ModelError, match="their matrix is not known"):
        matrix_of(both, np.zeros((N, 1)), 0)
    halt(both, np.zeros((N, 1)))  # what is not plastic goes on
    assert both.terms[1].halted
    release(both)
    assert not both.terms[1].halted


def test_preparation_and_plasticity_are_varied_together():
    couplings = scheduled(drawn().couplings, ((2.0, 1.0),))
    acting, part = with_tangents(couplings, 2, np.random.default_rng(0))
    both = np.random.default_rng(1).standard_normal((N, 3))
    J = drawn().couplings.terms[0].matrix
    np.testing.assert_allclose(acting.apply(both)[:, 0], 2 * J @ both[:, 0])
    assert part.changes.shape == (2, N, N)


def test_an_unknown_tangent_is_named(monkeypatch):
    monkeypatch.delattr(Plastic, "tangent")
    with pytest.raises(ModelError, match="tangent is not known"):
        validation.lyapunov_exponent(PlasticNetwork(2.0, 1.0, 2.5), 20, 2, rng=0)


@pytest.mark.slow
def test_plasticity_raises_the_exponent():
    """g = 2, p = 2.5: .1125 without, .1285(5) at k = 1 in theory; N = 500 shows some 15 % less.

    The same couplings with and without: their difference is better known than either. One mean over
    ten networks has an error of 3 %, and the bounds leave room for three of them.
    """
    options = {"trials": 1, "duration": 200.0, "burn_in": 100.0, "rng": 1}
    plain, hebbian, strong = (validation.lyapunov_exponent(PlasticNetwork(2.0, k, 2.5), 500, 10,
                                                           **options) for k in (0.0, 1.0, 4.0))
    assert 0.75 * 0.1285 < float(hebbian) < 1.02 * 0.1285
    assert float(hebbian.stderr) < 0.005
    assert float(hebbian) > float(plain) + 0.005
    assert float(strong) < -0.1  # a stable fixed point
