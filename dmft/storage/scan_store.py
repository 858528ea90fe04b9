"""ScanStore: the folder in which a scan keeps its results, with a record of what was scanned."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..base.checks import reject
from ..base.errors import StorageError
from .encoding import decode, encode, find
from .files import checked_path, load, save, write_atomically

MANIFEST = "scan.json"
ABSENT = object()  # marks a missing entry of a tree, where None would be a value
# fields that are texts for the user: a version with other words continues the same scan
WORDING = {"Convergence": ("message",), "Check": ("says",)}


class ScanStore:
    """A folder with `scan.json`, which records what was scanned, and one .npz for each result.

    Parameters
    ----------
    folder : path-like
        Created by `open`, if its parent exists.
    function, options, networks
        The present scan, which is compared with the one recorded in the folder.
    """

    def __init__(self, folder: str | os.PathLike[str], function: Callable[..., Any],
                 options: dict[str, Any], networks: list[Any]):
        self.folder = checked_path("store", folder, "the name of a folder")
        self.networks = networks
        self.now = {"function": name_of(function),
                    "options": {key: fingerprint(value, f"the option {key}")
                                for key, value in options.items()},
                    "networks": [fingerprint(network, f"network {index}")
                                 for index, network in enumerate(networks)]}
        self.recorded, self.seed = self._read_manifest()

    def open(self, root: np.random.SeedSequence | None) -> None:
        """Reject a folder that holds another scan; otherwise record this scan in it."""
        now = {**self.now, "rng": fingerprint(root, "rng")}
        networks = now["networks"]
        if self.recorded is not None:
            recorded = self.recorded
            self._compare("function", public_name(recorded["function"]), now["function"])
            for what in ("options", "rng"):
                self._compare(what, recorded[what], now[what])
            for index, (then, here) in enumerate(zip(recorded["networks"], networks, strict=False)):
                self._compare(f"network {index}", then, here)
            if len(recorded["networks"]) >= len(networks):
                return
        head = {"format": "dmft scan", "dmft_version": __version__, **now}
        text = json.dumps(head, indent=1)
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise StorageError(f"store {self.folder}: cannot be created ({error.strerror}); give "
                               "a folder whose parent exists") from error
        write_atomically(self.folder / MANIFEST, lambda stream: stream.write(text.encode()))

    def path(self, index: int) -> Path:
        """The file of one result."""
        return self.folder / f"{index:05d}.npz"

    def has(self, index: int) -> bool:
        """Whether this result is stored."""
        return self.path(index).exists()

    def read(self, index: int) -> Any:
        """Read one result."""
        return load(self.path(index), phi=own_phi(self.networks[index]))

    def write(self, index: int, result: Any, seed: np.random.SeedSequence | None) -> None:
        """Write one result, with its seed in the header."""
        save(result, self.path(index), note={"index": index, "seed": seed})

    def _read_manifest(self) -> tuple[dict[str, Any] | None, np.random.SeedSequence | None]:
        path = self.folder / MANIFEST
        try:
            recorded = json.loads(path.read_text())
            if recorded["format"] != "dmft scan":
                raise ValueError("not the record of a scan")
            parts = {"function": recorded["function"], "options": dict(recorded["options"]),
                     "networks": list(recorded["networks"]), "rng": recorded["rng"]}
            return parts, decode(recorded["rng"], {})
        except FileNotFoundError:
            if self.folder.is_dir() and any(self.folder.glob("*.npz")):
                raise StorageError(f"store {self.folder}: holds .npz files but no {MANIFEST}; give "
                                   "an empty or a new folder") from None
            return None, None
        except NotADirectoryError:
            raise StorageError(f"store {self.folder}: is a file; give a folder") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"{path}: cannot be read as the record of a scan ({error}); give a "
                               "new folder") from error

    def _compare(self, what: str, then: Any, now: Any) -> None:
        then = with_new_fields(then, now)
        if then == now:
            return
        path, then, now = first_difference(then, now)
        where = what + (f" (in {path})" if path else "")
        raise StorageError(f"store {self.folder}: its scan differs from this one in {where}: "
                           f"{_shown(then)} there, {_shown(now)} now; give a new folder, or the "
                           "arguments with which this one was created")


def own_phi(network: Any) -> Any:
    """The network's phi if it is a plain function, which a file cannot hold."""
    phi = getattr(network, "phi", None)
    if phi is None or getattr(phi, "expression", None) is not None:
        return None
    return phi


