"""Scans that a file describes: their networks, their results in a table, and what is refused."""

import csv

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError
from dmft.scan_files.scan_file import described, read_scan
from dmft.scan_files.table import row_of, write_table
from dmft.scan_files.verbs import function_of

GRID = {"network": "random", "grid": {"g": [1.5, 2.0]}}


def test_the_grid_and_the_single_points():
    scan = described({"network": "plastic", "verb": "timescales", "seed": 3,
                      "parameters": {"p": 2.5, "phi": "erf"},
                      "grid": {"g": [1.5, 2.0], "k": {"start": -1.0, "stop": 1.0, "count": 3}},
                      "points": [{"g": 3.0, "k": 0.5, "p": 1.0}], "solve": {"tol": 1e-2}})
    assert [(one.g, one.k, one.p) for one in scan.networks] == [
        (1.5, -1.0, 2.5), (1.5, 0.0, 2.5), (1.5, 1.0, 2.5), (2.0, -1.0, 2.5), (2.0, 0.0, 2.5),
        (2.0, 1.0, 2.5), (3.0, 0.5, 1.0)]
    assert all(one.phi == dmft.erf for one in scan.networks)
    assert scan.parameters[-1] == {"g": 3.0, "k": 0.5, "p": 1.0}
    assert scan.parameters[0] == {"g": 1.5, "k": -1.0, "p": 2.5}  # p is scanned by the point
    assert (scan.verb, scan.seed, scan.solve) == ("timescales", 3, {"tol": 1e-2})


def test_defaults_stand_beside_scanned_values():
    scan = described({"network": "random", "points": [{"g": 1.0, "phi": "erf"}, {"g": 2.0}]})
    assert scan.parameters == ({"g": 1.0, "phi": "erf"}, {"g": 2.0, "phi": "tanh"})


def test_a_scan_names_its_network():
    with pytest.raises(ModelError, match=r"^network=None: missing; give one of random, modes"):
        described({"grid": {"g": [1.5]}})


def test_grids_of_lags_are_tables():
    scan = described(GRID | {"options": {"lags": {"span": 40.0, "dt": 0.05}, "tol": 1e-9}})
    assert scan.options == {"lags": dmft.Lags(40.0, 0.05), "tol": 1e-9}
    scan = described(GRID | {"options": {"options": {"tries": 1}}})
    assert scan.options == {"options": dmft.SamplingOptions(tries=1)}


@pytest.mark.parametrize(("given", "said"), [
    ({"netwrk": "random"}, "^key='netwrk'"), ({"network": "chain"}, "^network='chain'"),
    ({"verb": "sovle"}, "^verb='sovle'"), ({"seed": -1}, "^seed=-1"),
    ({"grid": {}}, "no network at all"), ({"grid": {"g": 2.0}}, r"^grid\.g=2\.0: no list"),
    ({"grid": {"g": {"start": 1.0, "stop": 2.0}}}, r"^grid\.g=.*no list"),
    ({"grid": {"g": {"start": 1.0, "stop": 2.0, "count": 0}}}, r"^grid\.g\.count=0"),
    ({"grid": {"g": [-1.0]}}, "^g=-1.0: negative"), ({"grid": {"h": [1.0]}}, "key='h'"),
    ({"grid": [1.0]}, "^grid=.*no table"), ({"points": {"g": 1.0}}, "^points=.*no list"),
    ({"parameters": {"phi": "tan"}}, "^phi='tan'"), ({"options": {"toll": 1}}, "key='toll'"),
    ({"options": {"rng": 1}}, "key='rng'"), ({"options": {"strict": False}}, "key='strict'"),
    ({"parameters": {"g": 2.0}}, r"^parameters\.g=2\.0: also in"),
    ({"grid": {"g": {"start": 1.0, "stop": 2.0, "count": 10**12}}}, r"count=.*above 1000000"),
    ({"options": {"lags": {"span": 1.0}}}, "without dt; give all that dmft.Lags requires"),
    ({"solve": {"tol": 1e-3}}, "^solve=.*the verb solve takes a network"),
    ({"verb": "freeze"}, "no plastic couplings|plastic"),
    ({"network": "plastic"}, "^parameters=.*without k, p; give all"),
    ({"grid": {"g": ["x"]}}, "^g='x'"), ({"grid": {"noise": [0.1]}}, "without g"),
])
def test_what_is_wrong_is_named(given, said):
    with pytest.raises(ModelError, match=said):
        described(GRID | given)


def test_a_file_that_is_no_scan(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        read_scan(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("network = random\n")
    with pytest.raises(ModelError, match="not TOML"):
        read_scan(tmp_path / "bad.toml")


def test_a_function_of_the_solution():
    function = function_of("lyapunov_exponent", {"tol": 1e-10})
    found = function(dmft.RandomNetwork(2.0), np.random.default_rng(0))
    assert float(found) == float(dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(2.0))))
    assert function_of("solve", {}) is dmft.solve


def test_rows_hold_values_and_errors(tmp_path):
    solution = dmft.solve(dmft.RandomNetwork(2.0))
    row = row_of(solution)
    assert (row["branch"], row["C_x(0)"]) == ("chaotic", float(solution.C_x[0]))
    assert row_of(dmft.Estimate(1.5, 0.1)) == {"value": 1.5, "value_stderr": 0.1}
    exponent = dmft.lyapunov_exponent(solution)
    assert row_of(exponent)["error"] == exponent.error
    assert row_of(ValueError("why")) == {"failed": "why"}
    states = dmft.solve(dmft.PopulationNetwork(mean=[[2.0]], g=0.2))
    row = row_of(states)
    assert (row["states"], row["stable"], row["branch"]) == (3, 2, "static")
    assert row["rates[0]"] == states[0].rates[0]
    assert row["variance[0]"] == states[0].variance[0]
    regions = dmft.solve(dmft.MultiregionNetwork(g=0.0, T=[[[2.0]]]))
    assert row_of(regions)["z[0,0]"] == regions[0].z[0, 0]
    network, times = dmft.RandomNetwork(1.5), dmft.Times(stop=1.0, dt=0.1)
    assert row_of(dmft.solve(network, times=times))["variance(stop)[0]"] > 0
    sampled = dmft.solve(dmft.RandomNetwork(1.5, reciprocity=0.3), times=times, tol=0.1)
    assert row_of(sampled)["variance(stop)[0]_stderr"] > 0
    assert row_of(dmft.timescales(solution))["half_life"] > 0
    spectrum = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(0.5)))
    assert row_of(spectrum)["largest"] == pytest.approx(-0.5)
    write_table(tmp_path / "t.csv", [{"g": 2.0}, {"g": 3.0}], [solution, ValueError("why")])
    with open(tmp_path / "t.csv", newline="") as file:
        first, second = csv.DictReader(file)
    assert float(first["C_x(0)"]) == float(solution.C_x[0])
    assert (second["g"], second["failed"], second["branch"]) == ("3.0", "why", "")
