"""The spectrum of a fixed point: semicircle of one gain, and the general solver on one gain."""

import numpy as np
import pytest
from scipy import integrate

import dmft
from dmft.lyapunov_spectra.closure import active, closure
from dmft.lyapunov_spectra.constant_gains import ConstantGains
from dmft.lyapunov_spectra.gain_modes import PlainGains
from dmft.lyapunov_spectra.tangent_kernels import GainSample, solve_kernels
from dmft.lyapunov_spectra.window import Window
from dmft.network.nonlinearity import linear

RADIUS = 1.6  # g = 2, d = 0.8


def semicircle(a, radius=RADIUS):
    """(psi, 1 - F) at a = 1 + s for exponents on a semicircle around -1."""
    def density(x):
        return 2 / (np.pi * radius**2) * np.sqrt(radius**2 - x**2)

    return (integrate.quad(lambda x: (x - a) * density(x), a, radius, epsabs=1e-12)[0],
            integrate.quad(density, a, radius, epsabs=1e-12)[0])


def iid(x, gain=4.0):
    return gain * x, np.full_like(x, gain)


@pytest.mark.parametrize("a", [0.05, 0.6, 1.0, 1.5])
def test_one_gain_is_a_semicircle(a):
    gains = ConstantGains(np.array([0.8]), np.ones(1), iid)
    assert gains.edge == pytest.approx(RADIUS)
    assert gains.values(a) == pytest.approx(semicircle(a), abs=1e-7)


def real_parts(draw, neurons=300, matrices=16):
    """(matrices, N) real parts of eigenvalues of J D."""
    rng = np.random.default_rng(5)
    return np.array([np.linalg.eigvals(draw(neurons, rng)).real for _ in range(matrices)])


def agrees(per_matrix, expected):
    error = np.std(per_matrix, ddof=1) / np.sqrt(len(per_matrix))
    assert error < 0.06 * expected
    assert abs(np.mean(per_matrix) - expected) < 4 * error


def test_several_gains_against_eigenvalues():
    """At a fixed point exponents are the real parts of eigenvalues of -1 + J D."""
    d = np.array([0.3, 1.0])
    gains = ConstantGains(d, np.full(2, 0.5), iid)
    real = real_parts(lambda N, rng: rng.standard_normal((N, N)) * np.resize(d, N) * 2 / N**0.5)
    for a in (0.2, 0.6, 1.0):
        excess, fraction = gains.values(a)
        agrees(np.mean(real > a, axis=1), fraction)
        agrees(np.mean(np.maximum(real - a, 0), axis=1), excess)


@pytest.mark.parametrize("a", [0.6, 1.0])
def test_the_general_solver_on_a_constant_path(a):
    window = Window(192.0, np.ones(288), 1.0, 0.0)  # the covariance of x is not used
    L2 = a**2 + window.omega**2
    start = closure(window, L2, np.full(288, 0.64), iid)
    gains = PlainGains(window, np.full((1, 288), 0.8))
    sample = GainSample(gains, np.ones(1), active(L2, start))
    found = solve_kernels(sample, a, start, iid)
    x = found.kernels.B * found.kernels.P
    value, slope = iid(x)
    total = found.values.log_det[0] + window.multiplicity / 192.0 @ (value - 2 * slope * x)
    # the window resolves the cut-off of the kernels in frequency to 1/T
    assert total / 2 == pytest.approx(semicircle(a)[0], abs=2e-4)
    assert found.values.share[0] == pytest.approx(semicircle(a)[1], abs=1e-3)


def test_the_quiescent_state():
    found = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(g=0.8)))
    s = np.array([-1.5, -1.2, -0.7, -0.3, -0.1, 0.4])
    expected = [1 - semicircle(min(abs(one + 1), 0.8), 0.8)[1] if one > -1
                else semicircle(min(abs(one + 1), 0.8), 0.8)[1] for one in s]
    assert found.F(s).value == pytest.approx(expected, abs=1e-5)
    assert found.density(-0.7) == pytest.approx(2 / (np.pi * 0.64) * np.sqrt(0.55), abs=1e-4)
    assert float(found.largest) == pytest.approx(-0.2)
    assert float(found.s_ky) == pytest.approx(-0.2)
    assert (float(found.dimension), float(found.entropy_rate)) == (0, 0)


def test_linear_units_with_noise_have_the_semicircle_too():
    found = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(0.8, linear, noise=0.5)))
    assert float(found.F(-0.7)) == pytest.approx(1 - semicircle(0.3, 0.8)[1], abs=1e-5)


def test_modes_of_low_rank_leave_exponents_at_minus_one():
    """J of rank alpha N: the real parts of its eigenvalues, and 1 - alpha of them at zero."""
    modes = dmft.RandomModeNetwork(dmft.Spectrum.flat(0.8, 0.5))
    found = dmft.lyapunov_spectrum(dmft.solve(modes))
    assert found.atom == pytest.approx(0.5, abs=1e-6)

    def draw(N, rng):
        left, right = rng.standard_normal((2, N, N // 2)) / np.sqrt(N)
        return 0.8 / np.sqrt(0.5) * left @ right.T

    real = real_parts(draw)
    for s in (-0.9, -0.6, -0.4):
        agrees(np.mean(real > s + 1, axis=1), 1 - float(found.F(s)))
    assert float(found.F(-1.0)) == 0.5
