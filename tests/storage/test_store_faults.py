"""Every result of a store is that of its network, seed and function, or is not used.

Results are exchanged, cut, taken from another scan or written by another version; functions are
edited, and closures capture other values. Each has its own outcome: computed again where that is
safe, refused with the path and what to do otherwise.
"""

from __future__ import annotations

import errno
import functools
import json
import os
import shutil
import subprocess
import sys
import warnings

import numpy as np
import pytest

import dmft
from dmft.storage import files, fingerprint

from .shared_scan import ROOT
from .test_saving import rewrite_header

CALLS: list = []


def draw(g, rng, scale=1.0):
    CALLS.append(g)
    return scale * g * rng.random()


@pytest.fixture
def store(tmp_path):
    """A store of four results, and what a scan without a store returns."""
    dmft.scan(draw, [1.0, 2.0, 3.0, 4.0], store=tmp_path / "store")
    CALLS.clear()
    return tmp_path / "store"


def right(count=4):
    return [g * np.random.default_rng(seed).random() for g, seed in
            zip([1.0, 2.0, 3.0, 4.0], np.random.SeedSequence(0).spawn(count), strict=True)]


def again(store, **options):
    return dmft.scan(draw, [1.0, 2.0, 3.0, 4.0], store=store, **options)


def quiet(function, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error", dmft.StorageWarning)
        return function(*arguments, **options)


def test_an_undamaged_store_is_used_without_warning(store):
    assert quiet(again, store) == right()
    assert CALLS == []


def test_exchanged_results_are_computed_again(store):
    (store / "00001.npz").rename(store / "x")
    (store / "00002.npz").rename(store / "00001.npz")
    (store / "x").rename(store / "00002.npz")
    with pytest.warns(dmft.StorageWarning, match=r"00001\.npz: holds the result of another network "
                                                 r".*computed again \(and 1 more\)"):
        assert again(store) == right()
    assert CALLS == [2.0, 3.0]
    assert quiet(again, store) == right()  # once


@pytest.mark.parametrize("length", [0, 1, 100, -1])
def test_a_truncated_result_is_computed_again(store, length):
    path = store / "00001.npz"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.warns(dmft.StorageWarning, match=r"00001\.npz: damaged, and computed again"):
        assert again(store) == right()
    assert CALLS == [2.0]
    assert quiet(again, store) == right()


@pytest.mark.parametrize("change", [
    {"function": dmft.solve, "networks": [dmft.RandomNetwork(0.5)] * 2}, {"rng": 5},
    {"scale": 2.0}, {"networks": [1.0, 5.0]}], ids=lambda change: next(iter(change)))
def test_a_result_of_another_scan_is_refused_and_kept(store, tmp_path, change):
    dmft.scan(**{"function": draw, "networks": [1.0, 2.0], "store": tmp_path / "other"} | change)
    shutil.copy(tmp_path / "other" / "00001.npz", store / "00001.npz")
    before = (store / "00001.npz").read_bytes()
    with pytest.raises(dmft.StorageError, match=r"00001\.npz: holds a result of another scan .*"
                                                r"move it elsewhere, or delete it"):
        again(store)
    assert (store / "00001.npz").read_bytes() == before


@pytest.mark.parametrize(("prepare", "problem"), [
    (lambda path: (path.unlink(), path.mkdir()), "it is not a file.*delete"),
    (lambda path: np.savez(path, a=np.zeros(3)), r"not written by dmft\.save.*delete"),
    (lambda path: dmft.save(3.0, path), "a result of another scan"),
    (lambda path: rewrite_header(path, format_version=99, dmft_version="9.0"), "newer"),
    (lambda path: rewrite_header(path, value={"class": "Unheard", "fields": {}}),
     r"not registered here.*delete .*00001\.npz"),
], ids=["folder", "numpy", "saved", "newer", "class"])
def test_what_cannot_be_computed_again_safely_is_refused(store, prepare, problem):
    prepare(store / "00001.npz")
    with pytest.raises(dmft.StorageError, match=problem) as caught:
        again(store)
    assert "00001.npz" in str(caught.value)
    assert CALLS == []


def test_links_pipes_and_copies(store, tmp_path):
    shutil.copytree(store, tmp_path / "copy")
    assert quiet(again, tmp_path / "copy") == right()
    (tmp_path / "link").symlink_to(store, target_is_directory=True)
    assert quiet(again, tmp_path / "link") == right()
    assert CALLS == []
    (store / "00001.npz").unlink()
    (store / "00001.npz").symlink_to("nowhere")
    with pytest.raises(dmft.StorageError, match="no such file"):
        again(store)
    (store / "00001.npz").unlink()
    os.mkfifo(store / "00001.npz")  # opening it would wait for a writer
    with pytest.raises(dmft.StorageError, match="it is not a file"):
        again(store)


# ---- versions


def test_an_older_store_without_fingerprints_gives_a_warning(tmp_path):
    written = ROOT / "tests" / "data" / "written_by_0.1.0" / "scan_solve"
    shutil.copytree(written, tmp_path / "store")
    networks = [dmft.RandomNetwork(g) for g in (1.5, 2.0)]
    call = functools.partial(dmft.scan, dmft.solve, networks, store=tmp_path / "store",
                             lags=dmft.Lags(20, 0.5), strict=False)
    with pytest.warns(dmft.StorageWarning, match=r"written by dmft 0\.1\.0 without a fingerprint"):
        call()
    for one, two in (("00000", "x"), ("00001", "00000"), ("x", "00001")):
        (tmp_path / "store" / f"{one}.npz").rename(tmp_path / "store" / f"{two}.npz")
    with pytest.warns(dmft.StorageWarning) as caught:
        found = call()
    assert [solution.network for solution in found] == networks
    assert any("computed again" in str(one.message) for one in caught)


@pytest.fixture
def older(store):
    """The store, with a record and a result that version 0.0.9 wrote."""
    record = store / "scan.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "dmft_version": "0.0.9"}))
    rewrite_header(store / "00001.npz", dmft_version="0.0.9")
    return store


def test_another_version_is_used_with_a_warning(older):
    with pytest.warns(dmft.StorageWarning, match=r"scan\.json: was written by dmft 0\.0\.9, and "
                                                 r"this is dmft .*on_version="):
        assert again(older) == right()
    assert CALLS == []


def test_another_version_is_used_computed_again_or_refused(older):
    assert quiet(again, older, on_version="reuse") == right()
    with pytest.raises(dmft.StorageError, match=r"scan\.json: was written by dmft 0\.0\.9.*"
                                                "on_version='recompute'"):
        again(older, on_version="raise")
    assert CALLS == []
    assert quiet(again, older, on_version="recompute") == right()
    assert CALLS == [2.0]
    rewrite_header(older / "00001.npz", dmft_version="0.0.9")
    with pytest.raises(dmft.StorageError, match=r"00001\.npz: was written by dmft 0\.0\.9"):
        again(older, on_version="raise")


def test_an_unknown_on_version_is_refused(tmp_path):
    with pytest.raises(dmft.ModelError, match="on_version='x'"):
        dmft.scan(draw, [1.0], on_version="x")


# ---- functions


def clipped(limit, name="clipped"):
    return dmft.Nonlinearity(lambda x: np.clip(x, -limit, limit),
                             lambda x: (np.abs(x) < limit) * 1.0, name=name)


def bump(height):
    """Two of these agree at every place where phi is compared by its values."""
    def shape(x):
        return height * np.exp(-((x - 6.1) / 0.1) ** 2 / 2)

    return dmft.Nonlinearity(lambda x: np.tanh(x) + shape(x),
                             lambda x: 1 / np.cosh(x)**2 - 100 * (x - 6.1) * shape(x), name="bump")


@pytest.mark.parametrize(("make", "one", "other"), [(clipped, 4.0, 5.0), (clipped, 30.0, 31.0),
                                                    (bump, 0.0, 1e-3)])
def test_two_phi_of_one_name_are_distinguished(tmp_path, make, one, other):
    dmft.scan(abs_g, [dmft.RandomNetwork(0.5, make(one))], store=tmp_path / "store")
    dmft.scan(abs_g, [dmft.RandomNetwork(0.5, make(one))], store=tmp_path / "store")
    with pytest.raises(dmft.StorageError, match=r"network 0 \(in phi\.nonlinearity"):
        dmft.scan(abs_g, [dmft.RandomNetwork(0.5, make(other))], store=tmp_path / "store")


def test_a_saved_phi_is_compared_far_out(tmp_path):
    path = dmft.save(dmft.RandomNetwork(0.5, clipped(4.0)), tmp_path / "net")
    assert dmft.load(path, phi=clipped(4.0)).g == 0.5
    with pytest.raises(dmft.StorageError, match=r"another phi, 'clipped': at x=-1e\+06 it was -4"):
        dmft.load(path, phi=clipped(5.0))
    with pytest.raises(dmft.StorageError, match="its name is 'other'"):
        dmft.load(path, phi=clipped(4.0, "other"))


def abs_g(network):
    return abs(network.g)


def scaled(factor, offset=0.0):
    def by_factor(g):
        return factor * g + offset
    return by_factor


class Scaled:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, g):
        return self.factor * g

    def method(self, g):
        return self.factor * g


