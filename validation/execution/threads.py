"""Tasks in threads of this process, each with one BLAS thread.

A step of one network is a small matrix product and a few elementwise operations on its result, all
of which release the global interpreter lock. One network per thread is therefore faster than one
network with several BLAS threads that wait for one another, and much faster where cores are shared.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from typing import Any

from threadpoolctl import threadpool_limits

from dmft.base.long_call import Bar

_thread = threading.local()


class Stopped(Exception):
    """The call that started this thread no longer waits for it."""


def check_stop() -> None:
    """End the task of this thread if its call was interrupted: for loops of many steps."""
    stop = getattr(_thread, "stop", None)
    if stop is not None and stop.is_set():
        raise Stopped


def cores() -> int:
    """Number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not available on every system
        return os.cpu_count() or 1


def each(function: Callable[..., Any], tasks: Sequence[tuple], workers: int,
         progress: bool | None = None, what: str = "networks") -> Iterator[tuple[tuple, Any]]:
    """Yield (task, function(*task)) as the tasks finish, with `workers` running at once.

    `progress` shows a bar on stderr, by default in terminals and notebooks. An exception in a task
    cancels the tasks that have not started, and is raised after the results of the running ones
    have been yielded. An interrupt ends the running ones at their next `check_stop`.
    """
    stop = threading.Event()

    def run(*task: Any) -> Any:
        _thread.stop = stop
        return function(*task)

    bar = Bar(what, progress, counts=True, at_once=progress is True)
    with (threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(max(workers, 1)) as pool,
          closing(bar)):
        futures = {pool.submit(run, *task): task for task in tasks}
        waiting, failure, finished = set(futures), None, 0
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    if future.exception() is not None:
                        failure = failure or future.exception()
                        # a cancelled future never counts as done, so it must not be waited for
                        waiting = {other for other in waiting if not other.cancel()}
                        continue
                    yield futures[future], future.result()
                    finished += 1
                    bar(finished, len(tasks))
        finally:  # also when the caller stops iterating, or is interrupted
            stop.set()
            pool.shutdown(cancel_futures=True)
        if failure is not None:
            raise failure
