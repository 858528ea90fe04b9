"""Sampled solutions in exactly solvable limits: antisymmetric, linear and quiescent networks."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ConvergenceError
from dmft.fluctuations import dimension
from dmft.fluctuations.pair_quadrature import PairQuadrature

FLAT = dmft.Spectrum.flat


@pytest.mark.parametrize("g", [1.0, 3.0])
def test_antisymmetric_linear_networks_have_full_dimension(g):
    """J + J^T = 0: the covariance is sigma^2 times the identity for every g."""
    network = dmft.RandomNetwork(g, dmft.linear, noise=1.0, reciprocity=-1.0)
    solution = dmft.solve(network)
    assert float(solution.C_x[0]) == pytest.approx(1.0, abs=solution.convergence.error)
    for of in ("phi", "x"):
        assert float(dmft.dimension(solution, of)) == pytest.approx(1.0, abs=2e-4)


@pytest.mark.parametrize(("g", "r", "exact"), [(1.5, -0.6, 0.566131), (2.0, -0.8, 0.727956),
                                               (0.5, 0.5, None)])
def test_linear_networks_with_reciprocity(g, r, exact):
    """The integral of C1 C2 (1-abs(d)^2)/(abs(1-d)^2 abs(1-c)^2), S from z S = 1 + r g^2 S^2."""
    solution = dmft.solve(dmft.RandomNetwork(g, dmft.linear, noise=1.0, reciprocity=r))
    w = np.tan((np.arange(400) + 0.5) * np.pi / 800)
    measure = (1 + w**2) * np.pi / 800
    z = 1 + 1j * w
    S = 2 / (z + np.sqrt(z**2 - 4 * r * g**2 + 0j))
    C = 2 * np.abs(S) ** 2 / (1 - g**2 * np.abs(S) ** 2)
    pairs = 0.0
    for S2 in (S, np.conj(S)):
        c, d = g**2 * np.outer(S, np.conj(S2)), r * g**2 * np.outer(S, S2)
        kernel = np.outer(C, C) * ((1 - np.abs(d) ** 2) / np.abs((1 - d) * (1 - c)) ** 2 - 1)
        pairs += 2 * measure @ kernel @ measure / (2 * np.pi) ** 2
    C0 = measure @ C / np.pi
    known = C0**2 / (C0**2 + pairs)
    if exact is not None:
        assert known == pytest.approx(exact, abs=2e-5)
    assert float(dmft.dimension(solution)) == pytest.approx(known, abs=5e-4)
    assert float(dmft.dimension(solution, "x")) == pytest.approx(known, abs=5e-4)


@pytest.mark.parametrize("network", [
    dmft.RandomNetwork(2.0, reciprocity=-0.6), dmft.RandomNetwork(0.64, reciprocity=0.5),
    dmft.RandomModeNetwork(FLAT(3.0, 0.5), -0.5, phi=dmft.erf)], ids=repr)
def test_slowly_decaying_activity_is_quiescent(network):
    assert dmft.jacobian_spectrum(network).growth_rate(network.phi) < 0
    assert dmft.solve(network).branch == "quiescent"


def test_a_dimension_outside_the_possible_range_is_refused(monkeypatch):
    """Inexact curves can give it: a negative sum over pairs larger than that of single neurons."""
    found = PairQuadrature(np.array([-1.5]), 1.0, 1e-9, 24, 1.0)
    monkeypatch.setattr(dimension, "pair_quadrature", lambda *given, **named: found)
    with pytest.raises(ConvergenceError, match="outside the possible range"):
        dmft.dimension(dmft.solve(dmft.RandomNetwork(2.0, dmft.erf)))
