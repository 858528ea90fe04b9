"""Paths drawn again from a solution have its statistics; results that use them are saved."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ConvergenceError, ModelError
from dmft.paths import gaussian_paths
from dmft.sampled.redrawn_paths import over_groups, sampled_x


@pytest.mark.parametrize("network", [
    dmft.PlasticNetwork(2.0, -1.0, 2.5), dmft.RandomNetwork(2.0)], ids=repr)
def test_sampled_x_has_the_variance_of_the_solution(network):
    solution = dmft.solve(network)
    x, C = sampled_x(solution, rng=1)
    assert len(x) == len(C) == 16
    variances, squares = np.mean(x**2, axis=1), np.mean(network.phi(x) ** 2, axis=1)
    for each, known in ((variances, solution.C_x[0]), (squares, solution.C_phi[0])):
        error = np.std(each, ddof=1) / np.sqrt(16)
        assert error < 0.02 * float(known)
        assert abs(each.mean() - float(known)) < 5 * error + 1e-4 * float(known)
    np.testing.assert_allclose(C, float(solution.C_phi[0]), rtol=0.02)


def test_the_groups_are_parts_of_all_paths():
    solution = dmft.solve(dmft.PlasticNetwork(2.0, -1.0, 2.5), tol=1e-2)
    calls = []

    def record(sets):
        calls.append([one.z for one in sets])
        return np.array([one.statistics.C[0] for one in sets])

    whole, groups = over_groups(solution, record, 20, 0)
    (every,), each = calls
    assert every.shape[1] == 320
    np.testing.assert_array_equal(every, np.concatenate(each, axis=1))
    assert whole.shape == ()
    assert groups.shape == (16,)
    assert groups.mean() == pytest.approx(float(whole), rel=1e-9)


def test_paths_obey_their_equation_of_motion():
    """x = v + H K phi(x) in every group, frequency by frequency, with K of its own statistics."""
    network = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3)
    off = []

    def record(sets):
        for one in sets:
            lags, known = one.lags, one.statistics
            H = 1 / (1 + 1j * lags.omega)
            v = (np.sqrt(np.maximum(4 * lags.spectrum(known.C), 0)) * abs(H)
                 * gaussian_paths.amplitude(lags))[:, None] * one.z
            x = np.fft.rfft(one.x, axis=0)
            memory = (H * 0.3 * 4 * known.S)[:, None] * one.phi
            off.append(np.max(np.abs(x - v - memory)[:-1]) / np.max(np.abs(x)))
        return np.zeros(len(sets))

    over_groups(dmft.solve(network, tol=1e-2), record, 8, 0)
    assert len(off) == 17
    assert max(off) < 1e-5


def test_paths_that_leave_their_solution_are_reported():
    """The curves of an active solution, at parameters where the activity decays to zero."""
    active = dmft.solve(dmft.PlasticNetwork(1.5, -1.0, 2.5), tol=1e-2)
    wrong = dmft.Solution(dmft.PlasticNetwork(0.5, -1.0, 2.5), *[
        getattr(active, name) for name in ("lags", "C_x", "C_phi", "C_x_static", "C_phi_static",
                                           "R_phi", "gain", "branch", "convergence")])
    with pytest.raises(ConvergenceError, match="activity decayed to zero"):
        sampled_x(wrong)
    with pytest.raises(ModelError, match="solution"):
        sampled_x(None)


@pytest.mark.slow
def test_results_are_saved(tmp_path):
    net = dmft.PlasticNetwork(1.5, -1.0, 2.5)
    solution = dmft.solve(net, tol=2e-2)
    branch = dmft.continue_in(net, "k", [-1.0, -0.9], initial=solution, tol=2e-2)
    for result in (dmft.freeze(solution, tol=0.1), branch, dmft.timescales(solution)):
        dmft.save(result, tmp_path / "one.npz")
        again = dmft.load(tmp_path / "one.npz")
        assert type(again) is type(result)
        assert repr(again) == repr(result)


@pytest.mark.parametrize("verb", [dmft.freeze, dmft.lyapunov_exponent],
                         ids=["freeze", "lyapunov_exponent"])
def test_paths_that_do_not_fit_into_memory_are_refused(verb, monkeypatch):
    solution = dmft.solve(dmft.PlasticNetwork(1.5, 1.0, 2.5), tol=0.05)
    monkeypatch.setattr("dmft.base.allocation.available", lambda: 1e6)
    with pytest.raises(dmft.ModelError, match=r"paths=.*give a larger tol"):
        verb(solution)
