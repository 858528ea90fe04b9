"""Paths in time against what is known exactly: linear units, and the march of the Gaussian theory.

Matched noise makes linear units free of sampling error, and the control does so without memory, so
that what is left is the error of the step.
"""

import numpy as np
import pytest
from scipy.special import iv, jv

import dmft
from dmft.paths_in_time.path_march import PathMarch
from dmft.paths_in_time.schedule import NOTHING
from dmft.paths_in_time.site_in_time import sites_in_time
from dmft.paths_in_time.solve_paths import _estimate
from dmft.paths_in_time.time_steps import TimeSteps


def march(network, stop, dt, paths=300, seed=0, tol=1e-7, schedule=NOTHING):
    steps = TimeSteps.of(stop, round(stop / dt), schedule.events)
    run = PathMarch(sites_in_time(network), schedule, steps, (np.zeros(1), np.ones(1)), paths,
                    None, np.random.default_rng(seed), tol=tol)
    return run.run()[0]


def linear_variance(t, g, r):
    """<x(t)^2> of linear units from <x(0)^2> = 1: a sum over the powers of J, with reciprocity r.

    (1/N) tr exp(Jt) exp(J^T t) exp(-2t): by the moments of elliptic matrices, a sum of squares of
    Bessel functions, of imaginary argument for r > 0.
    """
    if r == 0:
        return np.exp(-2 * t) * iv(0, 2 * g * t)
    a, bessel, n = g * np.sqrt(abs(r)), iv if r > 0 else jv, np.arange(1, 60)
    return np.exp(-2 * t) * np.sum(g**(2.0 * n - 2) * (n * bessel(n, 2 * a * t)
                                                       / (a**n * t)) ** 2)


@pytest.mark.parametrize("r", [0.0, 0.5, -0.5])
def test_linear_units_have_the_step_error_only(r):
    network, exact = dmft.RandomNetwork(1.2, dmft.linear, reciprocity=r), linear_variance(2.0, 1.2,
                                                                                          r)
    coarse, again, fine = (march(network, 2.0, dt, seed=seed).square[-1] - exact
                           for dt, seed in ((0.1, 0), (0.1, 1), (0.05, 0)))
    assert abs(coarse - again) < 1e-5 * exact  # two seeds
    assert abs(coarse) < 1.1e-3 * exact
    assert 6.5 < coarse / fine < 9.7  # third order


def test_the_order_is_three_with_plasticity_that_is_halted():
    """Linear units without random couplings: the same paths at every step."""
    network = dmft.Network((dmft.Hebbian(0.9, 1.5), dmft.Hebbian(-0.6, 0.7)), dmft.linear)
    schedule = dmft.Schedule(halt=1.0, release=1.5, plasticity=lambda t: 1 + 0.5 * np.sin(t))
    one, two, four = (march(network, 3.0, dt, schedule=schedule).square[-1]
                      for dt in (0.1, 0.05, 0.025))
    assert 6 < (one - two) / (two - four) < 11
    assert abs(one - two) < 1e-3 * two


def test_nothing_but_decay_without_couplings_to_others():
    """g = 0, linear Hebbian k: (1 + d/dt) x = (k/p) int exp(-(t-s)/p) C(t,s) x(s), of all units
    alike: x(t) = x(0) f(t), C = f f.
    """
    k, p, dt = 0.7, 2.0, 0.002
    rows = march(dmft.Network((dmft.Hebbian(k, p),), dmft.linear), 3.0, 0.025)
    f, A = 1.0, 0.0  # x over x(0), and the synapses along x(0): (p d/dt + 1) A = k f^2
    for _ in range(round(3.0 / dt)):  # midpoint rule
        half = f + dt / 2 * (-f + A * f), A + dt / 2 * (k * f * f - A) / p
        f, A = f + dt * (-half[0] + half[1] * half[0]), A + dt * (k * half[0]**2 - half[1]) / p
    assert rows.square[-1] == pytest.approx(f * f, rel=5e-5)
    assert rows.modes == 1


@pytest.mark.parametrize("network", [
    dmft.RandomNetwork(2.0), dmft.RandomNetwork(1.5, dmft.erf, noise=0.5, bias=0.4)],
    ids=["tanh", "erf with noise and bias"])
