"""Store: the results of a simulation in one file, from which a later call resumes."""

from __future__ import annotations

import os
import re
import time
import warnings
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from dmft import __version__
from dmft.base.errors import StorageError, StorageWarning
from dmft.storage.archive import DamagedFile
from dmft.storage.files import header, read_with_header, with_suffix, write
from dmft.storage.fingerprint import code_of_phi
from dmft.storage.locks import lock_file
from dmft.storage.saved_nonlinearity import plain_phis
from dmft.storage.tuning import POLL_INTERVAL

from ..execution.threads import each
from .identity import identity, network_identity
from .parts import Parts

REST = 50  # rewriting the file takes at most about this share, one in 50, of the time between
KIND = "dmft.validation.simulate"
_TASK = re.compile(r"[1-9]\d*/\d+")


class Store:
    """Results by task in one .npz file, and those that it does not hold yet in parts beside it.

    A result is stored as soon as it is known. The file is rewritten with it, atomically, unless it
    was rewritten a moment ago; then the result is a part (see `Parts`), which the next rewriting,
    or `close`, takes into the file. After a kill the next store of this path reads the parts.

    Several processes may use it at once: each takes the tasks that no other has (by locks on the
    bytes of `.<name>.npz.lock`, see `dmft.storage.locks`), and adds its results to those that the
    file holds by then.

    Parameters
    ----------
    path : path-like
    settings : Settings or TimeSettings
        Those of the runs, which the file must share.
    needed : set of str
        Names that a result must have. Where an older file lacks them, it counts as missing.
    fresh : bool
        Whether the seed in `settings` was drawn now: that of an existing file then takes its place.

    Raises
    ------
    StorageError
        If the file is not a store, is damaged, or holds runs with other settings.
    """

    def __init__(self, path, settings, needed: Set[str] = frozenset(), fresh: bool = False):
        self.path = with_suffix(path)
        self.settings = settings
        self.needed = needed
        self.identity = identity(settings)
        self.parts = Parts(self.path)
        self.unwritten: set[str] = set()
        self.due = 0.0  # time from which the file may be rewritten
        self.code = code_of_phi(plain_phis(settings.network) or None)
        self.results: dict[str, dict[str, Any]] = {}
        self.taken: set[tuple[int, int]] = set()
        self.seen: tuple[int, ...] | None = None
        self.full: StorageError | None = None
        if not self.path.parent.is_dir():
            raise StorageError(f"{self.path}: the folder {self.path.parent} does not exist; make "
                               "it first")
        self.locks = lock_file(self.path.with_name(f".{self.path.name}.lock"))
        with self.locks.record():
            if os.path.lexists(self.path):
                if fresh:
                    self._take_seed()
                self._read()
            elif self.parts.names():
                raise StorageError(f"{self.path}: is missing, and {self.parts.folder} holds runs "
                                   "that belong to it; delete this folder too to simulate afresh, "
                                   "or put the file back")
            else:
                self._write()  # a path that cannot be written is reported before the simulation
        if not self.locks.works:
            warnings.warn(f"{self.path}: its file system, or its permissions, allow no locks; let "
                          "one process at a time use it", StorageWarning, stacklevel=4)

    def get(self, neurons: int, network: int) -> dict[str, Any] | None:
        """The result of a task, or None."""
        return self.results.get(f"{neurons}/{network}")

    def take(self, neurons: int, network: int) -> bool:
        """Take a task: False while another process or thread computes it."""
        if not self.locks.take(_byte(neurons, network)):
            return False
        self.taken.add((neurons, network))
        return True

    def free(self, neurons: int, network: int) -> None:
        """Give a task back."""
        if (neurons, network) in self.taken:
            self.taken.discard((neurons, network))
            self.locks.free(_byte(neurons, network))

    def add(self, neurons: int, network: int, result: dict[str, Any]) -> None:
        """Store a result.

        One that cannot be written, as on a full disk, is kept and written with the next one.
        """
        task = f"{neurons}/{network}"
        with self.locks.record():
            self.results[task] = result
            self.unwritten.add(task)
            try:
                if time.monotonic() < self.due:
                    for one in sorted(self.unwritten):
                        self.parts.write(one, self.results[one], self._note())
                        self.unwritten.discard(one)
                else:
                    self._merge()
                self.full = None
            except StorageError as error:
                self.full = error

    def refresh(self) -> None:
        """Read what other processes have stored meanwhile."""
        if self._signature() != self.seen or not self.parts.known.issuperset(self.parts.names()):
            with self.locks.record():
                self._read()

    def close(self) -> None:
        """Take all parts into the file."""
        with self.locks.record():
            if self.unwritten or self.parts.names():
                try:
                    self._merge()
                    self.full = None
                except StorageError as error:
                    self.full = error

    def _read(self) -> None:
        """Add the results of the file, unless it was read or written last, and of new parts."""
        if self._signature() != self.seen:
            self._load(self.path)
            self.seen = self._signature()
        for part in self.parts.new():
            self._load(part)

    def _load(self, path: Path) -> None:
        try:
            found, head = read_with_header(path, None)
        except DamagedFile as error:
            raise StorageError(f"{error}; delete it to simulate its networks again") from error
        self._check(path, found, head)
        complete = {key: result for key, result in found.items() if self.needed <= result.keys()}
        self.results = {**complete, **self.results}

    def _merge(self) -> None:
        """Rewrite the file with its results, those of all parts and those known here."""
        self._read()
        self._write()
        self.parts.remove()

    def _write(self) -> None:
        begin = time.monotonic()
        write(self.path, self.results, self._note(), durable=False)
        self.seen = self._signature()
        self.unwritten.clear()
        end = time.monotonic()
        self.due = end + REST * (end - begin)

    def _note(self) -> dict[str, Any]:
        return {"kind": KIND, "settings": self.identity, "code": self.code}

    def _take_seed(self) -> None:
        """Use the seed of the file, if it has one; whatever else is wrong `_read` reports."""
        try:
            written = header(self.path)["note"]["settings"]
            seed = {name: written[name] for name in ("entropy", "spawn_key")}
            np.random.SeedSequence(seed["entropy"], spawn_key=seed["spawn_key"])
        except (StorageError, KeyError, TypeError, ValueError):
            return
        self.settings = replace(self.settings, **seed)
        self.identity = identity(self.settings)

    def _signature(self) -> tuple[int, ...] | None:
        try:
            status = os.stat(self.path)
        except FileNotFoundError:  # deleted by the user: the known results are written again
            return self.seen
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _check(self, path: Path, found: Any, head: dict[str, Any]) -> None:
        """Reject a file that does not hold these runs."""
        note = head["note"]
        if not isinstance(note, dict) or note.get("kind") != KIND or not isinstance(found, dict) \
                or not all(_TASK.fullmatch(key) and isinstance(result, dict)
                           for key, result in found.items()):
            raise StorageError(f"{path}: does not hold simulated runs; give another path")
        settings = self.settings
        written = {**getattr(settings, "absent", {}), **note["settings"]}
        if not set(settings.shared) <= set(written):
            kind = "runs in time" if "at" in written else "stationary runs"
            raise StorageError(f"{path}: holds {kind}, and this simulation is of the other "
                               "kind; give another path")
        for field in settings.shared:
            here = self.identity[field]
            if field == "network" and "'far': " not in written[field]:  # an older file
                here = network_identity(settings.network, far=False)
            if written[field] != here:
                raise StorageError(
                    f"{path}: holds runs with {field}={written[field]}, not {here}; give "
                    "another path, or the same settings")
        code = note.get("code")
        if code and self.code and code["python"] == self.code["python"] and code != self.code:
            names = ", ".join(one.name for one in plain_phis(settings.network))
            raise StorageError(f"{path}: holds runs with another function as phi, named "
                               f"{names!r} too; give another path")
        if self.seen is None and head.get("dmft_version") != __version__:
            warnings.warn(f"{path}: was written by dmft {head.get('dmft_version')}, and this "
                          f"is dmft {__version__}; its runs are used as they are: give another "
                          "path to simulate again", StorageWarning, stacklevel=7)


