"""scan: what it returns depends on the function, the networks and the seed, and on nothing else."""

from __future__ import annotations

import atexit
import functools
import multiprocessing
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import numpy as np
import pytest

import dmft
from dmft.storage.scan import ScanError, ScanInterrupted, child

GS = [0.5, 1.5, 2.0, 3.0]
DEAD = 99.0  # "networks" for which `draw` below does not converge, or stops
BROKEN = -1.0


def draw(g, rng, scale=1.0):
    """A function of a network and a seed, too cheap to be worth a solve."""
    if g == DEAD:
        raise dmft.ConvergenceError("no solution at g=99", solution=(g, scale))
    if g == BROKEN:
        raise ZeroDivisionError("a bug")
    return scale * g * rng.random(3)


def double(g):
    return 2 * g


def equal(a, b) -> bool:
    return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


class Backwards(Executor):
    """An executor that computes a task when its result is requested, the last one first."""

    def __init__(self):
        self.tasks = []
        self.after = threading.Timer(0.05, self.run)

    def submit(self, function, /, *args, **kwargs):
        if not self.tasks:
            self.after.start()
        future: Future = Future()
        self.tasks.append((future, functools.partial(function, *args, **kwargs)))
        return future

    def run(self):
        for future, task in reversed(self.tasks):
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(task())
                except Exception as error:
                    future.set_exception(error)


# ---- seeds


def test_every_network_has_the_child_seed_of_its_place():
    root = np.random.SeedSequence(7)
    spawned = np.random.SeedSequence(7).spawn(len(GS))
    expected = [draw(g, np.random.default_rng(seed)) for g, seed in zip(GS, spawned, strict=True)]
    assert equal(dmft.scan(draw, GS, rng=7), expected)
    assert equal(dmft.scan(draw, GS, rng=root), expected)
    assert root.n_children_spawned == 0  # a seed sequence that is given is not used up
    assert equal([child(root, 1).generate_state(4)], [spawned[1].generate_state(4)])


def test_a_longer_scan_begins_with_the_shorter_one():
    assert equal(dmft.scan(draw, [*GS, 4.0], rng=3)[:4], dmft.scan(draw, GS, rng=3))


def test_other_seeds_other_results():
    a, b = dmft.scan(draw, GS, rng=0), dmft.scan(draw, GS, rng=1)
    assert not any(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
    same = dmft.scan(draw, [1.0, 1.0], rng=0)  # equal networks are independent draws
    assert not np.array_equal(*same)
    assert not equal(dmft.scan(draw, GS, rng=None), dmft.scan(draw, GS, rng=None))


def test_a_generator_is_advanced():
    rng = np.random.default_rng(5)
    first, second = dmft.scan(draw, GS, rng=rng), dmft.scan(draw, GS, rng=rng)
    assert not equal(first, second)
    rng = np.random.default_rng(5)
    assert equal([*dmft.scan(draw, GS, rng=rng), *dmft.scan(draw, GS, rng=rng)], first + second)


def test_a_function_without_rng_is_called_without_it():
    assert dmft.scan(double, GS) == [1.0, 3.0, 4.0, 6.0]


def test_networks_may_be_an_iterator_and_none_at_all():
    assert dmft.scan(double, iter(GS)) == dmft.scan(double, GS)
    assert dmft.scan(double, []) == []


# ---- executors


def thread_pool():
    return ThreadPoolExecutor(3)


@contextmanager
def process_pool():
    """One fresh process for all tests, since starting it costs more than they do.

    A fork of this one, in which dask's threads run, could hang.
    """
    yield started_process_pool()


@functools.cache
def started_process_pool():
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    atexit.register(pool.shutdown)
    return pool


@pytest.mark.parametrize("make", [Backwards, thread_pool, process_pool])
def test_the_executor_does_not_change_the_results(make):
    here = dmft.scan(draw, GS, rng=11, scale=2.0)
    with make() as executor:
        assert equal(dmft.scan(draw, GS, executor=executor, rng=11, scale=2.0), here)
        assert executor.submit(double, 1).cancelled() is False  # it is left open


def test_networks_are_solved_in_other_processes():
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x", real=True)
    phis = [dmft.tanh, dmft.erf, dmft.Nonlinearity.from_sympy(sympy.tanh(x) + x / 20)]
    networks = [dmft.RandomNetwork(1.8, phi) for phi in phis]
    here = dmft.scan(dmft.solve, networks, tol=1e-8)
    with process_pool() as executor:
        there = dmft.scan(dmft.solve, networks, executor=executor, tol=1e-8)
    for a, b, network in zip(here, there, networks, strict=True):
        assert a.network == b.network == network
        assert np.array_equal(a.C_x.value, b.C_x.value)


@pytest.mark.slow
def test_dask_is_an_executor():
    distributed = pytest.importorskip("distributed")
    with (distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False,
                                   dashboard_address=None) as cluster,
          cluster.get_client() as client):
        there = dmft.scan(draw, GS, executor=client.get_executor(), rng=11)
    assert equal(there, dmft.scan(draw, GS, rng=11))


