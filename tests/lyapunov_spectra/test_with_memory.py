"""Spectra of couplings with memory: exact limits, one gain, numbers of the theory, networks."""

import functools

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.base.errors import ModelError
from dmft.lyapunov_spectra.gain_modes import DressedGains, symbol_of, times_symbol
from dmft.lyapunov_spectra.memory_spectrum import MemorySpectrum, memory_spectrum
from dmft.lyapunov_spectra.site_with_memory import site_sample
from dmft.lyapunov_spectra.window import Window

GAIN, WINDOW = 0.8, Window(96.0, np.ones(192), 1.0, 0.0)  # the covariance of x is not used


class OnePath:
    """In place of control features: the one path is the mean."""

    def regress(self, weights, y):
        return y[0], np.zeros((1, y.shape[1]))


def iid(x, gain=4.0):
    return gain * x, np.full_like(x, gain)


def one_gain(memory=None, feedback=0.0, edge=1.2, window=WINDOW):
    """The general solver on one constant path of the gain."""
    gains = DressedGains(window, np.full((1, window.points), GAIN),
                         memory or (lambda a: np.zeros(len(window.omega))), feedback)
    return MemorySpectrum(gains, OnePath(), np.ones(1), np.full(window.points, GAIN**2), iid, edge,
                          lambda a: np.zeros((0, len(window.omega))))


def ellipse(a, radius):
    """(psi, 1 - F) of real parts with a semicircle of this radius around -1."""
    x = radius * np.cos(np.linspace(0, np.arccos(a / radius), 20001))
    density = 2 / (np.pi * radius**2) * np.sqrt(radius**2 - x**2)
    return np.trapezoid((a - x) * density, x), -np.trapezoid(density, x)


@pytest.mark.parametrize("r", [0.3, -0.3])
@pytest.mark.parametrize("a", [0.6, 0.9])
def test_one_gain_with_reciprocity_is_an_ellipse(r, a):
    found = one_gain(feedback=4 * r, edge=1.6 * (1 + r)).at(a)
    psi, fraction = ellipse(a, 2 * GAIN * (1 + r))
    # with r > 0 the causal response ends at the foci, a = 2 sqrt(r) g d = 1.75: the error of the
    # grid is extrapolated from there
    error = float(np.abs(found.influence[-1]))
    assert (error > 0) == (r > 0)
    assert error < 1e-3
    assert abs(found.excess - psi) < 1.5e-4 + 2 * error
    assert found.fraction == pytest.approx(fraction, abs=2e-3)


def exponential(a, strength=0.3, rate=0.4):
    """M_s = strength exp(-(s + rate) tau)."""
    return strength / (a - 1 + rate + 1j * WINDOW.omega)


def test_one_gain_with_a_causal_memory():
    """Frequencies decouple: x = g^2 - |L - M d|^2/d^2, with |L - M d| < g d."""
    a, w = 1.1, np.linspace(0, 40, 400001)

    def psi(a):
        K2 = np.abs(a + 1j * w - GAIN * 0.3 / (a - 0.6 + 1j * w)) ** 2 / GAIN**2
        y = np.maximum(4 - K2, 0)
        return np.trapezoid(np.log1p(y / K2) - y / 4, w) / (2 * np.pi)

    found = one_gain(exponential, edge=1.8).at(a)
    assert found.excess == pytest.approx(psi(a), abs=1.5e-4)
    # the derivative at fixed kernels is that of psi
    slope = (psi(a - 0.02) - psi(a + 0.02)) / 0.04
    assert found.fraction == pytest.approx(slope, rel=5e-3)


def test_the_regularised_determinant_counts_unstable_modes():
    """(a + z)(b + z) = c d has one root above zero where c d > a b: it adds its size."""
    def log_det(strength):
        gains = one_gain(lambda a: exponential(a, strength)).gains
        return gains.select(np.zeros(1, dtype=int), np.ones(1))(1.0, None).log_det[0]

    assert abs(log_det(0.3)) < 1e-4
    root = np.max(np.roots([1, 1.4, 0.4 - GAIN * 0.9]))
    assert root > 0.1
    assert log_det(0.9) == pytest.approx(root, abs=1e-3)


def test_causal_memory_on_moving_gains_and_finer_grids():
    """det(1 - G D) is one where units are stable; without the traces it is off by the step."""
    found = []
    for points in (240, 480):
        window = Window(120.0, np.ones(points), 1.0, 0.0)
        t = np.arange(points) * window.dt
        gains = DressedGains(window, 0.6 + 0.3 * np.cos(2 * np.pi * t / 12)[None],
                             lambda a, window=window: 0.4 / (0.5 + 1j * window.omega), 0.0)
        found.append(abs(gains.select(np.zeros(1, dtype=int), np.ones(1))(1.0, None).log_det[0]))
    assert found[0] < 1e-4
    assert found[0] / found[1] > 4


def test_stationary_operators_in_the_real_basis():
    window = Window(12.0, np.ones(24), 1.0, 0.0)
    U, _ = window.basis(np.arange(13))
    rng = np.random.default_rng(1)
    kernel, x = rng.standard_normal((2, 24))
    symbol = np.fft.rfft(kernel)
    direct = np.fft.irfft(symbol * np.fft.rfft(x), 24)
    assert U @ times_symbol(symbol, U.T @ x[:, None])[:, 0] == pytest.approx(direct)
    assert symbol_of(times_symbol(symbol, np.eye(24))) == pytest.approx(symbol)
    assert symbol_of(U.T @ (x[:, None] * U)) == pytest.approx(np.full(13, x.mean()))


