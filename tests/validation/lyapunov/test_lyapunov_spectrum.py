"""Many exponents at once: exact identities, and the known ones among them."""

import itertools

import numpy as np
import pytest

import dmft
from dmft import IID, Hebbian, PlasticNetwork, validation
from dmft.base.errors import ModelError
from dmft.units.leaky import LEAKY
from dmft.validation.couplings.draw import draw_sum
from dmft.validation.lyapunov.lyapunov_spectrum import LyapunovSpectrum, kaplan_yorke
from dmft.validation.lyapunov.plastic_variation import with_tangents
from dmft.validation.lyapunov.tangent_growth import Tangents
from dmft.validation.settings.settings import checked_settings
from dmft.validation.simulation.integrator import states
from dmft.validation.simulation.unit_steps import UnitSteps

NETWORK = PlasticNetwork(2.0, 1.0, 2.5)


def test_all_exponents_add_up_to_the_mean_trace():
    """Volumes contract by the divergence of the flow, up to the second-order error of the step."""
    errors = []
    for dt in (0.1, 0.05):
        found = validation.lyapunov_spectrum(NETWORK, 4, 2, count=20, duration=20.0, burn_in=10.0,
                                             every=1.0, dt=dt, rng=1)
        total = found.per_network["exponents"].sum(axis=1)
        errors.append(np.abs(total - found.per_network["trace"]))
    assert np.all(errors[1] < 1e-3 * np.abs(total))
    ratio = errors[0] / errors[1]
    assert np.all(ratio > 3.5), ratio
    assert np.all(ratio < 4.6), ratio
    assert found.exponents.shape == found.share.shape == (20,)


def test_a_linear_network_has_the_real_parts_of_its_eigenvalues():
    network, N = dmft.RandomNetwork(0.6, dmft.linear, noise=0.3), 12
    found = validation.lyapunov_spectrum(network, N, 2, duration=400.0, burn_in=100.0, rng=2)
    settings = checked_settings(network, N, 2, 1, 400.0, 0.1, 100.0, [0.0], 2,
                                "float64")
    for index, row in enumerate(found.per_network["exponents"]):
        J = draw_sum((IID(0.6),), N, settings.seed(N, index).spawn(5)[0], float).matrix
        exact = np.sort(np.linalg.eigvals(J).real - 1)[::-1]
        np.testing.assert_allclose(row, exact, atol=0.02)
    np.testing.assert_array_equal(found.share.value, 0)  # there are no synapses


def test_at_rest_synapses_have_their_own_rate_and_vectors():
    """Rest of g < 1: N real parts of -1 + J, and N^2 of -1/p, of which none mixes with units."""
    N, p = 5, 4.0
    network = PlasticNetwork(0.5, 1.0, p)
    found = validation.lyapunov_spectrum(network, N, 2, count=30, duration=400.0, burn_in=200.0,
                                         rng=2)
    settings = checked_settings(network, N, 2, 1, 400.0, 0.1, 200.0, [0.0], 2,
                                "float64")
    for index, row in enumerate(found.per_network["exponents"]):
        J = draw_sum((IID(0.5),), N, settings.seed(N, index).spawn(5)[0], float).matrix
        exact = np.sort(np.append(np.linalg.eigvals(J).real - 1, np.full(N * N, -1 / p)))[::-1]
        np.testing.assert_allclose(np.sort(row)[::-1], exact, atol=0.02)


def test_a_vector_is_followed_as_the_derivative_of_the_step():
    """One orthonormalisation apart: the changes of units and synapses are those of two networks."""
    N, dt, steps, small = 8, 0.1, 40, 1e-5
    rng = np.random.default_rng(3)
    x, u = rng.standard_normal((2, N, 1))

    def couplings():
        return draw_sum((IID(1.8), Hebbian(1.6, 2.5)), N, np.random.SeedSequence(5), float)

    acting, part = with_tangents(couplings(), 1, rng)
    part.changes[:] = 0
    both = np.hstack([x, u])
    units = UnitSteps(LEAKY, dt, 0.0, both)
    for _ in range(steps):
        phi = np.tanh(both[:, :1])
        rates = np.hstack([phi, (1 - phi**2) * both[:, 1:]])
        drive = acting.apply(rates)
        acting.advance(rates, dt)
        units.advance(drive)
    ends, synapses = [], []
    for sign in (1, -1):
        one = couplings()
        end, phi = next(itertools.islice(states(x + sign * small * u, np.tanh, one, None, dt, 0.0,
                                                rng), steps, None))
        ends.append(end.copy())
        synapses.append(one.terms[1].matrix_of(phi, 0))
    np.testing.assert_allclose(both[:, 1:], (ends[0] - ends[1]) / (2 * small), rtol=1e-6,
                               atol=1e-8)
    phi = np.tanh(both[:, :1])
    rates = np.hstack([phi, (1 - phi**2) * both[:, 1:]])
    np.testing.assert_allclose(part.full_tangents(rates).reshape(N, N),
                               (synapses[0] - synapses[1]) / (2 * small), rtol=1e-5, atol=1e-8)
    kept = part.changes.copy()
    part.set_tangents(rates, part.full_tangents(rates))
    np.testing.assert_allclose(part.changes, kept, atol=1e-14)


