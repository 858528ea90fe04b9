"""load_connectivity: a connectivity matrix from a file or an object."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterable
from lzma import LZMAError
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from ...base import checks
from ...base.errors import ModelError, StorageError
from .arrays import read_array
from .connectivity import Connectivity
from .file_formats import read_file
from .frames import is_frame, read_frame
from .graphs import is_graph, read_graph
from .request import Name, Request, sequence_of_names


def load_connectivity(path_or_object: Any, kind: str | None = None, *, rows: str | None = None,
                      source: str | int | None = None, target: str | int | None = None,
                      weight: str | int | bool | None = None,
                      neurons: int | Iterable[Name] | None = None,
                      names: bool | Iterable[Name] | None = None,
                      variable: str | None = None) -> Connectivity:
    """Read a connectivity matrix J, from neuron j (column) to neuron i (row).

    Names and headers determine how a table is read. A table with two possible meanings is refused
    until an argument determines which one is meant: three rows and three columns of whole numbers,
    for example, need `kind`. Printing the result shows how the input was understood.

    Parameters
    ----------
    path_or_object : path-like, or object
        A file, also compressed by gzip, bzip2 or xz: text with a matrix or a list of edges, cells
        separated by commas, semicolons, tabs, bars or blanks; Matrix Market; MATLAB up to version
        7; numpy (.npy, .npz); scipy.sparse (.npz); GraphML, GML or GEXF (by networkx). Or an
        object: array, masked array (masked is no connection), structured array, scipy.sparse
        matrix, data frame of pandas, graph of networkx.
    kind : "matrix" or "edges", optional
        What a table is; needed where names and header do not determine it.
    rows : "postsynaptic" or "presynaptic", optional
        Neuron to which a row of a matrix belongs: postsynaptic by default; with "presynaptic" the
        matrix is transposed. Refused for edges.
    source, target, weight : str or int, optional
        Columns of a list of edges, by name or place (from 0). By default columns are found by
        their names (source, pre, from, ...; target, post, to, ...; weight, count, synapses, ...);
        without a header they are the first, the second and the third. weight=False counts every
        edge as 1; for a graph, `weight` is an attribute of its edges.
    neurons : int, or sequence of str or int, optional
        All neurons, in order: also those without edges. A number N is for neurons that are numbered
        from 0 to N - 1, or from 1 to N. By default those of the edges, sorted.
    names : bool, or sequence of str or int, optional
        Whether the first row and column of a matrix in a text are names; or the names of the
        neurons of a matrix.
    variable : str, optional
        Name of the array in a file with several (.mat, .npz).

    Returns
    -------
    Connectivity
        `.matrix` ((N, N) array, or scipy.sparse.csr_array from sparse matrices, edges and graphs),
        `.names`, `.direction`, `.notes` (what was dropped, added or assumed); numpy and every
        function of a connectivity accept it. Weights of repeated edges are added.

    Raises
    ------
    StorageError
        If the file cannot be read, with the line and what to do; or if a library for its format is
        missing (pip install 'dmft[connectome]').
    ModelError
        If the content has several meanings, or is not a square matrix, or needs more memory than
        there is.

    Warns
    -----
    UserWarning
        If neurons of a list of edges are numbered with few gaps: neurons without edges may be
        missing, which `neurons` would include.

    Examples
    --------
    >>> J = load_connectivity([[0.0, 1.5], [0.5, 0.0]], names=["a", "b"])
    >>> print(J)
    2 neurons, 2 couplings that are not zero (dense)
    read from an array: array
    J[i, j] is from neuron j to neuron i: rows were taken as postsynaptic, the default; \
rows='presynaptic' transposes
    names: a, b
    """
    named = names if names is None or isinstance(names, (bool, np.bool_)) else sequence_of_names(
        "names", names)
    own = neurons if neurons is None or isinstance(neurons, (int, float, complex, np.number)
                                                   ) else sequence_of_names("neurons", neurons)
    request = Request(_origin(path_or_object), kind, rows, source, target, weight, own, named,
                      variable)
    if isinstance(path_or_object, (str, os.PathLike)):
        return _from_file(Path(path_or_object), request)
    if isinstance(path_or_object, Connectivity):
        return _again(path_or_object, request)
    if is_graph(path_or_object):
        return read_graph(path_or_object, request)
    if is_frame(path_or_object):
        return read_frame(path_or_object, request)
    if sparse.issparse(path_or_object):
        return read_array(path_or_object, request, "matrix of scipy.sparse")
    if isinstance(path_or_object, (np.ndarray, list, tuple)) or hasattr(
            path_or_object, "__array__"):
        try:
            array = np.ma.asanyarray(path_or_object) if _holds_masked(
                path_or_object) else np.asarray(path_or_object)
        except ValueError:
            request.refuse("has rows of different lengths", "give a square matrix")
        return read_array(array, request, "array")
    checks.reject("path_or_object", path_or_object, "neither a path nor a connectivity",
                  "give the name of a file, an array, a sparse matrix, a data frame or a graph")


def _from_file(path: Path, request: Request) -> Connectivity:
    if not str(path) or path == Path():
        checks.reject("path_or_object", str(path), "not the name of a file", "give a path")
    try:
        return read_file(path, request)
    except (ModelError, StorageError):
        raise
    except MemoryError:
        request.unreadable("needs more memory than there is; give a sparse matrix or edges")
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, LZMAError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise StorageError(f"{path}: cannot be read as a connectivity matrix ({why})") from error


def _again(J: Connectivity, request: Request) -> Connectivity:
    """A Connectivity is returned unchanged; arguments that describe an input are refused."""
    given = [field for field in ("kind", "rows", "source", "target", "weight", "neurons", "names",
                                 "variable") if getattr(request, field) is not None]
    if given:
        checks.reject(given[0], getattr(request, given[0]), "the connectivity has been read "
                      "already", f"leave out {', '.join(given)}, or read the file again")
    return J


def _origin(given: Any) -> str:
    if isinstance(given, (str, os.PathLike)):
        return str(given)
    kind = "array" if isinstance(given, (np.ndarray, list, tuple)) else type(given).__name__
    return f"an {kind}" if kind[0].lower() in "aeiou" else f"a {kind}"


def _holds_masked(value: Any) -> bool:
    return isinstance(value, np.ma.MaskedArray) or (
        isinstance(value, (list, tuple)) and any(map(_holds_masked, value)))
