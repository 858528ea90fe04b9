"""Classes of solutions: exact cases of each, known periods, overlaps as requested."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import dmft
from dmft import ModelError
from dmft.attractors.class_evidence import ClassEvidence, class_evidence, classify
from dmft.attractors.current_pattern import current_pattern
from dmft.attractors.period import first_return
from dmft.attractors.solution_class import CLASSES, class_of
from dmft.attractors.unit_evidence import UnitEvidence
from dmft.network.preparation import prepared
from tests.solvable import CURRENT

LEADING = [1.0, 2.5, 1.0 + 0.05j, 1.5 - 1.0j, 1.0 + 1.5j]
T_AXIS = np.arange(0.0, 120.0, 0.1)


# ---- random overlaps


@pytest.mark.parametrize("leading", LEADING, ids=str)
@pytest.mark.parametrize("regions", [2, 3])
def test_the_leading_eigenvalue_is_the_requested_one(leading, regions):
    for seed in range(5):
        T = dmft.random_overlaps(regions, leading, tolerance=0.02, rng=seed)
        values = np.linalg.eigvals(dmft.effective_matrix(T))
        top = values[np.argmax(values.real)]
        assert abs(top.real - np.real(leading)) <= 0.02
        assert abs(abs(top.imag) - abs(np.imag(leading))) <= 0.02


def test_overlaps_are_kept_as_they_are_drawn():
    """The first draw whose eigenvalue is in the cell, unscaled: here drawn one by one."""
    leading, found = 1.5 + 0.5j, dmft.random_overlaps(2, 1.5 + 0.5j, rng=4)
    draws = np.random.default_rng(4).standard_normal((40000, 2, 2, 2)) * abs(leading) / np.sqrt(2)
    values = np.linalg.eigvals(dmft.effective_matrix(draws)).astype(complex)
    top = np.take_along_axis(values, np.argmax(values.real, axis=1)[:, None], axis=1)[:, 0]
    near = (abs(top.real - 1.5) <= 0.01875) & (abs(abs(top.imag) - 0.5) <= 0.01875)
    assert near.any()
    np.testing.assert_allclose(found, draws[np.argmax(near)], rtol=1e-14)


def test_entries_are_not_much_larger_than_the_eigenvalue():
    """|T| / |lambda| has median 2.15 (Frobenius norm) in the published map."""
    size = [np.linalg.norm(dmft.random_overlaps(2, leading, rng=seed)) / abs(leading)
            for seed in range(20) for leading in (1.2 + 0.4j, 2.0 + 1.0j)]
    assert np.median(size) == pytest.approx(2.15, abs=0.15)
    assert max(size) < 4


def test_the_effective_matrix_maps_to_the_currents():
    rng = np.random.default_rng(0)
    T, z = rng.normal(size=(3, 3, 3)), rng.normal(size=(3, 3))
    S = np.einsum("mnr,nr->mn", T, z)
    np.testing.assert_allclose(dmft.effective_matrix(T) @ z.ravel(), S.ravel(), atol=1e-14)
    assert dmft.effective_matrix(np.ones((5, 2, 2, 2))).shape == (5, 4, 4)


def test_draws_depend_on_the_seed_alone():
    one, other = (dmft.random_overlaps(2, 1.5 + 0.5j, rng=seed) for seed in (1, 2))
    assert not np.allclose(one, other)
    assert np.array_equal(one, dmft.random_overlaps(2, 1.5 + 0.5j, rng=1))


def test_one_region_has_a_real_eigenvalue(monkeypatch):
    monkeypatch.setattr(sys.modules["dmft.multiregion.random_overlaps"], "MAX_DRAWS", 4096)
    assert dmft.random_overlaps(1, 2.0) == pytest.approx(2.0, abs=0.01875)
    with pytest.raises(ModelError, match="leading"):
        dmft.random_overlaps(1, 1.0 + 1.0j)


# ---- periods


def rotating(*rates):
    """Currents that rotate at these angular frequencies, and their slopes."""
    z = np.concatenate([[np.cos(w * T_AXIS), np.sin(w * T_AXIS)] for w in rates]).T
    slope = np.concatenate([[-w * np.sin(w * T_AXIS), w * np.cos(w * T_AXIS)] for w in rates]).T
    return z, slope


@pytest.mark.parametrize(("rates", "period"), [
    ((1.0,), 2 * np.pi), ((0.7, 2.1), 2 * np.pi / 0.7), ((1.5, 1.0), 4 * np.pi),
    ((1.0, np.sqrt(2)), None)])
def test_the_first_return_of_all_currents_is_the_period(rates, period):
    found = first_return(T_AXIS, *rotating(*rates))
    if period is None:
        assert found is None
    else:
        assert found.period == pytest.approx(period, abs=1e-5)
        assert found.stderr < 1e-5


def test_the_period_of_a_linear_network_is_that_of_its_eigenvalue():
    """With psi = 1 and Re lambda = 1 the leading mode of the currents oscillates undamped."""
    T = dmft.random_overlaps(2, 1.0 + 1.0j, rng=4)
    values = np.linalg.eigvals(dmft.effective_matrix(T))
    top = values[np.argmax(values.real)]
    T, top = T / top.real, top / top.real
    network = dmft.MultiregionNetwork(0.0, T, phi=dmft.linear)
    solution = dmft.solve(network, times=dmft.Times(60.0, 0.1), currents=np.ones((2, 2)), tol=1e-5)
    assert float(dmft.period(solution)) == pytest.approx(2 * np.pi / abs(top.imag), rel=1e-5)


def test_the_period_converges_with_the_step():
    """Of second order, with a third-order part at long steps: changes fall by 4 to 8 a halving."""
    network = dmft.MultiregionNetwork([1.2, 0.0], dmft.random_overlaps(2, 2.0 + 1.5j, rng=3))
    start = prepared(network, np.full((2, 2), 0.5), 1.0)
    found = [class_evidence(network, dmft.Times(80.0, 0.2), start, finer).period
             for finer in (1, 2, 4)]
    change = np.diff(found)
    assert 3.4 < change[0] / change[1] < 8.5
    assert abs(change[1]) < 1e-3 * found[-1]


def test_constant_currents_have_no_period():
    network = dmft.MultiregionNetwork.symmetric(0.0, [[2.0]])
    solution = dmft.solve(network, times=dmft.Times(40.0, 0.2), currents=[[1.0]], tol=1e-4)
    with pytest.raises(ModelError, match="do not return"):
        dmft.period(solution)


# ---- classes


def test_a_fixed_point_agrees_with_the_theory():
    found = dmft.solution_class(dmft.MultiregionNetwork.symmetric(0.0, [[2.0]]),
                                times=dmft.Times(60.0, 0.2), currents=[[0.3]])
    assert (found.kind, found.certain) == ("fixed point", True)
    assert found.mean[0, 0] == pytest.approx(CURRENT, abs=1e-6)
    assert np.isnan(found.period)


@pytest.mark.parametrize(("leading", "kind"), [
    (0.7 + 0.5j, "no currents"), (2.0, "fixed point"), (1.8 + 1.2j, "limit cycle")])
def test_random_networks_of_known_class(leading, kind):
    found = dmft.random_solution_class(leading, g=0.0, times=dmft.Times(100.0, 0.2), rng=3)
    assert (found.kind, found.certain) == (kind, True)
    assert np.isfinite(found.period) == (kind == "limit cycle")


def test_a_solution_and_its_network_have_the_same_class():
    network = dmft.MultiregionNetwork(0.5, dmft.random_overlaps(2, 2.0 + 1.5j, rng=0))
    times = dmft.Times(60.0, 0.2)
    start = {"currents": np.full((2, 2), 0.5), "variance": [1.0, 2.0]}
    solution = dmft.solve(network, times=times, tol=1e-3, strict=False, **start)
    one = dmft.solution_class(solution)
    other = dmft.solution_class(network, times=times, **start)
    assert one.kind == other.kind == "limit cycle"
    assert one.period == pytest.approx(other.period, rel=1e-9)
    with pytest.raises(ModelError, match="currents"):
        dmft.solution_class(solution, currents=np.ones((2, 2)))


def test_a_step_that_is_long_for_the_currents_causes_no_chaos():
    """With eigenvalues -6 +- 43i and -39 besides the leading one, 2.5: still a fixed point."""
    seed = np.random.SeedSequence(1, spawn_key=(30,))
    found = dmft.random_solution_class(2.5, times=dmft.Times(40.0, 0.2),
                                       rng=np.random.default_rng(seed))
    assert found.kind == "fixed point"
    assert found.exponent < 0


CHAOTIC_T = np.array([
    [[.1, 0, 0], [-1.6, -.4, 3.1], [-3.7, -2.3, 11.7]],
    [[1.1, 1.9, -.4], [-2.7, 1.5, 3.2], [-3.3, 4.6, 1.7]],
    [[-.5, 5, -.2], [3.1, -3.7, 1.8], [5.8, -.7, -1.3]]])
CHAOTIC_EXPONENT = 0.11, 0.03  # by an integration of order 8 with tolerance 1e-10


def evidence(kind, certain=True, exponent=0.1, dt=0.2):
    pattern = current_pattern(noisy(0.0, 0.0), 0.2)
    units = UnitEvidence(("chaos",), np.ones(1, dtype=bool), np.ones(1), T_AXIS, T_AXIS[None])
    return ClassEvidence(kind, certain, pattern, exponent, 0.01, units, dt=dt)


def test_a_class_that_the_step_changes_is_not_certain():
    shape, coarse, chaos = (2,), evidence("limit cycle"), evidence("chaos", dt=0.1)
    assert not class_of([coarse, chaos], shape).certain
    assert not class_of([coarse, chaos, chaos], shape).certain  # a longer time is not a finer step
    assert class_of([coarse, chaos, chaos, evidence("chaos", dt=0.05)], shape).certain
    assert class_of([evidence("chaos"), chaos], shape).certain
    assert not class_of([evidence("chaos"), evidence("chaos", False, dt=0.1)], shape).certain
    found = class_of([evidence("chaos"), evidence("chaos", exponent=0.4, dt=0.1)], shape)
    assert found.exponent == 0.4
    assert found.exponent_stderr == pytest.approx(0.3)  # the change with the step


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_chaos_that_a_long_step_turns_into_a_cycle_is_found(seed):
    """With the default step this network has a spurious limit cycle, from any start."""
    start = 0.5 * np.random.default_rng(seed).standard_normal((3, 3))
    found = dmft.solution_class(dmft.MultiregionNetwork(0.0, CHAOTIC_T), currents=start,
                                variance=0.0)
    assert found.kinds[0] == "limit cycle"
    assert found.kind.startswith("chaos")
    error = np.hypot(found.exponent_stderr, CHAOTIC_EXPONENT[1])
    assert abs(found.exponent - CHAOTIC_EXPONENT[0]) < 3 * error


def sine(amplitude, rate=0.37):
    return dmft.Input(lambda t: np.array([amplitude * np.sin(rate * t), 0.0]), V=np.eye(2))


def test_currents_that_follow_an_input_are_driven():
    network = dmft.MultiregionNetwork(0.3, np.full((2, 2, 2), 0.4), input=sine(1.0))
    found = dmft.solution_class(network, times=dmft.Times(60.0, 0.2))
    assert (found.kind, found.certain) == ("driven", True)
    assert found.exponent < -0.1
    assert np.isnan(found.period)


def test_a_cycle_beside_an_input_is_not_certain_to_be_either():
    T = dmft.random_overlaps(2, 1.8 + 1.2j, rng=3)
    found = dmft.solution_class(dmft.MultiregionNetwork(0.0, T, input=sine(0.02)),
                                currents=np.full((2, 2), 0.5), times=dmft.Times(150.0, 0.2))
    assert (found.kind, found.certain) == ("limit cycle", False)
    assert abs(found.exponent) < 0.01


def test_after_a_pulse_the_currents_are_not_driven():
    T = dmft.random_overlaps(2, 1.8 + 1.2j, rng=3)
    pulse = dmft.Input(dmft.Pulse([1.0, 0.0], 1.0, 3.0), V=np.eye(2))
    found = dmft.solution_class(dmft.MultiregionNetwork(0.0, T, input=pulse),
                                currents=np.full((2, 2), 0.5), times=dmft.Times(150.0, 0.2))
    assert (found.kind, found.certain) == ("limit cycle", True)


def test_currents_of_a_plain_sum_of_ensembles_have_a_class():
    """A rank-two network whose directions rotate: the period is that of `dmft.period`."""
    angle = 1.8 * np.array([[0.8, -0.6], [0.6, 0.8]])
    network = dmft.Network((dmft.IID(0.3), dmft.LowRank([0, 0], [0, 0], angle, np.eye(2), 1)),
                           dmft.erf)
    times = dmft.Times(60.0, 0.2)
    found = dmft.solution_class(network, currents=[0.5, 0.0], times=times)
    assert (found.kind, found.certain) == ("limit cycle", True)
    assert found.mean.shape == (2,)
    solved = dmft.solve(network, times=times, currents=[0.5, 0.0], tol=1e-4)
    assert found.period == pytest.approx(float(dmft.period(solved)), abs=3 * found.period_stderr)


def test_networks_without_currents_have_no_class():
    for given in (dmft.RandomNetwork(1.5), dmft.PlasticNetwork(1.5, 1.0, 2.5)):
        with pytest.raises(ModelError, match=r"no currents.*low-rank"):
            dmft.solution_class(given)


def noisy(share, mean, seed=0):
    """A spectral line with a share of the power, broadband noise, and a mean."""
    rng, n = np.random.default_rng(seed), 4000
    noise = rng.normal(size=(n, 2))
    line = np.sqrt(2) * np.sin(2 * np.pi * 0.05 * 0.2 * np.arange(n))[:, None]
    return np.sqrt(share) * line + np.sqrt(1 - share) * noise + mean


@pytest.mark.parametrize(("share", "mean", "kind"), [
    (0.0, 0.0, "chaos"), (0.0, 1.0, "chaos about a baseline"),
    (0.8, 0.0, "chaos about a limit cycle"), (0.8, 1.0, "chaos about a limit cycle"),
    (0.3, 1.0, "chaos about a baseline")])
def test_kinds_of_chaos_by_line_and_baseline(share, mean, kind):
    pattern = current_pattern(noisy(share, mean), 0.2)
    # white noise has a tenth of its power within 5 % of its highest frequency
    assert share - 0.05 < pattern.line < share + 0.1 * (1 - share) + 0.05
    assert classify(pattern, 5.0, (0.05, 0.005), None) == (kind, True)
    assert classify(pattern, 5.0, (0.005, 0.005), None)[1] is False  # zero within its error
    assert kind in CLASSES


def test_classes_are_saved(tmp_path):
    found = dmft.random_solution_class(2.0, g=0.0, times=dmft.Times(40.0, 0.5), rng=1)
    again = dmft.load(dmft.save(found, tmp_path / "class.npz"))
    assert (again.kind, again.exponent) == (found.kind, found.exponent)


def test_a_map_of_classes_is_a_scan(tmp_path):
    leading = [0.6 + 0.0j, 2.0 + 0.0j]
    how = {"g": 0.0, "times": dmft.Times(40.0, 0.5)}
    found = dmft.scan(dmft.random_solution_class, leading, store=tmp_path / "map", rng=2, **how)
    again = dmft.scan(dmft.random_solution_class, leading, store=tmp_path / "map", rng=2, **how)
    assert [one.kind for one in found] == [one.kind for one in again] == [
        "no currents", "fixed point"]