SCALE = 2.0


def by_global(g):
    return SCALE * g


def by_helper(g):
    return by_global(g)


def by_array(g, a=None):
    return float(a.sum()) * g


def cached(factor):
    return functools.lru_cache(scaled(factor))


def bound(factor):
    return functools.partial(by_array, a=np.array([factor, 1e-20]))


@pytest.mark.parametrize("make", [scaled, Scaled, lambda factor: Scaled(factor).method, cached,
                                  bound], ids=["closure", "object", "method", "cached", "partial"])
def test_functions_that_hold_other_values_are_other_functions(tmp_path, make):
    assert dmft.scan(make(2.0), [1.0], store=tmp_path / "store") == [2.0]
    assert dmft.scan(make(2.0), [1.0], store=tmp_path / "store") == [2.0]
    with pytest.raises(dmft.StorageError, match=r"differs from this one in (code of the )?func"):
        dmft.scan(make(3.0), [1.0], store=tmp_path / "store")


@pytest.mark.parametrize("function", [by_global, by_helper])
def test_a_changed_constant_of_the_module_is_refused(tmp_path, monkeypatch, function):
    dmft.scan(function, [1.0], store=tmp_path / "store")
    monkeypatch.setattr(sys.modules[__name__], "SCALE", 3.0)
    with pytest.raises(dmft.StorageError, match=r"code of the function.*on_version='reuse'"):
        dmft.scan(function, [1.0], store=tmp_path / "store")
    assert dmft.scan(function, [1.0, 2.0], store=tmp_path / "store", on_version="reuse") == [2, 6]
    monkeypatch.undo()
    assert dmft.scan(function, [1.0, 2.0], store=tmp_path / "store") == [2, 6]


