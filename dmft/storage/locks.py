"""Locks by which processes that use one store at once share its tasks.

A store has one lock file. Its byte 0 is locked while the record of the store is read and written,
byte 1 + i while task i is computed. They are POSIX record locks (fcntl.lockf): the system frees
them when the process ends, however it ends, and its children do not inherit them. So nothing
that a killed process leaves behind has to be recognised and cleared away. They work on NFS where it
has a lock service. Where locks are missing (some network file systems, and Windows), a store is for
one process at a time, and a warning states this.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .tuning import POLL_INTERVAL

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

RECORD = 0


class LockFile:
    """Locks on the bytes of one file, between processes and between threads of this one.

    A process loses its record locks on a file as soon as it closes any descriptor of it, so there
    is one object for each file: get it from `lock_file`.
    """

    def __init__(self, path: Path):
        self.path = path
        self.held: set[int] = set()
        self.guard = threading.Lock()
        self.descriptor: int | None = None
        self.works = False
        if fcntl is None:
            return
        try:
            self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            self.works = True
            if self.take(RECORD):
                self.free(RECORD)
        except OSError:  # no locks here, or a folder in which nothing may be written
            self.works = False

    def take(self, byte: int) -> bool:
        """Lock one byte if no other process or thread has it; False if one has."""
        with self.guard:
            if byte in self.held:
                return False
            if self.works:
                try:
                    fcntl.lockf(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
                except (BlockingIOError, PermissionError):  # the two that POSIX has for "taken"
                    return False
            self.held.add(byte)
            return True

    def free(self, byte: int) -> None:
        """Unlock one byte."""
        with self.guard:
            if byte in self.held:
                self.held.discard(byte)
                if self.works:
                    fcntl.lockf(self.descriptor, fcntl.LOCK_UN, 1, byte)

    @contextlib.contextmanager
    def record(self) -> Iterator[None]:
        """Hold byte 0, waiting for it as long as needed: it is never held for long."""
        while not self.take(RECORD):
            time.sleep(POLL_INTERVAL / 10)
        try:
            yield
        finally:
            self.free(RECORD)


_files: dict[tuple[int, int], LockFile] = {}
_guard = threading.Lock()


def lock_file(path: Path) -> LockFile:
    """The one LockFile of this process for a path; the file is created if it is missing."""
    with _guard:
        try:
            known = os.stat(path)
        except OSError:
            pass
        else:
            if (known.st_dev, known.st_ino) in _files:
                return _files[known.st_dev, known.st_ino]
        found = LockFile(path)
        if found.descriptor is not None:
            status = os.fstat(found.descriptor)
            _files[status.st_dev, status.st_ino] = found
        return found


def _forget() -> None:
    """In a forked child, which holds none of the locks of its parent."""
    global _guard
    _guard = threading.Lock()
    _files.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
