"""Emitted equations of plasticity against explicit networks, with all their synapses."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq, linear_sum_assignment, root
from scipy.special import erf

import dmft
from dmft.equations import plasticity

K, P, G = 0.8, 2.5, 1.7


def network(size, seed=0):
    """Couplings J, A and a state x, drawn at random, with any A."""
    rng = np.random.default_rng(seed)
    J = G * rng.standard_normal((size, size)) / np.sqrt(size)
    return J, rng.standard_normal((size, size)) / size, 1.5 * rng.standard_normal(size)


def velocity(J, k, p, state):
    """d/dt of (x, A), from the equations of motion."""
    size = len(J)
    x, A = state[:size], state[size:].reshape(size, size)
    phi = np.tanh(x)
    dA = (-A + k / size * np.outer(phi, phi)) / p
    return np.concatenate([-x + (J + A) @ phi, dA.ravel()])


def full_jacobian(J, A, x, k, p):
    """By complex steps through the equations of motion."""
    state = np.concatenate([x, A.ravel()]).astype(complex)
    columns = []
    for n in range(len(state)):
        moved = state.copy()
        moved[n] += 1e-30j
        columns.append(velocity(J, k, p, moved).imag / 1e-30)
    return np.array(columns).T


def reduced_jacobian(J, A, x, k, p):
    """The 2N matrix, from the emitted entries."""
    size, phi = len(J), np.tanh(x)
    slope, C = 1 - phi**2, np.mean(phi**2)
    block = np.diag(plasticity.joint_synaptic_block_diagonal(slope, C, k, p))
    block = block + plasticity.joint_synaptic_block_rank_one(
        phi[:, None], phi, slope, k, p) / size  # fmt: skip
    one = np.eye(size)
    return np.block([[(J + A) * slope - one, one], [block, -one / p]])


def test_memory():
    """A synapse that is driven by known activity, integrated as a differential equation."""
    one, other, end = (lambda t: np.sin(1.3 * t)), (lambda t: np.cos(0.4 * t) + 0.2), 9.0
    grown = solve_ivp(lambda t, A: (-A + K * one(t) * other(t)) / P, (0, end), [0.0],
                      rtol=1e-10, atol=1e-12).y[0, -1]  # fmt: skip
    kept = quad(lambda s: plasticity.memory(end - s, K, P, other(s)) * one(s), 0, end)[0]
    assert kept == pytest.approx(grown, abs=1e-8)
    omega = 0.7
    for part, weight in (("real", "cos"), ("imag", "sin")):
        integral = quad(lambda tau: plasticity.memory(tau, K, P, 1.0), 0, np.inf,
                        weight=weight, wvar=omega)[0]  # fmt: skip
        sign = 1 if part == "real" else -1
        assert getattr(plasticity.memory_static(omega, K, P), part) == pytest.approx(
            sign * integral, abs=1e-6)  # fmt: skip


@pytest.mark.parametrize(("k", "p"), [(0.8, 2.5), (-6.0, 2.5), (3.0, 0.4), (-0.01, 5.0)])
def test_local_roots(k, p):
    """Eigenvalues of one unit and its synapse, and the loop that they close."""
    C, slope = 0.4, 0.6
    unit = np.array([[-1, 1], [plasticity.joint_synaptic_block_diagonal(slope, C, k, p), -1 / p]])
    expected = np.sort_complex(np.linalg.eigvals(unit).astype(complex))
    slow = plasticity.local_root_slow(slope, C, k, p)
    fast = plasticity.local_root_fast(slope, C, k, p)
    assert np.sort_complex([fast, slow]) == pytest.approx(expected)
    assert slow.real > fast.real or slow.imag > fast.imag
    for rate in (slow, fast):
        assert 1 + rate == pytest.approx(plasticity.local_loop(rate, slope, C, k, p))
    mean = plasticity.local_root_mean(p)
    discriminant = plasticity.local_root_discriminant(slope, C, k, p)
    assert mean + np.emath.sqrt(discriminant) == pytest.approx(slow)


def test_joint_jacobian():
    """All N + N^2 eigenvalues at a state that is not a fixed point: 2N, and -1/p for the others."""
    J, A, x = network(7)
    whole = np.linalg.eigvals(full_jacobian(J, A, x, K, P))
    expected = np.linalg.eigvals(reduced_jacobian(J, A, x, K, P))
    rest = np.full(7**2 - 7, -1 / P)
    distance = np.abs(whole[:, None] - np.concatenate([expected, rest]))
    assert distance[linear_sum_assignment(distance)].max() < 1e-6


def test_fixed_point():
    """At a fixed point A is an outer product; the input of the random couplings is the formula's.
    """
    size, k = 12, 3.0
    J = network(size)[0]

    def rest(x):
        phi = np.tanh(x)
        return velocity(J, k, P, np.concatenate([x, (k / size * np.outer(phi, phi)).ravel()]))

    x = 2 * np.sign(network(size)[2])
    for _ in range(400):
        x = x + 0.2 * rest(x)[:size]
    found = root(lambda x: rest(x)[:size], x, tol=1e-13)
    x, phi = found.x, np.tanh(found.x)
    C, slope = np.mean(phi**2), 1 - np.tanh(found.x) ** 2
    assert found.success
    assert C > 0.1
    assert np.abs(rest(x)).max() < 1e-10
    assert plasticity.fixed_point_input(x, phi, C, k) == pytest.approx(J @ phi)
    step = 1e-6
    change = (plasticity.fixed_point_input(x + step, np.tanh(x + step), C, k)
              - plasticity.fixed_point_input(x - step, np.tanh(x - step), C, k)) / (2 * step)
    stiffness = plasticity.fixed_point_stiffness(slope, C, k)
    assert stiffness == pytest.approx(change, abs=1e-8)
    # q is the squared gain from input to activity, by the inputs' own strength.
    moved = x + step * np.array([[-1], [1]])
    gain = np.diff(np.tanh(moved), axis=0) / np.diff(
        plasticity.fixed_point_input(moved, np.tanh(moved), C, k), axis=0)  # fmt: skip
    assert plasticity.stability_density(slope, stiffness, G) == pytest.approx(
        (G * gain[0]) ** 2, rel=1e-5)  # fmt: skip


def test_kac_rice():
    """Without a multiplier it counts roots: the integral over D > 0 is their mean number."""
    C, k, g = 0.9, 2.0, 1.5
    x = np.linspace(-12, 12, 200001)
    phi, slope = np.tanh(x), 1 / np.cosh(x) ** 2
    stiffness = plasticity.fixed_point_stiffness(slope, C, k)
    with np.errstate(invalid="ignore"):
        weight = np.exp(plasticity.kac_rice_exponent(
            x, phi, stiffness, slope, C, g, 0.0, 0.0, k))  # fmt: skip
    total = np.sum(np.where(stiffness > 0, weight, 0)) * (x[1] - x[0])
    # Inputs between the two folds have two such roots, others one.
    fold = brentq(lambda u: plasticity.fixed_point_stiffness(1 / np.cosh(u) ** 2, C, k), 0, 5)
    eta = abs(plasticity.fixed_point_input(fold, np.tanh(fold), C, k))
    assert total == pytest.approx(1 + erf(eta / (g * np.sqrt(2 * C))), abs=1e-4)
    tilted = plasticity.kac_rice_exponent(1.0, 0.7, 0.5, 0.4, C, g, 0.3, 0.2, k)
    plain = plasticity.kac_rice_exponent(1.0, 0.7, 0.5, 0.4, C, g, 0.0, 0.0, k)
    q = plasticity.stability_density(0.4, 0.5, g)
    assert tilted - plain == pytest.approx(0.3 * (0.7**2 - C) - 0.2 * (q - 1))


@pytest.mark.parametrize("scale", [0.4, 1.8])
def test_log_det(scale):
    """log|det| of drawn matrices, for spectra of W that do and do not surround zero."""
    size, g = 400, 1.5
    rng = np.random.default_rng(1)
    slope = scale * rng.random(size)
    stiffness = 1 - 1.4 * slope
    found = [np.linalg.slogdet(np.diag(-stiffness) + g * rng.standard_normal((size, size))
                               / np.sqrt(size) * slope)[1] / size for _ in range(6)]  # fmt: skip

    def excess(s):
        return g**2 * np.mean(slope**2 / (stiffness**2 + s * slope**2)) - 1

    s = brentq(excess, 0, 50) if excess(0) > 0 else 0.0
    assert (s > 0) == (scale > 1)
    expected = np.mean(plasticity.unstable_log_det(stiffness, slope, s, g))
    error = np.std(found) / np.sqrt(len(found))
    assert expected == pytest.approx(np.mean(found), abs=4 * error + 2 / size)


@pytest.mark.parametrize("k", [1.3, -2.0])
def test_coherent_response(k):
    """Couplings with only the conditional mean: every eigenvalue of neurons and synapses."""
    size = 7
    x = network(size)[2]
    phi, slope, C = np.tanh(x), 1 / np.cosh(x) ** 2, np.mean(np.tanh(x) ** 2)
    J = np.outer(plasticity.fixed_point_input(x, phi, C, k), phi) / (size * C)
    A = k / size * np.outer(phi, phi)
    assert np.abs(velocity(J, k, P, np.concatenate([x, A.ravel()]))).max() < 1e-14
    values = np.linalg.eigvals(full_jacobian(J, A, x, k, P))
    coupled = values[np.argsort(np.abs(values + 1 / P))[size**2 - size:]]
    for lam in coupled:
        loop = plasticity.local_loop(lam, 1.0, C, k, P)
        found = np.mean(plasticity.coherent_response(x, phi, slope, lam, loop, C))
        assert found == pytest.approx(1.0, abs=1e-7)


def test_coherent_response_of_drawn_networks():
    """With the random remainder of the couplings: the average determinant, inside the support."""
    size, k, lam = 5, 1.3, 0.2 + 0.1j
    rng = np.random.default_rng(3)
    x = rng.standard_normal(size)
    phi, slope, C = np.tanh(x), 1 / np.cosh(x) ** 2, np.mean(np.tanh(x) ** 2)
    rest = G * rng.standard_normal((40000, size, size)) / np.sqrt(size)
    rest -= (rest @ phi)[..., None] * phi / (size * C)
    given = np.outer(plasticity.fixed_point_input(x, phi, C, k), phi) / (size * C)
    loop = plasticity.local_loop(lam, 1.0, C, k, P)
    block = (loop / C) * (C * np.diag(slope) + np.outer(phi, phi * slope) / size)
    W = rest + given + k / size * np.outer(phi, phi)
    drawn = np.linalg.det((1 + lam) * np.eye(size) - W * slope - block)
    expected = np.prod(1 + lam - loop * slope) * (
        1 - np.mean(plasticity.coherent_response(x, phi, slope, lam, loop, C)))
    error = np.std(drawn) / np.sqrt(len(drawn))
    assert abs(np.mean(drawn) - expected) < 4 * error
    assert error < 0.05 * abs(expected)


def test_coherent_response_of_one_network():
    """Outside the support: the spread between networks is of order 1/sqrt(N), as derived."""
    size, k, lam = 60, 1.3, 1.4 + 0.8j
    rng = np.random.default_rng(4)
    x = rng.standard_normal(size)
    phi, slope, C = np.tanh(x), 1 / np.cosh(x) ** 2, np.mean(np.tanh(x) ** 2)
    loop = plasticity.local_loop(lam, 1.0, C, k, P)
    rest = G * rng.standard_normal((1500, size, size)) / np.sqrt(size)
    rest -= (rest @ phi)[..., None] * phi / (size * C)
    D, start = 1 + lam - loop * slope, (x + loop * phi) / (size * C)
    found = np.linalg.solve(np.diag(D) - rest * slope, start[:, None])[..., 0] @ (slope * phi)
    first = slope * (x + loop * phi) / D
    scatter = (G**2 / size / C**2 * np.mean(np.abs(phi * slope / D) ** 2)
               * (np.mean(np.abs(first) ** 2) - abs(np.mean(phi * first)) ** 2 / C)
               / (1 - G**2 * np.mean(np.abs(slope / D) ** 2)))  # fmt: skip
    expected = np.mean(plasticity.coherent_response(x, phi, slope, lam, loop, C))
    assert abs(np.mean(found) - expected) < 4 * np.sqrt(scatter / len(found))
    assert np.var(found) == pytest.approx(scatter, rel=0.12)


def test_frozen_memory():
    """A synapse at the instant of the halt, driven by activity until then."""
    def kept(s):
        return np.cos(0.3 * s)

    grown = quad(lambda s: K / P * np.exp(-s / P) * np.sin(s) * kept(s), 0, 40)[0]
    weighed = quad(lambda s: plasticity.frozen_memory(s, K, P, kept(s)) * np.sin(s), 0, 40)[0]
    assert weighed == pytest.approx(grown, abs=1e-10)


def test_tangent_memory():
    """A perturbation with its growth factored out: the discounted memory."""
    tau, lam = np.linspace(0, 5, 11), 0.13 + 0.2j
    expected = plasticity.memory(tau, K, P, 0.7) * np.exp(-lam * tau)
    assert plasticity.tangent_memory(tau, lam, K, P, 0.7) == pytest.approx(expected)


@pytest.mark.parametrize("p", [0.5, 2.5])
def test_resonance(p):
    """Up to the bound, and not above it, the response of a unit is largest at zero frequency."""
    omega = np.linspace(0, 5, 2001)
    bound = plasticity.resonance_stiffness(p)
    for stiffness, resonates in ((0.4, False), (0.98 * bound, False), (1.02 * bound, True)):
        loop = plasticity.local_loop(1j * omega, 1.0, 1.0, 1 - stiffness, p)
        modulus = abs(1 + 1j * omega - loop)
        assert (modulus.min() < modulus[0] - 1e-9) == resonates


def rest_gain(C, k):
    """Gain at which a fixed point has the mean square C, by integrals over the input."""
    z = np.linspace(-9, 9, 2001)
    weight = np.exp(-(z**2) / 2) * (z[1] - z[0]) / np.sqrt(2 * np.pi)

    def square(width):
        x = width * z
        for _ in range(200):
            x = width * z + k * C * np.tanh(x)
        return np.sum(weight * np.tanh(x) ** 2)

    return brentq(lambda width: square(width) - C, 0, 3 * np.sqrt(C), xtol=1e-14) / np.sqrt(C)


@pytest.mark.parametrize("k", [-1.0, 0.6, 1.4])
def test_onset(k):
    """Fixed points differ from small chaos by a third of the squared curvature.

    The error of 1/g^2 is of third order.
    """
    errors = []
    for C in (0.02, 0.01, 0.005):
        chaotic = plasticity.small_activity_gain(C, k, 1.0, 16.0)
        errors.append(1 / rest_gain(C, k) ** 2 - 1 / chaotic**2 - C**2 / 3)
        assert (chaotic < 1) == (k > plasticity.subcritical_k(1.0))
    for large, small in pairwise(errors):
        assert large / small == pytest.approx(8, rel=0.25)


def test_onset_without_plasticity():
    """Against the stationary theory, whose correlation follows from a first integral."""
    errors = []
    for g in (1.01, 1.005):
        C = dmft.solve(dmft.RandomNetwork(g=g, phi=dmft.tanh)).C_phi.value[0]
        errors.append(plasticity.small_activity_gain(C, 0.0, 1.0, 16.0) - g)
    assert abs(errors[0]) < 5e-6
    assert errors[0] / errors[1] == pytest.approx(8, rel=0.25)


@pytest.mark.slow
def test_onset_with_plasticity():
    """Against the sampled single site, at an amplitude whose third order is visible in the fifth
    digit."""
    C = dmft.solve(dmft.PlasticNetwork(g=1.05, k=0.5, p=2.5), rng=0).C_phi
    found = plasticity.small_activity_gain(float(C.value[0]), 0.5, 1.0, 16.0)
    without_second = np.sqrt(1 / (1 - C.value[0]))
    assert found == pytest.approx(1.05, abs=1e-3)
    assert abs(without_second - 1.05) > 3e-3
