"""timescales: values for known curves, and NaN for what noise hides."""

import dataclasses

import numpy as np
import pytest
from scipy import ndimage

import dmft
from dmft.base.estimate import Estimate
from dmft.stationary.solution import Replicates

FIELDS = [one.name for one in dataclasses.fields(dmft.Timescales)]


def with_curve(base, curve, rows=None):
    """A solution with this C_phi; with replicates, their mean is the curve."""
    if rows is None:
        return dataclasses.replace(base, C_phi=Estimate(curve))
    error = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return dataclasses.replace(base, C_phi=Estimate(curve, error),
                               replicates=Replicates(rows, rows, rows, rows[:, 0]))


def noisy(base, curve, size, rng, groups=8):
    """A solution whose replicates differ by noise that is correlated over a few lags."""
    white = rng.standard_normal((groups, len(curve)))
    noise = ndimage.gaussian_filter1d(white, 8.0, axis=1, mode="reflect")
    rows = curve + size * np.sqrt(groups) * noise / noise.std()
    return with_curve(base, rows.mean(axis=0), rows)


@pytest.fixture(scope="module")
def base():
    return dmft.solve(dmft.RandomNetwork(2.0), lags=dmft.Lags(120.0, 0.1))


@pytest.fixture(scope="module")
def fine():
    return dmft.solve(dmft.RandomNetwork(2.0), lags=dmft.Lags(120.0, 0.01))


@pytest.mark.parametrize("omega", [0.2, 0.5, 2.0])
def test_a_damped_oscillation_in_closed_form(fine, omega):
    """exp(-tau/2) cos(omega tau): zero at pi/(2 omega), minimum where its derivative vanishes."""
    lags = fine.lags
    curve = 3 * np.exp(-lags.tau / 2) * np.cos(omega * lags.tau)
    found = dmft.timescales(with_curve(fine, curve))
    assert float(found.first_zero) == pytest.approx(np.pi / 2 / omega, rel=1e-7)
    lag = (np.pi - np.arctan(1 / (2 * omega))) / omega
    assert float(found.minimum_lag) == pytest.approx(lag, rel=1e-4)
    assert float(found.minimum) == pytest.approx(np.exp(-lag / 2) * np.cos(omega * lag), rel=1e-6)
    half = float(found.half_life)
    assert np.exp(-half / 2) * np.cos(omega * half) == pytest.approx(0.5, rel=1e-7)
    assert found.oscillates
    # the spectrum is the sum of two Lorentzians of half-width 1/2: one peak above 0 if they part
    fine = np.linspace(0, 4, 400001)
    spectrum = sum(0.5 / (0.25 + (fine + s * omega) ** 2) for s in (-1, 1))
    assert found.peak_resolved == (np.argmax(spectrum) > 0)
    if found.peak_resolved:
        assert float(found.peak) == pytest.approx(fine[np.argmax(spectrum)], abs=2e-3)
        assert float(found.peak_height) == pytest.approx(np.max(spectrum) / spectrum[0], rel=2e-3)


def test_rounding_in_the_tail_is_not_a_zero(base):
    """Of an exact solution the tail is +-1e-12 after some 30 decay times."""
    tail = 1e-12 * np.random.default_rng(1).standard_normal(len(base.lags))
    found = dmft.timescales(with_curve(base, base.C_phi.value + tail))
    assert np.isnan(float(found.first_zero))
    assert float(found.minimum) == 0
    assert not found.oscillates
    iterated = dmft.timescales(dmft.solve(dmft.RandomNetwork(2.0), method="fourier"))
    assert np.isnan(float(iterated.first_zero))
    assert float(iterated.half_life) == pytest.approx(float(found.half_life), rel=1e-6)


@pytest.mark.parametrize("size", [1e-4, 1e-2])
def test_noise_makes_neither_zero_nor_minimum_nor_peak(base, size):
    rng = np.random.default_rng(5)
    found = [dmft.timescales(noisy(base, base.C_phi.value, size, rng)) for _ in range(150)]
    for name in FIELDS[1:]:
        assert sum(np.isfinite(float(getattr(one, name))) for one in found) == 0, name
    assert not any(one.oscillates or one.peak_resolved for one in found)


def test_a_curve_that_is_all_noise_has_no_half_life(base):
    rng = np.random.default_rng(6)
    found = dmft.timescales(noisy(base, base.C_phi.value, 0.2, rng))
    assert all(np.isnan(float(getattr(found, name))) for name in FIELDS)


def test_errors_of_resolved_lags_are_those_of_repetition(base):
    """z over 150 draws has a standard deviation near that of Student's t with 7 degrees, 1.18."""
    rng, tau = np.random.default_rng(7), base.lags.tau
    curve = np.exp(-tau / 4) * np.cos(0.8 * tau)
    exact = dmft.timescales(with_curve(base, curve))
    found = [dmft.timescales(noisy(base, curve, 3e-3, rng)) for _ in range(150)]
    for name in ("half_life", "first_zero", "minimum"):
        z = [(float(getattr(one, name)) - float(getattr(exact, name)))
             / float(getattr(one, name).stderr) for one in found]
        assert len(z) == np.sum(np.isfinite(z)), name
        assert 0.7 < np.std(z) < 1.6, name
        assert abs(np.mean(z)) < (0.5 if name != "minimum" else 1.5), name  # a minimum is biased


def test_noise_hides_the_oscillation_of_a_sampled_network():
    """Its correlation is positive to within sampling noise: 23 was returned for its first zero."""
    found = dmft.timescales(dmft.solve(dmft.PlasticNetwork(1.2, 0.8, 3.0, noise=0.5), tol=1e-2))
    assert np.isnan(float(found.first_zero))
    assert np.isnan(float(found.minimum_lag))
    assert float(found.half_life) == pytest.approx(1.76, abs=0.02)
