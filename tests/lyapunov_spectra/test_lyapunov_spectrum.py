"""Spectra of chaotic networks: published numbers, theorems, standard errors, networks."""

import functools
import importlib

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.base.errors import ConvergenceError, ModelError, ResolutionWarning
from dmft.lyapunov_spectra.control_features import control_features, line_mean, pair_mean
from dmft.lyapunov_spectra.thresholds import sampled_spectrum, thresholds
from dmft.lyapunov_spectra.window import make_window
from dmft.stationary.first_integral import orbit
from dmft.stationary.gaussian_problem import gaussian_problem
from dmft.stationary.stationary_variance import stationary_variance

# tanh: h, D_KY/N, s_KY of an earlier program with the same equations; h and D are 1 % and 0.5 %
# from the published theory (Clark, Lyapunov spectrum of random neural networks) where its window is
# long enough.
TABLE = {1.5: (1.4937e-4, 0.014130, -0.0395), 2.0: (8.975e-4, 0.03530, -0.0949),
         3.0: (3.198e-3, 0.06127, -0.191)}


@functools.cache
def spectrum(g, rng=0, **fields):
    return dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(g, **fields)), paths=40, rng=rng)


@functools.cache
def sample(g, paths=40, noise=0.0, seed=1, dt=None):
    network = dmft.RandomNetwork(g, noise=noise)
    problem = gaussian_problem(network)
    variance = stationary_variance(problem)
    path = orbit(problem, variance)
    window = make_window(path.Delta, variance.static, path.rate, problem.gain, noise, None, dt)
    return sampled_spectrum(network.phi, window, variance.averages.slope(window.covariance),
                            network.ensembles[0].tangent_functional, paths,
                            np.random.default_rng(seed))


def test_entropy_rate_and_dimension_alone():
    """Fewer thresholds, and F refused below them."""
    solution = dmft.solve(dmft.RandomNetwork(2.0))
    few, found = dmft.lyapunov_spectrum(solution, paths=40, full=False), spectrum(2.0)
    assert float(few.entropy_rate) == pytest.approx(float(found.entropy_rate), rel=1e-6)
    assert float(few.dimension) == pytest.approx(float(found.dimension), rel=1e-3)
    assert len(few.thresholds) <= 6
    with pytest.raises(ModelError, match=r"s=.*below -0.11"):
        few.F(-0.5)


@pytest.mark.parametrize("g", [2.0, 3.0])
def test_entropy_rate_and_dimension(g):
    found, (h, D, s_ky) = spectrum(g), TABLE[g]
    assert float(found.entropy_rate) == pytest.approx(h, rel=0.01)
    assert float(found.dimension) == pytest.approx(D, rel=0.005)
    assert float(found.s_ky) == pytest.approx(s_ky, rel=0.01)
    assert found.entropy_rate.stderr < 0.005 * h
    assert found.dimension.stderr < 0.005 * D
    assert found.convergence.success


def test_published_fractions():
    """1 - F at g = 3 from the public code, 4096 paths."""
    found = spectrum(3.0).F([-0.6, -0.4, -0.2, 0.0])
    assert found.value == pytest.approx([0.8309, 0.8923, 0.9370, 0.9709], abs=5e-4)


def test_the_fraction_is_the_slope_of_psi():
    """1 - F from the kernels is -dpsi/ds, psi from the stationary function: two computations."""
    one, step = sample(3.0), 0.02
    for a in (0.5, 0.9, 1.1):
        below, at, above = (one.at(a + k * step) for k in (-1, 0, 1))
        slope = (below.excess - above.excess) / (2 * step)
        assert at.fraction == pytest.approx(slope, rel=2e-3)


def test_the_edge_is_the_largest_exponent():
    """psi is quadratic and 1 - F linear next to lambda_max, where both vanish."""
    one, edge = sample(2.0), 1 + 0.112458
    near, far = one.at(edge - 0.02), one.at(edge - 0.04)
    assert edge - 0.02 + 2 * near.excess / near.fraction == pytest.approx(edge, abs=1e-3)
    assert far.excess / near.excess == pytest.approx(4, rel=0.1)


