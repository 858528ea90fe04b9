"""A region with constant currents: published boundaries, and the potential of its equations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

import dmft
from dmft.averages.gaussian_averages import gaussian_averages
from dmft.base.errors import ModelError
from dmft.equations import multiregion as equations
from tests.solvable import BOUNDARIES, CURRENT


def correlation(D, variance):
    return 2 / np.pi * np.arcsin(np.pi / 2 * D / (1 + np.pi / 2 * variance))


def potential(D, region):
    """V, zero at Delta0, by adaptive quadrature."""
    below = integrate.quad(lambda c: correlation(c, region.variance), D, region.variance,
                           epsabs=1e-13, epsrel=1e-13)[0]
    return (-(D**2 - region.variance**2) / 2 - region.g**2 * below
            + region.current_power * (D - region.variance))


@pytest.mark.parametrize("known", BOUNDARIES, ids=lambda known: f"b={known.b:g}")
def test_known_boundaries(known):
    b = known.b
    assert dmft.chaos_onset(b) == pytest.approx(known.onset.value, abs=known.onset.tolerance)
    assert dmft.chaos_onset(b) == pytest.approx(equations.chaos_onset(b), rel=1e-13)
    assert dmft.structure_loss(b) == pytest.approx(known.loss.value, abs=known.loss.tolerance)


@pytest.mark.parametrize("phi", [dmft.erf, dmft.tanh])
@pytest.mark.parametrize("b", [1.05, 2.0, 4.0])
def test_structure_is_lost_where_disorder_alone_has_its_gain(b, phi):
    """The stationary network of that g, solved by itself, has psi = 1/b."""
    pure = dmft.solve(dmft.RandomNetwork(dmft.structure_loss(b, phi), phi))
    assert gaussian_averages(phi, float(pure.C_x[0])).mean_slope == pytest.approx(1 / b, rel=1e-9)


@given(b=st.floats(1.02, 20.0), share=st.floats(0.0, 0.999))
def test_it_solves_its_equations(b, share):
    lost = dmft.structure_loss(b)
    region = dmft.structured_region(b, share * lost)
    assert region.variance == pytest.approx(2 / np.pi * (b**2 - 1), rel=1e-12)
    assert region.gain == pytest.approx(1 / np.sqrt(1 + np.pi / 2 * region.variance), rel=1e-12)
    rest = region.static - region.g**2 * correlation(region.static, region.variance)
    assert region.current_power == pytest.approx(rest, rel=1e-9, abs=1e-12 * region.variance)
    assert region.current_power > 0
    assert potential(region.static, region) == pytest.approx(0, abs=1e-10 * region.variance**2)
    assert region.chaotic == (region.g > (2 * b**2 - 1) ** 0.25)
    if region.chaotic:
        assert region.static < region.variance  # not the trivial root
        between = (region.static + region.variance) / 2
        assert potential(between, region) < 0  # the motion in the potential is allowed there
    else:
        assert region.static == region.variance


def test_the_stationary_network_with_these_currents_as_a_bias():
    """A constant current acts as a quenched bias: compared with the stationary solver."""
    for g in (1.0, 1.7, 1.85):
        region = dmft.structured_region(2.0, g)
        same = dmft.solve(dmft.RandomNetwork(g, dmft.erf, bias=region.amplitude))
        assert float(same.C_x[0]) == pytest.approx(region.variance, rel=1e-9)
        assert float(same.C_x_static) == pytest.approx(region.static, rel=1e-9)
        assert (same.branch == "chaotic") == region.chaotic
    region = dmft.structured_region(2.0, 1.8, dmft.tanh)
    same = dmft.solve(dmft.RandomNetwork(1.8, dmft.tanh, bias=region.amplitude))
    assert float(same.C_x[0]) == pytest.approx(region.variance, rel=1e-8)
    assert float(same.C_x_static) == pytest.approx(region.static, rel=1e-8)


def test_the_current_decreases_continuously():
    """Generation against transmission: chaotic fluctuations reduce the current."""
    b = 2.0
    onset, lost = dmft.chaos_onset(b), dmft.structure_loss(b)
    assert dmft.structured_region(b, 0.0).amplitude == pytest.approx(CURRENT, abs=1e-8)
    found = [dmft.structured_region(b, g) for g in np.linspace(0, lost * (1 - 1e-6), 60)]
    power = np.array([one.current_power for one in found])
    assert np.all(np.diff(power) < 0)
    assert power[-1] < 1e-5
    before, after = (dmft.structured_region(b, onset * (1 + e)) for e in (-1e-7, 1e-7))
    assert (before.chaotic, after.chaotic) == (False, True)
    assert after.current_power == pytest.approx(before.current_power, abs=1e-5)
    assert after.static < after.variance


def test_the_branch_just_beyond_the_onset():
    """Delta0 - Delta_inf = (3/2)(g^2 C' - 1) / (g^2 C'') to first order, C', C'' at Delta0."""
    b, eps = 2.0, 1e-5
    region = dmft.structured_region(b, dmft.chaos_onset(b) * (1 + eps))
    wide = (region.variance + 2 / np.pi) ** 2 - region.variance**2
    first, second = 2 / np.pi / wide**0.5, 2 / np.pi * region.variance / wide**1.5
    expected = 1.5 * (region.g**2 * first - 1) / (region.g**2 * second)
    assert region.variance - region.static == pytest.approx(expected, rel=1e-3)


def test_phases():
    """R = 1: quiescent, chaos of disorder, a fixed point with currents, and both."""
    for b, g, phase in ((0.9, 0.9, "quiescent"), (-2.0, 0.5, "quiescent"),
                        (0.9, 1.1, "disorder-dominated chaos"), (1.5, 0.5, "structured"),
                        (1.5, 1.36, "structured"), (1.5, 1.4, "structured chaos"),
                        (1.5, 1.5, "disorder-dominated chaos")):
        assert dmft.region_phase(b, g) == phase
    assert dmft.region_phase(2.0, 1.64, dmft.tanh) == "structured"
    assert dmft.region_phase(2.0, 1.64, dmft.erf) == "structured chaos"


def test_bad_values_are_rejected():
    with pytest.raises(ModelError, match=r"g=1.95.*1.9446622"):
        dmft.structured_region(2.0, 1.95)
    with pytest.raises(ModelError, match="b="):
        dmft.structured_region(1.0, 0.5)
    with pytest.raises(ModelError, match="phi"):
        dmft.chaos_onset(2.0, dmft.relu)
    lost = dmft.structure_loss(2.0)
    with pytest.raises(ModelError, match="g="):
        dmft.structured_region(2.0, lost * (1 + 1e-14))  # at `lost` itself rounding decides
    assert dmft.structured_region(2.0, lost * (1 - 1e-14)).current_power < 1e-12


def test_it_is_saved_and_loaded(tmp_path):
    region = dmft.structured_region(2.0, 1.8)
    dmft.save(region, tmp_path / "x.npz")
    assert dmft.load(tmp_path / "x.npz") == region
