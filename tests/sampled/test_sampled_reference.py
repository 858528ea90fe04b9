"""Sampled solutions compared with prototypes, finite networks and other seeds. All slow."""

from dataclasses import dataclass

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.network.network import Network
from dmft.sampled.sampled_solve import solve_single_site
from tests.solvable import BY_NAME

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Hebbian:
    """K(tau) = (k/p) exp(-tau/p) C(tau): a memory that is a product in time, not in frequency."""

    g: float
    k: float
    p: float
    noise_gain = None
    has_memory = True

    def noise(self, order):
        return self.g**2 * order.C_spectrum, self.g**2 * order.C_static

    def memory(self, order):
        lags, rate = order.lags, 1 / self.p
        kernel = self.k * rate * np.exp(-rate * lags.tau) * (order.C + order.C_static)
        jump = kernel[0] * np.exp(-rate * lags.tau)
        smooth = np.concatenate([kernel - jump, np.zeros(len(lags) - 2)])
        return lags.dt * np.fft.rfft(smooth) + kernel[0] / (rate + 1j * lags.omega)


def modes(rho, g):
    return Network((dmft.Modes(dmft.Spectrum.flat(g, 0.5), rho),), dmft.erf)


def agree(estimate, known, error):
    return abs(float(estimate) - known) < 4 * np.hypot(float(estimate.stderr), error)


def solved(network, tol=2e-3, rng=0, lags=None):
    found = solve_single_site(network, lags, tol, 1000, None, rng, None)
    assert found.convergence.success
    assert all(c.passed for c in found.convergence.checks), found.convergence
    return found


@pytest.mark.parametrize(("rho", "g"), [(0.5, 2.0), (-0.2, 4.0), (-0.5, 16.0)])
def test_modes_with_overlaps_against_a_prototype(rho, g):
    found = solved(modes(rho, g))
    known = BY_NAME[f"modes {g:g}, 1/2, overlap {rho:g}"].known
    assert agree(found.C_phi[0], known["C"].value, known["C"].stderr)
    assert agree(found.C_x[0], known["Delta"].value, known["Delta"].stderr)


@pytest.mark.parametrize("k", [0.5, 1.0])
def test_plasticity_against_a_prototype(k):
    """The paths of the prototype were integrated in time, with independent noise."""
    known = BY_NAME[f"plastic 2, {k:g}"].known["C"]
    found = solved(Network((Hebbian(2.0, k, 2.5),), dmft.tanh))
    assert agree(found.C_phi[0], known.value, known.stderr)


def test_strong_plasticity_is_frozen():
    """The correlation does not decay within any window, which is reported."""
    network = Network((Hebbian(2.0, 3.0, 2.5),), dmft.tanh)
    found = solve_single_site(network, dmft.Lags(30.0, 0.2), 1e-2, 400, None, 0, None)
    failed = [c.name for c in found.convergence.checks if not c.passed]
    assert "decay" in failed or not found.convergence.success


def test_scatter_over_seeds_is_the_standard_error():
    """For reciprocal networks, whose memory makes x non-Gaussian."""
    network = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3)
    found = [solved(network, tol=5e-3, rng=seed) for seed in range(10)]
    for of in (lambda s: s.C_phi[0], lambda s: s.C_x[0], lambda s: s.gain):
        values = np.array([float(of(one)) for one in found])
        quoted = np.sqrt(np.mean([float(of(one).stderr) ** 2 for one in found]))
        assert 0.45 < values.std(ddof=1) / quoted < 1.8
    mean = np.mean([float(one.C_phi[0]) for one in found])
    assert mean == pytest.approx(
        BY_NAME["erf 2, reciprocity 0.3"].value("C"), abs=1e-3)  # bias below a standard error


def test_a_longer_window_changes_nothing():
    network = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=-0.3)
    short, long = (solved(network, lags=dmft.Lags(span, 0.2)) for span in (80.0, 160.0))
    difference = float(short.C_phi[0]) - float(long.C_phi[0])
    error = np.hypot(float(short.C_phi[0].stderr), float(long.C_phi[0].stderr))
    assert abs(difference) < 4 * error


@pytest.mark.parametrize("r", [-0.3, 0.3])
def test_reciprocity_with_noise_against_finite_networks(r):
    network = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=r, noise=1.0)
    runs = validation.simulate(network, neurons=(250, 1000), networks=24, trials=4, duration=30.0,
                               rng=3)
    verdict = validation.compare(solved(network), runs)
    assert verdict.agrees, verdict
    control = solved(dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.5 * r, noise=1.0))
    assert validation.compare(control, runs).disagrees
