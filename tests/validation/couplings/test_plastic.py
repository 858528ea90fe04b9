"""Plastic couplings at finite N: the rule itself, its order, and the two ways to keep it."""

import itertools
import warnings

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import dmft
from dmft import IID, Hebbian, PlasticNetwork, validation
from dmft.network.network import Network
from dmft.validation.benchmarks.plain import plastic
from dmft.validation.couplings.draw import draw, draw_sum, footprint, state_footprint
from dmft.validation.couplings.operators import Product, Scaled, Sum
from dmft.validation.couplings.plastic import Plastic
from dmft.validation.couplings.plastic_memory import (
    Matrices,
    PastStates,
    cheaper_memory,
    memory_footprint,
)
from dmft.validation.settings.settings import checked_settings, default_burn_in
from dmft.validation.simulation import task
from dmft.validation.simulation.integrator import states
from dmft.validation.simulation.transfer32 import transfer

N, K, P = 16, 1.6, 2.5
HEBBIAN = Hebbian(K, P)
GAIN = np.linspace(0.5, 1.5, N)[:, None]


def start(trials=2, neurons=N):
    return np.random.default_rng(2).standard_normal((neurons, trials))


def path(dt, operator, x=None, dtype=float, noise=0.0, corrected=False):
    x = (start() if x is None else x.copy()).astype(dtype)
    return states(x, transfer(dmft.tanh, dtype), operator, None, dt, noise,
                  np.random.default_rng(7), corrected=corrected)


def at(time, dt, operator, **options):
    return next(itertools.islice(path(dt, operator, **options), round(time / dt), None))[0].copy()


def drawn(dtype=float, neurons=N):
    return draw_sum((IID(1.8), HEBBIAN), neurons, np.random.SeedSequence(5), dtype)


def exactly(J, x, times, k=K, p=P, gain=1.0):
    """x and A of the coupled equations, by a method of high order, at increasing times."""
    n = len(x)

    def slope(t, y):
        A, phi = y[n:].reshape(n, n), np.tanh(y[:n]) * np.ravel(gain)
        return np.concatenate([-y[:n] + np.ravel(gain) * ((J + A) @ phi),
                               ((k / n * np.outer(phi, phi) - A) / p).ravel()])

    return solve_ivp(slope, (0, times[-1]), np.concatenate([x, np.zeros(n * n)]), rtol=1e-11,
                     atol=1e-12, t_eval=times).y.T


@pytest.mark.parametrize("gained", [False, True], ids=["plain", "with gains"])
def test_the_rule_is_stepped_in_second_order(gained):
    J = drawn().terms[0].matrix
    gain = GAIN if gained else np.ones((N, 1))
    exact = exactly(J, start()[:, 0], [4.0], gain=gain)[0, :N]
    errors = [np.abs(at(4.0, dt, Scaled(drawn(), gain, gain))[:, 0] - exact).max()
              for dt in (0.1, 0.05, 0.025)]
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert np.all(orders > 1.8), (errors, orders)
    assert np.all(orders < 2.5), (errors, orders)


def test_the_plain_script_is_of_first_order():
    """The reference of the benchmark solves the same equations."""
    J, x = drawn().terms[0].matrix, start(1)[:, 0]
    exact = exactly(J, x, [4.0])[0, :N]
    errors = [np.abs(plastic.trajectory(J, K, P, np.tanh, x, dt, round(4 / dt) + 1)[-1]
                     - exact).max() for dt in (0.02, 0.01, 0.005)]
    assert errors[2] < 0.02
    assert 1.8 < errors[0] / errors[1] < 2.3
    assert 1.8 < errors[1] / errors[2] < 2.3


