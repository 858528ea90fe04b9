"""In time from a stationary past: what was stationary stays so, and schedules begin at t = 0."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

import dmft
from dmft.base.errors import ModelError

TIMES = dmft.Times(stop=4.0, dt=0.2, keep=5)
FEW = dmft.PathOptions(paths=800, repeats=4)
FAST = dmft.PlasticNetwork(g=2.0, k=-1.0, p=1.0)


def at(solution, lags):
    return CubicSpline(solution.lags.tau, solution.C_phi.value)(lags)


@pytest.fixture(scope="module")
def stationary():
    return dmft.solve(FAST, tol=5e-3)


def test_without_memory_the_past_is_exact():
    past = dmft.solve(dmft.RandomNetwork(2.0))
    found = dmft.solve(dmft.RandomNetwork(2.0), times=TIMES, initial=past, options=FEW, tol=0.05)
    assert found.past >= 7 * float(dmft.timescales(past).half_life)
    assert found.variance.shape == (21, 1)
    np.testing.assert_allclose(found.power[:, 0], float(past.C_phi[0]), rtol=2e-3)
    np.testing.assert_allclose(found.C_phi[0, 0], at(past, found.times.kept), rtol=1e-2)


def test_with_plasticity_it_stays_stationary(stationary):
    found = dmft.solve(FAST, times=TIMES, initial=stationary, options=FEW, tol=0.05, rng=1)
    assert {one.name for one in found.convergence.checks} == {"sampling", "step", "past"}
    for name, expected in (("power", stationary.C_phi[0]), ("variance", stationary.C_x[0])):
        values = getattr(found, name)[:, 0]
        assert np.all(np.abs(values.value - float(expected))
                      < 5 * values.stderr + 5e-3 * float(expected)), name
    row = found.C_phi[0, 0]
    assert np.all(np.abs(row.value - at(stationary, found.times.kept))
                  < 5 * row.stderr + 0.02 * float(stationary.C_phi[0]))
    prepared = dmft.solve(FAST, times=TIMES, variance=float(stationary.C_x[0]), options=FEW,
                          tol=0.05)
    assert abs(float(prepared.power[5, 0]) - float(stationary.C_phi[0])) > 0.02


def test_schedules_begin_at_zero(stationary):
    """A drive after t = 0, and a halt: before them the solution is that without them."""
    schedule = dmft.Schedule(halt=2.0, drive=lambda t: 0.5 * t, couplings=[(1.0, 1.0), (0.5, 1.0)])
    found = dmft.solve(FAST, times=TIMES, initial=stationary, schedule=schedule, options=FEW,
                       tol=0.05, rng=1)
    assert found.schedule is schedule
    assert abs(float(found.mean[0, 0])) < 1e-3
    t = TIMES.t
    np.testing.assert_allclose(found.mean[:6, 0], 0.5 * (t - 1 + np.exp(-t))[:6], atol=0.05)
    later = schedule.after(3.0)
    assert later.halt == (5.0,)
    assert later.plastic(4.9)
    assert not later.plastic(5.1)
    for t, factor, drive in ((2.0, 1.0, 0.0), (3.5, 1.0, 0.25), (4.5, 0.5, 0.75), (6.0, 1.0, 1.5)):
        assert later.value("couplings", t) == factor
        assert later.value("drive", t) == pytest.approx(drive)
    assert dmft.Schedule(plasticity=0.3).after(2.0).value("plasticity", 1.0) == 1.0
    assert dmft.Schedule(plasticity=0.3).after(2.0).value("plasticity", 2.0) == 0.3


def test_a_past_that_is_none_is_refused(stationary):
    other = dmft.PlasticNetwork(g=2.0, k=-0.5, p=1.0)
    with pytest.raises(ModelError, match=r"initial=.*another network"):
        dmft.solve(other, times=TIMES, initial=stationary)
    with pytest.raises(ModelError, match=r"variance=.*besides initial"):
        dmft.solve(FAST, times=TIMES, initial=stationary, variance=1.0)
    quiet = dmft.PlasticNetwork(g=0.5, k=-1.0, p=1.0)
    with pytest.raises(ModelError, match=r"initial=.*without activity"):
        dmft.solve(quiet, times=TIMES, initial=dmft.solve(quiet))
    with pytest.raises(ModelError, match="initial="):
        dmft.solve(FAST, times=TIMES, initial=3)


def test_activity_that_left_its_past_is_no_solution(stationary):
    """A past of more activity than the network has."""
    louder = replace(stationary, C_phi=1.3 * stationary.C_phi)
    with pytest.raises(dmft.ConvergenceError, match="not that of initial"):
        dmft.solve(FAST, times=TIMES, initial=louder, options=FEW, tol=0.05)


def test_a_stationary_past_is_noted():
    network = dmft.RandomNetwork(2.0)
    past = dmft.solve(network)
    found = dmft.solve(network, times=TIMES, initial=past, options=FEW, tol=0.05)
    runs = dmft.validation.simulate(network, 40, 8, times=TIMES, at=[2.0], rng=0,
                                    variance=float(past.C_x[0]))
    assert any("stationary past" in one for one in dmft.validation.compare(found, runs).notes)
