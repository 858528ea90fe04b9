"""The format of a file by its first bytes, and what to do with formats that are not read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path
from typing import IO, Any

from ...base.allocation import require
from .binary_files import (
    read_matlab,
    read_matrix_market,
    read_npy,
    read_npz,
    refuse_matlab_73,
)
from .connectivity import Connectivity
from .graphs import read_graph_file
from .request import Request, reading
from .texts.tables import read_text
from .tuning import UNPACKED_BLOCK

PACKED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
GRAPHS = {".graphml": "GraphML", ".gml": "GML", ".gexf": "GEXF"}
PANDAS = "read it by pandas and give the data frame: "
# first bytes or ending of a file -> why it is not read, and what to do
REFUSED = {
    (b"PAR1", ".parquet"): ("Parquet", PANDAS + "pandas.read_parquet(path)"),
    (b"ARROW1", ".feather"): ("Feather", PANDAS + "pandas.read_feather(path)"),
    (b"FEA1", ".arrow"): ("Feather", PANDAS + "pandas.read_feather(path)"),
    (b"\xd0\xcf\x11\xe0", ".xls"): ("Excel", PANDAS + "pandas.read_excel(path, index_col=0), or "
                                    "save it as csv"),
    (b"\x80\x04", ".pkl"): ("pickle", "a pickle can run any program: unpickle it yourself if you "
                            "trust it, and give the object"),
    (b"\x80\x05", ".pickle"): ("pickle", "a pickle can run any program: unpickle it yourself if "
                               "you trust it, and give the object"),
    (b"RDX", ".rdata"): ("R data", "save it in R by write.csv(A, path)"),
    (b"{", ".json"): ("JSON", "build a networkx graph or a data frame from it, and give that"),
    (b"SQLite", ".sqlite"): ("SQLite", PANDAS + "pandas.read_sql(...)"),
    (b"%PDF", ".pdf"): ("PDF", "save the table as csv"),
    (b"<!DOCTYPE html", ".html"): ("HTML", "the download gave a web page; save the table as csv"),
}


def read_file(path: Path, request: Request) -> Connectivity:
    """The connectivity in a file, in the format that its first bytes indicate."""
    with open(path, "rb") as raw:
        first = raw.read(8)
        raw.seek(0)
        opened = next((opener for mark, opener in PACKED.items() if first.startswith(mark)), None)
        if opened is None:
            return _read(raw, path.suffix.lower(), request)
        with opened(raw, "rb") as unpacked:  # type: ignore[operator]
            return _read(unpacked, Path(path.stem).suffix.lower(), request, packed=True)


def _read(stream: Any, suffix: str, request: Request, packed: bool = False) -> Connectivity:
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(stream)
    head = buffered.peek(600)[:600]

    def whole() -> IO[bytes]:
        return _unpacked(buffered, request) if packed else buffered

    if head.startswith(b"\x93NUMPY"):
        return read_npy(whole(), request)
    if head.startswith(b"PK\x03\x04"):
        return _zip(whole(), request)
    if head.startswith(b"%%MatrixMarket"):
        return read_matrix_market(whole(), request)
    if head.startswith(b"MATLAB 7.3") or (suffix == ".mat" and b"\x89HDF" in head):
        refuse_matlab_73(request)
    if head.startswith(b"\x89HDF"):
        request.unreadable("is HDF5, whose layout is not fixed; read the array by h5py, or the "
                           "frame by pandas.read_hdf, and give that")
    if head.startswith(b"MATLAB") or suffix == ".mat":
        return read_matlab(whole(), request)
    if b"<graphml" in head or suffix in GRAPHS:
        return read_graph_file(GRAPHS.get(suffix, "GraphML"), whole(), request)
    if head[257:262] == b"ustar":
        request.unreadable("is an archive (tar); unpack it and give the file inside")
    for (mark, ending), (form, advice) in REFUSED.items():
        if head.startswith(mark) or suffix == ending:
            request.unreadable(f"is {form}; {advice}")
    if suffix in (".npy", ".npz", ".mtx", ".xlsx"):
        request.unreadable(f"does not have the format of its ending {suffix}; check that the "
                           "file is complete")
    return read_text(buffered, request)


def _zip(stream: IO[bytes], request: Request) -> Connectivity:
    with reading("an archive (zip)", request), zipfile.ZipFile(stream) as archive:
        names = archive.namelist()
    stream.seek(0)
    if all(name.endswith(".npy") for name in names):
        return read_npz(stream, request)
    if any(name.startswith("xl/") for name in names):
        request.unreadable(f"is Excel; {PANDAS}pandas.read_excel(path, index_col=0), or save it as "
                           "csv")
    request.unreadable(f"is an archive (zip) of {', '.join(names[:3])}; unpack it and give the "
                       "file inside")


def _unpacked(stream: IO[bytes], request: Request) -> IO[bytes]:
    """All that a compressed file holds, as long as the memory suffices."""
    out = io.BytesIO()
    while block := stream.read(UNPACKED_BLOCK):
        require(2.0 * len(block), "path_or_object", request.origin, "unpack it to a file first")
        out.write(block)
    out.seek(0)
    return out