def test_a_function_that_cannot_be_sent_is_named():
    with process_pool() as executor, pytest.raises(dmft.ModelError, match="top level of a module"):
        dmft.scan(lambda network: network, [1.0], executor=executor)


@pytest.mark.slow
def test_dask_is_an_executor_of_other_processes():
    distributed = pytest.importorskip("distributed")
    networks = [dmft.RandomNetwork(g) for g in (1.5, 2.0)]
    with (distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
          as cluster, cluster.get_client() as client):
        there = dmft.scan(dmft.solve, networks, executor=client.get_executor())
    for a, b in zip(there, dmft.scan(dmft.solve, networks), strict=True):
        assert np.array_equal(a.C_x.value, b.C_x.value)


def test_results_are_reported_as_they_become_ready():
    told = []
    with Backwards() as executor:
        results = dmft.scan(draw, GS, executor=executor,
                            callback=lambda *what: told.append(what))
    assert [done for done, *_ in told] == [1, 2, 3, 4]
    assert {total for _, total, _, _ in told} == {4}
    assert [index for _, _, index, _ in told] == [3, 2, 1, 0]
    assert all(result is results[index] for _, _, index, result in told)


# ---- stores


class Counted:
    """`draw`, counting its calls; two of them are one function to a store."""

    __qualname__ = "Counted"

    def __init__(self):
        self.calls = []

    def __call__(self, g, rng, scale=1.0):
        self.calls.append(g)
        return draw(g, rng, scale)

    def __getstate__(self):
        return None  # what has been counted is no part of the function


class Stop(Exception):
    pass


def stop_after(count):
    def callback(done, total, index, result):
        if done == count:
            raise Stop
    return callback


@pytest.mark.parametrize("make", [nullcontext, thread_pool], ids=["serial", "threads"])
def test_a_killed_scan_resumes_where_it_stopped(tmp_path, make):
    first, second, third = Counted(), Counted(), Counted()
    with make() as executor, pytest.raises(Stop):
        dmft.scan(first, GS, rng=2, store=tmp_path / "store", callback=stop_after(2),
                  executor=executor)
    kept = len(list((tmp_path / "store").glob("*.npz")))
    assert kept == 2
    with make() as executor:
        results = dmft.scan(second, GS, rng=2, store=tmp_path / "store", executor=executor)
    assert equal(results, dmft.scan(draw, GS, rng=2))
    assert len(second.calls) == len(GS) - kept
    assert equal(dmft.scan(third, GS, rng=2, store=tmp_path / "store"), results)
    assert third.calls == []


def test_networks_may_be_added_at_the_end(tmp_path):
    counted = Counted()
    dmft.scan(counted, GS[:2], store=tmp_path / "store")
    results = dmft.scan(counted, GS, store=tmp_path / "store")
    assert counted.calls == GS
    assert equal(results, dmft.scan(draw, GS))
    assert equal(dmft.scan(counted, GS[:1], store=tmp_path / "store"), results[:1])
    assert counted.calls == GS
    with pytest.raises(dmft.StorageError, match="network 3"):  # the added ones are remembered
        dmft.scan(counted, [*GS[:3], 5.0], store=tmp_path / "store")


def test_a_store_remembers_a_fresh_seed(tmp_path):
    first = dmft.scan(draw, GS[:2], rng=None, store=tmp_path / "store")
    second = dmft.scan(draw, GS, rng=None, store=tmp_path / "store")
    assert equal(second[:2], first)


@pytest.mark.parametrize(("change", "names"), [
    ({"function": dmft.solve}, r"in function: .*draw.* in the store, .*solve.* now"),
    ({"scale": 2.0}, r"in options \(in scale\): nothing in the store, 2\.0 now"),
    ({"scale": None}, r"in options \(in scale\): nothing in the store, null now"),
    ({"rng": 9}, r"in rng \(in entropy\): 0 in the store, 9 now"),
    ({"networks": [0.5, 1.6]}, r"in network 1: 1\.5 in the store, 1\.6 now"),
], ids=["function", "options", "none", "rng", "networks"])
def test_the_store_of_another_scan_is_refused(tmp_path, change, names):
    call = {"function": draw, "networks": GS, "rng": 0, "store": tmp_path / "store"}
    dmft.scan(**call)
    before = {path.name: path.read_bytes() for path in (tmp_path / "store").iterdir()}
    with pytest.raises(dmft.StorageError, match=names):
        dmft.scan(**call | change)
    assert {path.name: path.read_bytes() for path in (tmp_path / "store").iterdir()} == before