def test_the_spectrum_is_symmetric_about_minus_one():
    found = spectrum(3.0)
    a = np.array([0.1, 0.5, 1.1, 1.3])
    assert found.F(-1 - a).value == pytest.approx(1 - found.F(-1 + a).value, abs=1e-12)
    assert found.density(-1.4) == pytest.approx(float(found.density(-0.6)))
    s = np.linspace(-2.3, 0.3, 2601)
    assert np.trapezoid(found.density(s).value, s) == pytest.approx(1, abs=0.01)
    assert float(found.F(0.3)) == 1
    assert np.all(np.diff(found.F(s).value) >= 0)


def test_white_noise_and_its_step():
    """The exact means remove the error of the step, of which gains of rough paths have much."""
    coarse, fine = sample(3.0, noise=0.5, dt=0.5), sample(3.0, noise=0.5, dt=0.25)
    one, two = coarse.at(0.9), fine.at(0.9)
    error = np.hypot(np.linalg.norm(one.influence), np.linalg.norm(two.influence))
    assert two.fraction == pytest.approx(0.0430, rel=0.02)
    assert max(one.residual, two.residual) < 1e-3
    assert abs(one.excess - two.excess) < 4 * error + 0.02 * two.excess


def test_modes_are_seen_in_the_exponents_only():
    networks = [dmft.RandomModeNetwork(dmft.Spectrum.flat(2.0, alpha)) for alpha in (1.0, 0.25)]
    found = [dmft.lyapunov_spectrum(dmft.solve(one), paths=40) for one in networks]
    assert [float(one.dimension) for one in found] == pytest.approx([0.0236, 0.0112], rel=0.01)
    assert [float(one.entropy_rate) for one in found] == pytest.approx([5.87e-4, 2.81e-4], rel=0.01)
    assert float(found[0].largest) == pytest.approx(float(spectrum(2.0).largest))
    many = dmft.RandomModeNetwork(dmft.Spectrum.flat(2.0, 1e4))  # independent couplings
    one = dmft.lyapunov_spectrum(dmft.solve(many), paths=40)
    assert float(one.dimension) == pytest.approx(float(spectrum(2.0).dimension), rel=1e-3)


def test_exponents_at_minus_one_are_counted_on_any_window():
    """The window is periodic, which the many exponents at -1 feel next to it, and F must not."""
    found = spectrum_of_few_modes()
    longer = spectrum_of_few_modes(window=120.0)
    s = np.array([-0.95, -0.9, -0.8])
    assert found.F(s).value == pytest.approx(longer.F(s).value, abs=1e-3)
    assert found.excess[0] == pytest.approx(longer.excess[0], rel=1e-3)
    assert np.all(np.diff(found.fraction) < 0)
    assert found.fraction[0] < (1 - 0.75) / 2


def spectrum_of_few_modes(**options):
    network = dmft.RandomModeNetwork(dmft.Spectrum.flat(2.0, 0.25))
    return dmft.lyapunov_spectrum(dmft.solve(network), paths=40, **options)


def test_sums_of_independent_couplings():
    network = dmft.Network((dmft.IID(1.2), dmft.IID(1.6)))
    found = dmft.lyapunov_spectrum(dmft.solve(network), paths=40)
    assert float(found.dimension) == pytest.approx(float(spectrum(2.0).dimension), rel=1e-9)


def test_exact_means_of_features():
    averages = dmft.gaussian_averages(dmft.tanh, 5.4)
    slope = dmft.tanh.derivative
    assert line_mean(slope, 5.4) == pytest.approx(averages.mean_slope, rel=1e-10)
    for covariance in (5.4, 2.0, -3.0):
        exact = float(averages.slope(covariance))
        assert pair_mean(slope, 5.4, covariance) == pytest.approx(exact, rel=1e-9)


def test_weights_give_the_exact_means():
    one = sample(3.0)
    gap = one.weights @ one.features.values
    assert np.max(np.abs(gap)) < 1e-3  # in standard deviations of one path
    assert np.all(one.weights > 0)
    plain = np.abs(one.features.values.mean(axis=0))
    assert np.max(plain) > 0.05