def test_a_renamed_and_an_edited_function_are_refused(tmp_path):
    def edited(text, name="f"):
        names = {"__name__": "mine"}
        exec(f"def {name}(g):\n    {text}\n", names)
        return names[name]

    dmft.scan(edited("return 2 * g"), [1.0], store=tmp_path / "store")
    dmft.scan(edited("# the same\n    return 2 * g"), [1.0], store=tmp_path / "store")
    with pytest.raises(dmft.StorageError,
                       match=r"in function: \"mine\.f\" in the store, \"mine\.h\" now"):
        dmft.scan(edited("return 2 * g", "h"), [1.0], store=tmp_path / "store")
    with pytest.raises(dmft.StorageError, match="in code of the function"):
        dmft.scan(edited("return 3 * g"), [1.0], store=tmp_path / "store")


def test_what_holds_more_than_can_be_recorded_is_refused(tmp_path):
    with pytest.raises(dmft.ModelError, match="a store cannot distinguish it from others"):
        dmft.scan(scaled(1.0, iter([])), [1.0], store=tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_the_fingerprint_of_a_function_is_the_same_in_every_process():
    code = ("from tests.storage import test_store_faults as t; "
            "from dmft.storage import fingerprint; "
            "print([fingerprint.recorded_code(f)['digest'] for f in "
            "(t.scaled(2.0), t.by_helper, t.Scaled(2.0), t.in_a_set)])")
    # this process has another seed of hashes
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                           env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"},
                           check=True).stdout
    here = [fingerprint.recorded_code(f)["digest"]
            for f in (scaled(2.0), by_helper, Scaled(2.0), in_a_set)]
    assert found == f"{here}\n"


