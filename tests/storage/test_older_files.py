"""Files and stores that an earlier version wrote, before modules moved, still load."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.storage.encoding import HOME
from dmft.storage.files import header

WRITTEN = Path(__file__).parents[1] / "data" / "written_by_0.1.0"
FILES = sorted(path for path in WRITTEN.glob("*.npz") if path.stem != "runs")
LAGS = dmft.Lags(20, 0.5)


def arrays(path):
    return {name: array for name, array in np.load(path).items() if name != "header.json"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_older_file_loads_and_is_written_the_same(path, tmp_path):
    one, two = arrays(path), arrays(dmft.save(dmft.load(path), tmp_path / "again"))
    assert one.keys() == two.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, two[name])


def test_most_kinds_of_results_are_among_them():
    written = " ".join(json.dumps(header(path)["value"]) for path in FILES)
    kinds = {name for name in HOME if f'"class": "{name}"' in written}
    assert len(kinds) > 30
    assert {"Solution", "Replicates", "TimeSolution", "StationaryStates", "PhaseDiagram", "Verdict",
            "TimeRuns", "ConnectivityModes", "SolutionClass"} <= kinds


@pytest.mark.filterwarnings("ignore::dmft.ResolutionWarning")
@pytest.mark.parametrize("name", ["scan", "scan_solve"])
def test_an_older_store_is_resumed(name, tmp_path):
    """Stored results are read, not computed again: a third network is added at the end."""
    shutil.copytree(WRITTEN / name, tmp_path / name)
    networks = [dmft.RandomNetwork(g) for g in (1.5, 2.0, 2.5)]
    options = {"lags": LAGS, "strict": False}
    function = dmft.solve
    if name == "scan":
        # the solutions of that time: today's may differ from them in the last digit
        networks = [*(dmft.load(WRITTEN / "scan_solve" / f"{k:05d}.npz") for k in range(2)),
                    dmft.solve(networks[2], **options)]
        function, options = dmft.lyapunov_exponent, {}
    calls = []
    found = dmft.scan(function, networks, store=tmp_path / name, **options,
                      callback=lambda done, total, index, result: calls.append(index))
    assert calls == [0, 1, 2]
    for k in range(2):
        assert (tmp_path / name / f"{k:05d}.npz").read_bytes() == (
            WRITTEN / name / f"{k:05d}.npz").read_bytes()
    assert len(found) == 3


def test_older_runs_are_resumed(tmp_path):
    """Eight networks were there: their rows stay, and one more is simulated."""
    shutil.copy(WRITTEN / "runs.npz", tmp_path / "runs.npz")
    options = {"trials": 2, "duration": 2, "burn_in": 2, "lags": [0.0, 1.0], "rng": 1}
    network = dmft.RandomNetwork(3.0, dmft.erf)
    runs = validation.simulate(network, 20, 9, store=tmp_path / "runs", **options)
    fresh = validation.simulate(network, 20, 9, **options)
    assert runs.per_network["C_phi"].shape[1] == 9
    # the old rows were computed on another machine, in single precision
    np.testing.assert_allclose(runs.per_network["C_phi"], fresh.per_network["C_phi"], atol=1e-6)
    then = dmft.load(WRITTEN / "runs.npz")
    assert len(then) == 8
