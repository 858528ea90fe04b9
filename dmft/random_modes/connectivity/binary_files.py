"""Arrays from the files of numpy, scipy.sparse, Matrix Market and MATLAB."""

from __future__ import annotations

import io
import zipfile
from typing import IO, Any, NoReturn

import numpy as np
from scipy import io as scipy_io
from scipy import sparse

from ...base.allocation import require
from .arrays import read_array
from .connectivity import Connectivity
from .matlab_elements import check_elements
from .request import Request, reading
from .tuning import BYTES_PER_EDGE, BYTES_PER_NEURON

_ADVICE = "give a smaller or a sparse matrix"


def read_npy(stream: IO[bytes], request: Request) -> Connectivity:
    """An array that numpy.save wrote."""
    with reading("an array of numpy", request):
        version = np.lib.format.read_magic(stream)
        header = {(1, 0): np.lib.format.read_array_header_1_0,
                  (2, 0): np.lib.format.read_array_header_2_0}.get(version)
        if header is not None:
            shape, _, dtype = header(stream)
            require(2.0 * max(dtype.itemsize, 8) * float(np.prod([float(n) for n in shape])) + 1,
                    "path_or_object", request.origin, _ADVICE)
        stream.seek(0)
        array = np.load(stream, allow_pickle=False)
    return read_array(array, request, "array of numpy")


def read_npz(stream: IO[bytes], request: Request) -> Connectivity:
    """A matrix of scipy.sparse.save_npz, or an archive of numpy with one array, or `variable`."""
    with reading("an archive of numpy", request):
        with zipfile.ZipFile(stream) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        require(2.0 * size + 1, "path_or_object", request.origin, _ADVICE)
        stream.seek(0)
        with np.load(stream, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        if {"format", "shape", "data"} <= set(found):
            stream.seek(0)
            return read_array(sparse.load_npz(stream), request, "matrix of scipy.sparse")
    name = _chosen(found, request)
    return read_array(found[name], request, f"array {name!r} of an archive of numpy")


def read_matrix_market(stream: IO[bytes], request: Request) -> Connectivity:
    """A matrix in Matrix Market format; symmetric ones are completed."""
    # scipy 1.17 reads out of bounds in a truncated last line without a line end.
    data = stream.read() + b"\n"
    if b"\0" in data:  # scipy 1.17 reads out of bounds behind one
        request.unreadable("cannot be read as Matrix Market (it has a zero byte, which no text "
                           "has); write it again")
    with reading("Matrix Market", request):
        N, M, entries, form, kind, symmetry = scipy_io.mminfo(io.BytesIO(data))
        need = 16.0 * N * M if form == "array" else (
            2.0 * BYTES_PER_EDGE * entries + BYTES_PER_NEURON * float(max(N, M)))
        require(need + 1, "path_or_object", request.origin, _ADVICE)
        if kind == "complex" or symmetry == "hermitian":
            request.refuse("has complex couplings", "give real numbers")
        matrix = scipy_io.mmread(io.BytesIO(data))
    notes = [] if symmetry == "general" else [f"{symmetry}: the other half was filled in"]
    return read_array(matrix, request, "Matrix Market", notes)


def read_matlab(stream: IO[bytes], request: Request) -> Connectivity:
    """The one matrix of a MATLAB file (up to version 7), or the one named `variable`."""
    with reading("a file of MATLAB", request):
        data = stream.read()
        check_elements(data)
        try:
            found = {name: value for name, value in scipy_io.loadmat(io.BytesIO(data)).items()
                     if not name.startswith("__")}
        except NotImplementedError:
            refuse_matlab_73(request)
    numbers = {name: value for name, value in found.items()
               if sparse.issparse(value) or value.dtype.kind in "biufc"}
    name = _chosen(found if request.variable is not None else numbers or found, request)
    chosen = found[name]
    if name not in numbers:
        what = (f"a struct with the fields {', '.join(chosen.dtype.names)}" if chosen.dtype.names
                else "not a matrix of numbers")
        request.unreadable(f"its variable {name!r} is {what}; save the matrix alone in MATLAB, or "
                           "read it by scipy.io.loadmat and give the array")
    return read_array(chosen, request, f"variable {name!r} of a MATLAB file")


def refuse_matlab_73(request: Request) -> NoReturn:
    """Refuse a file that MATLAB wrote as HDF5, and state how to read it."""
    request.unreadable("is a MATLAB file of version 7.3 (HDF5), which scipy does not read; save it "
                       "in MATLAB by save(..., '-v7'), or read the array A by h5py and give "
                       "A[()].T (h5py has the axes of MATLAB in reverse order)")


def _chosen(found: dict[str, Any], request: Request) -> str:
    """The name of the array to read: the given one, or the only square one."""
    if request.variable is not None:
        if request.variable not in found:
            request.refuse(f"has no array {request.variable!r}, but {', '.join(found)}",
                           "give variable= one of these")
        return request.variable
    if len(found) != 1:
        request.refuse(f"holds {len(found)} arrays: {', '.join(list(found)[:8])}",
                       "give variable= with the name of the one to read")
    return next(iter(found))
