"""A mean together with memory, in closed form for units phi(x) = x + c."""

from __future__ import annotations

import numpy as np
import pytest

import dmft
from dmft.network.populations import populations
from dmft.populations import driven_mean

J0, G, R, OFFSET = -0.5, 0.5, 0.5, 0.8
AFFINE = dmft.Nonlinearity(lambda x: x + OFFSET, np.ones_like, name="x + c")


def test_affine_units_with_reciprocity():
    """K = g^2 r S, S = 1/(1 - K) at frequency zero: M = c/(1 - J0 - K) and <x> = (J0 + K) M.

    Units differ by their static input: var x = g^2 S^2 (var x + M^2).
    """
    state = dmft.solve(dmft.Network((dmft.MeanCouplings([[J0]]), dmft.IID(G, R)), AFFINE))[0]
    S = (1 - np.sqrt(1 - 4 * G**2 * R)) / (2 * G**2 * R)
    K = G**2 * R * S
    M = OFFSET / (1 - J0 - K)
    share = (G * S) ** 2
    assert float(state.rates[0]) == pytest.approx(M, rel=2e-3)
    assert float(state.means[0]) == pytest.approx((J0 + K) * M, rel=5e-3)
    assert float(state.variance[0]) == pytest.approx(share * M**2 / (1 - share), rel=1e-2)
    assert state.branch == ("static",)
    assert state.slowest == pytest.approx(J0 * S, rel=2e-2)  # d(drive)/d(mean): M = S (m + c)


def test_affine_units_with_convergent_motifs():
    """Couplings of one unit share a random part a/N: x = J0 M + a M z, M = c/(1 - J0)."""
    n, a = dmft.notation, 0.7
    own = dmft.ensemble(a**2 / n.N**2 * n.delta(n.i, n.k), mean=J0 / n.N)
    state = dmft.solve(dmft.Network(own, AFFINE))[0]
    M = OFFSET / (1 - J0)
    assert float(state.rates[0]) == pytest.approx(M, rel=1e-8)
    assert float(state.means[0]) == pytest.approx(J0 * M, rel=1e-8)
    assert float(state.variance[0]) == pytest.approx((a * M) ** 2, rel=1e-6)


def test_quenched_noise_of_a_mean_that_is_rounding_is_none():
    """Its bias would be refused, in the name of a field that nobody set."""
    n, given = dmft.notation, []
    own = dmft.ensemble(0.64 / n.N**2 * n.delta(n.i, n.k), mean=1.5 / n.N)
    network = dmft.Network((dmft.IID(0.5, 0.3), own))

    def inner(single):
        given.append(single.bias)
        return dmft.solve(dmft.RandomNetwork(0.5))

    site = driven_mean._Site(network, populations(network)[0], inner)
    for quenched in (1e-24, 1e-14):
        site._with_bias(0.0, quenched)
    assert given == [0.0, pytest.approx(1e-7)]


@pytest.mark.slow
def test_quiescence_beside_quenched_noise_and_memory():
    """Beside it are static states, whose fluctuations of rounding were a crash."""
    n = dmft.notation
    own = dmft.ensemble(0.64 / n.N**2 * n.delta(n.i, n.k), mean=1.5 / n.N)
    states = dmft.solve(dmft.Network((dmft.IID(0.5, 0.3), own)), tol=2e-2)
    assert [one.branch for one in states] == [("static",), ("static",), ("quiescent",)]
    assert [one.stable for one in states] == [True, True, False]
    assert float(states[1].rates[0]) == pytest.approx(-float(states[0].rates[0]), rel=2e-2)
    # twelve networks of 1500 units: 0.645(5); the tolerance of the mean is 2e-2
    assert float(states[1].rates[0]) == pytest.approx(0.645, abs=0.018)


@pytest.mark.slow
def test_stable_states_beside_an_unstable_one_are_found():
    """The zero mean of an odd phi is a state by symmetry, and here an unstable one."""
    own = dmft.ensemble(mean=1.5 / dmft.notation.N)
    states = dmft.solve(dmft.Network((dmft.IID(0.5, 0.3), own), noise=0.3), tol=5e-3)
    assert [one.stable for one in states] == [True, True, False]
    low, high, zero = (float(one.rates[0]) for one in states)
    assert -low == pytest.approx(high, rel=5e-3)
    assert high == pytest.approx(0.756, abs=4e-3)  # six networks of 1500 units: 0.7593(20)
    assert abs(zero) < 5e-3  # the tolerance of a mean