def name_of(function: Any) -> str:
    """Module and name of a function, with the arguments that functools.partial has bound.

    A lambda is rejected, since two of them in one module cannot be distinguished.
    """
    if isinstance(function, functools.partial):
        bound = fingerprint([list(function.args), dict(function.keywords)], "a bound argument")
        return f"{name_of(function.func)} with {json.dumps(bound)}"
    name = getattr(function, "__qualname__", type(function).__qualname__)
    if "<lambda>" in name:
        reject("function", function, "a lambda has no name by which a store could identify it",
               "define it by def, or scan without a store")
    return public_name(f"{function.__module__}.{name}")


def public_name(name: str) -> str:
    """The public name of a function: one of this package without the module that defines it.

    Functions may move between modules; a store written before remains valid.
    """
    function, _, bound = name.partition(" with ")
    parts = function.split(".")
    if parts[0] == "dmft" and len(parts) > 2:
        package = parts[:2] if parts[1] == "validation" else parts[:1]
        function = ".".join([*package, parts[-1]])
    return f"{function} with {bound}" if bound else function


def with_new_fields(then: Any, now: Any) -> Any:
    """The older tree with the fields that did not exist then and are now at their defaults.

    Texts for the user are those of the present version, so that they are never a difference.
    """
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [with_new_fields(a, b) for a, b in zip(then, now, strict=True)]
    if not (isinstance(then, dict) and isinstance(now, dict)):
        return then
    filled = {key: with_new_fields(item, now.get(key)) for key, item in then.items()}
    cls = find(now["class"]) if now.keys() == {"class", "fields"} == then.keys() else None
    if cls is not None and isinstance(filled["fields"], dict):
        for field in dataclasses.fields(cls):
            given = now["fields"].get(field.name, ABSENT)
            missing = field.name not in filled["fields"] and given == field.default
            if missing or field.name in WORDING.get(now["class"], ()):
                filled["fields"][field.name] = given
    return filled


def fingerprint(value: Any, what: str) -> Any:
    """JSON that is equal for equal values: that of a file, with a digest in place of each array."""
    def digest(at: str, array: np.ndarray) -> str:
        content = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:32]
        return f"{array.dtype.str} {array.shape} {content}"

    if callable(value) and hasattr(value, "__qualname__"):
        return {"function": name_of(value)}
    tree = encode(value, digest, what)
    return json.loads(json.dumps(tree))


def first_difference(then: Any, now: Any, path: str = "") -> tuple[str, Any, Any]:
    """Path of the first difference between two trees, and the entry of each at that path."""
    if isinstance(then, dict) and isinstance(now, dict):
        pairs = [(key, then.get(key, ABSENT), now.get(key, ABSENT)) for key in {**then, **now}]
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = [(str(i), a, b) for i, (a, b) in enumerate(zip(then, now, strict=True))]
    else:
        return path, then, now
    key, a, b = next(pair for pair in pairs if pair[1] != pair[2])
    if key in ("fields", "dict", "tuple", "float", "seed"):  # keys added by the encoding
        return first_difference(a, b, path)
    return first_difference(a, b, f"{path}.{key}" if path else key)


def _shown(tree: Any) -> str:
    text = "nothing" if tree is ABSENT else json.dumps(tree)
    return text if len(text) <= 200 else text[:197] + "..."
