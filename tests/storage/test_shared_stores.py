"""Several processes and one store: the work is shared, and killed processes leave no trace."""

from __future__ import annotations

import collections
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import dmft
from dmft.storage import locks, scan_store
from dmft.storage.scan_store import ScanStore

from .shared_scan import ROOT, SECONDS, lines, networks, scanned, slow, start

needs_locks = pytest.mark.skipif(locks.fcntl is None, reason="without locks, one process at a time")


def numbers(store, kind="begin"):
    return collections.Counter(float(g) for g, _ in lines(store, kind))


def wait_for(condition, seconds=60.0):
    """Wait until a condition holds; the time is a limit for a machine that hangs."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def alive(pid) -> bool:
    """Whether a process runs: one that has ended and was not waited for does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False


@needs_locks
def test_two_processes_share_the_work(tmp_path, monkeypatch):
    """This one joins another, for 16 of its 24 networks: each network is computed once."""
    store = tmp_path / "store"
    monkeypatch.setenv(SECONDS, "0.05")
    child = start(store, 24, "pool")
    wait_for(lambda: lines(store, "begin"))
    assert scanned(store, 16) == [2 * g for g in networks(16)]
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0, err
    assert out.strip() == str([2 * g for g in networks(24)])
    assert numbers(store) == dict.fromkeys(networks(24), 1)
    assert scanned(store, 24) == [2 * g for g in networks(24)]
    assert len(lines(store, "begin")) == 24


@needs_locks
def test_two_threads_share_the_work(tmp_path, monkeypatch):
    monkeypatch.setenv(SECONDS, "0.01")
    store, found = tmp_path / "store", {}

    def run(count):
        found[count] = scanned(store, count)

    threads = [threading.Thread(target=run, args=(count,)) for count in (12, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {count: [2 * g for g in networks(count)] for count in (12, 9)}
    assert numbers(store) == dict.fromkeys(networks(12), 1)


@pytest.mark.parametrize(("first", "second"), [(6, 4), (4, 6), (3, 5), (5, 3)])
def test_a_store_that_two_open_at_once_is_one_scan(tmp_path, first, second):
    """Both open it before either computes: what one records, the other does not overwrite."""
    def opened(count):
        store = ScanStore(tmp_path / "store", slow, {}, networks(count))
        store.open(None)
        return store

    one, two = opened(first), opened(second)
    recorded = json.loads((tmp_path / "store" / "scan.json").read_text())["networks"]
    assert recorded == networks(max(first, second))
    for store, count in ((one, first), (two, second)):
        store.begin([None] * count)
        for index in range(count):
            store.write(index, store.networks[index] + 1)
    again = opened(6)
    assert again.begin([None] * 6)[:max(first, second)] == [
        g + 1 for g in networks(max(first, second))]


def test_a_fresh_seed_is_that_of_the_first(tmp_path):
    """Two scans that give no seed and begin at once draw from one."""
    import numpy as np

    stores = [ScanStore(tmp_path / "store", dmft.solve, {}, []) for _ in range(2)]
    roots = [store.open(np.random.SeedSequence(), fresh=True) for store in stores]
    assert roots[0].entropy == roots[1].entropy


@needs_locks
@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="looks at /proc")
@pytest.mark.parametrize("how", ["pool", pytest.param("dask", marks=pytest.mark.slow)])
def test_a_killed_parent_leaves_no_orphan_and_loses_nothing(tmp_path, how):
    """SIGKILL of the process that scans: its workers end, and only what they had is done twice."""
    store = tmp_path / "store"
    child = start(store, 12, how, seconds=0.25)
    wait_for(lambda: len(list(store.glob("*.npz"))) >= 3)
    workers = {int(pid) for _, pid in lines(store, "begin")}
    child.kill()
    child.communicate()
    wait_for(lambda: not any(map(alive, workers)), 5.0)
    done, begun = len(list(store.glob("*.npz"))), numbers(store)
    assert scanned(store, 12) == [2 * g for g in networks(12)]
    twice = numbers(store).total() - 12
    assert twice == begun.total() - done  # each of these was in flight
    assert twice <= 4  # two that ran, two that had ended and were on their way to the store


@pytest.mark.slow
@needs_locks
@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="looks at /proc")
def test_a_killed_worker_loses_nothing(tmp_path):
    store = tmp_path / "store"
    child = start(store, 12, "pool", seconds=0.3)
    wait_for(lambda: len(list(store.glob("*.npz"))) >= 3)
    workers = {int(pid) for _, pid in lines(store, "begin")}
    os.kill(int(lines(store, "begin")[-1][1]), signal.SIGKILL)
    _, err = child.communicate(timeout=60)
    assert "BrokenProcessPool" in err
    wait_for(lambda: not any(map(alive, workers)), 5.0)
    done = len(list(store.glob("*.npz")))
    before = numbers(store).total()
    assert scanned(store, 12) == [2 * g for g in networks(12)]
    assert numbers(store).total() - before == 12 - done


