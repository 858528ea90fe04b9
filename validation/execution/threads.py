"""Tasks in threads of this process, each with one BLAS thread.

A step of one network is a small matrix product and a few passes over its result, during all of
which numpy lets other threads run. One network in each thread is therefore faster than one network
with BLAS threads that wait for one another, and by far where the cores are shared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import nullcontext
from typing import Any

from threadpoolctl import threadpool_limits


def cores() -> int:
    """Cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def each(function: Callable[..., Any], tasks: Sequence[tuple], workers: int,
         progress: bool = False) -> Iterator[tuple[tuple, Any]]:
    """Yield (task, function(*task)) as they are ready, `workers` at once.

    `progress` shows a bar on stderr. What a task raises stops those not yet begun, and is raised
    when those that run have been yielded.
    """
    with (threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(max(workers, 1)) as pool,
          _bar(len(tasks), progress) as bar):
        futures = {pool.submit(function, *task): task for task in tasks}
        waiting, failure = set(futures), None
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    if future.exception() is not None:
                        failure = failure or future.exception()
                        # one that is cancelled never counts as done: it is not waited for
                        waiting = {other for other in waiting if not other.cancel()}
                        continue
                    yield futures[future], future.result()
                    if bar is not None:
                        bar.update()
        finally:  # also when the caller stops, or is stopped
            pool.shutdown(cancel_futures=True)
        if failure is not None:
            raise failure


def _bar(total: int, progress: bool):
    if not progress:
        return nullcontext()
    from tqdm import tqdm

    return tqdm(total=total, desc="networks", unit="network")
