"""Estimate: errors of first order, against differences and samples; and what stays plain."""

import numpy as np
import pytest

import dmft
from dmft.base.error_propagation import SLOPES

STEP = 1e-6


@pytest.mark.parametrize("function", SLOPES, ids=lambda one: one.__name__)
def test_slopes_are_those_of_differences(function):
    at = [1.7, 0.6][:function.nin]
    for k, slope in enumerate(SLOPES[function](*map(np.asarray, at))):
        sides = [function(*(x + side * STEP * (i == k) for i, x in enumerate(at)))
                 for side in (1, -1)]
        assert abs(float(slope)) == pytest.approx(abs(sides[0] - sides[1]) / (2 * STEP), rel=1e-8)


@pytest.mark.parametrize("function", [
    lambda e: 3 - 2 * e, lambda e: 1 / e, lambda e: e**3, lambda e: e**-0.5, lambda e: 2**e,
    lambda e: np.sqrt(e) / 4, lambda e: np.log10(e), lambda e: np.exp(-e), lambda e: -np.tanh(e),
])
def test_of_one_estimate_with_exact_numbers_it_is_the_scatter(function):
    scatter = np.std(function(2.0 + 0.01 * np.random.default_rng(0).standard_normal(40000)))
    found = function(dmft.Estimate(2.0, 0.01))
    assert float(found.value) == pytest.approx(float(function(2.0)), rel=1e-12)
    assert float(found.stderr) == pytest.approx(float(scatter), rel=0.02)


def test_of_several_it_is_the_bound_of_full_correlation():
    one, other = dmft.Estimate(2.0, 0.1), dmft.Estimate(4.0, 0.3)
    assert float((one - other).stderr) == pytest.approx(0.4)
    assert float((one * other).stderr) == pytest.approx(4 * 0.1 + 2 * 0.3)
    assert float((one / other).stderr) == pytest.approx(0.1 / 4 + 2 * 0.3 / 16)


def test_exact_arguments_contribute_nothing():
    assert float(np.sqrt(dmft.Estimate(0.0)).stderr) == 0
    assert float((dmft.Estimate(-1.0, 0.1) ** 3).stderr) == pytest.approx(0.3)
    assert float((dmft.Estimate(0.0, 0.1) ** 0).stderr) == 0
    assert np.isnan((2 * dmft.Estimate(1.0, np.nan)).stderr)


def test_of_an_estimate_it_is_the_same():
    found = dmft.Estimate(dmft.Estimate([1.0, 2.0], 0.1))
    np.testing.assert_allclose(found.stderr, 0.1)
    for bad in (lambda: dmft.Estimate(found, 0.2), lambda: dmft.Estimate(1.0, -0.1)):
        with pytest.raises(dmft.ModelError, match=r"^stderr="):
            bad()


def test_means_and_sums_have_the_errors_of_full_correlation():
    curve = dmft.Estimate([[1.0, 2.0], [3.0, 5.0]], [[0.1, 0.2], [0.3, 0.4]])
    np.testing.assert_allclose(np.mean(curve).stderr, 0.25)
    np.testing.assert_allclose(np.sum(curve, axis=0).value, [4.0, 7.0])
    np.testing.assert_allclose(np.sum(curve, axis=0).stderr, [0.4, 0.6])
    assert (np.max(curve), curve.min()) == (5.0, 1.0)


def test_in_place_arithmetic_makes_a_new_estimate():
    first = total = dmft.Estimate([1.0, 2.0], 0.1)
    total += 1
    np.testing.assert_allclose(total.value, [2.0, 3.0])
    np.testing.assert_allclose(total.stderr, 0.1)
    np.testing.assert_allclose(first.value, [1.0, 2.0])
    plain = np.zeros(2)
    plain += first
    np.testing.assert_allclose(plain, [1.0, 2.0])


def test_other_functions_and_comparisons_are_plain():
    curve = dmft.Estimate([1.0, 2.0], 0.1)
    assert isinstance(curve > 1.5, np.ndarray)
    assert isinstance(np.cumsum(curve), np.ndarray)
    assert isinstance(np.sin(curve), np.ndarray)
