"""Graphs: objects of networkx, and files that networkx reads."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, Any

import numpy as np

from .columns import plain, role, shown
from .connectivity import Connectivity
from .edges import from_edges
from .numbers import names_of
from .request import Name, Request, reading


def is_graph(value: Any) -> bool:
    """Whether this is a graph of networkx (without importing networkx)."""
    return {"edges", "nodes", "is_directed", "is_multigraph"} <= set(dir(type(value)))


def read_graph_file(form: str, stream: IO[bytes], request: Request) -> Connectivity:
    """A file in GraphML, GML or GEXF, read by networkx."""
    try:
        import networkx
    except ImportError:
        request.unreadable(f"{form} needs networkx: pip install 'dmft[connectome]'")
    reader = {"GraphML": networkx.read_graphml, "GML": networkx.read_gml,
              "GEXF": networkx.read_gexf}[form]
    data = stream.read()
    if form == "GraphML" and data.count(b"<graph ") + data.count(b"<graph>") > 1:
        request.unreadable("holds several graphs; write each to a file of its own")
    with reading(form, request):
        graph = reader(io.BytesIO(data))
    return read_graph(graph, request, form)


def read_graph(graph: Any, request: Request, form: str = "graph of networkx") -> Connectivity:
    """J of a graph: nodes are neurons, in their order; an undirected edge goes both ways."""
    if request.kind == "matrix":
        request.refuse("is a graph, which has edges", "leave out kind='matrix'")
    for end in ("source", "target"):
        if getattr(request, end) is not None:
            request.refuse(f"is a graph, whose edges have a {end} already", f"leave out {end}=; "
                           "graph.reverse() reverses all edges")
    request.refuse_rows()
    request.refuse_names()
    nodes = list(graph.nodes)
    names = _node_names(nodes, request)
    place = {node: k for k, node in enumerate(nodes)}
    edges = list(graph.edges(data=True))
    weight = _attribute([data for *_, data in edges], request)
    source = [place[one] for one, _, _ in edges]
    target = [place[two] for _, two, _ in edges]
    weights = [1.0 if weight is None else _number(data, weight, request) for *_, data in edges]
    notes = ["no weights: every edge counts as 1"] if weight is None else [
        f"weights are the attribute {weight!r}"]
    if not graph.is_directed():
        both = [k for k, (one, two) in enumerate(zip(source, target, strict=True)) if one != two]
        source, target = source + [target[k] for k in both], target + [source[k] for k in both]
        weights += [weights[k] for k in both]
        notes.append("undirected: every edge is a connection in both directions")
    alone = len(nodes) - len({*source, *target})
    if alone:
        notes.append(f"{alone} of {len(nodes)} neurons have no edge")
    return from_edges(names, np.array(source, dtype=np.int64), np.array(target, dtype=np.int64),
                      np.array(weights), request, form, "as the edges of the graph", notes,
                      in_order=True)


def _node_names(nodes: list, request: Request) -> list[Name]:
    if all(isinstance(one, (str, int)) and not isinstance(one, bool) for one in nodes):
        texts = [str(one) for one in nodes]
        if len(set(texts)) == len(texts):
            return names_of(texts, request)
    texts = [str(one) for one in nodes]
    if len(set(texts)) < len(texts):
        request.refuse("two nodes have names of the same text", "rename one")
    return list(texts)


def _attribute(data: Iterable[dict], request: Request) -> str | None:
    """The attribute of the edges that is their weight; None if every edge counts as 1."""
    data = list(data)
    if request.weight is False:
        return None
    names = sorted({name for one in data for name in one if isinstance(name, str)})
    if request.weight is not None:
        found = [name for name in names if name == request.weight] or [
            name for name in names if plain(name) == plain(request.weight)]
        if len(found) != 1:
            request.refuse(f"weight={request.weight!r} is not an attribute of the edges (they have "
                           f"{shown(names) or 'none'})", "give weight= one of these")
        return found[0]
    found = ["weight"] if "weight" in names else [n for n in names if role(n) == "weight"]
    if len(found) == 1:
        return found[0]
    numeric = [n for n in names if any(isinstance(one.get(n), (int, float)) for one in data)]
    if found or [n for n in numeric if n not in ("id", "key")]:
        request.refuse(f"the weight may be any of the attributes {shown(found or numeric)}",
                       "give weight= one of these, or weight=False to count every edge as 1")
    return None


def _number(data: dict, weight: str, request: Request) -> float:
    value = data.get(weight)
    if isinstance(value, (int, float, np.number)) and np.isfinite(value):
        return float(value)
    request.refuse(f"an edge has {weight}={value!r}", "give every edge a finite number as weight, "
                   "or weight=False to count each as 1")