def test_synapses_are_followed_and_not_the_units_only():
    """A itself, from the currents of unit vectors, at second order."""
    J = drawn().terms[0].matrix
    exact = exactly(J, start(1)[:, 0], [3.0])[0, N:].reshape(N, N)
    errors = []
    for dt in (0.1, 0.05):
        couplings = drawn()
        _, phi = next(itertools.islice(path(dt, couplings, start(1)), round(3 / dt), None))
        plastic = couplings.terms[1]
        plastic.halt(phi)
        A = np.column_stack([plastic.apply(one[:, None]) for one in np.eye(N)])
        errors.append(np.abs(A - exact).max())
    assert errors[1] < 2e-3 * np.abs(exact).max()
    assert 3.2 < errors[0] / errors[1] < 5.5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_past_states_and_matrices_are_the_same_memory(dtype):
    """Both give the sum itself, and a short memory the sum over what it remembers."""
    rng, neurons, trials, steps = np.random.default_rng(1), 50, 3, 150
    memories = {"whole": PastStates(neurons, trials, steps, dtype),
                "short": PastStates(neurons, trials, 60, dtype),
                "matrix": Matrices(neurons, trials, dtype)}
    decay, weight, past = 0.95, 0.15, np.zeros((0, neurons, trials))
    for _ in range(steps):
        phi = np.tanh(rng.standard_normal((neurons, trials))).astype(dtype)
        age = np.arange(len(past))[::-1]
        along = np.einsum("mib,ib->mb", past, phi.astype(float)) * weight * decay**age[:, None]
        for name, memory in memories.items():
            kept = slice(-60, None) if name == "short" else slice(None)
            expected = np.einsum("mib,mb->ib", past[kept], along[kept])
            found = memory.times(phi)
            assert found.dtype == dtype
            np.testing.assert_allclose(found, expected, atol=100 * np.finfo(dtype).eps)
            memory.step(decay, phi, weight)
        past = np.concatenate([past, phi[None].astype(float)])


def test_both_memories_carry_the_same_trajectories():
    """float32 over 20 time constants: 5e-6 of each other, less than chaos makes of rounding."""
    found = []
    for memory in (PastStates(60, 2, 400, np.float32), Matrices(60, 2, np.float32)):
        couplings = drawn(np.float32, neurons=60)
        couplings.terms[1].memory = memory
        found.append(at(20.0, 0.1, couplings, x=start(neurons=60), dtype=np.float32))
    assert np.abs(found[0] - found[1]).max() < 5e-6 * np.abs(found[0]).max()


def test_the_cheaper_memory_is_chosen():
    assert isinstance(cheaper_memory(1000, 1, 2.5, 0.1, np.float32), PastStates)
    assert isinstance(cheaper_memory(100, 1, 2.5, 0.1, np.float32), Matrices)
    assert isinstance(cheaper_memory(1000, 1, 25.0, 0.1, np.float32), Matrices)
    kept = cheaper_memory(1000, 2, 2.5, 0.1, np.float32)
    assert kept.states.size == 2 * memory_footprint(1000, 2.5, 0.1)
    dense = cheaper_memory(100, 2, 2.5, 0.1, np.float32)
    assert dense.matrices.size + dense.recent.states.size == 2 * memory_footprint(100, 2.5, 0.1)


def test_halted_synapses_stay_and_released_ones_go_on():
    """Compared with the equations, where A' = 0 in between."""
    J, x = drawn().terms[0].matrix, start(1)
    on, off, dt = 3.0, 2.0, 0.01
    first = exactly(J, x[:, 0], [on])[0]
    W = J + first[N:].reshape(N, N)
    held = solve_ivp(lambda t, y: -y + W @ np.tanh(y), (0, off), first[:N], rtol=1e-11,
                     atol=1e-12).y[:, -1]
    couplings = drawn()
    plastic = couplings.terms[1]
    for step, (now, phi) in zip(range(round((on + off) / dt) + 1), path(dt, couplings, x),
                                strict=False):
        if step == round(on / dt):
            plastic.halt(phi)
        last = now
    np.testing.assert_allclose(last[:, 0], held, atol=3e-3)
    before = plastic.apply(np.tanh(held)[:, None])
    plastic.release()
    plastic.advance(np.zeros((N, 1)), 1.0)
    after = plastic.apply(np.tanh(held)[:, None])
    # with silent units for one time constant, what is kept decays by exp(-1/p); the present adds
    # the end weight of a step of its own
    plastic.end = 0.0
    np.testing.assert_allclose(plastic.apply(np.tanh(held)[:, None]), np.exp(-1 / P) * before,
                               rtol=1e-12)
    assert np.abs(after - before).max() > 1e-3


def test_nothing_plastic_is_the_random_network_to_the_last_bit():
    one = draw(Hebbian(0.0, P), 20, np.random.default_rng(1))
    assert isinstance(one, Product)
    options = {"duration": 5.0, "burn_in": 5.0, "trials": 2, "rng": 3}
    plastic, random = (validation.simulate(net, 40, 2, **options)
                       for net in (PlasticNetwork(2.0, 0.0, P), dmft.RandomNetwork(2.0)))
    np.testing.assert_array_equal(plastic.per_network["C_x"], random.per_network["C_x"])


