"""Matrices written as files in every variant that programs write, with what is lost in each.

`choose(options)` picks one of a list; hypothesis and a random generator both do.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import dmft
from dmft.base.errors import StorageError

Choose = Callable[[list], Any]
PACKERS = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
SEPARATORS = [",", ";", "\t", "|", " "]
HEADERS = [("source", "target", "weight"), ("pre", "post", "count"), ("from", "to", "w"),
           ("pre_root_id", "post_root_id", "syn_count"), ("Source", "Target", "Weight"),
           ("bodyId_pre", "bodyId_post", "weight")]
ORDERS = [(0, 1, 2), (1, 0, 2), (2, 0, 1), (2, 1, 0), (0, 2, 1)]


@dataclass
class Written:
    """A file, its matrix and names, and the arguments that make it unambiguous."""

    path: Path
    J: np.ndarray
    names: list  # of all neurons
    said: dict = field(default_factory=dict)  # what every caller must state: rows, neurons
    full: dict = field(default_factory=dict)  # with these too, the file is unambiguous
    must_be_read: bool = True  # by all these arguments


def matrix(choose: Choose, counts: bool | None = None) -> np.ndarray:
    """A small matrix: counts, or numbers of three decimals, some of them zero."""
    N = choose([2, 3, 4, 5, 6])
    rng = np.random.default_rng(choose(list(range(1000))))
    counts = choose([True, False]) if counts is None else counts
    values = rng.integers(0, 9, (N, N)).astype(float) if counts else np.round(
        3 * rng.standard_normal((N, N)), 3)
    return np.where(rng.random((N, N)) < choose([0.4, 0.8, 1.0]), values, 0.0)


def labels(choose: Choose, N: int) -> list:
    """Names of neurons, in the order of their sorting."""
    style = choose(["text", "from 0", "from 1", "identifiers", "of R"])
    if style == "text":
        return sorted(["KC-a", "KC b", "MBON", "PN/1", "Zé", "x2"][:N])
    if style == "of R":
        return [f"V{k + 1}" for k in range(N)]
    first, step = {"from 0": (0, 1), "from 1": (1, 1),
                   "identifiers": (720575940600000001, 10**7 + 3)}[style]
    return [first + step * k for k in range(N)]


def numbers(choose: Choose, values: np.ndarray, separator: str) -> Callable[[float], str]:
    """One way of writing the numbers of a file, so that they come back exactly."""
    style = choose(["shortest", "integer", "savetxt", "decimal comma"])
    if style == "integer" and np.all(values == np.round(values)):
        return lambda value: str(int(value))
    if style == "savetxt":
        return lambda value: f"{value:.18e}"
    if style == "decimal comma" and separator != ",":
        return lambda value: repr(float(value)).replace(".", ",")
    return lambda value: repr(float(value))


def table(choose: Choose, folder: Path) -> Written:
    """A matrix in a text."""
    J = matrix(choose)
    N, names = len(J), labels(choose, len(J))
    separator = choose(SEPARATORS)
    rows = choose(["postsynaptic", "presynaptic"])
    text = numbers(choose, J, separator)
    cells = [[text(value) for value in row] for row in (J.T if rows == "presynaptic" else J)]
    naming = choose(["none", "header", "column", "both", "shuffled", "R", "index", "counted"])
    corner = choose(["", "neuron", "0", "Unnamed: 0"])
    texts = [str(one) for one in names]
    order = list(range(N))
    if naming == "shuffled":
        order = [*range(1, N), 0]
    elif naming == "counted":
        names = order
    left = [str(k) for k in range(N)] if naming in ("index", "counted") else texts
    body = [[row[k] for k in order] for row in cells]
    if naming not in ("none", "header"):
        body = [[one, *row] for one, row in zip(left, body, strict=True)]
    if naming in ("header", "R"):
        body = [texts, *body]
    elif naming not in ("none", "column"):
        body = [[corner, *(str(names[k]) for k in order)], *body]
    full: dict = {"kind": "matrix", "names": naming != "none"}
    # an index beside names that are numbers too, or below a corner 0
    doubtful = naming == "index" and (corner in ("0", "neuron") or not isinstance(names[0], str))
    return Written(save(choose, folder, body, separator, naming == "R"), J,
                   names if naming != "none" else list(range(N)), {"rows": rows}, full,
                   must_be_read=not doubtful)


def edges(choose: Choose, folder: Path) -> Written:
    """A list of edges in a text; edges may be split in two, whose weights add up."""
    weighted = choose([True, True, False])
    J = matrix(choose, None if weighted else True)
    J[0, 1] = 1.0
    if not weighted:
        J = np.minimum(J, 2)
    names = labels(choose, len(J))
    separator = choose(SEPARATORS)
    lines = []
    for i, j in zip(*np.nonzero(J), strict=True):
        parts = [J[i, j]] if weighted else [1.0] * int(J[i, j])
        if weighted and choose([False, False, False, True]):
            parts = [J[i, j] / 2, J[i, j] / 2]
        lines += [(str(names[j]), str(names[i]), part) for part in parts]
    text = numbers(choose, np.array([one[2] for one in lines]), separator)
    order = choose(ORDERS) if weighted else choose([(0, 1), (1, 0)])
    header = choose([None, None, *HEADERS, ("a", "b", "c"), "comment"])
    region, index = choose([False, False, True]), choose([None, None, "", "Unnamed: 0", "R"])
    body = []
    for k, (source, target, weight) in enumerate(lines):
        row = [(source, target, text(weight))[place] for place in order]
        body.append([*([str(k)] if index is not None else []), *row, *(["LAL"] if region else [])])
    places = {end: order.index(k) + (index is not None) if k in order else False
              for k, end in enumerate(("source", "target", "weight"))}
    said: dict = {}
    if header is None:
        full = {**places, "neurons": names}
        if order[:2] != (0, 1):
            said = places  # without a header, the order must be said
    else:
        titles = HEADERS[0] if header == "comment" else header
        top = [*([index] if index not in (None, "R") else []), *(titles[k] for k in order),
               *(["neuropil"] if region else [])]
        if header == "comment":
            top[0] = f"# {top[0]}"
        body.insert(0, top)
        full = {end: titles[k] if k in order else False
                for k, end in enumerate(("source", "target", "weight"))} | {"neurons": names}
        # a comment with an empty first cell is lost, and one between blanks needs both ends
    path = save(choose, folder, body, separator, header == "comment")
    return Written(path, J, names, said, full, must_be_read=header != "comment")


def save(choose: Choose, folder: Path, body: list[list[str]], separator: str,
         plain: bool = False) -> Path:
    """Write rows of cells: line ends, encoding and compression vary, unless `plain` quotes too."""
    quoted = choose([False, True]) and not plain
    end = choose(["\n", "\r\n"])
    trailing = separator if choose([False] * 3 + [True]) and separator != " " and not plain else ""
    out = io.StringIO()
    if choose([False, True]) and not plain:
        out.write(f"# written by a program{end}{end}")
    for row in body:
        cells = [f'"{cell}"' if quoted or (separator in cell and separator != "\t")
                 or (cell == "" and separator == " ") else cell for cell in row]
        out.write(separator.join(cells) + trailing + end)
    data = out.getvalue().encode(choose(["utf-8", "utf-8", "utf-8-sig", "utf-16"]))
    packing = choose(["", "", "", ".gz", ".bz2", ".xz"])
    path = folder / (choose(["J.csv", "J.txt", "J.tsv", "J.edges"]) + packing)
    path.write_bytes(PACKERS[packing](data))
    return path


def check(J: dmft.Connectivity, written: Written) -> None:
    """The couplings that were read are those that were written, between the same neurons."""
    N = len(written.J)
    read = J.toarray()
    if J.names is None:
        assert np.array_equal(read, written.J)
        return
    place = {one: k for k, one in enumerate(written.names)}
    at = [place[one] for one in J.names]
    assert np.array_equal(read, written.J[np.ix_(at, at)])
    rest = np.setdiff1d(np.arange(N), at)  # neurons without edges
    assert not np.any(written.J[rest])
    assert not np.any(written.J[:, rest])


def outcome(written: Written) -> str:
    """Read a file with few arguments and with all of them: "read" or "refused" with the few."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # numbers that do not occur
        try:
            check(dmft.load_connectivity(written.path, **written.said), written)
            found = "read"
        except (dmft.ModelError, StorageError):
            found = "refused"
        try:
            read = dmft.load_connectivity(written.path, **written.said | written.full)
        except (dmft.ModelError, StorageError) as error:
            if written.must_be_read and "separate thousands" not in str(error):
                raise
        else:
            check(read, written)
            assert read.neurons == len(written.J)
    return found
