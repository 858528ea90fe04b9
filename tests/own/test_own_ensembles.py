"""Ensembles of your own: built-in ones written anew, exact limits, refusals, storage, draws."""

import pickle

import numpy as np
import pytest
import sympy

import dmft
from dmft import validation
from dmft.averages.gaussian_averages import averages_at
from dmft.base.errors import ModelError
from dmft.ensembles.ensemble import Ensemble
from dmft.grids.order_parameters import OrderParameters
from dmft.own.draw_check import moments, stated_moments
from dmft.paths.noise_and_memory import depends_on_mean
from dmft.storage.fingerprint import tree_of
from dmft.validation.couplings.draw import draw, draw_sum
from dmft.validation.couplings.plastic import Plastic

n = dmft.notation
delta, phi = n.delta, n.phi
g, r, c, a, b, k, p = sympy.symbols("g r c a b k p", positive=True)
SAME, SWAPPED = (delta(n.i, n.k) * delta(n.j, n.l), delta(n.i, n.l) * delta(n.j, n.k))
IID = g**2 / n.N * (SAME + r * SWAPPED)
MOTIFS = (c * (delta(n.j, n.k) + delta(n.i, n.l)) + a * delta(n.i, n.k)
          + b * delta(n.j, n.l)) / n.N**2
FADING = k / (p * n.N) * sympy.exp(-(n.t - n.s) / p)
HEBBIAN = dmft.ensemble(mean=FADING * phi[n.i, n.s] * phi[n.j, n.s], values={"k": -1.0, "p": 2.5})

OFFSET = dmft.Nonlinearity.from_sympy(sympy.tanh(sympy.Symbol("x") + sympy.Rational(1, 2)))


def iid(g, r=0.0, draw=None):
    return dmft.ensemble(IID, values={"g": g, "r": r}, draw=draw)


def gaussian(neurons, rng):
    return 2 / np.sqrt(neurons) * rng.standard_normal((neurons, neurons))


def order_parameters(lags=None, kink=0.0, static=0.1):
    lags = lags or dmft.Lags(30.0, 0.05)
    return OrderParameters(lags, 0.4 * np.exp(-lags.tau**2 / 8), static,
                           0.6 / (1 + 1j * lags.omega), kink, 0.3)


def test_independent_couplings_written_anew():
    own, known = iid(2.0), dmft.IID(2.0)
    assert isinstance(own, Ensemble)
    assert own.noise_gain == known.noise_gain
    assert not own.has_memory
    one, other = (dmft.solve(dmft.Network(each)) for each in (own, known))
    np.testing.assert_array_equal(one.C_x.value, other.C_x.value)
    assert float(dmft.dimension(one)) == float(dmft.dimension(other))
    assert float(dmft.lyapunov_exponent(one)) == float(dmft.lyapunov_exponent(other))
    assert one.network != other.network


def test_reciprocity_written_anew():
    own, known, order = iid(1.5, 0.4), dmft.IID(1.5, 0.4), order_parameters()
    np.testing.assert_allclose(own.memory(order), known.memory(order), rtol=1e-14)
    np.testing.assert_allclose(own.noise(order)[0], known.noise(order)[0], rtol=1e-14)
    growing = own.tangent_memory(order, 0.2)
    np.testing.assert_allclose(growing[:100], known.tangent_memory(order, 0.2)[:100], atol=2e-4)
    assert own.hessian(None, None).k11 == pytest.approx(known.hessian(None, None).k11)


@pytest.mark.parametrize("lags", [dmft.Lags(30.0, 0.05), dmft.Lags(1.0, 0.5),
                                  dmft.Lags(400.0, 1.0)])
@pytest.mark.parametrize("kink", [0.0, 0.3])
def test_the_memory_of_synapses_written_anew(lags, kink):
    order, known = order_parameters(lags, kink), dmft.Hebbian(-1.0, 2.5)
    if kink or lags.dt > 0.1:  # grids on which C is not resolved show its static part
        order = OrderParameters(lags, np.zeros(len(lags)), 0.1, order.S)
    below = order.omega < 2.0
    np.testing.assert_allclose(HEBBIAN.memory(order)[below], known.memory(order)[below], atol=1e-5)


