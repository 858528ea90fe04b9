"""Phases of plastic networks, time scales of their activity, and the onset of freezing."""

from dataclasses import replace

import numpy as np
import pytest

import dmft
from dmft.base.convergence import Check
from dmft.base.errors import ConvergenceError, ModelError
from dmft.base.outcomes import Outcome
from dmft.plasticity import chaos_search, phase_rows
from dmft.plasticity.chaos_search import ChaosSearch
from dmft.plasticity.tuning import ROW_POINTS
from dmft.sampled import sampled_solve
from dmft.storage.scan import child
from tests.solvable import FIRST_ZERO


def test_time_scales_of_a_known_correlation():
    """Without plasticity the exact C(tau) is positive, and half its maximum at the half-life."""
    solution = dmft.solve(dmft.RandomNetwork(2.0))
    found = dmft.timescales(solution)
    half = np.interp(float(found.half_life), solution.lags.tau, solution.C_phi.value)
    assert half == pytest.approx(float(solution.C_phi[0]) / 2, rel=1e-4)
    assert not found.oscillates
    assert not found.peak_resolved
    assert np.isnan(float(found.peak))


def test_lags_of_an_oscillating_correlation():
    """At k=-1 long path simulations have the first zero at 7.439(12), the minimum at 9.62(2)."""
    found = dmft.timescales(dmft.solve(dmft.PlasticNetwork(2.0, -1.0, 2.5), tol=2e-4))
    assert found.oscillates
    error = np.hypot(float(found.first_zero.stderr), FIRST_ZERO.stderr)
    assert abs(float(found.first_zero) - FIRST_ZERO.value) < 5 * error
    assert abs(float(found.minimum_lag) - 9.62) < 1.5
    assert not found.peak_resolved


def test_an_iteration_that_does_not_become_stationary_is_refused(monkeypatch):
    """A step of the iteration that stays above a quarter of tol: C(0) hardly depends on slow modes,
    which correlation times do."""
    real = sampled_solve.solve_with_errors

    def unsteady(*arguments, **options):
        found = real(*arguments, **options)
        return replace(found, fixed=replace(found.fixed, residual=6e-4))

    monkeypatch.setattr(sampled_solve, "solve_with_errors", unsteady)
    with pytest.raises(dmft.ConvergenceError, match="did not become stationary"):
        dmft.solve(dmft.PlasticNetwork(2.0, -1.0, 2.5))
    dmft.solve(dmft.PlasticNetwork(2.0, -1.0, 2.5), tol=3e-3)


@pytest.mark.slow
def test_a_peak_that_takes_many_paths_to_resolve():
    """Long path simulations at (1.5, -2, 2.5) have a peak near omega = 0.3."""
    solution = dmft.solve(dmft.PlasticNetwork(1.5, -2.0, 2.5),
                          options=dmft.SamplingOptions(first_paths=8192))
    spectra = np.array([solution.lags.spectrum(row) for row in solution.replicates.C_phi])
    at = int(np.argmax(spectra.mean(axis=0)))
    assert float(solution.lags.omega[at]) == pytest.approx(0.3, abs=0.06)
    excess = spectra[:, at] / spectra[:, 0] - 1
    assert np.sqrt(len(excess)) * excess.mean() / excess.std(ddof=1) > 3
    found = dmft.timescales(solution)  # reports what five standard errors resolve
    assert float(found.peak) == pytest.approx(0.3, abs=0.06)
    assert found.oscillates


def test_noise_of_late_lags_is_no_oscillation():
    """The lowest of many noisy late lags, here with a small error, is not an oscillation.

    It has neither a zero nor a minimum that the noise does not explain.

    Hebbian plasticity, close to the onset of chaos.
    """
    seed = np.random.default_rng(child(np.random.SeedSequence(1), 15))
    found = dmft.timescales(dmft.solve(dmft.PlasticNetwork(1.1, 0.4, 2.5), tol=1e-2, rng=seed))
    assert np.isfinite(float(found.half_life))
    for one in (found.first_zero, found.minimum, found.minimum_lag, found.peak, found.peak_height):
        assert np.isnan(float(one))
        assert np.isnan(float(one.stderr))
    assert not found.oscillates


def test_unconverged_solutions_are_rejected():
    """Also by the functions that sample paths again."""
    bad = dmft.solve(dmft.PlasticNetwork(2.0, -1.0, 2.5), max_iter=3, strict=False)
    for of in (dmft.timescales, dmft.freeze, dmft.lyapunov_exponent, dmft.jacobian_spectrum):
        with pytest.raises(ModelError, match="did not converge"):
            of(bad)