def test_without_memory_it_is_the_gaussian_march(network):
    times = dmft.Times(stop=4.0, dt=0.2, keep=5)
    exact = dmft.solve(network, times=times, variance=0.6)
    found = dmft.solve(network, times=times, variance=0.6, schedule=dmft.Schedule(), rng=2,
                       options=dmft.PathOptions(paths=400, repeats=4), tol=0.1)
    for name in ("variance", "psi", "Delta", "C_phi"):
        one, other = np.asarray(getattr(found, name)), getattr(exact, name)
        assert np.max(np.abs(one - other)) < 4e-3 * np.max(np.abs(other)), name
    assert np.max(np.abs(found.mean)) < 1e-6
    # the response without memory is exp(-(t-s)) <phi'(t)>
    lag = times.kept[:, None] - times.kept
    response = np.where(lag >= 0, np.exp(-np.abs(lag)), 0.0) * np.asarray(found.psi)[::5]
    np.testing.assert_allclose(found.R_phi[0], response, atol=1e-5)


def test_the_response_of_linear_reciprocal_units():
    """Mean response exp(-t) I_1(2at)/(at), a = g sqrt(r): moments of the semicircle."""
    times = dmft.Times(stop=3.0, dt=0.1, keep=5)
    found = dmft.solve(dmft.RandomNetwork(1.2, dmft.linear, reciprocity=0.5), times=times, rng=0,
                       options=dmft.PathOptions(paths=200, repeats=4))
    a, lag = 1.2 * np.sqrt(0.5), 3.0 - times.kept[:-1]
    np.testing.assert_allclose(np.asarray(found.R_phi)[0, -1, :-1],
                               np.exp(-lag) * iv(1, 2 * a * lag) / (a * lag), atol=0.013)
    assert np.all(np.triu(np.asarray(found.R_phi)[0], 1) == 0)


def test_a_drive_that_all_units_share():
    """Linear units: the mean obeys (1 + d/dt) m = drive, and random couplings do not return it."""
    times = dmft.Times(stop=3.0, dt=0.1)
    found = dmft.solve(dmft.RandomNetwork(0.5, dmft.linear), times=times, rng=0, variance=0.0,
                       schedule=dmft.Schedule(drive=lambda t: np.sin(t)),
                       options=dmft.PathOptions(paths=200, repeats=4))
    t = times.t
    np.testing.assert_allclose(np.asarray(found.mean)[:, 0],
                               (np.sin(t) - np.cos(t) + np.exp(-t)) / 2, atol=1e-3)


def test_deviations_over_the_error_of_few_sets_have_variance_one():
    """Eight sets of normal numbers: without Student's factor the variance would be 1.4."""
    draws = np.random.default_rng(0).standard_normal((8, 200_000))
    found = _estimate([{"variance": one} for one in draws], "variance")
    assert np.var(found.value / found.stderr) == pytest.approx(1.0, abs=0.02)


def test_strong_chaos_with_noise_keeps_its_rows():
    """Rows have as many modes as steps; where the basis was not orthogonal to rounding they drifted
    by .3 of <phi^2>.
    """
    network, times = dmft.Network(dmft.IID(2.55), noise=0.3), dmft.Times(stop=14.0, dt=0.1)
    exact = dmft.solve(network, times=times).variance[-1, 0]
    found = dmft.solve(network, times=times, schedule=dmft.Schedule(), rng=0, method="march",
                       options=dmft.PathOptions(paths=700, repeats=4)).variance[-1, 0]
    assert float(found) == pytest.approx(exact, rel=2e-3)
    assert float(found.stderr) < 1e-3 * exact


def test_the_surrogate_has_the_memory_of_reciprocity():
    """It explained .22 of x here without, too little to control any row."""
    found = dmft.solve(dmft.RandomNetwork(3.0, reciprocity=-0.5), rng=0, tol=0.1,
                       times=dmft.Times(stop=8.0, dt=0.2),
                       options=dmft.PathOptions(paths=800, repeats=4))
    assert "explains" not in found.convergence.message