def test_a_differing_field_of_a_network_is_named(tmp_path):
    dmft.scan(dmft.solve, [dmft.RandomNetwork(0.5)], store=tmp_path / "store")
    with pytest.raises(dmft.StorageError,
                       match=r"network 0 \(in noise\): 0\.0 in the store, 0\.1 now"):
        dmft.scan(dmft.solve, [dmft.RandomNetwork(0.5, noise=0.1)], store=tmp_path / "store")


def test_solutions_come_back_from_a_store(tmp_path):
    arctan = dmft.Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x), name="arctan")
    networks = [dmft.RandomNetwork(2.0, dmft.erf), dmft.RandomNetwork(2.0, arctan)]
    first = dmft.scan(dmft.solve, networks, store=tmp_path / "store")
    second = dmft.scan(dmft.solve, networks, store=tmp_path / "store")
    for a, b, network in zip(first, second, networks, strict=True):
        assert b.network == network
        assert np.array_equal(a.C_x.value, b.C_x.value)


def test_populations_with_functions_of_ones_own_come_back_from_a_store(tmp_path):
    arctan = dmft.Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x), name="arctan")
    networks = [dmft.PopulationNetwork([[g, -1.0], [1.0, 0.0]], 0.3, phi=(arctan, dmft.tanh),
                                       input=0.5) for g in (0.5, 0.7)]
    calls = []
    for _ in range(2):
        found = dmft.scan(dmft.solve, networks, store=tmp_path / "store")
        calls.append([states[0].rates.tolist() for states in found])
    assert calls[0] == calls[1]


@pytest.mark.parametrize(("prepare", "problem"), [
    (lambda path: path.write_text("x"), "is a file; give a folder"),
    (lambda path: (path.mkdir(), dmft.save(1, path / "mine")), "holds .npz files but no scan"),
    (lambda path: (path.mkdir(), (path / "scan.json").write_text("{")),
     "cannot be read as the record"),
    (lambda path: (path.mkdir(), (path / "scan.json").write_text("[]")),
     "cannot be read as the record of a scan"),
    (lambda path: (path.mkdir(), (path / "scan.json").write_bytes(b"\xff\xfe")), "cannot be read"),
    (lambda path: (path.mkdir(), (path / "scan.json").write_text('{"format": "dmft scan"}')),
     "cannot be read as the record"),
    (lambda path: (path.mkdir(), (path / "scan.json").mkdir()), "cannot be read as the record"),
], ids=["file", "foreign", "damaged", "list", "bytes", "parts", "folder"])
def test_a_store_that_is_none_is_refused(tmp_path, prepare, problem):
    prepare(tmp_path / "store")
    with pytest.raises(dmft.StorageError, match=problem):
        dmft.scan(draw, GS, store=tmp_path / "store")


@pytest.mark.parametrize("store", [3.5, "", b"x", "no/such/folder", "a\0b"], ids=repr)
def test_a_store_that_is_no_place_is_refused(tmp_path, monkeypatch, store):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(dmft.StorageError, match="store"):
        dmft.scan(draw, GS, store=store)
    assert list(tmp_path.iterdir()) == []


def test_a_lambda_has_no_store(tmp_path):
    with pytest.raises(dmft.ModelError, match="a lambda has no name"):
        dmft.scan(lambda g: g, GS, store=tmp_path / "store")
    with pytest.raises(dmft.ModelError, match="a lambda has no name"):
        dmft.scan(functools.partial(lambda g, b: g, b=1), GS, store=tmp_path / "store")


def test_what_cannot_be_recorded_is_named(tmp_path):
    refusal = "the option scale: the type object cannot be saved"
    with pytest.raises(dmft.StorageError, match=refusal):
        dmft.scan(draw, GS, store=tmp_path / "store", scale=object())
    with pytest.raises(dmft.StorageError, match="network 1: the type object cannot be saved"):
        dmft.scan(draw, [1.0, object()], store=tmp_path / "store")
    assert list(tmp_path.iterdir()) == []


# ---- failures


@pytest.mark.parametrize("make", [nullcontext, thread_pool, process_pool],
                         ids=["serial", "threads", "processes"])