def test_the_weight_of_synapses_is_in_the_norm_and_in_nothing_else():
    N, M, rng = 6, 3, np.random.default_rng(0)
    settings = checked_settings(NETWORK, N, 2, 1, 1.0, 0.1, 1.0, [0.0], 1, "float64")
    x, u, changes = rng.standard_normal((N, 1)), rng.standard_normal((N, M)), None
    for weight in (1.0, 6.0):
        drawn = draw_sum(NETWORK.ensembles, N, np.random.SeedSequence(1), float)
        acting, part = with_tangents(drawn, M, np.random.default_rng(2))
        run = Tangents(settings, acting, part, np.hstack([x, u]), None, rng, weight)
        changes = part.changes.copy()
        grown, share = run.orthonormalise()
        synaptic = weight * np.sum(changes[0]**2)
        assert grown[0] == pytest.approx(np.sqrt(np.sum(u[:, 0]**2) + synaptic))
        assert share[0] == pytest.approx(synaptic / grown[0]**2)
        whole = np.hstack([run.both[:, 1:].T, part.full_tangents(run.rates())])
        metric = np.append(np.ones(N), np.full(N * N, weight))
        np.testing.assert_allclose(whole * metric @ whole.T, np.eye(M), atol=1e-12)
        # the first keeps its direction
        np.testing.assert_allclose(np.abs(whole[0, :N] * grown[0]), np.abs(u[:, 0]))


def test_exponents_do_not_depend_on_the_metric():
    options = {"count": 72, "duration": 100.0, "burn_in": 60.0, "rng": 1}
    one, two = (validation.lyapunov_spectrum(NETWORK, 8, 2, synapse_weight=weight, **options)
                for weight in (1.0, 8.0))
    np.testing.assert_allclose(one.exponents.value, two.exponents.value, atol=0.02)
    np.testing.assert_allclose(one.per_network["exponents"].sum(axis=1),
                               two.per_network["exponents"].sum(axis=1), rtol=1e-3)
    assert two.share.value[0] > 2 * one.share.value[0]


@pytest.mark.parametrize("network", [PlasticNetwork(2.5, 0.3, 2.5), dmft.RandomNetwork(3.0)],
                         ids=repr)
def test_the_first_is_the_largest_exponent_and_one_is_zero(network):
    """By other code, of the same networks from the same starts; and by translation in time."""
    options = {"duration": 150.0, "burn_in": 50.0, "rng": 2}
    many = validation.lyapunov_spectrum(network, 100, 2, count=4, **options)
    one = validation.lyapunov_exponent(network, 100, 2, trials=1, dtype="float64", **options)
    rows = many.per_network["exponents"]
    assert np.all(rows[:, 0] > 0.03)
    assert float(many.exponents[0]) == pytest.approx(float(one), abs=0.004)
    assert np.all(np.abs(rows).min(axis=1) < 0.02), rows


def test_kaplan_yorke_in_closed_form():
    assert kaplan_yorke(np.array([1.0, 0.0, -14.5])) == pytest.approx(2 + 1 / 14.5)
    assert kaplan_yorke(np.array([-14.5, 0.0, 1.0])) == pytest.approx(2 + 1 / 14.5)
    assert kaplan_yorke(np.array([-0.1, -0.2])) == 0
    assert np.isnan(kaplan_yorke(np.array([0.3, -0.1])))
    rows = np.array([[1.0, -2.0, -3.0], [1.0, -4.0, -5.0]])
    found = LyapunovSpectrum(NETWORK, 10, {"exponents": rows, "share": rows}).dimension
    assert float(found) == pytest.approx(np.mean([0.15, 0.125]))
    assert float(found.stderr) == pytest.approx(0.0125)


@pytest.mark.parametrize(("options", "problem"), [
    ({"count": 200}, "directions"), ({"count": 0}, "count"),
    ({"synapse_weight": 0.0}, "synapse_weight"), ({"every": 0.01}, "every"),
    ({"networks": 1}, "networks"), ({"neurons": (5, 6)}, "several sizes")])
def test_bad_input_is_named(options, problem):
    given = {"neurons": 8, "networks": 2, "rng": 1, **options}
    with pytest.raises(ModelError, match=problem):
        validation.lyapunov_spectrum(NETWORK, **given)


@pytest.mark.slow
def test_two_bands_one_of_synapses_and_one_of_units():
    """All N + N^2 at N = 24: the synapses' crowd at -1/p, and as many below as there are units."""
    N, p = 24, 2.5
    found = validation.lyapunov_spectrum(PlasticNetwork(2.5, 1.0, p), N, 2, count=N + N * N,
                                         duration=40.0, burn_in=30.0, rng=1)
    exponents, share = found.exponents.value, found.share.value
    assert np.sum(np.abs(exponents + 1 / p) < 0.01) > N * (N - 1) / 2  # antisymmetric changes
    assert np.sum(exponents < -1 / p - 0.02) in range(N - 3, N + 3)
    assert np.all(share[2 * N:-N] > 0.9)
    total = found.per_network["exponents"].sum(axis=1)
    np.testing.assert_allclose(total, found.per_network["trace"], rtol=1e-3)
