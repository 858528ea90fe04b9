"""A stable network of linear response: its variance is that of the weak input, amplified."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError

G = 0.5


@pytest.mark.parametrize("phi", [dmft.tanh, dmft.erf], ids=lambda phi: phi.name)
@pytest.mark.parametrize("size", [1e-45, 1e-8, 1e-6])
def test_weak_inputs_have_a_linear_response(phi, size):
    """<x^2> = noise^2/sqrt(1 - g^2), and bias^2/(1 - g^2): with phi(x) = x for small x."""
    noisy = dmft.solve(dmft.RandomNetwork(G, phi, noise=size))
    biased = dmft.solve(dmft.RandomNetwork(G, phi, bias=size))
    assert noisy.branch == "driven"
    assert float(noisy.C_x[0]) / size**2 == pytest.approx(1 / np.sqrt(1 - G**2), rel=1e-10)
    assert float(biased.C_x[0]) / size**2 == pytest.approx(1 / (1 - G**2), rel=1e-10)


def test_rectified_units_have_no_scale():
    values = [float(dmft.solve(dmft.RandomNetwork(G, dmft.relu, noise=size)).C_x[0]) / size**2
              for size in (1e-20, 1e-6, 0.1)]
    assert values == pytest.approx([values[-1]] * 3, rel=1e-8)


def test_weak_inputs_of_units_with_memory():
    """The response S at each frequency: S = 1/(1 + i omega - g^2 r S), <x x> = power/(1 - g^2 S^2).
    """
    r, size = 0.3, 1e-7
    found = dmft.solve(dmft.RandomNetwork(G, noise=size, reciprocity=r))
    omega = np.linspace(-2000, 2000, 400001)
    own, memory = 1 + 1j * omega, G**2 * r
    S = 2 / (own + np.sqrt(own - 2 * np.sqrt(memory)) * np.sqrt(own + 2 * np.sqrt(memory)))
    power = 2 * np.abs(S)**2 / (1 - G**2 * np.abs(S)**2)
    exact = np.sum(power) * (omega[1] - omega[0]) / (2 * np.pi) + 2 / (np.pi * 2000)
    assert found.branch == "driven"
    assert float(found.C_x[0]) / size**2 == pytest.approx(exact, rel=1e-4)
    S0 = float(S[len(omega) // 2].real)
    for bias in (1e-6, 1e-7):  # at the second, the pilot begins anew on a later grid
        static = dmft.solve(dmft.RandomNetwork(G, bias=bias, reciprocity=r))
        assert float(static.C_x[0]) / bias**2 == pytest.approx(
            S0**2 / (1 - G**2 * S0**2), rel=1e-5)


@pytest.mark.filterwarnings("error::dmft.ResolutionWarning")
@pytest.mark.parametrize("noise", [3e-4, 1e-5, 1e-7, 1e-9, 1e-50])
def test_weak_noise_about_a_static_state(noise):
    """Delta(0) - Delta(inf) = noise^2/kappa with kappa^2 = 1 - g^2 <phi'^2>; the
    exponent is -1 + g sqrt(<phi'^2>)."""
    static = dmft.solve(dmft.RandomNetwork(G, bias=1.0))
    variance = float(static.C_x[0])
    x, weights = np.polynomial.hermite_e.hermegauss(120)
    slopes = G**2 * np.sum(weights * np.cosh(x * variance**0.5) ** -4) / np.sum(weights)
    found = dmft.solve(dmft.RandomNetwork(G, bias=1.0, noise=noise))
    depth = float(found.C_x[0]) - float(found.C_x_static)
    assert found.branch == "driven"
    assert depth == pytest.approx(noise**2 / np.sqrt(1 - slopes), rel=1e-6, abs=4e-16)
    assert float(found.C_x_static) == pytest.approx(variance, rel=max(1e-12, 10 * noise**2))
    assert float(dmft.lyapunov_exponent(found)) == pytest.approx(np.sqrt(slopes) - 1, abs=1e-7)


@pytest.mark.parametrize("noise", [0.01, 3e-4])
def test_weak_noise_beyond_the_linear_order(noise):
    """Where the fluctuations resolve their next order, it counts; the exponent is that beside."""
    network = dmft.RandomNetwork(1.5, bias=1.0, noise=noise)
    found = dmft.solve(network)
    if noise < 1e-3:
        with pytest.raises(dmft.ConvergenceError, match="less than this method resolves"):
            dmft.solve(network, method="fourier")
    else:
        other = dmft.solve(network, method="fourier")
        assert float(found.C_x[0]) == pytest.approx(float(other.C_x[0]), rel=1e-9)
    assert float(dmft.lyapunov_exponent(found)) == pytest.approx(
        -0.132226939264 - 0.681 * noise**2, rel=1e-2 * noise, abs=1e-8)


def test_weak_noise_in_regions_with_currents():
    states = [dmft.solve(dmft.MultiregionNetwork.symmetric(g=0.5, c=[[0.3, 2.5], [2.5, 0.2]],
                                                           noise=noise)) for noise in (0, 1e-9)]
    static, noisy = (max(found.stable, key=lambda one: one.z.max()) for found in states)
    np.testing.assert_allclose(noisy.z, static.z, rtol=1e-8, atol=1e-15)


def test_inputs_that_are_too_weak():
    for name in ("noise", "bias"):
        with pytest.raises(ModelError, match=f"{name}=1e-60: so weak"):
            dmft.RandomNetwork(G, **{name: 1e-60})
    with pytest.raises(ModelError, match="bias=1e-12: so weak"):
        dmft.solve(dmft.RandomNetwork(G, bias=1e-12, reciprocity=0.3))