def stored(store: Store | None, function: Callable[..., Any], settings: Any,
           tasks: Sequence[tuple[int, int]], workers: int,
           progress: bool | None) -> dict[tuple[int, int], dict[str, Any]]:
    """Results of `function(settings, *task)` of all tasks, those in the store read from it."""
    if store is None:
        calls = [(settings, *task) for task in tasks]
        return {(size, index): result for (_, size, index), result
                in each(function, calls, workers, progress)}

    def unless_taken(settings: Any, size: int, index: int) -> dict[str, Any] | None:
        if not store.take(size, index):
            return None
        store.refresh()  # another process may have finished it before it was taken
        found = store.get(size, index)
        return function(settings, size, index) if found is None else found

    try:
        while missing := [(settings, *task) for task in tasks if store.get(*task) is None]:
            waits = True
            for (_, size, index), result in each(unless_taken, missing, workers, progress):
                if result is not None:
                    if store.get(size, index) is None:
                        store.add(size, index, result)
                    store.free(size, index)
                    waits = False
            if waits:  # another process has all that are missing
                time.sleep(POLL_INTERVAL)
                progress = False  # one bar is enough
            store.refresh()
    finally:
        store.close()
        for task in tasks:
            store.free(*task)
    if store.full is not None:
        warnings.warn(f"{store.full}. The runs are returned, but the file does not hold all",
                      StorageWarning, stacklevel=4)
    return {task: store.results["{}/{}".format(*task)] for task in tasks}


def _byte(neurons: int, network: int) -> int:
    """The byte of the lock file that stands for a task; byte 0 is the file of results."""
    return 1 + (neurons << 32) + network