def in_a_set(g):
    return g in {"a", "b", "c"}


def test_networks_of_equal_repr_are_different(tmp_path):
    weights = np.eye(40)
    other = weights.copy()
    other[20, 21] = 0.5  # where the repr has dots
    networks = [dmft.Network((dmft.Matrix(w),)) for w in (weights, other)]
    assert repr(networks[0]) == repr(networks[1])
    trees = [fingerprint.fingerprint(network, "network") for network in networks]
    assert fingerprint.difference("network", *trees)


@pytest.mark.parametrize("rng", [0, np.int64(0), np.random.SeedSequence(0)], ids=repr)
def test_equal_seeds_of_other_types_are_one_seed(store, rng):
    assert quiet(again, store, rng=rng) == right()
    assert CALLS == []


# ---- a full disk


@pytest.fixture
def full(monkeypatch):
    """A disk that takes two more results."""
    left, real = [2], files._write_archive

    def write(stream, text, arrays):
        left[0] -= 1
        if left[0] < 0:
            stream.write(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        real(stream, text, arrays)

    monkeypatch.setattr(files, "_write_archive", write)


@pytest.mark.parametrize("pool", [False, True])
def test_a_full_disk_loses_nothing(tmp_path, full, monkeypatch, pool):
    from concurrent.futures import ThreadPoolExecutor
    from contextlib import nullcontext

    CALLS.clear()
    store = tmp_path / "store"
    with ThreadPoolExecutor(1) if pool else nullcontext() as executor, pytest.raises(
            dmft.storage.scan.ScanError, match=r"No space left on device.*\.results") as caught:
        again(store, executor=executor)
    found = caught.value.results
    assert len(CALLS) == (4 if pool else 3)  # what was in flight is kept
    assert found[:len(CALLS)] == right()[:len(CALLS)]
    assert found[len(CALLS):] == [None] * (4 - len(CALLS))
    assert sorted(path.name for path in store.iterdir()) == [
        "00000.npz", "00001.npz", "scan.json", "scan.lock"]
    monkeypatch.undo()
    CALLS.clear()
    assert quiet(again, store) == right()
    assert CALLS == [3.0, 4.0]


def test_a_full_disk_leaves_the_file_that_was_saved_before(tmp_path, full):
    for value in (1, 2):
        path = dmft.save(value, tmp_path / "x")
    with pytest.raises(dmft.StorageError, match=r"cannot be written \(No space left"):
        dmft.save(3, path)
    assert dmft.load(path) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["x.npz"]


def test_many_saves_to_one_path_leave_one_whole_file(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    arrays = [np.full(3000, float(k)) for k in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda array: dmft.save(array, tmp_path / "x"), arrays))
    found = dmft.load(tmp_path / "x")
    assert any(np.array_equal(found, array) for array in arrays)
    assert [file.name for file in tmp_path.iterdir()] == ["x.npz"]


def test_every_result_carries_its_fingerprint(store):
    notes = [files.header(store / f"{index:05d}.npz")["note"] for index in range(4)]
    assert len({note["fingerprint"] for note in notes}) == 4
    assert [note["index"] for note in notes] == [0, 1, 2, 3]
