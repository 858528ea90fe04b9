"""The theory's dimension against finite networks with white noise, and what must be rejected.

Noise makes collective modes short and the networks alike: without it the dimension of one network
of 1000 units differs from another's by 20 %, and g = 3, sigma = 1.5 with a rank of a half needs
ten times as many networks as these cases for the same resolution. Two sizes, extrapolated in 1/N;
agreement is asked together with a resolution below 5 %. The step of 0.07 changes the dimension by
about 0.4 %.
"""

import numpy as np
import pytest

import dmft
from dmft import Modes, Network, RandomNetwork, Spectrum, validation

QUANTITIES = ("dimension_phi", "dimension_x")
OPTIONS = {"trials": 8, "duration": 80.0, "burn_in": 15.0, "dt": 0.07, "lags": [0.0],
           "cross_lags": ((0, 0),), "dimension": True, "rng": 5}


def modes(g, rank, noise):
    return Network((Modes(Spectrum.flat(g, rank)),), dmft.erf, noise=noise)


CASES = {  # network, networks of each size, the same network at another effective rank
    "independent couplings": (RandomNetwork(2.0, dmft.erf, noise=1.0), 170, modes(2.0, 5.0, 1.0)),
    "a rank of a quarter": (modes(2.0, 0.25, 2.0), 80, modes(2.0, 0.35, 2.0)),
    "a rank of a half": (modes(3.0, 0.5, 3.0), 80, modes(3.0, 0.75, 3.0)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_theory_agrees_with_finite_networks(name):
    network, count, other = CASES[name]
    runs = validation.simulate(network, (100, 500), count, **OPTIONS)
    verdict = validation.compare(dmft.solve(network), runs, quantity=QUANTITIES)
    assert verdict.p_value > 1e-3, verdict
    assert verdict.resolution < 0.05, verdict
    control = validation.compare(dmft.solve(other), runs, quantity=QUANTITIES)
    assert control.disagrees, control
    if isinstance(network, RandomNetwork):
        found, wrong = runs.extrapolated("dimension_x"), without_the_noise_of_its_own(network)
        assert abs(float(found) - wrong) > 5 * float(found.stderr)


def without_the_noise_of_its_own(network):
    """PR_x / N by the formula that holds without white noise, Delta1 Delta2 (2 - |c|^2)/|1 - c|^2.

    Each unit's own noise reaches it alone: that Psi_x is not what the covariances of x have.
    """
    solution = dmft.solve(network)
    tau, Delta = solution.lags.tau, np.asarray(solution.C_x)
    omega = 0.6 * np.tan(np.linspace(-np.pi / 2, np.pi / 2, 402)[1:-1])
    weight = (0.36 + omega**2) / 0.6 / 401 / 2  # d omega / 2 pi
    spectrum = 2 * np.trapezoid(Delta * np.cos(omega[:, None] * tau), tau, axis=1)
    S = float(solution.gain) / (1 + 1j * omega)
    c = network.g**2 * np.outer(S, S.conj())
    both = np.outer(weight * spectrum, weight * spectrum)
    return Delta[0] ** 2 / np.sum(both * (2 - np.abs(c) ** 2) / np.abs(1 - c) ** 2)