def test_without_random_couplings_there_is_no_activity():
    assert dmft.solve(dmft.PlasticNetwork(0.0, 1.0, 2.5)).branch == "quiescent"
    for g in (0.0, 0.01):
        with pytest.raises(ModelError, match="g="):
            dmft.phase(dmft.PlasticNetwork(g, 3.0, 2.5))
        with pytest.raises(ModelError, match="g="):
            dmft.fixed_points(dmft.PlasticNetwork(g, 3.0, 2.5))


def test_the_quiescent_state_has_no_time_scale():
    for bad in (dmft.solve(dmft.RandomNetwork(0.5)), None):
        with pytest.raises(ModelError, match="solution"):
            dmft.timescales(bad)


def test_quiescence_alone():
    found = dmft.phase(dmft.PlasticNetwork(0.7, 0.5, 2.5))
    assert found.names == ("quiescence",)
    assert found.rest_gain == pytest.approx(0.7)
    assert found.chaos == "absent"
    for kind in ("freezable", "hebbian_induced", "fixed_points"):
        assert not getattr(found, kind)
    assert "excludes activity" in repr(found)


@pytest.mark.slow
def test_chaos_with_oscillation():
    found = dmft.phase(dmft.PlasticNetwork(1.5, -2.0, 2.5))
    assert found.names == ("chaos with oscillation",)
    assert float(found.q) > 1
    assert not found.freezable
    assert found.complexity == -np.inf


@pytest.mark.slow
def test_freezable_chaos_coexists_with_many_fixed_points():
    """g=1.5, k=1.3: chaos is freezable above k = .7, fixed points are many above k = 1.2445."""
    found = dmft.phase(dmft.PlasticNetwork(1.5, 1.3, 2.5), tol=1e-2)
    assert found.names == ("chaos", "freezable", "stable fixed points")
    assert float(found.q) < 0.8
    assert 0 < found.complexity < 0.05


@pytest.mark.slow
def test_hebbian_induced_chaos():
    """g=.9, k=1.8: networks prepared in this state extrapolate to C(0) = .851(5); others decay."""
    network = dmft.PlasticNetwork(0.9, 1.8, 2.5)
    found = dmft.solve(network, lags=dmft.Lags(480.0, 0.4), tol=2e-2)
    assert found.branch == "chaotic"
    assert abs(float(found.C_phi[0]) - 0.851) < 4 * np.hypot(float(found.C_phi[0].stderr), 0.005)
    assert network.g * network.phi.slope_at_zero < 1


def test_a_diagram_is_resumed_and_read(tmp_path, monkeypatch):
    indices = []

    def note(done, total, index, result):
        indices.append(index)

    given = {"tol": 2e-2, "freeze_tol": 0.1, "store": tmp_path / "map", "callback": note}
    first = dmft.phase_diagram([0.6, 0.9], [-1.0, 0.5], 2.5, **given)
    monkeypatch.setattr(phase_rows, "located_phase", None)  # a second call solves nothing
    again = dmft.phase_diagram([0.6, 0.9], [-1.0, 0.5], 2.5, **given)
    assert indices == [2, 0, 3, 1] * 2  # each row from strong coupling downward
    assert first.where("quiescent").all()
    assert not first.where("freezable").any()
    assert again.at(1, 0).network == dmft.PlasticNetwork(0.9, -1.0, 2.5)
    np.testing.assert_array_equal(first.C, again.C)
    assert [one.message for one in first.phases] == [one.message for one in again.phases]
    dmft.save(first, tmp_path / "diagram.npz")
    assert dmft.load(tmp_path / "diagram.npz").at(0, 1).names == first.at(0, 1).names
    assert np.all(np.isnan(first.freezing_line()))


