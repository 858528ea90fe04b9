"""dmft scan: a scan from a file, continued from its store."""

import csv

import pytest

import dmft

SCAN = """
network = "random"
verb = "lyapunov_exponent"
[grid]
g = [1.5, 2.0]
"""


def test_a_scan_is_computed_once(call_dmft, tmp_path, monkeypatch):
    (tmp_path / "scan.toml").write_text(SCAN)
    words = ("scan", "scan.toml", "--store", "kept", "--table", "out.csv")
    status, out, err = call_dmft(*words)
    assert (status, err) == (0, "")
    assert "2, of which 0 failed" in out
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert [float(row["value"]) for row in rows] == [
        float(dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(g)))) for g in (1.5, 2.0)]

    def fails(*given, **options):
        raise AssertionError("computed again")

    monkeypatch.setattr(dmft, "solve", fails)
    assert call_dmft(*words)[0] == 0


def test_a_network_that_fails_is_named(call_dmft, tmp_path):
    (tmp_path / "scan.toml").write_text(SCAN.replace("lyapunov_exponent", "dimension").replace(
        "1.5", "0.5"))
    status, out, _ = call_dmft("scan", "scan.toml", "--store", "kept", "--table", "out")
    assert status == 1
    assert "failed              at g=0.5: " in out
    assert "is quiescent" in (tmp_path / "out.csv").read_text()


def test_a_corrected_scan_takes_a_store_without_results(call_dmft, tmp_path):
    (tmp_path / "scan.toml").write_text(SCAN + "[options]\ntol = -1.0\n")
    status, out, _ = call_dmft("scan", "scan.toml", "--store", "kept")
    assert status == 1
    assert "at g=1.5: tol=-1.0" in out
    (tmp_path / "scan.toml").write_text(SCAN)
    assert call_dmft("scan", "scan.toml", "--store", "kept")[0] == 0
    (tmp_path / "scan.toml").write_text(SCAN + "[options]\ntol = 1e-3\n")
    status, _, err = call_dmft("scan", "scan.toml", "--store", "kept")
    assert status == 1
    assert "its scan differs from this one in options" in err


@pytest.mark.parametrize(("words", "said"), [
    (("scan", "none.toml", "--store", "kept"), "cannot be read"),
    (("scan", "scan.toml"), "--store"),
    (("scan", "scan.toml", "--store", "none/kept"), "the folder none does not exist"),
    (("scan", "scan.toml", "--store", "scan.toml"), "is not a folder"),
    (("scan", "scan.toml", "--store", "kept", "--workers", "0"), "workers"),
    (("scan", "scan.toml", "--store", "kept", "--workers", "2", "--dask", "tcp://x:1"), "dask"),
])
def test_bad_arguments(call_dmft, tmp_path, words, said):
    (tmp_path / "scan.toml").write_text(SCAN)
    status, _, err = call_dmft(*words)
    assert status == 2
    assert said in err


@pytest.mark.slow
def test_processes_give_the_same_table(call_dmft, tmp_path):
    (tmp_path / "scan.toml").write_text(SCAN)
    for name, workers in (("one", 1), ("two", 2)):
        assert call_dmft("scan", "scan.toml", "--store", name, "--workers", workers,
                         "--table", name)[0] == 0
    assert (tmp_path / "one.csv").read_text() == (tmp_path / "two.csv").read_text()
