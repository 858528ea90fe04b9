"""Self-consistent solutions from one draw of paths, and their standard errors."""

import numpy as np
import pytest

import dmft
from dmft.base.outcomes import Outcome
from dmft.path_iteration import path_features
from dmft.path_iteration.sampled_paths import path_map, solve_with_errors
from dmft.paths.window import lag_window
from dmft.sampled.starting_statistics import from_above

NETWORK = dmft.RandomNetwork(2.0, dmft.erf, noise=1.0)  # Gaussian: its solution is known
LAGS = dmft.Lags(20.0, 0.2)


def solved(seed, count=256, network=NETWORK, worst=np.inf, control=None, time=3.0):
    window = lag_window(LAGS, time)
    own, u = path_map(network, from_above(network, LAGS), window, seed, count)
    own.control = control
    with np.errstate(over="ignore", invalid="ignore"):
        return solve_with_errors(own, u, time, 200, worst)


@pytest.mark.filterwarnings("ignore::dmft.ResolutionWarning")
def test_standard_errors_are_honest(monkeypatch):
    """Without control variate and features, z-scores are those of standard normals."""
    monkeypatch.setattr(path_features, "PATHS_PER_FEATURE", 10**9)
    exact = dmft.solve(NETWORK, lags=LAGS)
    at, scores = [0, 5, 15], []
    for seed in range(12):
        found = solved(seed, control=0.0)
        u, errors = found.u, found.deviations.std(axis=1, ddof=1) / 16
        places = [*at, *(found.unknowns.x.start + k for k in at), found.unknowns.slope]
        known = [*exact.C_phi.value[at], *exact.C_x.value[at], float(exact.gain)]
        scores.append((u[places] - known) / errors[places])
    scores = np.array(scores)
    assert 0.5 < np.mean(scores**2) < 1.8
    assert np.all(np.abs(scores.mean(axis=0)) < 3.5 / np.sqrt(12))
    assert np.abs(scores).max() < 4.5


def test_without_memory_the_control_variate_is_exact():
    found = solved(0)
    assert found.relative_error < 1e-5
    assert solved(0, control=0.0).relative_error > 1e-4


def test_replicates_have_the_solution_as_mean_and_its_error_as_scatter():
    found = solved(3, network=dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3, noise=0.5))
    rows = found.replicates(32)
    assert rows.shape == (32, len(found.u))
    np.testing.assert_allclose(rows.mean(axis=0), found.u, rtol=1e-9, atol=1e-12)
    scatter = rows[:, 0].std(ddof=1) / np.sqrt(32) / found.u[0]
    assert scatter == pytest.approx(found.relative_error, rel=0.4)


def test_where_more_paths_are_needed_only_the_first_round_is_done():
    network = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3, noise=0.5)
    early, whole = solved(3, network=network, worst=1e-6), solved(3, network=network)
    assert early.relative_error > 1e-6
    assert early.fixed.iterations < whole.fixed.iterations
    assert early.response is not None


def test_activity_that_decays_has_no_response():
    found = solved(0, network=dmft.PlasticNetwork(0.5, -1.0, 2.5), count=64)
    assert found.fixed.ending.outcome is Outcome.DECAYED
    assert found.response is None