def test_the_solution_of_synapses_written_anew():
    one, other = (dmft.solve(dmft.Network((dmft.IID(1.0), each), noise=0.5), tol=1e-2)
                  for each in (HEBBIAN, dmft.Hebbian(-1.0, 2.5)))
    assert float(one.C_x[0]) == pytest.approx(float(other.C_x[0]), rel=1e-4)


def test_synapses_are_those_of_the_plastic_operator():
    """The same current from the past activity and from the matrix that follows it."""
    rng, dt, neurons = np.random.default_rng(0), 0.05, 30
    past = np.cumsum(rng.standard_normal((200, neurons, 2)), axis=0) * 0.1
    own, known = draw(HEBBIAN, neurons, rng), Plastic(-1.0, 2.5, neurons)
    for x in past:
        rates = np.tanh(x)
        currents = own.apply(rates), known.apply(rates)
        own.advance(rates, dt)
        known.advance(rates, dt)
    scale = np.abs(currents[1]).max()
    np.testing.assert_allclose(currents[0], currents[1], atol=0.01 * scale)


def test_a_constant_mean_is_a_population():
    """m = J0 <phi>, with disorder: the same state by another way."""
    own = dmft.ensemble(g**2 / n.N * SAME, mean=k / n.N, values={"g": 0.5, "k": -1.0})
    (found,), (known,) = (dmft.solve(network) for network in (
        dmft.Network(own, OFFSET), dmft.PopulationNetwork([[-1.0]], 0.5, phi=OFFSET)))
    assert found.rates[0] == pytest.approx(known.rates[0], abs=1e-8)
    assert found.variance[0] == pytest.approx(known.variance[0], abs=1e-8)
    assert found.stable
    assert known.stable


@pytest.mark.parametrize("strength", [0.8, pytest.param(1.3, marks=pytest.mark.slow)])
def test_chains_make_the_mean_unstable_beyond_their_outlier(strength):
    """Linear response of the mean: c <phi'>^2 = 1, the square of an outlier of J at sqrt(c)."""
    own = dmft.ensemble(MOTIFS, values={"c": strength, "a": strength, "b": strength})
    states = dmft.solve(dmft.Network(own, noise=1e-3))
    middle = min(states, key=lambda one: abs(one.rates[0]))
    assert middle.rates[0] == pytest.approx(0.0, abs=1e-8)
    assert middle.slowest == pytest.approx(strength, rel=1e-4)
    assert len(states) == (1 if strength < 1 else 3)


def test_refusals_name_what_is_wrong():
    values, site = {"g": 1.0, "r": 0.0}, sympy.exp(-abs(n.t - n.s))
    wrong = {
        "variance": {"covariance": IID, "values": {"g": 2.1, "r": 0.0}, "draw": gaussian},
        "not positive": {"covariance": IID, "values": {"g": 1.0, "r": 1.3}},
        "has no value": {"covariance": IID},
        "not derived": {"mean": FADING * phi[n.i, n.s]**2, "values": {"k": 1.0, "p": 1.0}},
        "does not depend on the activity": {"covariance": phi[n.i, n.s] / n.N},
        "fluctuate": {"covariance": IID * site, "values": values},
        "fails at": {"covariance": IID, "values": values, "draw": lambda N: N},
    }
    for message, arguments in wrong.items():
        with pytest.raises(ModelError, match=message):
            dmft.ensemble(**arguments)
    endless = dmft.ensemble(mean=k / n.N * phi[n.i, n.s] * phi[n.j, n.s] / (1 + n.t - n.s),
                            values={"k": 1.0})
    with pytest.raises(ModelError, match="does not decay"):
        endless.memory(order_parameters())


def test_chains_without_room_need_a_draw():
    own = dmft.ensemble(IID + MOTIFS, values={"g": 1.0, "r": 0.0, "c": 0.5, "a": 0.0, "b": 0.1})
    with pytest.raises(ModelError, match="draw"):
        draw(own, 50, np.random.default_rng(0))