@functools.cache
def solution(k=0.0, r=0.0, tol=5e-3, seed=0):
    if r:
        return dmft.solve(dmft.RandomNetwork(2.0, reciprocity=r), tol=tol, rng=seed)
    return dmft.solve(dmft.PlasticNetwork(2.0, k, 2.5), tol=tol, rng=seed)


@functools.cache
def at(a, **fields):
    one = solution(**fields)
    site = site_sample(one, None, None, 40, 2000, np.random.default_rng(0))
    return memory_spectrum(one.network, site, 1.13).at(a)


@pytest.mark.parametrize("fields", [{"k": 1e-4}, {"r": 1e-4}])
def test_weak_memory_has_the_spectrum_without(fields):
    found = at(1.0, **fields)
    assert found.excess == pytest.approx(8.975e-4, rel=0.01)
    assert found.fraction == pytest.approx(0.0169, rel=0.01)
    assert np.linalg.norm(found.influence) < 0.01 * found.excess


def test_plasticity_and_reciprocity_change_the_entropy_rate():
    for fields, h in (({"k": 1.0}, 1.525e-3), ({"k": -1.0}, 5.98e-4)):
        found = at(1.0, **fields)
        assert abs(found.excess - h) < 0.03 * h + 3 * np.linalg.norm(found.influence)


def test_rest():
    """Semicircle of the units, which synapses do not reach; ellipse with reciprocity."""
    plastic = dmft.lyapunov_spectrum(dmft.solve(dmft.PlasticNetwork(0.8, 0.5, 2.5)))
    plain = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(0.8)))
    s = [-1.3, -0.9, -0.4]
    assert plastic.F(s).value == pytest.approx(plain.F(s).value, abs=1e-12)
    stretched = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(0.6, reciprocity=0.3)))
    assert 1 - float(stretched.F(-0.7)) == pytest.approx(ellipse(0.3, 0.78)[1], abs=1e-5)
    X = np.random.default_rng(2).standard_normal((400, 400)) * 0.6 / 20
    c = np.sqrt((1 + np.sqrt(1 - 0.3**2)) / 2)
    J = c * X + 0.3 / (2 * c) * X.T  # <J_ij J_ji> = 2 c (r/2c) <X^2>
    assert np.mean(np.linalg.eigvals(J).real > 0.3) == pytest.approx(ellipse(0.3, 0.78)[1],
                                                                    abs=0.015)


def test_what_is_not_derived_is_refused_by_name():
    linear = dmft.solve(dmft.Network((dmft.IID(0.3), dmft.Hebbian(0.2, 2.0)),
                                     dmft.network.nonlinearity.linear, noise=0.3), tol=1e-2)
    with pytest.raises(ModelError, match=r"solution=.*linear units with plastic"):
        dmft.lyapunov_spectrum(linear)
    antisymmetric = dmft.solve(dmft.RandomNetwork(0.6, reciprocity=-1.0))
    with pytest.raises(ModelError, match="all exponents are -1"):
        dmft.lyapunov_spectrum(antisymmetric)


@pytest.mark.slow
def test_units_that_are_more_stable_than_synapses_are_refused():
    driven = dmft.solve(dmft.PlasticNetwork(0.2, -0.3, 4.0, noise=0.3), tol=1e-2)
    with pytest.raises(ModelError, match=r"solution=.*above -1/p=-0.25"):
        dmft.lyapunov_spectrum(driven)


@pytest.mark.slow
def test_plastic_spectra():
    """Numbers of an earlier program, and F(s) below the lowest threshold refused."""
    for k, (h, D) in {1.0: (1.525e-3, 0.0550), -1.0: (5.98e-4, 0.0291)}.items():
        found = dmft.lyapunov_spectrum(solution(k=k, tol=2e-3))
        assert float(found.entropy_rate) == pytest.approx(h, rel=0.03)
        assert float(found.dimension) == pytest.approx(D, rel=0.03)
        assert found.entropy_rate.stderr < 0.01 * h
        with pytest.raises(ModelError, match=r"s=.*below -0.3"):
            found.F([-0.1, -0.39])
        rough = dmft.lyapunov_exponent(solution(k=k, tol=2e-3))
        error = np.hypot(rough.stderr, found.largest.stderr)
        assert abs(float(found.largest) - float(rough)) < 4 * error


@pytest.mark.slow
def test_standard_errors():
    """Spread over solutions and paths, in units of the standard errors."""
    found = [dmft.lyapunov_spectrum(solution(k=-1.0, seed=seed), paths=32, rng=seed)
             for seed in range(8)]
    for what in (lambda one: one.entropy_rate, lambda one: one.dimension, lambda one: one.F(-0.2)):
        values = np.array([float(what(one)) for one in found])
        errors = np.array([float(what(one).stderr) for one in found])
        ratio = np.std(values, ddof=1) / np.sqrt(np.mean(errors**2))
        assert 0.3 < ratio < 1.8


@pytest.mark.slow
def test_networks():
    """1 - F of plastic networks in the bulk, and the spectrum without plasticity rejected."""
    network = dmft.PlasticNetwork(2.0, 1.0, 2.5)
    runs = validation.lyapunov_spectrum(network, 60, 8, count=16, duration=80.0, burn_in=40.0,
                                        dt=0.1, synapse_weight=60.0, rng=1)
    above = np.array([np.mean(row > -0.2) for row in runs.per_network["exponents"]]) * 16 / 60
    error = above.std(ddof=1) / np.sqrt(8)
    theory = 1 - float(dmft.lyapunov_spectrum(solution(k=1.0)).F(-0.2))
    assert abs(above.mean() - theory) < 4 * error + 0.5 / 60
    assert abs(above.mean() - 0.0597) > 4 * error
