"""ScanStore: the folder in which a scan keeps its results, with a record of what was scanned.

Several processes may scan into one folder at once (see `locks`). Each result carries the
fingerprint of its function, options, network and seed; a result is used only where it agrees.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..base.errors import StorageError, StorageWarning
from .archive import DamagedFile
from .encoding import decode
from .files import checked_path, read_with_header, write, write_atomically
from .fingerprint import (
    difference,
    digest,
    fingerprint,
    name_of,
    public_name,
    recorded_code,
    tree_of,
)
from .locks import lock_file
from .saved_nonlinearity import plain_phis

RECORD, LOCKS = "scan.json", "scan.lock"
ON_VERSION = ("warn", "reuse", "recompute", "raise")
LARGEST_RECORD = 2**28  # bytes: a million networks of 250 bytes
ABSENT = object()  # a task without a result that can be used
_TEMPORARY = re.compile(r"\.(\d{5,})\.npz\.[0-9a-f]+\.tmp")


class ScanStore:
    """A folder with `scan.json`, which records what was scanned, and one .npz for each result.

    Parameters
    ----------
    folder : path-like
        Created by `open`, if its parent exists.
    function, options, networks
        The present scan, which is compared with the one recorded in the folder.
    on_version : {"warn", "reuse", "recompute", "raise"}
        Treatment of results that another version of dmft wrote.
    """

    def __init__(self, folder: str | os.PathLike[str], function: Callable[..., Any],
                 options: dict[str, Any], networks: list[Any], on_version: str = "warn"):
        self.folder = checked_path("store", folder, "the name of a folder")
        self.networks = networks
        self.on_version = on_version
        self.now: dict[str, Any] = {
            "function": name_of(function), "code": recorded_code(function),
            "options": {key: fingerprint(value, f"the option {key}")
                        for key, value in options.items()},
            "networks": [fingerprint(network, f"network {index}")
                         for index, network in enumerate(networks)]}
        self.seeds: list[np.random.SeedSequence | None] = []
        self.prints: list[str] = []
        self.problems: dict[str, list[str]] = {}
        self.noted: set[str] = set()  # a file is read again before its task is computed

    def open(self, root: np.random.SeedSequence | None,
             fresh: bool = False) -> np.random.SeedSequence | None:
        """Reject a folder that holds another scan; otherwise record this scan in it.

        Parameters
        ----------
        root : SeedSequence or None
            The seed of the scan; None for a function without one.
        fresh : bool
            Whether `root` was drawn now: the recorded seed then takes its place.

        Returns
        -------
        SeedSequence or None
            The seed to use.
        """
        self._check_folder()
        try:
            self.folder.mkdir(exist_ok=True)
        except FileExistsError:
            raise StorageError(f"store {self.folder}: is a file; give a folder") from None
        except OSError as error:
            raise StorageError(f"store {self.folder}: cannot be created ({error.strerror}); give "
                               "a folder whose parent exists") from error
        self.locks = lock_file(self.folder / LOCKS)
        with self.locks.record():
            recorded = self._read_record()
            if fresh and recorded is not None and recorded["rng"] is not None:
                root = self._seed_of(recorded)
            now = {**self.now, "rng": tree_of(root, "rng")}
            different = None if recorded is None else self._difference(recorded, now)
            if different is not None and any(self.folder.glob("*.npz")):
                raise StorageError(f"store {self.folder}: its scan differs from this one in "
                                   f"{different}")
            if different is not None:  # without a result: a corrected scan takes the folder
                recorded = None
            if recorded is not None:
                if recorded["dmft_version"] != __version__:
                    self._of_version(self.folder / RECORD, recorded["dmft_version"], None)
                kept = recorded["networks"]
                merged = {"code": now["code"], **recorded,
                          "networks": [*kept, *now["networks"][len(kept):]]}
            else:
                merged = {"dmft_version": __version__, **now}
            renewed = self.on_version == "recompute" and merged["dmft_version"] != __version__
            if merged != recorded or renewed:
                head = {"format": "dmft scan", **merged, "dmft_version": __version__}
                text = json.dumps(head, indent=1)
                write_atomically(self.folder / RECORD, lambda stream: stream.write(text.encode()))
        same = {key: merged[key] for key in ("function", "code", "options", "rng")}
        self.prints = [digest({**same, "network": network, "index": index})
                       for index, network in enumerate(merged["networks"])]
        self._clear_temporary()
        return root

    def begin(self, seeds: list[np.random.SeedSequence | None]) -> list[Any]:
        """All results, ABSENT where there is none; `seeds` are those that they must carry."""
        self.seeds = seeds
        results = [self.read(index) for index in range(len(seeds))]
        if any(one is ABSENT for one in results) and not os.access(self.folder, os.W_OK):
            raise StorageError(f"store {self.folder}: nothing can be written to it; change its "
                               "permissions, or copy it elsewhere")
        if not self.locks.works:
            self._note("no locks", f"store {self.folder}: its file system, or its permissions, "
                       "allow no locks; let one process at a time use it")
        self.warn()
        return results

    def path(self, index: int) -> Path:
        """The file of one result."""
        return self.folder / f"{index:05d}.npz"

    def take(self, index: int) -> bool:
        """Take a task: False while another process or thread computes it."""
        return self.locks.take(1 + index)

    def free(self, index: int) -> None:
        """Give a task back, stored or not."""
        self.locks.free(1 + index)

    def read(self, index: int) -> Any:
        """One result, or ABSENT if there is none that can be used.

        Raises
        ------
        StorageError
            If the file holds what cannot be computed again here: the result of another scan, a
            file of a newer version, or one without read permission.
        """
        path = self.path(index)
        if not os.path.lexists(path):
            return ABSENT
        try:
            result, head = read_with_header(path, plain_phis(self.networks[index]))
        except DamagedFile as error:
            self._note("damaged", f"{path}: damaged, and computed again ({error.__cause__})")
            return ABSENT
        except StorageError as error:
            raise StorageError(f"{error} (to compute it again, delete {path})") from error
        if not self._belongs(index, path, head, result):
            return ABSENT
        if head.get("dmft_version") != __version__:
            return self._of_version(path, head.get("dmft_version"), result)
        return result

    def write(self, index: int, result: Any) -> None:
        """Write one result, with its seed and fingerprint in the header."""
        note = {"index": index, "seed": self.seeds[index], "fingerprint": self.prints[index]}
        write(self.path(index), result, note, durable=False)

    def warn(self, level: int = 4) -> None:
        """One warning for each kind of problem that was met since the last call."""
        for messages in self.problems.values():
            more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
            warnings.warn(messages[0] + more, StorageWarning, stacklevel=level)
        self.problems = {}

    def _belongs(self, index: int, path: Path, head: dict[str, Any], result: Any) -> bool:
        """Whether a file holds the result of this network; that of another scan is an error."""
        note = head["note"] if isinstance(head.get("note"), dict) else {}
        found = note.get("fingerprint")
        if found is None:
            self._note("no fingerprint", f"{path}: was written by dmft {head.get('dmft_version')} "
                       "without a fingerprint; only its number, seed and network were compared")
            mine = (note.get("index") == index and tree_of(note.get("seed"), "seed")
                    == tree_of(self.seeds[index], "seed") and self._has_network(index, result))
            known = isinstance(note.get("index"), int) and "seed" in note
        else:
            mine = found == self.prints[index]
            known = found in self.prints
        if mine:
            return True
        if not known:
            raise StorageError(f"{path}: holds a result of another scan than the one that "
                               f"{self.folder / RECORD} records; move it elsewhere, or delete it, "
                               "and it is computed again")
        self._note("swapped", f"{path}: holds the result of another network or seed of this scan, "
                   "and was computed again")
        return False

    def _has_network(self, index: int, result: Any) -> bool:
        network = getattr(result, "network", None)
        return network is None or type(network) is not type(self.networks[index]) or (
            difference("", tree_of(network, "network"), self.now["networks"][index]) is None)

    def _of_version(self, path: Path, version: Any, result: Any) -> Any:
        """A result that another version wrote, or ABSENT if it is to be computed again."""
        says = f"{path}: was written by dmft {str(version)[:40]}, and this is dmft {__version__}"
        if self.on_version == "raise":
            raise StorageError(f"{says}; give on_version='recompute' to compute it again, "
                               "'reuse' to use it, or a new folder")
        if self.on_version == "recompute":
            return ABSENT
        if self.on_version == "warn":
            self._note("version", f"{says}; it is used as it is: on_version='recompute' computes "
                       "it again, 'reuse' uses it without this warning")
        return result

    def _note(self, kind: str, message: str) -> None:
        if message not in self.noted:
            self.noted.add(message)
            self.problems.setdefault(kind, []).append(message)

    def _check_folder(self) -> None:
        if self.folder.is_dir():
            results = any(self.folder.glob("*.npz"))  # first: another process writes these last
            if results and not os.path.lexists(self.folder / RECORD):
                raise StorageError(f"store {self.folder}: holds .npz files but no {RECORD}; give "
                                   "an empty or a new folder")
        elif os.path.lexists(self.folder) and not self.folder.is_dir():  # made meanwhile
            raise StorageError(f"store {self.folder}: is a file; give a folder")

    def _read_record(self) -> dict[str, Any] | None:
        path = self.folder / RECORD
        try:
            if path.stat().st_size > LARGEST_RECORD:
                raise ValueError(f"it has {path.stat().st_size} bytes")
            recorded = json.loads(path.read_text())
            if recorded["format"] != "dmft scan":
                raise ValueError("not the record of a scan")
            parts = {"function": str(recorded["function"]), "options": dict(recorded["options"]),
                     "networks": list(recorded["networks"]), "rng": recorded["rng"],
                     "dmft_version": recorded.get("dmft_version")}
            if "code" in recorded:
                parts["code"] = dict(recorded["code"])
            self._seed_of(parts)
            return parts
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError, AttributeError) as error:
            raise StorageError(f"{path}: cannot be read as the record of a scan ({error}); give a "
                               "new folder") from error

    @staticmethod
    def _seed_of(recorded: dict[str, Any]) -> np.random.SeedSequence | None:
        seed = decode(recorded["rng"], {})
        if seed is not None and not isinstance(seed, np.random.SeedSequence):
            raise ValueError("its rng is no seed")
        return seed

    def _difference(self, recorded: dict[str, Any], now: dict[str, Any]) -> str | None:
        """In words, how this scan differs from that of the record, and what to give."""
        pairs = [("function", public_name(recorded["function"]), now["function"])]
        pairs += [(what, recorded[what], now[what]) for what in ("options", "rng")]
        if "code" in recorded and self.on_version != "reuse":
            pairs.insert(1, ("code of the function", recorded["code"], now["code"]))
        pairs += [(f"network {index}", then, here) for index, (then, here) in
                  enumerate(zip(recorded["networks"], now["networks"], strict=False))]
        for what, then, here in pairs:
            found = difference(what, then, here)
            if found is not None:
                advice = ("on_version='reuse' if both compute the same" if what.startswith("code")
                          else "the arguments with which this one was created")
                return f"{found}; give a new folder, or {advice}"
        return None

    def _clear_temporary(self) -> None:
        """Delete temporary files of killed processes; one that runs holds the lock of its task."""
        if not self.locks.works:
            return
        for file in os.listdir(self.folder):
            match = _TEMPORARY.fullmatch(file)
            if match and self.take(int(match[1])):
                with contextlib.suppress(OSError):
                    (self.folder / file).unlink()
                self.free(int(match[1]))
