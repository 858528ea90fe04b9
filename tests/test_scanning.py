"""scan: the same results by every executor, in every order, in one go or in several."""

from __future__ import annotations

import functools
import json
import random
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

import dmft
from dmft.scanning import ScanError, ScanInterrupted, child, scan

NETWORKS = [dmft.RandomNetwork(g=g, phi=dmft.erf) for g in (0.8, 1.5, 2.0, 2.5)]
LAGS = dmft.Lags(span=60.0, dt=0.25)


def draw(g, rng, factor=1.0):
    """A result that shows its seed."""
    return factor * g * rng.random(3)


def plain(g):
    return 2 * g


def fails_at_two(g, rng=None):
    if g == 2:
        raise dmft.ConvergenceError("too hard", solution="partial")
    return g


def broken(g):
    raise ZeroDivisionError("a slip")


class Shuffled:
    """An executor that is no more than asked for, and ends its tasks in another order."""

    def __init__(self, seed):
        self.waiting, self.random = [], random.Random(seed)

    def submit(self, function, *args):
        future: Future = Future()
        self.waiting.append((future, function, args))
        if len(self.waiting) == 4:  # the last of the tests' four tasks
            self.random.shuffle(self.waiting)
            for one, function, args in self.waiting:
                one.set_result(function(*args))
        return future


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2) as pool:
        yield pool


def same(a, b) -> bool:
    return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


# ---- seeds and executors


def test_results_depend_neither_on_executor_nor_order(processes):
    here = scan(draw, [1.0, 2.0, 3.0, 4.0], rng=7)
    with ThreadPoolExecutor(3) as threads:
        others = [scan(draw, [1.0, 2.0, 3.0, 4.0], rng=7, executor=executor)
                  for executor in (processes, threads, Shuffled(1), Shuffled(2))]
    assert all(same(here, other) for other in others)


def test_each_network_has_the_seed_that_spawn_gives():
    seeds = np.random.SeedSequence(7).spawn(3)
    by_hand = [draw(1.0, np.random.default_rng(seed)) for seed in seeds]
    assert same(scan(draw, [1.0] * 3, rng=7), by_hand)
    parent = np.random.SeedSequence(3, spawn_key=(1, 2))
    mine = child(parent, 1)
    assert parent.n_children_spawned == 0
    assert np.array_equal(mine.generate_state(4), parent.spawn(2)[1].generate_state(4))


def test_more_networks_leave_the_first_ones_seeds_alone():
    assert same(scan(draw, [1.0] * 5)[:3], scan(draw, [1.0] * 3))


def test_what_counts_as_rng():
    root = np.random.SeedSequence(5)
    assert same(scan(draw, [1.0, 1.0], rng=root), scan(draw, [1.0, 1.0], rng=5))
    assert same(scan(draw, [1.0, 1.0], rng=root), scan(draw, [1.0, 1.0], rng=root))
    generator = np.random.default_rng(5)
    assert not same(scan(draw, [1.0], rng=generator), scan(draw, [1.0], rng=generator))
    assert not same(scan(draw, [1.0], rng=None), scan(draw, [1.0], rng=None))
    with pytest.raises(dmft.ModelError, match="rng='a'"):
        scan(draw, [1.0], rng="a")


def test_functions_without_rng_and_with_options():
    assert scan(plain, [1, 2]) == [2, 4]
    assert scan(float, ["1", "2"]) == [1.0, 2.0]
    assert scan(plain, []) == []
    assert scan(plain, iter([1, 2])) == [2, 4]
    assert same(scan(draw, [1.0], factor=2.0), [2 * scan(draw, [1.0])[0]])
    assert same(scan(functools.partial(draw, factor=2.0), [1.0]), scan(draw, [1.0], factor=2.0))
    assert same(scan(lambda g, **more: draw(g, **more), [1.0]), scan(draw, [1.0]))


def test_solve_over_networks_through_processes(processes):
    here = scan(dmft.solve, NETWORKS, lags=LAGS)
    there = scan(dmft.solve, NETWORKS, executor=processes, lags=LAGS)
    for network, a, b in zip(NETWORKS, here, there, strict=True):
        assert a.network is network
        assert b.network == network
        assert a.branch == b.branch
        assert np.array_equal(a.C_phi.value, b.C_phi.value)
    assert [sol.branch for sol in here] == ["quiescent", "chaotic", "chaotic", "chaotic"]


def test_a_sympy_nonlinearity_reaches_other_processes(processes):
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x", real=True)
    phi = dmft.Nonlinearity.from_sympy(x / sympy.sqrt(1 + x**2), name="root")
    network = dmft.RandomNetwork(g=2.0, phi=phi)
    (here,), (there,) = (scan(dmft.solve, [network], executor=executor, lags=LAGS)
                         for executor in (None, processes))
    assert np.array_equal(here.C_x.value, there.C_x.value)
    assert there.network == network


