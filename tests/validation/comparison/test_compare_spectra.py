"""The comparison of Lyapunov spectra: on exponents of known statistics, and on networks."""

import functools
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import dmft
from dmft import validation
from dmft.base.errors import ModelError

REST = dmft.RandomNetwork(0.5)  # F is a semicircle of radius 0.5 around -1


@functools.cache
def theory(g, **options):
    return dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(g)), **options)


@functools.cache
def networks(g, count=None, size=16):
    return validation.lyapunov_spectrum(dmft.RandomNetwork(g), 120, size, count=count,
                                        duration=60.0, burn_in=40.0, rng=1)


def measured(rows, neurons, network=REST):
    return validation.LyapunovSpectrum(network, neurons, {"exponents": np.sort(rows)[:, ::-1]})


def drawn(rng, networks=12, neurons=200, radius=0.5):
    """Independent exponents with the distribution of theory."""
    return measured(-1 + radius * stats.semicircular.rvs(size=(networks, neurons),
                                                         random_state=rng), neurons)


def test_all_tests_together_keep_the_level():
    rng = np.random.default_rng(1)
    p = np.array([validation.compare(theory(0.5), drawn(rng)).p_value for _ in range(300)])
    for level in (0.05, 0.2):
        assert np.mean(p < level) < level + 3 * np.sqrt(level / 300)
        assert np.mean(p < level) > 0.4 * level - 3 * np.sqrt(level / 300)


def test_an_error_of_the_size_of_the_resolution_is_caught():
    """A factor common to the fractions above all thresholds: some exponents moved to the bottom."""
    rng = np.random.default_rng(2)
    typical = np.median([validation.compare(theory(0.5), drawn(rng, 20)).resolution
                         for _ in range(20)])
    caught = []
    for _ in range(100):
        rows = drawn(rng, 20).per_network["exponents"].copy()
        rows[rng.random(rows.shape) < typical] = -1.5
        caught.append(validation.compare(theory(0.5), measured(rows, 200)).disagrees)
    assert np.mean(caught) > 0.8


def test_sizes_are_extrapolated():
    """Six exponents that each network lacks at the top: a deviation of 6/N."""
    rng, runs = np.random.default_rng(9), []
    for neurons in (200, 800):
        rows = drawn(rng, 40, neurons).per_network["exponents"].copy()
        above = np.argsort(rows, axis=1)[:, -7:]
        np.put_along_axis(rows, above[:, :6], -1.4, axis=1)
        runs.append(measured(rows, neurons))
    at = [-0.75]
    one, both = (validation.compare(theory(0.5), of, at=at) for of in (runs[0], tuple(runs)))
    assert one.simulation[0] - one.theory[0] == pytest.approx(6 / 200, abs=0.01)
    assert one.disagrees
    assert abs(both.z[0]) < 3
    assert both.neurons == (200, 800)
    assert not both.notes
    with pytest.raises(ModelError, match=r"runs=.*different networks"):
        validation.compare(theory(0.5), [runs[0], networks(2.0)])


def test_values_are_fractions_below_the_thresholds():
    runs = drawn(np.random.default_rng(3))
    verdict = validation.compare(theory(0.5), runs, at=[-0.7, -1.2])
    rows = runs.per_network["exponents"]
    assert verdict.of == "threshold"
    assert verdict.tests == (("F", "-1.2"), ("F", "-0.7"))
    np.testing.assert_allclose(verdict.simulation, [np.mean(rows < -1.2), np.mean(rows < -0.7)])
    exact = stats.semicircular.cdf(np.array([-0.2, 0.3]) / 0.5)
    np.testing.assert_allclose(verdict.theory, exact, atol=1e-6)
    scatter = np.std(np.mean(rows < -1.2, axis=1), ddof=1) / np.sqrt(12)
    assert verdict.stderr[0] == pytest.approx(scatter)
    np.testing.assert_allclose(verdict.scale, [exact[0], 1 - exact[1]], atol=1e-6)


def test_equal_counts_have_the_error_of_their_rounding():
    """Seven of ten exponents below s in every network: the scatter is 0, the error is not."""
    rows = np.tile(np.linspace(-1.45, -0.55, 10), (4, 1))
    found = measured(rows, 10).F([-0.8, -0.84])
    np.testing.assert_allclose(found.value, [0.7, 0.7])
    np.testing.assert_allclose(found.stderr, 1 / (10 * np.sqrt(48)))
    verdict = validation.compare(theory(0.5), measured(rows, 10), at=[-0.8])
    assert np.isfinite(verdict.z).all()
    assert verdict.resolution > 0.05


def test_default_thresholds_stay_below_the_edge_and_above_minus_one():
    runs = drawn(np.random.default_rng(4), neurons=400)
    verdict = validation.compare(theory(0.5), runs)
    assert verdict.lags[0] == pytest.approx(-0.9)
    equal = (verdict.theory[-1] - verdict.theory[0]) / 5
    np.testing.assert_allclose(np.diff(verdict.theory), equal, rtol=1e-3)
    assert 400 * (1 - verdict.theory[-1]) == pytest.approx(8, rel=1e-3)