def test_the_package_draws_the_six_motifs():
    """Its own draw passes the check that a user's draw must pass, with every motif present."""
    values = {"g": 1.0, "r": -0.4, "c": 0.3, "a": 0.6, "b": 0.4}
    plain = dmft.ensemble(IID + MOTIFS, values=values)

    def own_draw(neurons, rng):
        return draw(plain, neurons, rng).apply(np.eye(neurons, dtype=np.float32))

    checked = dmft.ensemble(IID + MOTIFS, values=values, draw=own_draw)
    assert checked == plain
    assert stated_moments(checked, 10)["chain <J_ij J_jk>"] == pytest.approx(0.3 / 100)
    J = own_draw(400, np.random.default_rng(1)).astype(float)
    assert moments(J)["reciprocal <J_ij J_ji>"] * 400 == pytest.approx(-0.4, abs=0.02)


def test_it_is_pickled_saved_and_told_apart(tmp_path):
    own = iid(2.0, draw=gaussian)
    assert pickle.loads(pickle.dumps(own)) == own
    solution = dmft.solve(dmft.Network(own))
    dmft.save(solution, tmp_path / "own.npz")
    back = dmft.load(tmp_path / "own.npz").network.ensembles[0]
    assert back == own
    assert back.draw is None
    assert tree_of(own, "x") != tree_of(iid(2.0), "x")  # a store knows the draw
    assert tree_of(iid(2.0), "x") != tree_of(iid(2.5), "x")


def test_scanned():
    nets = [dmft.Network(iid(1.0).at(g=value)) for value in (1.5, 2.0)]
    found = dmft.scan(dmft.solve, nets)
    assert [round(float(one.C_x[0]), 6) for one in found] == [
        round(float(dmft.solve(dmft.RandomNetwork(value)).C_x[0]), 6) for value in (1.5, 2.0)]


def test_its_own_draw_is_simulated():
    own = iid(2.0, draw=gaussian)
    both = draw_sum((own, dmft.IID(1.0)), 40, np.random.SeedSequence(1), np.float32)
    assert both.apply(np.ones((40, 3), dtype=np.float32)).shape == (40, 3)


def test_the_mean_output_of_sampled_paths():
    """<phi> of paths against the Gaussian average; it drives where a memory contains it."""
    network = dmft.RandomNetwork(0.8, OFFSET, noise=0.6)
    found = dmft.solve(network, method="sampled", tol=1e-2)
    exact = averages_at(OFFSET, float(dmft.solve(network).C_x[0])).mean
    assert abs(float(found.mean_phi) - exact) < max(5 * float(found.mean_phi.stderr), 1e-3)
    own = dmft.ensemble(mean=FADING * phi[n.i, n.s], values={"k": 0.6, "p": 2.5})
    assert depends_on_mean(dmft.Network((dmft.IID(0.5), own), OFFSET))
    assert not depends_on_mean(dmft.Network((dmft.IID(0.5), HEBBIAN), OFFSET))


def test_a_linear_unit_with_its_own_past():
    """Postsynaptic synapses and phi = x + 1, whose mean has a closed form.

    <phi> = M obeys M - 1 = k M^2, since the memory is (k/p) exp(-tau/p) M.
    """
    strength = 0.15
    shifted = dmft.Nonlinearity.from_sympy(sympy.Symbol("x") + 1, "x + 1")
    own = dmft.ensemble(mean=FADING * phi[n.i, n.s], values={"k": strength, "p": 2.5})
    found = dmft.solve(dmft.Network((dmft.IID(0.05), own), shifted, noise=0.4), tol=1e-2)
    exact = (1 - np.sqrt(1 - 4 * strength)) / (2 * strength)
    assert float(found.mean_phi) == pytest.approx(exact, rel=5e-3)
    assert float(found.mean_phi.stderr) < 5e-3


def test_units_in_discrete_time_refuse_kernels():
    with pytest.raises(ModelError, match="discrete time"):
        dmft.solve(dmft.Network((dmft.IID(1.0), HEBBIAN), unit=dmft.Map(0.5)))


@pytest.mark.parametrize("verb", [dmft.four_point, dmft.lyapunov_exponent])
def test_what_is_not_known_of_driven_means_is_refused(verb):
    own = dmft.ensemble(MOTIFS + IID, values={"c": 0.0, "a": 0.3, "b": 0.3, "g": 1.0, "r": 0.0})
    with pytest.raises(ModelError, match=r"not a Solution|drive the means"):
        verb(dmft.solve(dmft.Network(own, noise=0.5)))


