"""The grid of lags and its transform; estimates behave as arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dmft
from dmft.base.errors import ModelError


def test_spectrum_of_a_gaussian_and_of_an_exponential():
    lags = dmft.Lags(span=40.0, dt=0.1)
    gauss = lags.spectrum(np.exp(-lags.tau**2 / 2))
    np.testing.assert_allclose(gauss, np.sqrt(2 * np.pi) * np.exp(-lags.omega**2 / 2), atol=1e-13)
    # the trapezoidal sum of an exponential is a geometric series, known exactly
    folded = 0.1 * np.sinh(0.1) / (np.cosh(0.1) - np.cos(lags.omega * 0.1))
    np.testing.assert_allclose(lags.spectrum(np.exp(-lags.tau)), folded, rtol=1e-11)


@given(span=st.floats(0.5, 1e3), steps=st.integers(1, 3000))
def test_the_transform_is_inverted_and_the_grid_is_as_requested(span, steps):
    lags = dmft.Lags(span, span / steps)
    assert len(lags) == steps + 1 == len(lags.tau) == len(lags.omega)
    assert lags.tau[0] == 0
    assert lags.tau[-1] == pytest.approx(span)
    even = np.random.default_rng(steps).standard_normal(len(lags))
    np.testing.assert_allclose(lags.correlation(lags.spectrum(even)), even, atol=1e-10)


def test_parseval():
    lags = dmft.Lags(30.0, 0.1)
    f = np.exp(-lags.tau**2)
    weights = np.full(len(lags), 2.0)
    weights[[0, -1]] = 1.0
    in_time = lags.dt * np.sum(weights * f**2)
    in_frequency = np.sum(weights * lags.spectrum(f) ** 2) / (2 * lags.span)
    assert in_time == pytest.approx(in_frequency, rel=1e-12)


@pytest.mark.parametrize(("span", "dt", "field"), [
    (-1, 0.1, "span"), (10, 0, "dt"), (1, 2, "dt"), (np.nan, 0.1, "span"), (10, np.inf, "dt"),
    ("long", 0.1, "span"), (1e9, 1e-3, "dt"), (None, 0.1, "span")])
def test_bad_lags(span, dt, field):
    with pytest.raises(ModelError, match=field):
        dmft.Lags(span, dt)


def test_arrays_are_read_only():
    lags = dmft.Lags(1.0, 0.1)
    with pytest.raises(ValueError, match="read-only"):
        lags.tau[0] = 3
    with pytest.raises(ValueError, match="read-only"):
        dmft.Estimate([1.0, 2.0]).value[0] = 3


def test_estimate_behaves_as_an_array():
    e = dmft.Estimate([1.0, 4.0], [0.1, 0.2])
    np.testing.assert_array_equal(np.sqrt(e), [1.0, 2.0])
    np.testing.assert_array_equal(e / 2, [0.5, 2.0])
    np.testing.assert_array_equal(3 - e, [2.0, -1.0])
    assert (e > 2).tolist() == [False, True]
    assert len(e) == 2
    assert float(e[1]) == 4.0
    assert float(e[1].stderr) == 0.2
    assert "+-" in repr(e[0])
    assert f"{e[0]:.2f}" == "1.00"
    with pytest.raises(ModelError, match="stderr"):
        dmft.Estimate([1.0, 2.0], [1.0, 2.0, 3.0])
