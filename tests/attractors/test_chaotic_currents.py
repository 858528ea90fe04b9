"""Chaotic currents: found by default settings, with the exponents of an independent integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import dmft
from dmft.multiregion.chaos_search import exponents
from tests.data.chaotic_currents import NETWORKS


def flow(t, z, T):
    """The closed equations of the currents without disorder, phi = erf, U = 1."""
    z = z.reshape(len(T), -1)
    psi = 1 / np.sqrt(1 + np.pi / 2 * np.sum(z**2, axis=1))
    return (psi * np.einsum("mnr,nr->mn", T, z) - z).ravel()


def test_the_search_integrates_the_currents_and_their_linearisation():
    """Against an integration of order 8, and two of its trajectories."""
    T, z0 = NETWORKS["R3a"].T, 0.5 * np.random.default_rng(1).standard_normal((3, 3))
    exact = solve_ivp(flow, (0, 12), z0.ravel(), method="DOP853", rtol=1e-11, atol=1e-12,
                      args=(T,))
    _, _, z = exponents(T[None], z0[None], 12, 0.02, np.random.default_rng(0))
    np.testing.assert_allclose(z[0].ravel(), exact.y[:, -1], atol=2e-5)
    pair = np.zeros((1, 2, 2, 2))
    pair[0, 0, 0, 0] = pair[0, 1, 1, 1] = 2.0
    rates, _, _ = exponents(pair, np.ones((1, 2, 2)), 60, 0.1, np.random.default_rng(0))
    assert rates[0, 0] == pytest.approx(-0.75, abs=2e-3)  # two regions that relax


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_known_networks_are_chaotic_by_default_settings(name):
    known = NETWORKS[name]
    network = dmft.MultiregionNetwork(0.0, known.T)
    start = {"currents": 0.5 * np.random.default_rng(0).standard_normal(known.T.shape[:2]),
             "variance": 0.0}
    found = dmft.solution_class(network, **start)
    assert found.kind.startswith("chaos")
    exponent = dmft.lyapunov_exponent(network, **start)
    # currents of R4a are intermittent: it takes a time of 4000 to tell its exponent from zero
    time = 4000.0 if name == "R4a" else 250.0
    longer = dmft.lyapunov_exponent(network, times=dmft.Times(time, 0.2), **start)
    assert float(longer) > 3 * float(longer.stderr)
    for value, stderr in ((found.exponent, found.exponent_stderr),
                          (float(exponent), float(exponent.stderr)),
                          (float(longer), float(longer.stderr))):
        assert abs(value - known.exponent) < 3 * np.hypot(stderr, known.stderr)


@pytest.mark.slow
def test_units_of_chaotic_currents_have_their_own_class():
    network = dmft.MultiregionNetwork(0.0, NETWORKS["R3a"].T)
    start = {"currents": 0.5 * np.random.default_rng(0).standard_normal((3, 3)), "variance": 0.0}
    found = dmft.activity_class(network, times=dmft.Times(120.0, 0.2), **start)
    assert set(found.kinds) == {"chaotic currents"}


@pytest.mark.slow
def test_the_search_finds_chaos():
    found = dmft.chaotic_overlaps(5, population=24, rng=1)
    assert found.exponent > 5 * found.stderr
    exponent = dmft.lyapunov_exponent(dmft.MultiregionNetwork(0.0, found.T), variance=0.0,
                                      currents=found.currents, times=dmft.Times(1000.0, 0.2))
    error = np.hypot(found.stderr, float(exponent.stderr))
    assert abs(float(exponent) - found.exponent) < 3 * error


def test_a_search_that_finds_nothing_says_so():
    with pytest.raises(dmft.ModelError, match=r"generations=1: no chaotic currents of 2 regions"):
        dmft.chaotic_overlaps(2, population=8, generations=1)


def test_a_network_and_its_solution_have_the_same_exponent():
    network = dmft.MultiregionNetwork(0.0, [[[2.0]]])
    times = dmft.Times(40.0, 0.2)
    solution = dmft.solve(network, times=times, currents=[[0.4]], tol=1e-4)
    one = dmft.lyapunov_exponent(network, currents=[[0.4]], times=times)
    assert float(one) == float(dmft.lyapunov_exponent(solution))
    with pytest.raises(dmft.ModelError, match="currents"):
        dmft.lyapunov_exponent(solution, currents=[[0.4]])
    with pytest.raises(dmft.ModelError, match="no currents"):
        dmft.lyapunov_exponent(dmft.RandomNetwork(1.5), times=times)


PERIODIC = (1, 2, 3, 5, 8, 9, 10, 11, 12, 13)


@pytest.mark.slow
@pytest.mark.parametrize("seed", PERIODIC)
def test_periods_are_those_of_a_refined_integration(seed):
    """Ten random networks of two regions: relative error below 1e-4."""
    rng = np.random.default_rng(seed)
    T = dmft.random_overlaps(2, complex(rng.uniform(1.3, 2.5), rng.uniform(0.4, 1.5)), rng=rng)
    z0 = rng.uniform(size=(2, 2))
    network, start = dmft.MultiregionNetwork(0.0, T), {"currents": z0, "variance": 0.0}
    found = dmft.solution_class(network, **start)
    assert (found.kind, found.certain) == ("limit cycle", True)
    refined = exact_period(T, z0, found.period)
    solution = dmft.solve(network, times=dmft.Times(24 * refined, 0.1), tol=1e-4, strict=False,
                          **start)
    assert float(dmft.period(solution)) == pytest.approx(refined, rel=1e-4)
    assert abs(found.period - refined) < 3 * found.period_stderr
    assert found.period == pytest.approx(refined, rel=1e-3)


def exact_period(T, z0, near):
    """The period near a given one, by an integration of order 8, from crossings of a section."""
    stop = 40 * near
    path = solve_ivp(flow, (0, stop), z0.ravel(), method="DOP853", rtol=1e-11, atol=1e-12,
                     args=(T,), dense_output=True)
    here = path.sol(stop - 2.5 * near)
    normal = flow(0, here, T)

    def crossing(guess):
        t = np.linspace(guess - near / 50, guess + near / 50, 201)
        height = normal @ (path.sol(t) - here[:, None])
        k = int(np.flatnonzero((height[:-1] < 0) & (height[1:] >= 0))[0])
        fine = np.linspace(t[k], t[k + 1], 1001)
        return float(np.interp(0.0, normal @ (path.sol(fine) - here[:, None]), fine))

    return (crossing(stop - 0.5 * near) - (stop - 2.5 * near)) / 2