def test_solve_through_dask():
    distributed = pytest.importorskip("distributed")
    with (distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False,
                                   dashboard_address=None) as cluster,
          distributed.Client(cluster) as client):
        there = scan(dmft.solve, NETWORKS, executor=client.get_executor(), lags=LAGS)
        drawn = scan(draw, [1.0, 2.0], rng=7, executor=client.get_executor())
    here = scan(dmft.solve, NETWORKS, lags=LAGS)
    assert all(np.array_equal(a.C_x.value, b.C_x.value)
               for a, b in zip(here, there, strict=True))
    assert same(drawn, scan(draw, [1.0, 2.0], rng=7))


@pytest.mark.slow
def test_solve_through_processes_of_dask():
    distributed = pytest.importorskip("distributed")
    with (distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True,
                                   dashboard_address=None) as cluster,
          distributed.Client(cluster) as client):
        there = scan(dmft.solve, NETWORKS, executor=client.get_executor(), lags=LAGS)
    here = scan(dmft.solve, NETWORKS, lags=LAGS)
    assert all(np.array_equal(a.C_x.value, b.C_x.value)
               for a, b in zip(here, there, strict=True))


# ---- progress, failure, interruption


def test_progress_is_told_for_each():
    told = []
    scan(plain, [1, 2, 3], callback=lambda *what: told.append(what))
    assert told == [(1, 3, 0, 2), (2, 3, 1, 4), (3, 3, 2, 6)]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_network_that_does_not_converge_does_not_stop_the_others(workers, processes):
    executor = processes if workers else None
    with pytest.raises(ScanError, match=r"1 of 3 networks did not.*network 1, 2: too hard") as stop:
        scan(fails_at_two, [1, 2, 3], executor=executor)
    assert stop.value.results[::2] == [1, 3]
    assert stop.value.results[1].solution == "partial"
    results = scan(fails_at_two, [1, 2, 3], executor=executor, on_error="return")
    assert results[::2] == [1, 3]
    assert isinstance(results[1], dmft.ConvergenceError)


def test_a_slip_stops_at_once_and_says_where():
    told = []
    with pytest.raises(ZeroDivisionError) as stop:
        scan(broken, [5, 6], callback=lambda *what: told.append(what))
    assert stop.value.__notes__ == ["while scanning network 0: 5"]
    assert told == []
    results = scan(broken, [5, 6], on_error="return")
    assert all(isinstance(result, ZeroDivisionError) for result in results)


def kill_worker(g):
    import os
    os._exit(1)


def test_a_dead_pool_stops_the_scan_whatever_is_asked():
    with ProcessPoolExecutor(1) as pool, pytest.raises(BrokenProcessPool):
        scan(kill_worker, [1, 2], executor=pool, on_error="return")


def test_ctrl_c_keeps_what_was_ready(tmp_path):
    def stop_after_two(done, *_):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(ScanInterrupted, match=r"2 of 4 results, in this error's \.results") as stop:
        scan(plain, [1, 2, 3, 4], callback=stop_after_two)
    assert stop.value.results == [2, 4, None, None]
    with pytest.raises(KeyboardInterrupt, match=r"2 of 4 results; the store .*s has them"):
        scan(plain, [1, 2, 3, 4], callback=stop_after_two, store=tmp_path / "s")
    assert len(list((tmp_path / "s").glob("*.npz"))) == 2


def test_ctrl_c_cancels_what_waits():
    def stop(*_):
        raise KeyboardInterrupt

    begun = time.monotonic()
    with ThreadPoolExecutor(1) as pool, pytest.raises(ScanInterrupted):
        scan(lambda g: time.sleep(0.05), range(200), executor=pool, callback=stop)
    assert time.monotonic() - begun < 5  # all of them would take ten seconds


@pytest.mark.parametrize(("arguments", "problem"), [
    ({"executor": 4}, "executor=4: has no submit; give one in the style of concurrent"),
    ({"on_error": "ignore"}, "on_error='ignore': unknown option"),
    ({"factr": 2}, r"draw does not take them .*unexpected keyword argument 'factr'.*\(g, rng, fac"),
    ({"function": 3}, "function=3: not callable"),
])
def test_bad_arguments_are_named_before_the_work(arguments, problem):
    with pytest.raises(dmft.ModelError, match=problem):
        scan(**{"function": draw, "networks": [1.0], **arguments})


# ---- the store


def counted(calls):
    """`draw` that counts its calls; it has draw's name, as another session's draw would."""
    @functools.wraps(draw)
    def function(g, rng, factor=1.0):
        calls.append(g)
        return draw(g, rng, factor)
    return function


def test_a_second_call_does_only_what_is_missing(tmp_path):
    store, calls = tmp_path / "store", []
    first = scan(counted(calls), [1.0, 2.0, 3.0], store=store)
    assert same(scan(counted(calls), [1.0, 2.0, 3.0], store=store), first)
    assert len(calls) == 3
    (store / "00001.npz").unlink()
    assert same(scan(counted(calls), [1.0, 2.0, 3.0], store=store), first)
    assert calls[3:] == [2.0]
    assert same(scan(counted(calls), [1.0, 2.0, 3.0, 4.0], store=store)[:3], first)
    assert calls[4:] == [4.0]
    assert same(scan(counted(calls), [1.0, 2.0], store=store), first[:2])
    assert len(calls) == 5