EARLIER = sympy.exp(-(n.s - n.u) / 1.5) * sympy.Heaviside(n.s - n.u) / 1.5
SPIKES = FADING * EARLIER * (phi[n.i, n.s] * phi[n.j, n.u]
                             - sympy.Rational(1, 2) * phi[n.j, n.s] * phi[n.i, n.u])
PLASTIC = {"delayed": FADING * phi[n.i, n.s] * phi[n.j, n.s - 1], "two instants": SPIKES}


@pytest.mark.slow
@pytest.mark.parametrize("name", PLASTIC)
def test_synapses_against_networks(name):
    own = dmft.ensemble(mean=PLASTIC[name], values={"k": -3.0, "p": 2.5})
    network = dmft.Network((dmft.IID(1.0), own), noise=0.6)
    runs = validation.simulate(network, neurons=500, networks=16, trials=2, duration=20,
                               burn_in=15, rng=1)
    verdict = validation.compare(dmft.solve(network, tol=3e-3), runs)
    assert verdict.agrees, verdict
    without = validation.compare(dmft.solve(dmft.RandomNetwork(1.0, noise=0.6)), runs)
    assert without.disagrees, without


@pytest.mark.slow
def test_postsynaptic_synapses_against_networks():
    own = dmft.ensemble(mean=FADING * phi[n.i, n.s], values={"k": 0.6, "p": 2.5})
    network = dmft.Network((dmft.IID(0.5), own), OFFSET, noise=0.6)
    runs = validation.simulate(network, neurons=1000, networks=20, trials=1, duration=20,
                               burn_in=20, rng=1)
    verdict = validation.compare(dmft.solve(network, tol=3e-3), runs)
    assert verdict.agrees, verdict
    without = dmft.solve(dmft.RandomNetwork(0.5, OFFSET, noise=0.6))
    assert validation.compare(without, runs).disagrees


@pytest.mark.slow
def test_a_mean_together_with_reciprocity_against_networks():
    network = dmft.Network((dmft.IID(0.6, 0.5), dmft.MeanCouplings([[-0.8]])), OFFSET, noise=0.6)
    runs = validation.simulate(network, neurons=500, networks=16, trials=2, duration=20,
                               burn_in=15, rng=3)
    states = dmft.solve(network, tol=1e-2)
    verdict = validation.compare(states, runs)
    assert verdict.agrees, verdict
    plain = dmft.solve(dmft.PopulationNetwork([[-0.8]], 0.6, phi=OFFSET, noise=0.6))
    assert validation.compare(plain, runs).disagrees
    assert 0 < states[0].error < 0.01


DRIVEN = {
    "chain": dmft.ensemble(IID + MOTIFS, values={"g": 0.6, "r": 0.0, "c": 0.5, "a": 0.5, "b": 0.5}),
    "convergent": dmft.ensemble(IID + MOTIFS, values={"g": 0.6, "r": 0.0, "c": 0.0, "a": 1.5,
                                                      "b": 0.0}),
    "divergent": dmft.ensemble(IID + MOTIFS, values={"g": 0.6, "r": 0.0, "c": 0.0, "a": 0.0,
                                                     "b": 0.5}),
    "presynaptic": dmft.ensemble(IID, mean=FADING * phi[n.j, n.s],
                                 values={"g": 0.6, "r": 0.0, "k": -1.0, "p": 2.5}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DRIVEN)
def test_driven_means_against_networks(name):
    network = dmft.Network(DRIVEN[name], OFFSET, noise=0.5)
    runs = validation.simulate(network, neurons=1200, networks=40, trials=1, duration=15,
                               burn_in=15, rng=2)
    verdict = validation.compare(dmft.solve(network), runs)
    assert verdict.agrees, verdict
    if name != "divergent":
        other = dmft.Network(dmft.ensemble(IID, values={"g": 0.6, "r": 0.0}), OFFSET, noise=0.5)
        plain = dmft.solve(dmft.PopulationNetwork([[0.0]], 0.6, phi=OFFSET, noise=0.5))
        assert other.ensembles[0].noise_gain == pytest.approx(0.36)
        assert validation.compare(plain, runs).disagrees