def test_draw_and_what_is_carried():
    operator = drawn(np.float32)
    assert isinstance(operator, Sum)
    assert isinstance(operator.terms[1], Plastic)
    assert not operator.memoryless
    assert footprint(HEBBIAN, 100) == 0
    assert state_footprint(HEBBIAN, 2000, 0.1) == 2000 * 231
    assert state_footprint(IID(1.0), 2000, 0.1) == state_footprint(Hebbian(0.0, P), 2000, 0.1) == 0


def test_the_required_memory_includes_the_past_states(monkeypatch):
    asked = []
    monkeypatch.setattr(task, "require", lambda need, *_: asked.append(need) or 1.0)
    for network in (PlasticNetwork(2.0, 1.0, P), dmft.RandomNetwork(2.0)):
        task.check_memory(checked_settings(network, 1000, 2, 4, 1.0, 0.1, 1.0, None, 1, "float32"))
    assert asked[0] - asked[1] == 4 * 4 * memory_footprint(1000, P, 0.1)  # bytes, trials


def test_the_burn_in_counts_synaptic_time_constants():
    assert default_burn_in(PlasticNetwork(2.0, 1.0, 10.0)) == 250
    assert default_burn_in(PlasticNetwork(2.0, 0.0, 10.0)) == 50
    assert checked_settings(PlasticNetwork(2.0, 1.0, 10.0), 50, 2, 1, 1.0, 0.1, None, None, 1,
                            "float32").burn_in == 250


def test_white_noise_with_plasticity_has_the_same_steps_in_both_dtypes():
    single, double = (at(3.0, 0.1, drawn(dtype), dtype=dtype, noise=0.3, corrected=True)
                      for dtype in (np.float32, np.float64))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, double, atol=2e-5 * np.abs(double).max())


def tested_are_measured_as_of_any_network():
    network = PlasticNetwork(2.0, 1.0, P)
    runs = validation.simulate(network, 200, 8, trials=2, duration=50.0, lags=[0, 5], rng=1)
    plain = validation.simulate(dmft.RandomNetwork(2.0), 200, 8, trials=2, duration=50.0,
                                lags=[0, 5], rng=1)
    # held against the published slowing: activity larger and slower than without plasticity
    assert float(runs.C_phi[0]) > float(plain.C_phi[0]) + 0.1
    assert float(runs.C_phi[1] / runs.C_phi[0]) > float(plain.C_phi[1] / plain.C_phi[0]) + 0.2
    wide = validation.simulate(network, 100, 4, trials=2, duration=30.0, burn_in=60.0,
                               dimension=True, rng=1)
    assert 0 < float(wide.dimension_phi) < 1


@pytest.mark.slow
@pytest.mark.parametrize(("k", "lags", "known", "neurons"), [
    (1.0, [0, 1, 2, 5, 10], [0.69053, 0.68182, 0.65813, 0.54579, 0.36049], 1000),
    (-1.0, [0, 1, 2, 5, 10], [0.42088, 0.38344, 0.29796, 0.06838, -0.01066], 1000)])
def test_the_single_site_theory_is_reached(k, lags, known, neurons):
    """Values of an independent sampled solution of the single-site process."""
    runs = validation.simulate(PlasticNetwork(2.0, k, P), neurons, 10, trials=2, duration=80.0,
                               lags=lags, rng=4)
    off = (runs.C_phi.value - known) / np.hypot(runs.C_phi.stderr, 0.01 * known[0])
    assert np.all(np.abs(off) < 4), off
    assert float(runs.C_phi[0].stderr) < 0.01


def test_a_sum_with_other_couplings_is_simulated():
    network = Network((IID(1.0), IID(1.0, reciprocity=0.2), Hebbian(0.5, 2.0)), dmft.tanh)
    runs = validation.simulate(network, 50, 2, trials=2, duration=5.0, burn_in=5.0, rng=1)
    assert np.all(np.isfinite(runs.C_x.value))


def test_a_step_that_misses_the_oscillation_is_reported():
    options = {"trials": 1, "duration": 5.0, "burn_in": 20.0, "rng": 1}
    with pytest.raises(dmft.ModelError, match="does not resolve"):
        validation.simulate(PlasticNetwork(2.0, -200.0, 2.5), 50, 2, dt=0.2, **options)
    with pytest.warns(dmft.ResolutionWarning, match="coarse"):
        validation.simulate(PlasticNetwork(2.0, -40.0, 2.5), 100, 2, dt=0.2, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error", dmft.ResolutionWarning)
        validation.simulate(PlasticNetwork(2.0, -40.0, 2.5), 100, 2, dt=0.1, **options)
        validation.simulate(PlasticNetwork(2.0, 40.0, 2.5), 100, 2, dt=0.2, **options)
