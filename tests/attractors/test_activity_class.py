"""Classes of the units: phases known in closed form, cycles, and how a class becomes certain."""

from __future__ import annotations

import numpy as np
import pytest

import dmft
from dmft.attractors.unit_correlation import CorrelationRecorder, UnitCorrelation
from dmft.attractors.unit_evidence import KINDS, RegionMotion, unit_evidence
from dmft.averages.two_variances import pair_averages
from dmft.network.regional_mean_field import mean_field
from dmft.two_time.causal_march import March
from dmft.two_time.filtered_inputs import filtered_inputs
from tests.solvable import LOSS

SHORT = dmft.Times(80.0, 0.2)


def one_region(g, b, **options):
    network = dmft.MultiregionNetwork(g, [[[b]]])
    return dmft.activity_class(network, currents=[[1.0]], times=SHORT, **options)


@pytest.mark.parametrize(("g", "b", "kind"), [
    (0.5, 0.5, "no activity"), (1.6, 0.5, "chaos"), (1.2, 2.0, "fixed point"),
    (1.85, 2.0, "chaos about a fixed point")])
def test_phases_of_one_region(g, b, kind):
    """g < 1 and b < 1: quiescence; structured between b > 1 and its loss, chaos above its onset."""
    found = one_region(g, b)
    assert found.kinds == (kind,)
    assert found.certain.all()
    assert found.currents.kind == ("no currents" if b < 1 else "fixed point")
    assert kind in KINDS
    if b > 1:
        assert (kind == "fixed point") == (g < (2 * b**2 - 1) ** 0.25)
        assert g < LOSS[b]


def test_the_plateau_is_that_of_the_stationary_theory():
    """c falls to Delta(inf)/Delta(0), which the first integral gives."""
    region = dmft.structured_region(b=2.0, g=1.85)
    found = one_region(1.85, 2.0)
    expected = 1 - region.static / region.variance
    assert found.depth[0] == pytest.approx(expected, rel=2e-3)


def test_regions_have_classes_of_their_own():
    """A region that no current reaches is chaotic beside one at a fixed point and a quiet one."""
    T = np.zeros((3, 3, 3))
    T[0, 0, 0] = 2.0
    start = np.zeros((3, 3))
    start[0, 0] = 1.0
    found = dmft.activity_class(dmft.MultiregionNetwork([0.5, 1.6, 0.5], T), currents=start,
                                times=SHORT)
    assert found.kinds == ("fixed point", "chaos", "no activity")
    assert found.certain.all()


def test_disorder_makes_units_chaotic_about_a_cycle():
    """A rotation of two currents, in regions of weak and of strong disorder."""
    angle = 2.5 * np.array([[0.8, -0.6], [0.6, 0.8]])
    kinds = [dmft.activity_class(
        dmft.Network((dmft.IID(g), dmft.LowRank([0, 0], [0, 0], angle, np.eye(2), 1)), dmft.erf),
        currents=[0.5, 0.0], times=SHORT) for g in (0.5, 1.95)]
    assert [one.kinds for one in kinds] == [("limit cycle",), ("chaos about a limit cycle",)]
    assert [one.currents.kind for one in kinds] == ["limit cycle"] * 2
    assert all(one.certain.all() for one in kinds)
    assert kinds[0].depth[0] < 1e-3
    assert kinds[1].depth[0] > 1e-2


def row_error(dt):
    """Largest difference of a row of Delta without and with kept rows, at t = 10."""
    network = dmft.MultiregionNetwork([1.5, 0.0], 1.2 * np.random.default_rng(0).normal(
        size=(2, 2, 2)))
    field, steps = mean_field(network), round(10 / dt)
    kept, free = (March(field, pair_averages(field.phi), steps, dt, np.full(4, 0.5), np.ones(2),
                        filtered_inputs(field, steps, dt), keep) for keep in (1, None))
    for _ in range(steps):
        kept.step()
        free.step()
    Delta = kept.result().Delta[:, -1]
    recorder = CorrelationRecorder(free, 5.0, 2)
    recorder(free)
    seen, row = recorder.result(), free.last_row()
    scale = np.sqrt(kept.state.variance[:, -1:] * kept.state.variance)
    np.testing.assert_allclose(seen.value[0], (row / scale)[:, ::-1][:, :round(5 / dt) + 1:2],
                               atol=1e-12)
    np.testing.assert_allclose(seen.lag, 2 * dt * np.arange(len(seen.lag)), atol=1e-12)
    return np.max(np.abs(row - Delta))


def test_rows_of_a_march_are_those_of_the_kept_correlation():
    """Up to the error of the step, as kept rows are made with the predictor: of second order."""
    errors = [row_error(dt) for dt in (0.1, 0.05)]
    assert errors[1] < 3e-4
    assert errors[0] / errors[1] > 3.4


def seen_at(depths, period=5.0):
    """Correlations of one region whose value at the period has these depths in turn."""
    lag, t = np.arange(0.0, 20.0, 0.2), np.arange(float(len(depths)))
    value = np.cos(2 * np.pi * lag / period)
    return UnitCorrelation(t, lag, np.array([[value - d] for d in depths]))


MOVING = RegionMotion(*(np.ones(1) for _ in range(7)))


@pytest.mark.parametrize(("first", "last", "kind", "certain"), [
    (1e-4, 1e-4, "limit cycle", True), (0.3, 0.3, "chaos about a limit cycle", True),
    (0.5, 0.02, "chaos about a limit cycle", False),  # it still falls
    (2e-3, 2e-3, "limit cycle", False), (5e-3, 5e-3, "chaos about a limit cycle", False)])
def test_a_class_is_certain_where_the_depth_is_clear(first, last, kind, certain):
    seen = seen_at([first] * 10 + [last] * 10)
    found = unit_evidence("limit cycle", 5.0, MOVING, seen, 0.0)
    assert found.kinds == (kind,)
    assert found.certain.tolist() == [certain]
    assert found.depth[0] == pytest.approx(last, abs=1e-6)


def test_the_largest_depth_in_a_period_counts():
    """On slow cycles units lose their state in one part of the period and regain it in another."""
    found = unit_evidence("limit cycle", 5.0, MOVING, seen_at([0, 0, 0.1, 0, 0] * 4), 0.0)
    assert found.kinds == ("chaos about a limit cycle",)
    assert found.depth[0] == pytest.approx(0.1, abs=1e-6)


def test_a_period_longer_than_the_lags_is_not_certain():
    found = unit_evidence("limit cycle", 50.0, MOVING, seen_at([1e-4] * 20), 0.0)
    assert not found.certain[0]


def test_units_that_follow_an_input_are_driven():
    signal = dmft.Input(lambda t: np.array([np.sin(0.37 * t), 0.0]), V=np.eye(2))
    network = dmft.MultiregionNetwork(0.3, np.full((2, 2, 2), 0.4), input=signal)
    found = dmft.activity_class(network, times=dmft.Times(40.0, 0.2))
    assert found.kinds[0] == found.currents.kind == "driven"


def test_activity_classes_are_saved(tmp_path):
    found = one_region(0.5, 0.5)
    again = dmft.load(dmft.save(found, tmp_path / "class.npz"))
    assert (again.kinds, again.currents.kind) == (found.kinds, found.currents.kind)
    np.testing.assert_array_equal(again.correlation, found.correlation)


def test_networks_without_currents_are_refused():
    with pytest.raises(dmft.ModelError, match="no currents"):
        dmft.activity_class(dmft.RandomNetwork(1.5))
