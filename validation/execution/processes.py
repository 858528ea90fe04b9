"""Processes for scans whose parts are stored."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from .threads import cores


def pool_beside(store: Path | None) -> AbstractContextManager:
    """Processes on all cores where parts are stored, in a folder that is made; else this one."""
    from threadpoolctl import threadpool_limits

    if store is None:
        return nullcontext()
    store.mkdir(parents=True, exist_ok=True)
    return ProcessPoolExecutor(cores(), mp_context=multiprocessing.get_context("spawn"),
                               initializer=threadpool_limits, initargs=(1,))
