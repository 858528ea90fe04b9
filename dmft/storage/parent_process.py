"""The end of a worker whose parent has ended, since its results would be lost."""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
import time
from typing import NamedTuple

from .tuning import PARENT_INTERVAL


class Process(NamedTuple):
    """A process, among those of several machines."""

    host: str
    pid: int


def this_process() -> Process:
    """This process."""
    return Process(socket.gethostname(), os.getpid())


_watched: set[tuple[int, Process]] = set()


def end_with(owner: Process) -> None:
    """End this process within a second after `owner`, if that is its parent.

    A thread checks the parent at intervals, which works on every system and however the process was
    started. A worker with another parent (such as one of a cluster, which ends it) is not ended.
    """
    here = os.getpid()
    if here == owner.pid and owner.host == socket.gethostname():
        return
    parent = multiprocessing.parent_process()
    direct = hasattr(os, "getppid") and os.getppid() == owner.pid
    if owner.host != socket.gethostname() or (here, owner) in _watched or not (
            direct or (parent is not None and parent.pid == owner.pid)):
        return
    _watched.add((here, owner))  # a forked child has no threads, and begins again

    def watch() -> None:
        while (os.getppid() == owner.pid if direct else parent is not None and parent.is_alive()):
            time.sleep(PARENT_INTERVAL)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end with the parent").start()
