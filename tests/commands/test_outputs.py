"""Outputs are checked before the solve: a refusal leaves no file, and changes none."""

from __future__ import annotations

import os
import shutil

import pytest

import dmft

SOLVE = ["solve", "random", "--g", "2", "--phi", "erf"]
VALIDATE = ["validate", *SOLVE[1:], "--neurons", "20", "--networks", "8", "--trials", "2"]
COMMANDS = [(SOLVE, "--output", ".npz"), (VALIDATE, "--output", ".npz"),
            (VALIDATE, "--store", ".npz"), (["bench", "import"], "--output", ".md")]


@pytest.fixture
def no_work(monkeypatch):
    """Fails the test if anything is computed."""
    from dmft.validation.benchmarks import registry

    def work(*args, **kwargs):
        pytest.fail("the computation began")

    monkeypatch.setattr(dmft, "solve", work)
    monkeypatch.setattr(registry, "run", work)


def tree(folder) -> dict[str, bytes | None]:
    """What a folder holds, to the last byte."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
            for path in folder.rglob("*")}


@pytest.mark.parametrize(("words", "option", "suffix"), COMMANDS,
                         ids=lambda value: value if isinstance(value, str) else value[0])
@pytest.mark.parametrize(("name", "expected"), [
    ("no/result{}", "the folder no does not exist"),
    ("file{}/result{}", "is not a folder"),
    ("folder", "is a folder"), (".", "is a folder"), ("", "is a folder"),
    ("new/", "is a folder"), ("other{}", "other{} is a folder"),
    ("other", "other{} exists and is not a file"),
    ("result.csv", "the result is a {} file, not .csv; give result{}"),
    ("result{}.gz", "not .gz"),
    ("kept{}", "kept{} is read-only"), ("kept", "kept{} is read-only"),
    ("fifo{}", "is not a file"), ("x" * 245 + "{}", "cannot be written (File name too long)"),
    ("x" * 300, "cannot be written (File name too long)"),
    ("/proc/result{}", "/proc/result{}: cannot be written"),
])
def test_a_path_that_cannot_be_written(call_dmft, no_work, tmp_path, words, option, suffix, name,
                                       expected):
    (tmp_path / "folder").mkdir()
    (tmp_path / f"other{suffix}").mkdir()
    (tmp_path / f"file{suffix}").write_text("text")
    (tmp_path / f"kept{suffix}").write_text("years of work")
    (tmp_path / f"kept{suffix}").chmod(0o444)
    os.mkfifo(tmp_path / f"fifo{suffix}")
    before = tree(tmp_path)
    status, out, err = call_dmft(*words, option, name.replace("{}", suffix))
    assert (status, out) == (2, "")
    assert err.startswith(f"dmft: argument {option}: ")
    assert expected.replace("{}", suffix) in err.splitlines()[0]
    assert tree(tmp_path) == before


def test_a_check_changes_no_file_that_exists(call_dmft, tmp_path, monkeypatch):
    (tmp_path / "sol.npz").write_text("older")

    def fails(*args, **kwargs):
        raise dmft.ConvergenceError("no solution")

    monkeypatch.setattr(dmft, "solve", fails)
    assert call_dmft(*SOLVE, "--output", "sol.npz")[0] == 1
    assert tree(tmp_path) == {"sol.npz": b"older"}


def test_a_name_without_suffix_gets_it(call_dmft, tmp_path):
    status, out, _ = call_dmft(*SOLVE, "--output", "sol")
    assert status == 0
    assert "saved               sol.npz" in out
    assert list(tree(tmp_path)) == ["sol.npz"]


def test_a_folder_that_is_removed_during_the_solve_gives_status_1(call_dmft, tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()
    solve = dmft.solve

    def slow(*args, **kwargs):
        shutil.rmtree(tmp_path / "results")
        return solve(*args, **kwargs)

    monkeypatch.setattr(dmft, "solve", slow)
    status, _, err = call_dmft(*SOLVE, "--output", "results/sol.npz")
    assert status == 1
    assert err == "dmft: results/sol.npz: the folder results does not exist; make it first\n"


def test_two_results_in_one_file_are_refused(call_dmft, no_work, tmp_path):
    status, _, err = call_dmft(*VALIDATE, "--output", "a.npz", "--store", "./a")
    assert status == 2
    assert "--store and --output are both a.npz" in err
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(("name", "expected"), [
    ("file", "is a file"), ("file/in", "Not a directory"), ("/proc/dmft", "--output /proc/dmft: "),
])
def test_the_folder_of_figures(call_dmft, tmp_path, monkeypatch, name, expected):
    from dmft.validation.figures import registry

    monkeypatch.setattr(registry, "regenerate", lambda *args, **more: pytest.fail("begun"))
    (tmp_path / "file").write_text("text")
    status, _, err = call_dmft("figures", "iid", "--output", name)
    assert status == 2
    assert expected in err.splitlines()[0]


def test_equations_in_a_checkout_that_cannot_be_written(call_dmft, tmp_path, monkeypatch):
    from dmft.commands import outputs
    from dmft.derivations.printing import emit

    def read_only(**options):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(emit, "write", lambda root: pytest.fail("the derivations began"))
    monkeypatch.setattr(outputs.tempfile, "NamedTemporaryFile", read_only)
    (tmp_path / "derivations").mkdir()
    status, _, err = call_dmft("equations", "--write")
    assert status == 2
    assert "Read-only file system" in err.splitlines()[0]


@pytest.mark.parametrize(("change", "expected"), [
    (["--seed", "1"], "holds runs with entropy=0, not 1"),
    (["--trials", "3"], "holds runs with trials=2, not 3"),
    (["--g", "3"], "holds runs with network="),
    (["--stop", "5", "--duration", "5"], "--duration"),
    (["--stop", "5"], "holds stationary runs"),
], ids=lambda value: value[0] if isinstance(value, list) else "")
def test_a_store_of_other_runs_is_refused_before_the_solve(call_dmft, monkeypatch, tmp_path, change,
                                                           expected):
    dmft.validation.simulate(dmft.RandomNetwork(2.0, dmft.erf), 20, 1, trials=2, duration=20.0,
                             rng=0, store=tmp_path / "store.npz")
    before = (tmp_path / "store.npz").read_bytes()
    monkeypatch.setattr(dmft, "solve", lambda *args, **kwargs: pytest.fail("the solve began"))
    status, out, err = call_dmft(*VALIDATE, "--store", "store.npz", *change)
    assert status != 0
    assert out == ""
    assert expected in err
    assert (tmp_path / "store.npz").read_bytes() == before
