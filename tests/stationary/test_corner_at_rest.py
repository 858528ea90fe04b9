"""A corner of phi at rest: the power of small activity is that of both slopes, (a^2 + b^2)/2."""

import numpy as np
import pytest
import sympy

import dmft
from dmft.averages.gaussian_averages import has_corner_at_rest, square_slope_at_rest
from dmft.base.errors import ModelError

X = sympy.Symbol("x", real=True)
HALF = dmft.Nonlinearity.from_sympy(sympy.Max(0, sympy.tanh(X)))


@pytest.mark.parametrize(("phi", "square", "corner"), [
    (dmft.relu, 0.5, True), (HALF, 0.5, True), (dmft.tanh, 1.0, False),
    (dmft.erf, 1.0, False), (dmft.linear, 1.0, False),
    (dmft.Nonlinearity.from_sympy(X**3 / (1 + X**4)), 0.0, False),
], ids=lambda one: getattr(one, "name", None))
def test_slopes_at_rest(phi, square, corner):
    expected = square * phi.slope_at_zero**2 if not corner else square
    assert square_slope_at_rest(phi) == pytest.approx(expected, rel=1e-9, abs=1e-20)
    assert has_corner_at_rest(phi) == corner


@pytest.mark.filterwarnings("ignore::dmft.ResolutionWarning")
def test_activity_begins_at_the_root_of_two():
    assert dmft.solve(dmft.RandomNetwork(1.41, HALF)).branch == "quiescent"
    assert dmft.solve(dmft.RandomNetwork(1.42, HALF)).branch == "chaotic"
    closer = dmft.solve(dmft.RandomNetwork(1.41425, HALF))  # the variance grows as g - g_c
    assert closer.branch == "chaotic"
    assert 0 < float(closer.C_x[0]) < 1e-4
    with pytest.raises(dmft.ConvergenceError, match="use method='fourier'"):  # rounding decides
        dmft.solve(dmft.RandomNetwork(1.415, HALF))


def test_the_exponent_at_rest():
    g = 1.2
    exact = g / np.sqrt(2) - 1
    for network in (dmft.RandomNetwork(g, dmft.relu), dmft.PlasticNetwork(g, 0.3, 2.5, dmft.relu)):
        found = dmft.lyapunov_exponent(dmft.solve(network))
        assert float(found) == pytest.approx(exact, rel=1e-9)
    regions = dmft.solve(dmft.Network(dmft.RegionalIID(np.diag([g, 0.3])), dmft.relu))
    assert regions[0].inner_rate == pytest.approx(2 * exact, rel=1e-9)


def test_with_reciprocity_the_exponent_at_rest_is_refused():
    rest = dmft.solve(dmft.RandomNetwork(1.2, dmft.relu, reciprocity=0.05))
    assert rest.branch == "quiescent"
    with pytest.raises(ModelError, match="has a corner at x = 0"):
        dmft.lyapunov_exponent(rest)
    with pytest.raises(ModelError, match="has a corner at x = 0"):
        dmft.jacobian_spectrum(rest.network).growth_rate(dmft.relu)


def test_plastic_units_that_decay_while_an_unstable_state_is_left():
    """It was a division by zero: a later grid started from no activity."""
    assert dmft.solve(dmft.PlasticNetwork(1.2, 0.01, 2.5, dmft.relu)).branch == "quiescent"
