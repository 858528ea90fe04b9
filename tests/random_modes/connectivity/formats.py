"""Formats of connectivity, each written by the library that is made for it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pandas
from scipy import io, sparse

# name -> function of (folder, J, names) that returns a file or object, whether names are in it, and
# arguments that are needed to read it
Format = Callable[[Path, np.ndarray, list[str]], tuple[Any, bool, dict[str, Any]]]
FORMATS: dict[str, Format] = {}


def named(name: str) -> Callable[[Format], Format]:
    """Enter a format in the list."""
    def enter(function: Format) -> Format:
        FORMATS[name] = function
        return function
    return enter


def _graph(J: np.ndarray, names: list[str]) -> networkx.DiGraph:
    graph = networkx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_weighted_edges_from((names[j], names[i], float(J[i, j]))
                                  for i, j in zip(*np.nonzero(J), strict=True))
    return graph


def _edges(J: np.ndarray, names: list[str]) -> pandas.DataFrame:
    i, j = np.nonzero(J)
    return pandas.DataFrame({"post": np.array(names)[i], "pre": np.array(names)[j],
                             "weight": J[i, j], "roi": "LAL"})


@named("npy")
def _(folder, J, names):
    np.save(folder / "J.npy", J)
    return folder / "J.npy", False, {}


@named("npy.gz")
def _(folder, J, names):
    np.save(folder / "J.npy", J.T)
    (folder / "J.npy.gz").write_bytes(gzip.compress((folder / "J.npy").read_bytes()))
    return folder / "J.npy.gz", False, {"rows": "presynaptic"}


@named("npz")
def _(folder, J, names):
    np.savez_compressed(folder / "J.npz", J=J, mask=J > 0)
    return folder / "J.npz", False, {"variable": "J"}


@named("sparse npz")
def _(folder, J, names):
    sparse.save_npz(folder / "J.npz", sparse.csc_matrix(J))
    return folder / "J.npz", False, {}


@named("Matrix Market")
def _(folder, J, names):
    io.mmwrite(folder / "J.mtx", sparse.coo_matrix(J), precision=17)
    return folder / "J.mtx", False, {}


@named("Matrix Market, dense, gz")
def _(folder, J, names):
    io.mmwrite(folder / "J.mtx", J, precision=17)
    (folder / "J.mtx.gz").write_bytes(gzip.compress((folder / "J.mtx").read_bytes()))
    return folder / "J.mtx.gz", False, {}


@named("MATLAB")
def _(folder, J, names):
    io.savemat(folder / "J.mat", {"J": J, "label": np.array(names, dtype=object)},
               do_compression=True)
    return folder / "J.mat", False, {}


@named("MATLAB, sparse")
def _(folder, J, names):
    io.savemat(folder / "J.mat", {"J": sparse.csc_matrix(J)})
    return folder / "J.mat", False, {}


@named("MATLAB 4")
def _(folder, J, names):
    io.savemat(folder / "J.mat", {"J": J}, format="4")
    return folder / "J.mat", False, {}


@named("GraphML")
def _(folder, J, names):
    networkx.write_graphml(_graph(J, names), folder / "J.graphml")
    return folder / "J.graphml", True, {}


@named("GML")
def _(folder, J, names):
    networkx.write_gml(_graph(J, names), folder / "J.gml")
    return folder / "J.gml", True, {}


@named("GEXF, gz")
def _(folder, J, names):
    networkx.write_gexf(_graph(J, names), folder / "J.gexf")
    (folder / "J.gexf.gz").write_bytes(gzip.compress((folder / "J.gexf").read_bytes()))
    return folder / "J.gexf.gz", True, {}


@named("edge list of networkx")
def _(folder, J, names):
    networkx.write_weighted_edgelist(_graph(J, names), folder / "J.edgelist")
    return folder / "J.edgelist", True, {"kind": "edges", "neurons": names}


@named("graph of networkx")
def _(folder, J, names):
    return _graph(J, names), True, {}


@named("text of numpy")
def _(folder, J, names):
    np.savetxt(folder / "J.txt", J)
    return folder / "J.txt", False, {"kind": "matrix"}


@named("csv of pandas, named")
def _(folder, J, names):
    pandas.DataFrame(J, names, names).to_csv(folder / "J.csv.gz")
    return folder / "J.csv.gz", True, {}


@named("csv of pandas, edges")
def _(folder, J, names):
    _edges(J, names).to_csv(folder / "J.csv")
    return folder / "J.csv", True, {"neurons": names}


@named("tsv of pandas, edges without index")
def _(folder, J, names):
    _edges(J, names).to_csv(folder / "J.tsv", sep="\t", index=False)
    return folder / "J.tsv", True, {"neurons": names}


@named("data frame")
def _(folder, J, names):
    order = [*range(1, len(J)), 0]
    return pandas.DataFrame(J, names, names).iloc[:, order], True, {}


@named("data frame read without index_col")
def _(folder, J, names):
    frame = pandas.DataFrame(J, names, names)
    return frame.reset_index(names="Unnamed: 0"), True, {}


@named("sparse data frame")
def _(folder, J, names):
    return pandas.DataFrame.sparse.from_spmatrix(sparse.csc_matrix(J), names, names), True, {}


@named("data frame of edges")
def _(folder, J, names):
    return _edges(J, names), True, {"neurons": names}


@named("structured array")
def _(folder, J, names):
    return _edges(J, names).to_records(index=False), True, {"neurons": names}


@named("array")
def _(folder, J, names):
    return J, False, {"names": names}


@named("list")
def _(folder, J, names):
    return J.tolist(), False, {}


@named("array of edges")
def _(folder, J, names):
    i, j = np.nonzero(J)
    return np.column_stack([j, i, J[i, j]]), False, {"kind": "edges", "neurons": len(J)}


@named("masked array")
def _(folder, J, names):
    return np.ma.masked_array(np.where(J == 0, 77.0, J), J == 0), False, {}


@named("sparse matrix")
def _(folder, J, names):
    return sparse.lil_matrix(J), False, {}
