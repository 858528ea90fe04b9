"""Features of paths have the mean zero, and the regression on them is an exact one."""

import numpy as np
import pytest

from dmft.path_iteration.path_features import Features, regressed
from dmft.path_iteration.path_map import PathMap
from dmft.path_iteration.tuning import PATHS_PER_FEATURE
from dmft.paths.stepped_paths import SteppedPaths
from tests.path_iteration.small_maps import BIASED, PLASTIC, RECIPROCAL, small_map

TIME = 3.0
SHARE = 0.2  # of the start, whose surrogate is that of the basis: all weights are zero there


def features_of(network, count, seed):
    """(f, P) features of paths."""
    own, u = small_map(network, count=2)
    paths = SteppedPaths.draw(seed, count, own.paths.lags)
    own = PathMap(network, paths, own.unknowns)
    own.last_control = 0.0
    return own.each(SHARE * u, Features(TIME))[1].astype(float)


def uncorrelated_scores(features):
    """Mean over its standard error, for each principal component that is not rounding."""
    scaled = features / features.std(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(np.cov(scaled))
    scores = vectors.T @ scaled.mean(axis=1) * np.sqrt(features.shape[1] / np.abs(values))
    return scores[values > 1e-6 * values.max()]


@pytest.mark.parametrize("network", [RECIPROCAL, PLASTIC, BIASED], ids=repr)
def test_their_mean_is_zero_within_its_error(network):
    """Over independent noise, in which each path is a sample of its own."""
    features = features_of(network, 4000, 0)
    error = features.std(axis=1) / np.sqrt(features.shape[1])
    assert np.max(np.abs(features.mean(axis=1)) / error) < 5
    scores = uncorrelated_scores(features)
    assert len(scores) > 20
    assert np.max(np.abs(scores)) < 5
    assert 0.7 < np.mean(scores**2) < 1.5


def test_the_mean_of_the_response_is_zero_within_its_error():
    """The weights are many and ill-determined: what they mean is compared, at each frequency."""
    own, u = small_map(RECIPROCAL, count=2)
    basis, at = own.unknowns.basis, own.prepared(SHARE * u)
    weights = features_of(RECIPROCAL, 4000, 0)[-len(basis):]
    each = basis.columns @ weights
    error = np.sqrt(np.mean(np.abs(each) ** 2, axis=1) / weights.shape[1])
    assert np.max(np.abs(each.mean(axis=1)) / error) < 4
    exact = at.exact.slope * (at.linear.transfer - basis.base)
    assert np.max(np.abs(exact) / error) > 10  # what the test would find without it


def test_they_explain_the_scatter_of_paths():
    """Most of the variance of C(0) from path to path."""
    own, u = small_map(PLASTIC, count=600)
    own(u, sweeps=3)
    own.last_control = 0.0
    values, features = own.each(u, Features(TIME))
    _, residuals = regressed(values, features.astype(float))
    assert residuals[0].var() < 0.2 * values[0].var()


# -- regression --------------------------------------------------------------------------------

def planted(count, features=20, seed=0):
    """Features of mean zero that are correlated and of different size, and coefficients."""
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(features, features)) @ rng.normal(size=(features, count))
    return mixed * np.geomspace(1e-3, 1e3, features)[:, None], rng


def test_a_linear_dependence_is_removed():
    features, rng = planted(200)
    truth = np.array([1.0, -2.0, 0.5])
    dependence = rng.normal(size=(3, 20)) / np.geomspace(1e-3, 1e3, 20)
    values = truth[:, None] + dependence @ features
    assert np.max(np.abs(values.mean(axis=1) - truth)) > 0.1
    best, residuals = regressed(values, features)
    np.testing.assert_allclose(best, truth, atol=1e-4)
    assert np.max(np.abs(residuals)) < 1e-3 * np.max(np.abs(values))


def test_residuals_are_scaled_for_the_number_of_features():
    """Their variance over the number of paths is that of the mean, to which chance adds too."""
    features, rng = planted(80)
    values = rng.normal(size=(4000, 80))
    best, residuals = regressed(values, features)
    assert np.mean(residuals**2) / 80 == pytest.approx(np.var(best), rel=0.08)
    np.testing.assert_allclose(residuals.mean(axis=1), 0, atol=1e-12)
    assert np.var(best) > 1.2 / 80


@pytest.mark.parametrize(("count", "used"), [(2, 1), (12, 4), (30, 10), (60, 20), (600, 20)])
def test_few_paths_use_the_first_features_only(count, used):
    assert PATHS_PER_FEATURE == 3
    features, rng = planted(count)
    values = rng.normal(size=(3, count))
    expected = regressed(values, features[:used])
    found = regressed(values, features)
    for one, two in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, two)
    if used < 20:
        last = features.copy()
        last[used:] = 1e6
        np.testing.assert_array_equal(regressed(values, last)[0], found[0])
        last[used - 1] = rng.normal(size=count)
        assert np.any(regressed(values, last)[0] != found[0])


def test_features_that_are_zero_do_not_enter():
    features, rng = planted(90)
    values = rng.normal(size=(3, 90))
    features[7] = 0
    found = regressed(values, features)[0]
    expected = regressed(values, np.delete(features, 7, axis=0))[0]
    np.testing.assert_allclose(found, expected, rtol=1e-10)