@pytest.mark.slow
def test_a_killed_worker_of_dask_is_replaced(tmp_path):
    store = tmp_path / "store"
    child = start(store, 12, "dask", seconds=0.25)
    wait_for(lambda: len(list(store.glob("*.npz"))) >= 3)
    os.kill(int(lines(store, "begin")[-1][1]), signal.SIGKILL)
    out, err = child.communicate(timeout=120)
    assert out.strip() == str([2 * g for g in networks(12)]), err
    assert numbers(store).total() <= 14  # only what the worker had is done twice


@needs_locks
def test_what_a_killed_process_left_is_cleared(tmp_path):
    store = tmp_path / "store"
    scanned(store, 2)
    left = [store / f".{name}.tmp" for name in ("00001.npz.0a1b2c3d", "00007.npz.0a1b2c3d")]
    mine = store / ".notes.tmp"
    for path in (*left, mine):
        path.write_bytes(b"half a file")
    scanned(store, 2)
    assert not any(path.exists() for path in left)
    assert mine.exists()


@needs_locks
def test_locks_end_with_their_process(tmp_path):
    """A killed process holds nothing, though a child that it has forked still runs."""
    path = tmp_path / "locks"
    code = (f"import os, time; from dmft.storage.locks import lock_file; "
            f"assert lock_file({str(path)!r}).take(3); "
            "child = os.fork() or time.sleep(60); print(child, flush=True); time.sleep(60)")
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "PYTHONPATH": str(ROOT)})
    child = int(holder.stdout.readline())
    try:
        here = locks.lock_file(path)
        assert not here.take(3)
        assert here.take(4)
        holder.kill()
        holder.wait()
        assert alive(child)
        wait_for(lambda: here.take(3), 5.0)
    finally:
        os.kill(child, signal.SIGKILL)
        holder.stdout.close()


def test_without_locks_a_store_gives_a_warning(tmp_path, monkeypatch):
    class NoLocks:
        LOCK_EX = LOCK_NB = LOCK_UN = 0

        @staticmethod
        def lockf(*args):
            raise OSError(37, "No locks available")

    monkeypatch.setattr(locks, "fcntl", NoLocks)
    with pytest.warns(dmft.StorageWarning, match="allow no locks; let one process at a time"):
        assert scanned(tmp_path / "store", 3) == [0.0, 20.0, 40.0]
    monkeypatch.setattr(locks, "fcntl", None)
    with pytest.warns(dmft.StorageWarning, match="no locks"):
        assert scanned(tmp_path / "store", 3) == [0.0, 20.0, 40.0]
    assert len(lines(tmp_path / "store", "begin")) == 3


def test_a_store_that_cannot_be_written_is_reported_before_the_work(tmp_path, monkeypatch):
    store = tmp_path / "store"
    scanned(store, 2)
    monkeypatch.setattr(scan_store.os, "access", lambda path, mode: False)
    assert scanned(store, 2) == [0.0, 20.0]  # what is there can be read
    with pytest.raises(dmft.StorageError, match="nothing can be written to it"):
        scanned(store, 3)
    assert len(lines(store, "begin")) == 2


def test_a_folder_that_another_makes_meanwhile_is_a_folder(tmp_path, monkeypatch):
    """It appears between the two looks at it."""
    folder = tmp_path / "store"
    store = ScanStore(folder, slow, {}, networks(2))
    real = os.path.lexists
    monkeypatch.setattr(scan_store.os.path, "lexists",
                        lambda path: (path == folder and folder.mkdir(exist_ok=True)) or real(path))
    store.open(None)
    assert (folder / "scan.json").exists()
