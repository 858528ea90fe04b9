"""The tasks of a scan: which are left, which another process has taken, and how they are run."""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

import numpy as np

from ..base.errors import ModelError
from .parent_process import Process, end_with, this_process
from .scan_store import ABSENT, ScanStore
from .tuning import POLL_INTERVAL, TASKS_PER_WORKER


class Tasks:
    """Those networks of a scan that have no result.

    Parameters
    ----------
    function, networks, seeds, options
        Task i is function(networks[i], rng=<generator of seeds[i]>, **options).
    stored : ScanStore or None
        With a store, a task is taken before it is run, so that another process leaves it alone.
    ready : callable
        `ready(index, result)` receives the results that another process has stored meanwhile.
    """

    def __init__(self, function: Callable[..., Any], networks: list[Any],
                 seeds: list[np.random.SeedSequence | None], options: dict[str, Any],
                 stored: ScanStore | None, ready: Callable[[int, Any], None]):
        self.function, self.networks, self.seeds = function, networks, seeds
        self.options, self.stored, self.ready = options, stored, ready
        self.left = deque(range(len(networks)))
        self.taken: set[int] = set()

    def take(self) -> int | None:
        """The next task that no other process has; None if there is none at present."""
        for _ in range(len(self.left)):
            index = self.left.popleft()
            if self.stored is None:
                return index
            if not self.stored.take(index):
                self.left.append(index)
                continue
            self.taken.add(index)
            result = self.stored.read(index)
            if result is ABSENT:
                return index
            self.give_back(index)
            self.ready(index, result)
        return None

    def give_back(self, index: int | None = None) -> None:
        """Let others take a task, or by default all that were taken here."""
        for one in list(self.taken) if index is None else [index]:
            if self.stored is not None and one in self.taken:
                self.taken.discard(one)
                self.stored.free(one)

    def completed(self, executor: Any) -> Iterator[tuple[int, Any, Any]]:
        """Yield (index, result, None) or (index, None, exception) as the tasks finish."""
        yield from self._here() if executor is None else self._through(executor)

    def _here(self) -> Iterator[tuple[int, Any, Any]]:
        while self.left:
            index = self.take()
            if index is None:
                if self.left:
                    time.sleep(POLL_INTERVAL)
                continue
            try:
                result = _task(*self._arguments(index))
            except Exception as error:
                yield index, None, error
            else:
                yield index, result, None

    def _through(self, executor: Any) -> Iterator[tuple[int, Any, Any]]:
        # only these methods of a future are used: add_done_callback, result, cancel
        finished: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        futures: dict[int, Any] = {}
        owner = this_process()
        workers = None if self.stored is None else _workers(executor)
        most = len(self.left) if workers is None else TASKS_PER_WORKER * workers
        try:
            while self.left or futures:
                while len(futures) < most and (index := self.take()) is not None:
                    future = executor.submit(_in_worker, owner, *self._arguments(index))
                    futures[index] = future
                    future.add_done_callback(lambda future, index=index:
                                             finished.put((index, future)))
                if not futures:
                    if self.left:
                        time.sleep(POLL_INTERVAL)
                    continue
                index, future = finished.get()
                del futures[index]
                try:
                    result = future.result()
                except Exception as error:
                    yield index, None, _with_advice(error, self._arguments(index))
                else:
                    yield index, result, None
        finally:  # also after an error, Ctrl-C, or an exception in the callback
            for future in futures.values():
                future.cancel()

    def _arguments(self, index: int) -> tuple[Any, ...]:
        return self.function, self.networks[index], self.seeds[index], self.options


def _in_worker(owner: Process, *task: Any) -> Any:
    end_with(owner)
    return _task(*task)


def _task(function: Callable[..., Any], network: Any, seed: np.random.SeedSequence | None,
          options: dict[str, Any]) -> Any:
    if seed is None:
        return function(network, **options)
    return function(network, rng=np.random.default_rng(seed), **options)


def _workers(executor: Any) -> int | None:
    """Number of tasks that an executor runs at once; None where it is not known."""
    for name in ("_max_workers", "max_workers", "num_workers"):  # pools, loky, mpi4py
        count = getattr(executor, name, None)
        if isinstance(count, int) and count > 0:
            return count
    cores = getattr(getattr(executor, "_client", None), "ncores", None)  # dask
    return (sum(cores().values()) or None) if callable(cores) else None


def _with_advice(error: Exception, task: tuple[Any, ...]) -> Exception:
    """The error itself, or in place of an error of pickle one that states what to change."""
    if "pickle" not in f"{type(error).__name__} {error}".lower() and (
            str(error) != _pickling_error(task)):
        return error
    return ModelError(f"function={task[0]!r}: cannot be sent to another process ({error}); define "
                      "it, and any phi of a network, at the top level of a module")


def _pickling_error(task: tuple[Any, ...]) -> str | None:
    """The error of pickling a task, whose text depends on the version of Python, or None."""
    try:
        pickle.dumps(task)
    except Exception as error:
        return str(error)
    return None
