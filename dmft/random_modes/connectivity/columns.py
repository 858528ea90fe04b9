"""Columns of a list of edges by their names: source, target, weight, and the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .request import Request

SOURCE = {"source", "sources", "src", "pre", "presyn", "presynaptic", "from", "sender",
          "presynapse", "origin", "upstream"}
TARGET = {"target", "targets", "tgt", "dst", "dest", "destination", "post", "postsyn",
          "postsynaptic", "to", "receiver", "postsynapse", "downstream"}
# words that may stand beside source or target without changing what the column holds
IDENTIFIER = {"id", "ids", "root", "pt", "body", "neuron", "cell", "node", "name", "label",
              "index", "idx", "partner"}
WEIGHT = {"weight", "weights", "w", "wt", "count", "counts", "synapses", "synapse", "syn",
          "syncount", "synapsecount", "synapsescount", "nsyn", "nsynapses", "numsynapses",
          "numsyn", "synweight", "synapticweight", "strength", "coupling", "couplings", "size"}
INDEX = {"", "unnamed0", "index", "id", "row", "rownames", "rowid", "edge", "edgeid"}


@dataclass(frozen=True)
class Columns:
    """Places of the columns of a list of edges, counted from 0; weight None: 1 each."""

    source: int
    target: int
    weight: int | None
    notes: tuple[str, ...] = ()
    direction: str = ""


def plain(name: Any) -> str:
    """A name in lower-case letters and digits."""
    return re.sub(r"[^a-z0-9]", "", str(name).casefold())


def is_index_name(name: Any) -> bool:
    """Whether this is the name of a column that only numbers the rows, or no name."""
    return plain(name) in INDEX


def role(name: Any) -> str | None:
    """The role that the name of a column states: source, target, weight, or None."""
    if plain(name) in WEIGHT:
        return "weight"
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", str(name)).casefold()
    words = {word for word in re.split(r"[^a-z]+", text) if word}
    rest = words - SOURCE - TARGET
    if not rest <= IDENTIFIER:
        return None
    sources, targets = words & SOURCE, words & TARGET
    if sources and not targets:
        return "source"
    return "target" if targets and not sources else None


def names_both_ends(header: Sequence[Any]) -> bool:
    """Whether a header names a source and a target."""
    return {"source", "target"} <= {role(name) for name in header}


def by_name(header: Sequence[Any], numeric: Sequence[bool], request: Request) -> Columns:
    """The columns of a list of edges with a header; `numeric` marks those that hold numbers."""
    unnamed = [k for k, name in enumerate(header) if k and not str(name).strip()]
    if unnamed:
        request.refuse(f"column number {unnamed[0] + 1} has no name in the header {shown(header)}",
                       "name every column; only an index in the first place needs no name")
    found: dict[str, int] = {}
    for end in ("source", "target"):
        given = getattr(request, end)
        found[end] = place(header, given, end, request) if given is not None else _only(
            header, [k for k, name in enumerate(header) if role(name) == end], end, request)
    if found["source"] == found["target"]:
        request.refuse("one column is both source and target", "give different source= and "
                       "target=, by name or place")
    rest = [k for k in range(len(header)) if k not in found.values()]
    weight, notes = None, []
    if request.weight is not None and request.weight is not False:
        weight = place(header, request.weight, "weight", request)
        if weight in found.values():
            request.refuse(f"column {header[weight]!r} is both the weight and an end of an edge",
                           "give another weight=")
    elif request.weight is None:
        weights = [k for k in rest if role(header[k]) == "weight"]
        others = [k for k in rest if numeric[k] and not is_index_name(header[k])]
        if weights:
            weight = _only(header, weights, "weight", request)
        elif others:
            request.refuse("no column has the name of a weight, and "
                           f"{shown(header[k] for k in others)} hold numbers",
                           "give weight= with the name of a column, or weight=False to count "
                           "every edge as 1")
    if weight is None:
        notes.append("no weights: every edge counts as 1")
    left = [k for k in rest if k != weight]
    index = [k for k in left if is_index_name(header[k])]
    if index:
        notes.append("dropped the index column " + shown(_title(header, k) for k in index))
    if len(left) > len(index):
        notes.append("dropped the columns "
                     + shown(header[k] for k in left if k not in index))
    direction = (f"source is column {_title(header, found['source'])}, target is column "
                 f"{_title(header, found['target'])}")
    return Columns(found["source"], found["target"], weight, tuple(notes), direction)


def by_place(width: int, request: Request) -> Columns:
    """The columns of a list of edges without a header: source, target, weight, unless given."""
    default: dict[str, Any] = {"source": 0, "target": 1, "weight": 2 if width == 3 else None}
    given = {end: getattr(request, end) for end in default}
    for end, value in given.items():
        if isinstance(value, str):
            request.refuse(f"there is no header, and {end}={value!r}",
                           f"give {end}= as the place of a column, counted from 0")
        if value is not None and value is not False and not 0 <= value < width:
            request.refuse(f"{end}={value}, and there are {width} columns",
                           f"give {end}= from 0 to {width - 1}")
    ends = given["source"] is not None and given["target"] is not None
    used_up = 2 if given["weight"] is False else 3
    if (width > 3 and not (ends and given["weight"] is not None)) or (
            width > used_up and not ends and request.kind is None):
        request.refuse(f"{width} columns without a header that names source and target",
                       "give source=, target= and weight= as places of columns, counted from 0 "
                       "(weight=False: every edge counts as 1)")
    if ends and given["weight"] is None and width == 3 and given["source"] != given["target"]:
        default["weight"] = 3 - given["source"] - given["target"]
    chosen: dict[str, Any] = {end: value if given[end] is None else given[end]
                              for end, value in default.items()}
    if chosen["weight"] is False:
        chosen["weight"] = None
    used = [value for value in chosen.values() if value is not None]
    if len(set(used)) < len(used):
        request.refuse(f"source, target and weight are columns {chosen}", "give three "
                       "different columns")
    notes = [] if chosen["weight"] is not None else ["no weights: every edge counts as 1"]
    left = [k for k in range(width) if k not in used]
    if left:
        notes.append("dropped the columns " + shown(f"number {k + 1}" for k in left))
    direction = (f"no header; column {chosen['source'] + 1} was taken as source, column "
                 f"{chosen['target'] + 1} as target")
    return Columns(chosen["source"], chosen["target"], chosen["weight"], tuple(notes), direction)


def place(header: Sequence[Any], given: str | int, end: str, request: Request) -> int:
    """The place of the column that the caller gives by name or place."""
    exact = [k for k, name in enumerate(header) if name == given]
    if not exact and isinstance(given, str):
        exact = [k for k, name in enumerate(header) if plain(name) == plain(given)]
    if not exact and not isinstance(given, str) and 0 <= given < len(header):
        exact = [int(given)]
    if len(exact) != 1:
        request.refuse(f"{end}={given!r} is {'no' if not exact else 'more than one'} column of "
                       f"{shown(header)}", f"give {end}= one of these names, or a place from 0")
    return exact[0]


def _only(header: Sequence[Any], places: list[int], end: str, request: Request) -> int:
    if len(places) != 1:
        what = ("no column has the name of a" if not places
                else f"{shown(header[k] for k in places)} are each a")
        request.refuse(f"{what} {end} (columns: {shown(header)})",
                       f"give {end}= with the name of a column")
    return places[0]


def _title(header: Sequence[Any], k: int) -> str:
    return repr(header[k]) if str(header[k]).strip() else f"number {k + 1}"


def shown(names: Any) -> str:
    """Some names, separated by commas."""
    words = [str(name) for name in names]
    return ", ".join(words[:8]) + (", ..." if len(words) > 8 else "")
