"""Store: the results of a simulation in one file, from which a later call resumes."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from dmft.base.errors import StorageError
from dmft.storage.encoding import encode
from dmft.storage.files import header, load, save, with_suffix

KIND = "dmft.validation.simulate"


class Store:
    """Results by task in one .npz file, rewritten atomically after each task.

    Only one process may use it at a time: of two that write, the later one overwrites the other.

    Raises
    ------
    StorageError
        If the file is not a store, is damaged, or holds runs with other settings.
    """

    def __init__(self, path, settings):
        self.path = with_suffix(path)
        self.identity = identity(settings)
        self.results: dict[str, dict[str, Any]] = {}
        if self.path.exists():
            note = header(self.path)["note"]
            if note.get("kind") != KIND:
                raise StorageError(f"{self.path}: does not hold simulated runs; give another path")
            written = {**getattr(settings, "absent", {}), **note["settings"]}
            if not set(settings.shared) <= set(written):
                raise StorageError(f"{self.path}: holds runs of the other kind, with or without "
                                   "times; give another path")
            for field in settings.shared:
                if written[field] != self.identity[field]:
                    raise StorageError(
                        f"{self.path}: holds runs with {field}={written[field]}, not "
                        f"{self.identity[field]}; give another path, or the same settings")
            self.results = load(self.path)
        else:
            self.write()  # so that a path that cannot be written is reported before the simulation

    def get(self, neurons: int, network: int) -> dict[str, Any] | None:
        return self.results.get(f"{neurons}/{network}")

    def add(self, neurons: int, network: int, result: dict[str, Any]) -> None:
        self.results[f"{neurons}/{network}"] = result
        self.write()

    def write(self) -> None:
        save(self.results, self.path, note={"kind": KIND, "settings": self.identity})


def stored_seed(path) -> np.random.SeedSequence | None:
    """The seed of an existing store, with which a call without `rng` resumes, or None."""
    path = with_suffix(path)
    if not path.exists():
        return None
    settings = header(path)["note"].get("settings", {})
    if not {"entropy", "spawn_key"} <= set(settings):
        return None
    return np.random.SeedSequence(settings["entropy"], spawn_key=settings["spawn_key"])


def identity(settings) -> dict[str, Any]:
    """Settings that must agree for runs to be combined, with the network's arrays as digests."""
    return {name: _plain(name, getattr(settings, name)) for name in settings.shared}


def _plain(name: str, value: Any) -> Any:
    if name == "network":
        return repr(encode(value, _digest, name))
    if isinstance(value, np.ndarray):
        return tuple(float(f"{number:.9g}") for number in value.ravel())
    return value


def _digest(at: str, array: np.ndarray) -> str:
    data = np.ascontiguousarray(array)
    return hashlib.sha256(repr((data.dtype.str, data.shape)).encode() + data.tobytes()).hexdigest()
