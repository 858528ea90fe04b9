"""The largest Lyapunov exponent compared with known values and exact limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dmft
from dmft.averages.gaussian_averages import gaussian_averages
from dmft.base.errors import ModelError
from tests.solvable import BY_NAME


def exponent(g, phi="tanh", **options):
    return dmft.lyapunov_exponent(dmft.solve(
        dmft.RandomNetwork(g=g, phi=getattr(dmft, phi), **options)))


def test_just_above_the_transition():
    """lambda ~ (g-1)^2 / 2 (Sompolinsky, Crisanti & Sommers 1988)."""
    for eps in (1e-2, 1e-3):
        assert float(exponent(1 + eps)) == pytest.approx(eps**2 / 2, rel=4 * eps)


def test_at_a_fixed_point_it_is_the_edge_of_the_jacobian_spectrum():
    assert float(exponent(0.7)) == pytest.approx(-0.3, abs=1e-14)
    assert float(exponent(0.5, "relu", bias=1.0)) == pytest.approx(-1 + np.sqrt(0.125), abs=1e-12)
    # at the quiescent state relu has slope 1 on one side and 0 on the other: <phi'^2> = 1/2
    assert float(exponent(1.2, "relu")) == pytest.approx(-1 + 1.2 / np.sqrt(2), abs=1e-12)
    assert float(exponent(0.8, "linear", noise=0.3)) == pytest.approx(-0.2, abs=1e-12)
    static = dmft.solve(dmft.RandomNetwork(1.6, bias=2.0))
    slope2 = float(
        gaussian_averages(static.network.phi, float(static.C_x[0])).slope(float(static.C_x[0]))
    )
    assert float(dmft.lyapunov_exponent(static)) == pytest.approx(-1 + 1.6 * slope2**0.5)


def test_noise_lowers_it():
    values = [float(exponent(2.0, "erf", noise=noise)) for noise in (0.0, 0.2, 0.5, 1.0)]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 0  # strong noise suppresses chaos


@pytest.mark.parametrize(("g", "noise"), [(0.5, 0.5), (1.0, 0.5), (1.4, 0.5)])
def test_a_corner_is_resolved_by_short_elements(g, noise):
    """relu: the potential has a square-root corner at zero lag."""
    found = exponent(g, "relu", noise=noise)
    assert found.error < 1e-11
    last, before = found.refinement[-1][1], found.refinement[-2][1]
    assert abs(last - before) <= found.error
    assert -1 < float(found) < -1 + g  # between the decay of the unit and the edge of the spectrum


def test_a_shallow_well_has_a_state_that_reaches_far_beyond_it():
    """A shallow even well binds k = int_0^inf (W(inf) - W) to first order, W(inf) - E0 = k^2."""
    logistic = dmft.Nonlinearity(lambda x: 1 / (1 + np.exp(-x)),
                                 lambda x: 0.25 / np.cosh(x / 2) ** 2, name="logistic")
    solution = dmft.solve(dmft.RandomNetwork(0.5, logistic, noise=0.5))
    averages = gaussian_averages(logistic, float(solution.C_x[0]))
    W = 1 - 0.25 * averages.slope(solution.C_x.value)
    limit = 1 - 0.25 * float(averages.slope(float(solution.C_x_static)))
    k = np.trapezoid(limit - W, solution.lags.tau)
    found = dmft.lyapunov_exponent(solution)
    assert limit - (1 - (1 + float(found)) ** 2) == pytest.approx(k**2, rel=2e-4)


def test_weak_noise_at_the_transition():
    """A well so shallow that its ground state hardly decays."""
    assert -5e-3 < float(exponent(1.0, noise=0.01)) < 0


def test_small_noise_tends_to_the_noiseless_value():
    assert float(exponent(2.0, noise=1e-3)) == pytest.approx(
        BY_NAME["tanh 2"].value("exponent"), abs=1e-4)


@settings(max_examples=12)
@given(g=st.floats(1.05, 6.0))
def test_chaos_everywhere_above_the_transition(g):
    """dDelta/dtau is a zero mode with one node: the ground state has a lower eigenvalue."""
    found = exponent(g, "erf")
    assert 0 < float(found) < g - 1
    assert abs(found.zero_mode) < 1e-8


def test_bad_input():
    with pytest.raises(ModelError, match="solution"):
        dmft.lyapunov_exponent("chaos")


def test_the_error_of_an_exponent_without_sampling_is_shown():
    found = dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(2.0)))
    assert repr(found) == f"LyapunovExponent({float(found):.8g}, error={found.error:.2g})"