def test_stored_solutions_come_back(tmp_path):
    first = scan(dmft.solve, NETWORKS, store=tmp_path / "s", lags=LAGS)
    told = []
    again = scan(dmft.solve, NETWORKS, store=tmp_path / "s", lags=LAGS,
                 callback=lambda done, total, index, result: told.append(index))
    assert told == [0, 1, 2, 3]
    for a, b in zip(first, again, strict=True):
        assert a.network == b.network
        assert np.array_equal(a.C_phi.value, b.C_phi.value)
    assert dmft.load(tmp_path / "s" / "00002").network == NETWORKS[2]  # each file by itself too


def test_a_store_of_functions_of_ones_own_is_read_with_the_networks_phi(tmp_path):
    arctan = dmft.Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x), name="arctan")
    network = dmft.RandomNetwork(g=2.0, phi=arctan)
    scan(dmft.solve, [network], store=tmp_path / "s", lags=LAGS)
    (again,) = scan(dmft.solve, [network], store=tmp_path / "s", lags=LAGS)
    assert again.network == network
    sine = dmft.RandomNetwork(g=2.0, phi=dmft.Nonlinearity(np.sin, np.cos, name="arctan"))
    with pytest.raises(dmft.StorageError, match=r"differs .* network 0 \(in phi"):
        scan(dmft.solve, [sine], store=tmp_path / "s", lags=LAGS)


def test_failures_are_tried_again(tmp_path):
    scan(fails_at_two, [1, 2, 3], store=tmp_path / "s", on_error="return")
    assert len(list((tmp_path / "s").glob("*.npz"))) == 2
    with pytest.raises(ScanError):
        scan(fails_at_two, [1, 2, 3], store=tmp_path / "s")


def test_without_rng_a_store_goes_on_with_its_own(tmp_path):
    first = scan(draw, [1.0, 2.0], rng=None, store=tmp_path / "s")
    assert same(scan(draw, [1.0, 2.0, 3.0], rng=None, store=tmp_path / "s")[:2], first)


@pytest.mark.parametrize(("change", "named"), [
    ({"networks": [1.0, 2.5]}, "network 1: 2.0 there, 2.5 now"),
    ({"rng": 1}, r"rng \(in entropy\): 0 there, 1 now"),
    ({"factor": 3.0}, r"options \(in factor\): 2.0 there, 3.0 now"),
    ({"function": fails_at_two}, "function|does not take"),
])
def test_a_store_of_another_scan_is_refused(tmp_path, change, named):
    begun = {"function": draw, "networks": [1.0, 2.0], "rng": 0, "factor": 2.0}
    scan(**begun, store=tmp_path / "s")
    with pytest.raises((dmft.StorageError, dmft.ModelError), match=named):
        scan(**{**begun, **change}, store=tmp_path / "s")


def test_networks_that_differ_in_one_field_are_told_apart(tmp_path):
    scan(dmft.solve, NETWORKS[:2], store=tmp_path / "s", lags=LAGS)
    other = [NETWORKS[0], dmft.RandomNetwork(g=1.5, phi=dmft.erf, noise=0.1)]
    with pytest.raises(dmft.StorageError, match=r"network 1 \(in noise\): 0.0 there, 0.1 now"):
        scan(dmft.solve, other, store=tmp_path / "s", lags=LAGS)


def test_a_folder_that_is_no_store_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(dmft.StorageError, match="is a file; give a folder"):
        scan(plain, [1], store=tmp_path / "file")
    with pytest.raises(dmft.StorageError, match="cannot be made"):
        scan(plain, [1], store=tmp_path / "no" / "where")
    dmft.save(1, tmp_path / "x")
    with pytest.raises(dmft.StorageError, match=r"holds \.npz files but no scan\.json"):
        scan(plain, [1], store=tmp_path)
    (tmp_path / "scan.json").write_text(json.dumps({"format": "other"}))
    with pytest.raises(dmft.StorageError, match=r"scan\.json: cannot be read as a scan's"):
        scan(plain, [1], store=tmp_path)


def test_a_damaged_result_is_named(tmp_path):
    scan(plain, [1, 2], store=tmp_path / "s")
    (tmp_path / "s" / "00001.npz").write_bytes(b"PK")
    with pytest.raises(dmft.StorageError, match=r"00001\.npz: not an \.npz file, or a damaged"):
        scan(plain, [1, 2], store=tmp_path / "s")


def test_what_cannot_be_recorded_is_named(tmp_path):
    with pytest.raises(dmft.StorageError, match="network 0: a object cannot be saved"):
        scan(plain, [object()], store=tmp_path / "s")
