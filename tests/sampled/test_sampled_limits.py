"""Sampled solutions in exactly solvable limits: antisymmetric, linear and quiescent networks."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ConvergenceError
from dmft.fluctuations import dimension
from dmft.fluctuations.pair_quadrature import PairQuadrature

FLAT = dmft.Spectrum.flat


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
