"""The comparison itself, on synthetic normal data of which everything is known."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

import dmft
from dmft import Estimate, Lags, RandomNetwork, validation
from dmft.base.errors import ModelError
from dmft.validation.comparison.compare import theory_at
from dmft.validation.comparison.power import detectable_deviation, holm, two_sided_t_test
from dmft.validation.runs.finite_size_fit import extrapolate
from dmft.validation.runs.runs import Runs
from dmft.validation.settings.settings import checked_settings

GRID = Lags(20.0, 0.1)
NETWORK = RandomNetwork(2.0, dmft.tanh)


def solution(scale=1.0, stderr=0.0):
    curve = Estimate(scale * np.exp(-GRID.tau**2 / 8), stderr)
    return SimpleNamespace(lags=GRID, C_x=curve, C_phi=curve, network=NETWORK,
                           convergence=SimpleNamespace(success=True))


def synthetic(rng, *, neurons=(500, 1000, 2000), networks=12, lags=(0.0, 1.0, 2.0), sigma=1.5,
              slope=3.0, error=0.0):
    """Normal scatter sigma/sqrt(N) around (1 + error) theory + slope/N, one row per network."""
    settings = checked_settings(NETWORK, neurons, networks, 2, 10.0, 0.1, 10.0, list(lags), 0,
                                "float32")
    size = np.array(settings.neurons)[:, None, None]
    shape = (len(settings.neurons), networks, len(settings.lags))
    per_network = {
        name: (1 + error) * theory_at(solution(), name, settings.lags).value + slope / size
        + sigma / np.sqrt(size) * rng.standard_normal(shape) for name in ("C_x", "C_phi")}
    return Runs(settings, per_network, np.ones(shape[:2], dtype=bool))


@pytest.mark.parametrize(("neurons", "slope", "stderr"), [
    ((1000,), 0.0, 0.0), ((500, 1000, 2000), 3.0, 0.0), ((500, 2000), 3.0, 0.05)])
def test_p_is_uniform_when_the_theory_is_right(neurons, slope, stderr):
    rng = np.random.default_rng(1)
    p = []
    for _ in range(400):
        theory = solution(stderr=stderr)
        runs = synthetic(rng, neurons=neurons, slope=slope, lags=(1.0,), networks=10,
                         error=stderr / np.exp(-1 / 8) * rng.standard_normal())
        p.append(validation.compare(theory, runs, quantity="C_x").p_value)
    assert stats.kstest(p, "uniform").pvalue > 1e-3
    assert np.mean(np.array(p) < 0.01) < 0.03


def test_many_tests_together_keep_the_level():
    rng = np.random.default_rng(2)
    p = np.array([validation.compare(solution(), synthetic(rng)).p_value for _ in range(400)])
    for level in (0.02, 0.05, 0.2):
        rejected = np.mean(p < level)
        assert rejected < level + 3 * np.sqrt(level / 400)
        assert rejected > 0.6 * level - 3 * np.sqrt(level / 400)  # not blunt either


@pytest.mark.parametrize(("neurons", "lags"), [
    ((1000,), (0.0,)), ((500, 2000), (0.0,)), ((1000,), (0.0, 5.0, 6.0, 7.0, 8.0, 9.0))])
def test_power_is_what_the_resolution_promises(neurons, lags):
    """An error of the size of the resolution is caught in about nine of ten comparisons.

    At the long lags the curve is 0.04 C(0) or less: a relative error shows at lag 0 only, and
    must be caught there in spite of the other tests.
    """
    rng = np.random.default_rng(3)
    options = {"neurons": neurons, "slope": 0.0 if len(neurons) == 1 else 2.0, "lags": lags,
               "networks": 20}

    def verdict(error):
        return validation.compare(solution(), synthetic(rng, error=error, **options),
                                  quantity="C_x")

    typical = np.median([verdict(0.0).resolution for _ in range(100)])
    caught = np.mean([verdict(typical).disagrees for _ in range(300)])
    assert 0.82 < caught < 0.96


def test_the_detectable_deviation_has_its_power():
    rng = np.random.default_rng(4)
    n, alpha = 12, 0.01
    shift = float(detectable_deviation(np.array(n - 1.0), alpha, 0.8))
    rows = rng.standard_normal((20000, n)) + shift / np.sqrt(n)
    caught = stats.ttest_1samp(rows, 0.0, axis=1).pvalue < alpha
    assert np.mean(caught) == pytest.approx(0.8, abs=0.012)
    many = detectable_deviation(np.array(1e7), 0.05, 0.8)  # the normal limit
    assert many == pytest.approx(stats.norm.isf(0.025) + stats.norm.isf(0.2), rel=1e-5)


def test_holm_is_the_step_down_rule():
    p = np.array([[0.01, 0.04], [0.03, 0.005]])
    np.testing.assert_allclose(holm(p), [[0.03, 0.06], [0.06, 0.02]])
    np.testing.assert_allclose(holm(np.array([0.5, 0.9])), [1.0, 1.0])


def test_without_scatter_there_is_no_warning():
    t, p = two_sided_t_test(np.array([0.0, 0.1, -0.1]), np.zeros(3), np.full(3, 5.0))
    np.testing.assert_array_equal(t, [0, np.inf, -np.inf])
    np.testing.assert_array_equal(p, [1, 0, 0])


def test_one_size_is_student_s_t_test():
    runs = synthetic(np.random.default_rng(5), neurons=(1000,), slope=0.0)
    verdict = validation.compare(solution(), runs)
    expected = stats.ttest_1samp(runs.per_network["C_x"][0], verdict.theory[0])
    np.testing.assert_allclose(verdict.z[0], expected.statistic)
    np.testing.assert_allclose(verdict.p[0], expected.pvalue)


def test_the_intercept_is_free_of_the_slope():
    scatter = 1e-9 * np.array([[0], [1], [0], [-1]])
    rows = [np.full((4, 2), 2.0 + 30 / n) + scatter for n in (100, 200, 400)]
    fit = extrapolate((100, 200, 400), rows)
    np.testing.assert_allclose(fit.intercept.value, 2.0)
    np.testing.assert_allclose(fit.slope, 30.0)
    one = extrapolate((100,), rows[:1])
    np.testing.assert_allclose(one.intercept.value, 2.3)
    np.testing.assert_allclose(one.dof, 3)


def test_agreement_needs_resolution():
    rng = np.random.default_rng(6)
    sharp = validation.compare(solution(), synthetic(rng, sigma=0.2, networks=20))
    blunt = validation.compare(solution(), synthetic(rng, sigma=15.0, networks=20))
    wrong = validation.compare(solution(1.05), synthetic(rng, sigma=0.2, networks=20))
    assert (sharp.outcome, blunt.outcome, wrong.outcome) == ("agrees", "undecided", "disagrees")
    assert (sharp.agrees, blunt.agrees, wrong.agrees) == (True, False, False)
    assert sharp.resolution < 0.05 < blunt.resolution
    assert sharp.sharpest <= sharp.resolution <= sharp.worst
    assert set(sharp.at_zero) == {"C_x", "C_phi"}
    table = str(sharp)
    assert table.startswith("AGREES")
    assert sum(line.startswith("C_") for line in table.splitlines()) == sharp.p.size
    assert wrong.z[0, 0] < -4


def test_reservations_are_noted():
    runs = synthetic(np.random.default_rng(7), neurons=(1000,))
    other = solution()
    other.network = RandomNetwork(2.1, dmft.tanh)
    other.convergence = SimpleNamespace(success=False)
    notes = " ".join(validation.compare(other, runs).notes)
    for words in ("g=2.1", "did not converge", "one size only"):
        assert words in notes
    assert not validation.compare(other, runs).agrees


def test_the_theory_is_interpolated_without_a_trace():
    lags = np.array([0.0, 0.537, 3.21, 19.99, 20.0])
    np.testing.assert_allclose(theory_at(solution(), "C_x", lags).value, np.exp(-lags**2 / 8),
                               atol=1e-6)
    kinked = solution()
    kinked.C_x = Estimate(np.exp(-GRID.tau))  # as with white noise: even, with a kink at 0
    np.testing.assert_allclose(theory_at(kinked, "C_x", lags).value, np.exp(-lags), atol=1e-5)


def test_what_cannot_be_compared_is_refused():
    runs = synthetic(np.random.default_rng(8))
    few = synthetic(np.random.default_rng(8), networks=7)
    coarse, silent = solution(), solution(0.0)
    coarse.lags = Lags(20.0, 2.5)
    coarse.C_x = coarse.C_phi = Estimate(np.exp(-coarse.lags.tau**2 / 8))
    far = synthetic(np.random.default_rng(8))
    far.settings.__dict__["lags"] = np.array([0.0, 1.0, 25.0])
    for arguments, field in [
        ((solution(), few), "networks=7"), ((coarse, runs), "solution="),
        ((silent, runs), "solution="), ((solution(), far), "lags=25"),
        ((solution(), "runs"), "runs="), ((None, runs), "solution="),
    ]:
        with pytest.raises(ModelError, match=field):
            validation.compare(*arguments)
    for options, field in [({"quantity": "C_y"}, "quantity"), ({"quantity": ()}, "quantity"),
                           ({"quantity": ("C_x", "C_x")}, "quantity"), ({"alpha": 0.0}, "alpha"),
                           ({"alpha": np.nan}, "alpha"), ({"power": 1.0}, "power")]:
        with pytest.raises(ModelError, match=field):
            validation.compare(solution(), runs, **options)