def test_thresholds_stay_where_few_exponents_were_computed():
    """The highest 80 of 400: only where those of all networks are known."""
    rows = drawn(np.random.default_rng(5), neurons=400).per_network["exponents"][:, :80]
    few = measured(rows, 400)
    assert few.lowest == rows[:, -1].max()
    assert validation.compare(theory(0.5), few).lags[0] == pytest.approx(few.lowest)
    with pytest.raises(ModelError, match=r"at=-0.99.*the runs count"):
        validation.compare(theory(0.5), few, at=[-0.99, -0.6])
    with pytest.raises(ModelError, match=r"s=-0.99.*larger count"):
        few.F(-0.99)
    with pytest.raises(ModelError, match=r"runs=.*larger count"):
        validation.compare(theory(0.5), measured(rows[:, :5], 400))


def test_thresholds_stay_where_the_theory_is_known():
    runs = networks(2.0)
    few = theory(2.0, full=False)
    with pytest.raises(ModelError, match=r"at=-0.5.*the theory knows"):
        validation.compare(few, runs, at=[-0.5, 0.0])
    with pytest.raises(ModelError, match=r"at=0.2.*outside the spectrum"):
        validation.compare(theory(2.0), runs, at=[-0.5, 0.2])
    with pytest.raises(ModelError, match=r"at=.*empty"):
        validation.compare(theory(2.0), runs, at=[])
    steep = validation.compare(theory(2.0), runs, at=[-0.95, -0.8])
    assert steep.stderr[0] > 0.01 > steep.stderr[1]


@pytest.mark.parametrize("g", [2.0, 3.0])
def test_networks_agree_with_their_theory(g):
    verdict = validation.compare(theory(g), networks(g))
    assert not verdict.disagrees, verdict
    assert len(verdict.notes) == 1
    assert "one size" in verdict.notes[0]
    assert validation.compare(theory(g), networks(g), at=[-1.4, -0.6]).p_value > 1e-3


def test_another_strength_is_rejected():
    verdict = validation.compare(theory(2.0), networks(2.5, size=24))
    assert verdict.disagrees, verdict
    assert "the theory is that of RandomNetwork(g=2" in verdict.notes[0]


def test_modes_are_told_from_independent_couplings():
    """C(tau) is the same, the spectrum is not."""
    modes = dmft.RandomModeNetwork(dmft.Spectrum.flat(2.0, 1.0))
    verdict = validation.compare(dmft.lyapunov_spectrum(dmft.solve(modes)), networks(2.0))
    assert verdict.disagrees, verdict


@pytest.mark.slow
def test_plastic_networks_agree_with_their_theory_and_not_without_plasticity():
    network = dmft.PlasticNetwork(2.0, 1.0, 2.5)
    runs = validation.lyapunov_spectrum(network, 80, 16, count=32, duration=80.0, burn_in=60.0,
                                        synapse_weight=80.0, rng=1)
    found = dmft.lyapunov_spectrum(dmft.solve(network, tol=1e-3, rng=0))
    verdict = validation.compare(found, runs)
    assert not verdict.disagrees, verdict
    assert verdict.lags[0] > max(found.thresholds[0], runs.lowest)
    far = -0.4 + 0.3 * (float(found.largest) + 0.4)  # from the exponents of synapses
    assert verdict.lags[0] == pytest.approx(far)
    assert validation.compare(theory(2.0), runs, at=[-0.2, -0.15, -0.1]).disagrees


def test_a_theory_without_its_network_is_noted(tmp_path):
    """As older files have it."""
    older = replace(theory(0.5), network=None)
    verdict = validation.compare(older, drawn(np.random.default_rng(6)))
    assert "does not hold its network" in verdict.notes[0]
    again = dmft.load(dmft.save(theory(0.5), tmp_path / "one.npz"))
    assert again == theory(0.5)
    assert again.network == REST
    assert dmft.load(dmft.save(older, tmp_path / "older.npz")) == older


def test_results_of_another_kind_are_named():
    runs = drawn(np.random.default_rng(7))
    with pytest.raises(ModelError, match=r"solution=.*not a Lyapunov spectrum"):
        validation.compare(dmft.solve(REST), runs)
    correlations = validation.simulate(dmft.RandomNetwork(0.5, noise=1.0), 20, 8, trials=1,
                                       duration=2.0, burn_in=5.0, lags=[0.0], rng=1)
    with pytest.raises(ModelError, match=r"runs=.*no Lyapunov exponents"):
        validation.compare(theory(0.5), correlations)
    with pytest.raises(ModelError, match="quantity='C_x'"):
        validation.compare(theory(0.5), runs, quantity="C_x")


def test_it_prints_plots_and_saves(tmp_path):
    verdict = validation.compare(theory(0.5), drawn(np.random.default_rng(8)))
    text = str(verdict)
    assert "threshold" in text
    assert "fractions of exponents" in text
    assert "nan" not in text
    axes = verdict.plot()
    assert axes.get_xlabel().startswith("$s$")
    np.testing.assert_array_equal(axes.lines[-1].get_xdata(), verdict.lags)
    again = dmft.load(dmft.save(verdict, tmp_path / "verdict.npz"))
    np.testing.assert_array_equal(again.z, verdict.z)
