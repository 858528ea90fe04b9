"""Emitted averages against quadratures of what they average, and where the variables coincide."""

import warnings

import mpmath
import numpy as np
import pytest

from dmft.equations import gaussian

PHI = {
    "erf": (lambda x: mpmath.erf(mpmath.sqrt(mpmath.pi) * x / 2),
            lambda x: mpmath.exp(-mpmath.pi * x**2 / 4)),
    "relu": (lambda x: max(x, 0), lambda x: mpmath.mpf(x > 0)),
    "linear": (lambda x: x, lambda x: mpmath.mpf(1)),
}  # fmt: skip
CASES = [(0.3, 0.8, 1.7), (-0.9, 1.2, 0.9), (2.5, 4.0, 2.0)]


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def emitted(name, quantity):
    return getattr(gaussian, f"{name}_{quantity}")


def single(f, variance, kink=0):
    width = mpmath.sqrt(variance)
    ends = [-12 * width, kink, 12 * width]
    return mpmath.quad(lambda x: f(x) * mpmath.npdf(x, 0, width), ends)


def conditional(name, order, mean, spread):
    """<phi(y)> or <phi'(y)> for y ~ N(mean, spread), where it is known without an integral."""
    if name == "erf":
        broad = mpmath.sqrt(1 + mpmath.pi * spread / 2)
        scaled = mean / broad
        return PHI["erf"][0](scaled) if order == 0 else PHI["erf"][1](scaled) / broad
    if name == "linear":
        return mean if order == 0 else mpmath.mpf(1)
    width = mpmath.sqrt(spread)
    above = mpmath.ncdf(mean / width)
    return mean * above + width * mpmath.npdf(mean / width) if order == 0 else above


def pair(name, order, D12, D11, D22):
    """The double integral; over y in closed form, over x by quadrature."""
    f = PHI[name][order]
    return single(lambda x: f(x) * conditional(name, order, D12 * x / D11, D22 - D12**2 / D11), D11)


@pytest.mark.parametrize("name", PHI)
@pytest.mark.parametrize("case", CASES)
def test_correlation(name, case):
    found = emitted(name, "correlation")(*case)
    assert found == pytest.approx(float(pair(name, 0, *case)), rel=1e-12)


@pytest.mark.parametrize("name", PHI)
@pytest.mark.parametrize("case", CASES)
def test_correlation_slope(name, case):
    found = emitted(name, "correlation_slope")(*case)
    assert found == pytest.approx(float(pair(name, 1, *case)), rel=1e-12)


@pytest.mark.parametrize("name", PHI)
@pytest.mark.parametrize("case", CASES)
def test_correlation_in_variance(name, case):
    """The correlation by quadrature, at two variances close to each other."""
    D12, D11, D22 = case
    found, step = emitted(name, "correlation_in_variance")(*case), mpmath.mpf("1e-4")
    rise = pair(name, 0, D12, D11 + step, D22) - pair(name, 0, D12, D11 - step, D22)
    assert found == pytest.approx(float(rise / (2 * step)), rel=1e-6, abs=1e-9)
    swapped = emitted(name, "correlation")(D12, D22, D11)
    assert swapped == pytest.approx(emitted(name, "correlation")(*case))


@pytest.mark.parametrize("name", PHI)
def test_mean(name):
    for variance in (0.4, 2.3):
        expected = float(single(PHI[name][0], variance))
        assert emitted(name, "mean")(variance) == pytest.approx(expected, abs=1e-14, rel=1e-12)


@pytest.mark.parametrize("name", PHI)
def test_mean_slope(name):
    for variance in (0.4, 2.3):
        expected = float(single(PHI[name][1], variance))
        assert emitted(name, "mean_slope")(variance) == pytest.approx(expected, rel=1e-12)


def test_conditional_averages_are_what_they_say():
    for name, (phi, slope) in PHI.items():
        for order, f in enumerate((phi, slope)):
            direct = single(lambda z, f=f: f(z + mpmath.mpf("0.4")), mpmath.mpf("0.7"), -0.4)
            assert conditional(name, order, 0.4, 0.7) == pytest.approx(float(direct), rel=1e-12)


@pytest.mark.parametrize("name", PHI)
def test_coincident_variables(name):
    variance = np.array([1e-9, 0.3, 1.1, 7.7, 1e3, 1e6])
    found = emitted(name, "correlation")(variance, variance, variance)
    slopes = emitted(name, "correlation_slope")(variance, variance, variance)
    assert np.all(np.isfinite([found, slopes]))
    expected = {"relu": variance / 2, "linear": variance}
    if name in expected:
        np.testing.assert_allclose(found, expected[name], rtol=1e-15)
        np.testing.assert_allclose(slopes, 0.5 if name == "relu" else 1.0)


def test_vanishing_variances():
    zero = np.zeros(3)
    for name, value, slope in (("erf", 0, 1), ("relu", 0, 0.25), ("linear", 0, 1)):
        np.testing.assert_allclose(emitted(name, "correlation")(zero, zero, zero), value)
        np.testing.assert_allclose(emitted(name, "correlation_slope")(zero, zero, zero), slope)


@pytest.mark.parametrize("name", PHI)
def test_arrays_broadcast(name):
    for quantity in ("correlation", "correlation_slope", "correlation_in_variance"):
        found = emitted(name, quantity)(np.zeros((4, 1)), np.ones(3), np.ones((4, 3)))
        assert found.shape == (4, 3)
    for quantity in ("mean", "mean_slope"):
        assert emitted(name, quantity)(np.ones((2, 5))).shape == (2, 5)