def test_rows_cover_the_grid_from_strong_coupling_downward():
    g, k = np.linspace(0.5, 3.0, 2 * ROW_POINTS + 3), np.array([-1.0, 1.0])
    rows, indices = phase_rows.rows_of(g, k, 2.5, dmft.tanh)
    assert sorted(at for places in indices for at in places) == list(range(len(g) * len(k)))
    for row, places in zip(rows, indices, strict=True):
        assert row.couplings[0] > 1  # where chaos is sure to exist
        assert len(places) <= ROW_POINTS + np.sum(g <= 1)
        assert np.all(np.diff(row.couplings) < 0)
        for network, at in zip(row.networks, places, strict=True):
            assert (network.g, network.k) == (g[at // len(k)], k[at % len(k)])


def test_a_point_that_fails_is_unresolved_and_the_others_are_found(monkeypatch):
    right = phase_rows.located_phase

    def failing(network, *given):
        if network.g == 0.8:
            raise ConvergenceError("no paths")
        return right(network, *given)

    monkeypatch.setattr(phase_rows, "located_phase", failing)
    found = dmft.phase_diagram([0.7, 0.8, 1.5], [-1.0], 2.5, tol=2e-2)
    assert [one.chaos for one in found.phases] == ["absent", "unresolved", "chaotic"]
    assert found.at(1, 0).message == "no paths"
    assert found.unresolved.ravel().tolist() == [False, True, False]
    assert "strong activity" in found.at(0, 0).message


def test_chaos_that_is_not_stationary_has_no_certain_times(monkeypatch):
    """And activity whose correlation does not decay is frozen, not chaotic."""
    network = dmft.PlasticNetwork(2.0, -1.0, 2.5)
    right = dmft.solve(network, tol=1e-2)
    creeping = replace(right.convergence, success=False, residual=0.02, checks=(
        Check("iteration", 0.02, 2.5e-3, "not stationary"),))
    frozen = replace(right.convergence, success=False, ended=Outcome.FROZEN)
    for given, names in ((creeping, ("chaos with oscillation",)), (frozen, ("frozen activity",))):
        monkeypatch.setattr(chaos_search, "solve", lambda *_, now=given, **__: replace(
            right, convergence=now))
        found = dmft.phase(network, freeze_tol=None)
        assert found.names == names
        assert np.isnan(float(found.half_life))
    monkeypatch.undo()
    assert float(ChaosSearch(replace(right, convergence=creeping), "chaotic", "").C.stderr) > (
        0.02 * float(right.C_phi[0]))


def test_a_check_that_fails_is_met_in_a_longer_window(monkeypatch):
    right = dmft.solve(dmft.PlasticNetwork(2.0, -1.0, 2.5), tol=1e-2)
    short = replace(right.convergence, success=False, checks=(
        Check("decay", 0.012, 0.01, "give a longer span"),))
    usual = dmft.SamplingOptions().span_in_memory_times

    def given(network, options=None, **_):
        longer = options is not None and options.span_in_memory_times > usual
        return right if longer else replace(right, convergence=short)

    monkeypatch.setattr(chaos_search, "solve", given)
    found = dmft.phase(right.network, freeze_tol=None)
    assert found.chaotic
    assert found.message == f"in a longer window: {right.convergence.message}"


@pytest.mark.slow
def test_rows_find_the_phases_of_independent_solves():
    """Also Hebbian-induced chaos, and that it is absent beyond its fold at g = 0.94."""
    g = [0.9, 0.96, 1.1]
    found = dmft.phase_diagram(g, [1.4], 2.5)
    assert [one.names[0] for one in found.phases] == ["quiescence", "quiescence", "chaos"]
    assert found.where("hebbian_induced").ravel().tolist() == [False, True, False]
    assert found.at(1, 0).message.startswith("from the solution at g=1.1, k=1.4: ")
    lost = found.at(0, 0).message
    assert lost.startswith("from the solution at g=0.96, k=1.4: its activity decays; from strong")
    for one in found.phases:
        alone = dmft.phase(one.network, tol=1e-2, freeze_tol=None)
        assert one.names == alone.names
        if one.chaotic:
            error = np.hypot(float(one.C.stderr), float(alone.C.stderr))
            assert abs(float(one.C) - float(alone.C)) < 4 * error


def test_the_line_of_freezing_is_interpolated():
    class Point:
        def __init__(self, q):
            self.q = q

    phases = tuple(Point(q) for q in (1.2, 1.1, 0.9, 1.3, 1.2, 1.1))
    line = dmft.PhaseDiagram(np.array([1.0, 2.0]), np.array([0.0, 1.0, 2.0]), 2.5, phases)
    np.testing.assert_allclose(line.freezing_line(), [1.5, np.nan])


def test_networks_without_phases_are_rejected():
    for bad in (dmft.RandomNetwork(2.0), dmft.PlasticNetwork(2.0, 1.0, 2.5, noise=0.5), None):
        with pytest.raises(ModelError, match="network"):
            dmft.phase(bad)
    with pytest.raises(ModelError, match="g="):
        dmft.phase_diagram([2.0, 1.0], [1.0])
    with pytest.raises(ModelError, match="p="):
        dmft.phase_diagram([2.0], [1.0], -1.0)
    for bad in (dmft.RandomNetwork(2.0), dmft.PlasticNetwork(0.9, 1.0, 2.5)):
        with pytest.raises(ModelError, match="network"):
            dmft.freezing_onset(bad)