def test_features_have_their_means_over_many_paths():
    window = sample(2.0).window
    x = window.paths(4000, np.random.default_rng(3))
    z = control_features(dmft.tanh, window, x).values
    assert np.max(np.abs(z.mean(axis=0)) * np.sqrt(len(z))) < 4.5


def test_thresholds_increase_and_stay_inside():
    for largest in (-0.7, -0.01, 1e-4, 0.004, 0.2, 1.2, 3.0):
        a = thresholds(largest)
        assert np.all(np.diff(a) > 0)
        assert 0 < a[0] < a[-1] < 1 + largest
        few = thresholds(largest, full=False)
        assert np.all(np.diff(few) > 0)
        assert 0 < few[0] < few[-1] < 1 + largest


def test_a_stable_driven_network():
    found = spectrum(1.2, noise=0.5)
    assert float(found.largest) < 0
    assert float(found.dimension) == float(found.entropy_rate) == 0
    assert 0.5 < float(found.F(-0.5)) < 1


def test_what_is_not_built_is_refused_by_name():
    relu = dmft.solve(dmft.RandomNetwork(1.2, dmft.relu, noise=0.3))
    with pytest.raises(ModelError, match=r"phi=.*break-points"):
        dmft.lyapunov_spectrum(relu)
    overlapping = dmft.solve(dmft.RandomModeNetwork(dmft.Spectrum.flat(0.3, 1.0), overlaps=0.5))
    with pytest.raises(ModelError, match=r"ensembles=.*memory.*set overlaps=0"):
        dmft.lyapunov_spectrum(overlapping)
    adapting = dmft.solve(dmft.Network(dmft.IID(0.5), unit=dmft.Adaptation(0.5, 2.0)))
    with pytest.raises(ModelError, match=r"paths=1000000000: above 65536"):
        dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(2.0)), paths=10**9)
    with pytest.raises(ModelError, match=r"unit=.*leaky"):
        dmft.lyapunov_spectrum(adapting)
    gains = dmft.HeterogeneousNetwork(0.5, output_gain=dmft.Gains.lognormal(0.4))
    with pytest.raises(ModelError, match=r"gains=.*not built"):
        dmft.lyapunov_spectrum(dmft.solve(gains))


def test_a_short_window_is_reported():
    with pytest.warns(ResolutionWarning, match="decay of C_x"):
        dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(3.0)), paths=40, window=22.0)


def test_kernels_that_do_not_converge(monkeypatch):
    kernels = importlib.import_module("dmft.lyapunov_spectra.tangent_kernels")
    monkeypatch.setattr(kernels, "MOST_SWEEPS", 2)
    with pytest.raises(ConvergenceError, match="residual of the kernels") as caught:
        dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(3.0)), paths=40)
    assert not caught.value.solution.convergence.success


@pytest.mark.slow
def test_standard_errors():
    """Spread over seeds, in units of the standard errors: a chi-square of 11 degrees."""
    found = [dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(3.0)), rng=seed)
             for seed in range(12)]
    for what in (lambda one: one.entropy_rate, lambda one: one.dimension, lambda one: one.s_ky,
                 lambda one: one.F(-0.3), lambda one: one.F(-0.1)):
        values = np.array([float(what(one)) for one in found])
        errors = np.array([float(what(one).stderr) for one in found])
        ratio = np.std(values, ddof=1) / np.sqrt(np.mean(errors**2))
        assert 0.25 < ratio < 1.6


@pytest.mark.slow
def test_networks():
    """1 - F of networks in the bulk; at the top they are low by far more than 1/N."""
    runs = validation.lyapunov_spectrum(dmft.RandomNetwork(3.0), 120, 6, duration=100.0, dt=0.1,
                                        rng=1)
    s = np.array([-1.2, -0.9, -0.6, -0.4])
    counts = np.array([[np.mean(row < at) for at in s] for row in runs.per_network["exponents"]])
    mean, error = counts.mean(axis=0), counts.std(axis=0, ddof=1) / np.sqrt(len(counts))
    theory = spectrum(3.0).F(s).value
    assert np.all(np.abs(mean - theory) < 4 * error + 0.5 / 120)
    assert np.any(np.abs(mean - spectrum(2.0).F(s).value) > 4 * error + 0.5 / 120)
