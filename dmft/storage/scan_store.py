"""Store: the folder in which a scan keeps its results, and knows whose they are."""

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
from .files import load, place_of, save, write_whole

MANIFEST = "scan.json"
ABSENT = object()  # stands where a tree has nothing: None would be a value


class Store:
    """A folder with `scan.json`, which says what was scanned, and one .npz for each result.

    Parameters
    ----------
    folder : path-like
        Made when opened, if its parent exists.
    function, options, networks
        What is scanned now; compared with what the folder was begun with.
    """

    def __init__(self, folder: str | os.PathLike[str], function: Callable[..., Any],
                 options: dict[str, Any], networks: list[Any]):
        self.folder = place_of("store", folder, "the name of a folder")
        self.networks = networks
        self.now = {"function": name_of(function),
                    "options": {key: fingerprint(value, f"the option {key}")
                                for key, value in options.items()},
                    "networks": [fingerprint(network, f"network {index}")
                                 for index, network in enumerate(networks)]}
        self.begun, self.seed = self._read_manifest()  # what it was begun with, and its seed

    def open(self, root: np.random.SeedSequence | None) -> None:
        """Refuse a folder of another scan; otherwise make it this one's."""
        now = {**self.now, "rng": fingerprint(root, "rng")}
        networks = now["networks"]
        if self.begun is not None:
            begun = self.begun
            self._compare("function", public_name(begun["function"]), now["function"])
            for what in ("options", "rng"):
                self._compare(what, begun[what], now[what])
            for index, (then, here) in enumerate(zip(begun["networks"], networks, strict=False)):
                self._compare(f"network {index}", then, here)
            if len(begun["networks"]) >= len(networks):
                return
        head = {"format": "dmft scan", "dmft_version": __version__, **now}
        text = json.dumps(head, indent=1)
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise StorageError(f"store {self.folder}: cannot be made ({error.strerror}); give a "
                               "folder in one that exists") from error
        write_whole(self.folder / MANIFEST, lambda stream: stream.write(text.encode()))

    def path(self, index: int) -> Path:
        """The file of one result."""
        return self.folder / f"{index:05d}.npz"

    def has(self, index: int) -> bool:
        """Whether this result is there."""
        return self.path(index).exists()

    def read(self, index: int) -> Any:
        """One result."""
        return load(self.path(index), phi=own_phi(self.networks[index]))

    def write(self, index: int, result: Any, seed: np.random.SeedSequence | None) -> None:
        """Keep one result, its seed in the header."""
        save(result, self.path(index), note={"index": index, "seed": seed})

    def _read_manifest(self) -> tuple[dict[str, Any] | None, np.random.SeedSequence | None]:
        path = self.folder / MANIFEST
        try:
            begun = json.loads(path.read_text())
            if begun["format"] != "dmft scan":
                raise ValueError("not a scan's")
            parts = {"function": begun["function"], "options": dict(begun["options"]),
                     "networks": list(begun["networks"]), "rng": begun["rng"]}
            return parts, decode(begun["rng"], {})
        except FileNotFoundError:
            if self.folder.is_dir() and any(self.folder.glob("*.npz")):
                raise StorageError(f"store {self.folder}: holds .npz files but no {MANIFEST}; give "
                                   "an empty or a new folder") from None
            return None, None
        except NotADirectoryError:
            raise StorageError(f"store {self.folder}: is a file; give a folder") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"{path}: cannot be read as a scan's ({error}); give a new "
                               "folder") from error

    def _compare(self, what: str, then: Any, now: Any) -> None:
        then = with_new_fields(then, now)
        if then == now:
            return
        path, then, now = first_difference(then, now)
        where = what + (f" (in {path})" if path else "")
        raise StorageError(f"store {self.folder}: its scan differs from this one in {where}: "
                           f"{_shown(then)} there, {_shown(now)} now; give a new folder, or repeat "
                           "the call that began this one")


def own_phi(network: Any) -> Any:
    """The network's phi if it is a plain function, which a file cannot hold."""
    phi = getattr(network, "phi", None)
    if phi is None or getattr(phi, "expression", None) is not None:
        return None
    return phi


def name_of(function: Any) -> str:
    """Module and name of a function, with the arguments that functools.partial has bound.

    A lambda is refused: two of them in one module could not be told apart.
    """
    if isinstance(function, functools.partial):
        bound = fingerprint([list(function.args), dict(function.keywords)], "a bound argument")
        return f"{name_of(function.func)} with {json.dumps(bound)}"
    name = getattr(function, "__qualname__", type(function).__qualname__)
    if "<lambda>" in name:
        reject("function", function, "a lambda has no name that a store could know it by",
               "define it by def, or scan without a store")
    return public_name(f"{function.__module__}.{name}")


def public_name(name: str) -> str:
    """The name by which users know a function: a public one without the module it lives in."""
    house, _, rest = name.partition(" with ")
    parts = house.split(".")
    if parts[0] == "dmft" and len(parts) > 2:
        front = parts[:2] if parts[1] == "validation" else parts[:1]
        house = ".".join([*front, parts[-1]])
    return f"{house} with {rest}" if rest else house


def with_new_fields(then: Any, now: Any) -> Any:
    """The older tree with the fields that its version did not have, where they are at defaults."""
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [with_new_fields(a, b) for a, b in zip(then, now, strict=True)]
    if not (isinstance(then, dict) and isinstance(now, dict)):
        return then
    filled = {key: with_new_fields(item, now.get(key)) for key, item in then.items()}
    cls = find(now["class"]) if now.keys() == {"class", "fields"} == then.keys() else None
    if cls is not None and isinstance(filled["fields"], dict):
        for field in dataclasses.fields(cls):
            given = now["fields"].get(field.name, ABSENT)
            if field.name not in filled["fields"] and given == field.default:
                filled["fields"][field.name] = given
    return filled


def fingerprint(value: Any, what: str) -> Any:
    """JSON that is equal for equal values: as in a file, but with a digest for every array."""
    def digest(at: str, array: np.ndarray) -> str:
        content = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:32]
        return f"{array.dtype.str} {array.shape} {content}"

    if callable(value) and hasattr(value, "__qualname__"):
        return {"function": name_of(value)}
    tree = encode(value, digest, what)
    return json.loads(json.dumps(tree))


def first_difference(then: Any, now: Any, path: str = "") -> tuple[str, Any, Any]:
    """Where two different trees part, and what stands there in each."""
    if isinstance(then, dict) and isinstance(now, dict):
        pairs = [(key, then.get(key, ABSENT), now.get(key, ABSENT)) for key in {**then, **now}]
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = [(str(i), a, b) for i, (a, b) in enumerate(zip(then, now, strict=True))]
    else:
        return path, then, now
    key, a, b = next(pair for pair in pairs if pair[1] != pair[2])
    if key in ("fields", "dict", "tuple", "float", "seed"):  # the encoding's own words
        return first_difference(a, b, path)
    return first_difference(a, b, f"{path}.{key}" if path else key)


def _shown(tree: Any) -> str:
    text = "nothing" if tree is ABSENT else json.dumps(tree)
    return text if len(text) <= 200 else text[:197] + "..."