def test_a_network_that_does_not_converge_keeps_none_of_the_others(make):
    networks = [2.0, DEAD, 3.0]
    with make() as executor:
        with pytest.raises(ScanError, match=r"1 of 3 networks did not converge: network 1, 99\.0: "
                                            r"no solution at g=99") as caught:
            dmft.scan(draw, networks, executor=executor)
        returned = dmft.scan(draw, networks, executor=executor, on_error="return")
    results = caught.value.results
    assert equal([results[0], results[2]], [dmft.scan(draw, networks[:1])[0],
                                            dmft.scan(draw, [0, 0, 3.0])[2]])
    assert results[1].solution == (DEAD, 1.0)  # the partial result has crossed the pool
    assert isinstance(returned[1], dmft.ConvergenceError)


def test_failures_are_tried_again(tmp_path):
    counted = Counted()
    for _ in range(2):
        with pytest.raises(ScanError):
            dmft.scan(counted, [2.0, DEAD], store=tmp_path / "store")
    assert counted.calls == [2.0, DEAD, DEAD]


@pytest.mark.parametrize("make", [nullcontext, thread_pool], ids=["serial", "threads"])
def test_any_other_error_stops_at_once_and_names_the_network(make):
    networks = [2.0, BROKEN, 3.0]
    with make() as executor:
        with pytest.raises(ZeroDivisionError, match="a bug") as caught:
            dmft.scan(draw, networks, executor=executor)
        returned = dmft.scan(draw, networks, executor=executor, on_error="return")
    assert caught.value.__notes__ == ["while scanning network 1: -1.0"]
    assert isinstance(returned[1], ZeroDivisionError)
    assert len(returned) == 3


def interrupted(g, rng):
    if g == DEAD:
        raise KeyboardInterrupt
    return draw(g, rng)


def test_ctrl_c_returns_the_finished_results(tmp_path):
    with pytest.raises(KeyboardInterrupt, match=r"stopped with 2 of 4 results; they are in "
                                                r"\.results") as caught:
        dmft.scan(interrupted, [1.0, 2.0, DEAD, 3.0])
    assert isinstance(caught.value, ScanInterrupted)
    assert equal(caught.value.results[:2], dmft.scan(draw, [1.0, 2.0]))
    assert caught.value.results[2:] == [None, None]
    with pytest.raises(KeyboardInterrupt, match=r"they are in the store .*store$"):
        dmft.scan(interrupted, [1.0, DEAD], store=tmp_path / "store")
    assert len(list((tmp_path / "store").glob("*.npz"))) == 1


def test_what_is_left_is_cancelled():
    begun = []

    def slow(g):
        begun.append(g)
        time.sleep(0.02)

    with ThreadPoolExecutor(1) as executor, pytest.raises(Stop):
        dmft.scan(slow, range(100), executor=executor, callback=stop_after(1))
    assert len(begun) < 50


def die(g):
    import os

    os._exit(1)


def test_a_broken_pool_is_not_taken_for_a_result():
    from concurrent.futures import BrokenExecutor

    with process_pool() as executor, pytest.raises(BrokenExecutor):
        dmft.scan(die, [1.0], executor=executor, on_error="return")
    started_process_pool.cache_clear()


# ---- bad arguments


@pytest.mark.parametrize(("bad", "names"), [
    ({"executor": 3}, "executor=3: has no submit"), ({"executor": map}, "has no submit"),
    ({"on_error": "ignore"}, "on_error='ignore'"), ({"function": 3}, "function=3: not callable"),
    ({"wrong": 1}, r"options=\{'wrong': 1\}: draw does not accept them"),
    ({"rng": -1}, "rng=-1"), ({"rng": "x"}, "rng='x'"), ({"rng": 1.5}, r"rng=1\.5"),
    ({"networks": 3}, "networks=3: not iterable"), ({"networks": None}, "networks=None"),
    ({"callback": 3}, "callback=3: not callable"),
], ids=str)
def test_a_bad_argument_is_named_before_anything_is_done(bad, names, tmp_path):
    counted = Counted()
    call = {"function": draw if "wrong" in bad else counted, "networks": GS,
            "store": tmp_path / "store"}
    with pytest.raises(dmft.ModelError, match=names):
        dmft.scan(**call | bad)
    assert counted.calls == []
    assert not (tmp_path / "store").exists()


def test_a_class_of_executors_is_refused():
    with pytest.raises(dmft.ModelError, match=r"a class, not an executor; give an instance: Proc"):
        dmft.scan(dmft.solve, [dmft.RandomNetwork(2.0)], executor=ProcessPoolExecutor)
