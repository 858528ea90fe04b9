"""A user-defined ensemble: theory, simulation and verdict without a change to the package.

Couplings through slow synapses: J_ij acts on s_j with (1 + tau d/dt) s = phi(x), so that the noise
is g^2 C filtered twice. Lags mix, there is no first integral, and the drawn operator has a state.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import integrate

import dmft
from dmft import validation
from dmft.base.errors import ModelError
from dmft.equations import linear_response
from dmft.network.network import Network
from dmft.validation.couplings.draw import draw, footprint
from tests.solvable import BY_NAME


@dataclass(frozen=True)
class SlowSynapses:
    g: float
    tau: float
    noise_gain = None
    has_memory = False

    def noise(self, order):
        filtered = linear_response.lowpass_power(self.tau * order.lags.omega)
        return self.g**2 * filtered * order.C_spectrum, self.g**2 * order.C_static

    def memory(self, order):
        return np.zeros_like(order.S)


class Filtered:
    memoryless = False

    def __init__(self, matrix, tau):
        self.matrix, self.tau, self.s, self.before = matrix, tau, None, None

    def apply(self, phi):
        self.s = phi.copy() if self.s is None else self.s
        return self.matrix @ self.s

    def advance(self, phi, dt):
        step, before = dt / self.tau, phi if self.before is None else self.before
        self.s = (float(linear_response.decay(step)) * self.s
                  + float(linear_response.etd_weight_now(step)) * phi
                  + float(linear_response.etd_weight_before(step)) * before)
        self.before = phi


@draw.register
def _(ensemble: SlowSynapses, neurons, rng):
    matrix = rng.standard_normal((neurons, neurons), dtype=np.float32)
    return Filtered(matrix * np.float32(ensemble.g / np.sqrt(neurons)), ensemble.tau)


@footprint.register
def _(ensemble: SlowSynapses, neurons):
    return float(neurons) ** 2


@pytest.mark.parametrize("g_fast", [0.0, 0.5])
def test_linear_network_in_closed_form(g_fast):
    """Delta(omega) = 2 noise^2 / (1 + omega^2 - g^2/(1 + tau^2 omega^2) - g_fast^2).

    Alone, and in a sum with independent couplings.
    """
    g, tau, noise = 0.7, 2.0, 0.5
    ensembles = (SlowSynapses(g, tau), dmft.IID(g_fast)) if g_fast else (SlowSynapses(g, tau),)
    solution = dmft.solve(Network(ensembles, dmft.linear, noise=noise))
    assert solution.convergence.method == "fourier"
    assert solution.branch == "driven"

    def spectrum(w):  # without the part of the white noise alone, which decays slowly
        power = g**2 / (1 + (tau * w) ** 2) + g_fast**2
        return 2 * noise**2 * power / ((1 + w * w - power) * (1 + w * w))

    for k in (0, 20, 100, 400):
        lag = float(solution.lags.tau[k])
        exact, _ = integrate.quad(lambda w, lag=lag: spectrum(w) * np.cos(w * lag) / np.pi, 0, 1000,
                                  limit=4000, epsabs=1e-12)
        exact += noise**2 * np.exp(-lag)
        assert float(solution.C_x[k]) == pytest.approx(exact, abs=1e-9)


def test_fast_synapses_tend_to_the_random_network():
    slow = dmft.solve(Network((SlowSynapses(2.0, 1e-3),), dmft.erf), tol=1e-9)
    assert slow.branch == "chaotic"
    assert float(slow.C_x[0]) == pytest.approx(
        BY_NAME["erf 2"].value("Delta"), rel=1e-5)


def test_slow_synapses_slow_down_the_chaos():
    fast = dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))
    slow = dmft.solve(Network((SlowSynapses(2.0, 3.0),), dmft.erf))
    at = np.searchsorted(slow.lags.tau, 5.0)
    here = np.interp(slow.lags.tau[at], fast.lags.tau, fast.C_x.value) / float(fast.C_x[0])
    assert float(slow.C_x[at]) / float(slow.C_x[0]) > here


def test_what_needs_a_first_integral_is_refused():
    network = Network((SlowSynapses(2.0, 3.0),), dmft.erf)
    with pytest.raises(ModelError, match="fourier"):
        dmft.solve(network, method="energy")
    with pytest.raises(ModelError, match="mixes lags"):
        dmft.lyapunov_exponent(dmft.solve(network))


@pytest.mark.slow
def test_theory_agrees_with_finite_networks():
    network = Network((SlowSynapses(3.0, 2.0),), dmft.erf)
    runs = validation.simulate(network, neurons=(250, 1000), networks=60, trials=4, duration=20.0,
                               rng=5)
    verdict = validation.compare(dmft.solve(network), runs)
    assert verdict.agrees, verdict
    control = validation.compare(dmft.solve(Network((SlowSynapses(3.15, 2.0),), dmft.erf)), runs)
    assert control.disagrees, control
