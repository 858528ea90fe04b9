"""A sparse connectivity matrix from edges between named neurons."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from ...base import checks
from ...base.allocation import require
from .connectivity import Connectivity
from .request import Name, Request
from .tuning import BYTES_PER_EDGE, BYTES_PER_NEURON


def from_edges(names: Sequence[Name], source: np.ndarray, target: np.ndarray,
               weights: np.ndarray | None, request: Request, form: str, direction: str,
               notes: Sequence[str] = (), in_order: bool = False) -> Connectivity:
    """J with J[target, source] the sum of the weights of these edges.

    `source` and `target` are places in `names`. Neurons are sorted by their names, or keep the
    order of `names` if `in_order`; `request.neurons` gives all of them, and their order.
    """
    if not len(source) and request.neurons is None and not in_order:
        request.unreadable("no edges")
    order, where, more = _numbered(names, request, in_order)
    N = len(order)
    require(float(BYTES_PER_EDGE * len(source) + BYTES_PER_NEURON * N), "path_or_object",
            request.origin, "keep fewer edges")
    values = np.ones(len(source)) if weights is None else np.asarray(weights, dtype=float)
    checks.bounded("weight", values)
    J = sparse.coo_array((values, (where[target], where[source])), shape=(N, N)).tocsr()
    said = [*notes, *more]
    twice = len(source) - J.nnz
    if twice:
        said.append(f"{twice} of {len(source)} edges repeat an earlier one: weights are added")
    loops = int(np.sum(source == target))
    if loops:
        said.append(f"{loops} of {len(source)} edges connect a neuron to itself, and are kept")
    stored = J.nnz
    J.eliminate_zeros()
    if J.nnz < stored:
        said.append(f"{stored - J.nnz} couplings are zero")
    if N < 2:
        request.refuse(f"edges of {N} neuron", "give edges between two neurons or more")
    return Connectivity(J, tuple(order), request.origin, form, direction, tuple(said))


def _numbered(names: Sequence[Name], request: Request, in_order: bool,
              ) -> tuple[list[Name], np.ndarray, list[str]]:
    """The neurons in order, the place of each of `names` among them, and notes."""
    neurons, whole = request.neurons, all(isinstance(one, int) for one in names)
    notes: list[str] = []
    if neurons is None:
        order: list[Any] = list(names) if in_order else sorted(names)
        if whole and not in_order:
            notes = _missing(order, request)
    elif isinstance(neurons, tuple):
        order = [_as_these(one, whole) for one in neurons]
        if len(set(order)) < len(order):
            checks.reject("neurons", neurons, "names a neuron twice", "give each neuron once")
    else:
        order = list(range(*_range(neurons, names, request, whole)))
    rank = {name: k for k, name in enumerate(order)}
    unknown = [name for name in names if name not in rank]
    if unknown:
        checks.reject("neurons", neurons, f"{len(unknown)} neurons of the edges are not among "
                      f"them (such as {unknown[0]!r})", "name every neuron that has an edge")
    if neurons is not None:
        notes.append(f"{len(order) - len(names)} of {len(order)} neurons have no edge (neurons=)")
    return order, np.array([rank[name] for name in names], dtype=np.int64), notes


def _missing(order: list, request: Request) -> list[str]:
    """A note that numbers between the first and the last neuron do not occur."""
    gaps = order[-1] - order[0] + 1 - len(order) if order else 0
    if not gaps:
        return []
    said = (f"only neurons with an edge are included, {len(order)} of the numbers from {order[0]} "
            f"to {order[-1]}; neurons= includes others")
    if gaps <= len(order):
        # So few gaps that the numbers may be indices, with isolated neurons between them.
        warnings.warn(f"{request.origin}: {said} (neurons={order[-1] + 1}: all from 0 on)",
                      UserWarning, stacklevel=2)
    return [said]


def _range(N: int, names: Sequence, request: Request, whole: bool) -> tuple[int, int]:
    """The first neuron and the one after the last, of N neurons numbered from 0 or from 1."""
    require(float(BYTES_PER_NEURON) * N, "neurons", N, "give fewer neurons")
    if not whole:
        checks.reject("neurons", N, "the neurons of the edges have names that are not numbers",
                      "give the names of all neurons")
    low, high = min(names, default=0), max(names, default=0)
    if high > N:
        checks.reject("neurons", N, f"the edges have neurons up to {high}",
                      "give the names of all neurons, or a larger number")
    if low == 0 and high == N:
        checks.reject("neurons", N, f"the edges have neurons from 0 to {high}, {N + 1} numbers",
                      f"give neurons={N + 1}")
    if low > 0 and high < N:
        checks.reject("neurons", N, f"the edges have neurons from {low} to {high}, which may be "
                      "numbered from 0 or from 1", f"give neurons=range({N}) or range(1, {N + 1})")
    return (1, N + 1) if high == N else (0, N)


def _as_these(name: Name, whole: bool) -> Name:
    """A name in the form of those of the edges: an integer, or a text."""
    if whole and isinstance(name, str) and name.isdecimal():
        return int(name)
    return name if whole else str(name)
