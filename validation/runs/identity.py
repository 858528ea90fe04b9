"""The identity of runs: the settings that must agree for runs to be stored together."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from dmft.storage.encoding import encode


def identity(settings) -> dict[str, Any]:
    """Settings that must agree for runs to be combined, with the network's arrays as digests."""
    return {name: _plain(name, getattr(settings, name)) for name in settings.shared}


def _plain(name: str, value: Any) -> Any:
    if name == "network":
        return network_identity(value)
    if isinstance(value, np.ndarray):
        return tuple(float(f"{number:.9g}") for number in value.ravel())
    return value


def network_identity(network: Any, far: bool = True) -> str:
    """The network as text; `far=False` as version 0.1.0 wrote it, without values of phi far out."""
    tree = encode(network, _digest, "network")
    return repr(tree if far else _without_far(tree))


def _without_far(tree: Any) -> Any:
    """A tree without the values of phi far out."""
    if isinstance(tree, list):
        return [_without_far(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    dropped = ("far",) if tree.keys() == {"name", "values", "far"} else ()
    return {key: _without_far(item) for key, item in tree.items() if key not in dropped}


def _digest(at: str, array: np.ndarray) -> str:
    data = np.ascontiguousarray(array)
    return hashlib.sha256(repr((data.dtype.str, data.shape)).encode() + data.tobytes()).hexdigest()
