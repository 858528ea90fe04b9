"""Reading of a saved file within bounds: its cost is known before anything is unpacked.

The bytes of a file may be anything. The directory of the archive states the size of each member;
a member is unpacked only if the header names it, and only as far as its stated size.
"""

from __future__ import annotations

import errno
import json
import math
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..base.allocation import available
from ..base.errors import StorageError
from ..base.tuning import MEMORY_SHARE
from .tuning import CHUNK, LARGEST_DIRECTORY, LARGEST_EXPANSION, LARGEST_HEADER, SMALL

HEADER = "header.json"
KINDS = "biufcSU"  # arrays that are saved: numbers, truth values and strings
_END = struct.Struct("<4s4H2LH")  # the record that ends an archive
_END_64 = struct.Struct("<4sQ2H2L4Q")
# what reading a damaged archive raises, besides an OSError of a place before its beginning
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, TypeError,
           ArithmeticError, LookupError, NotImplementedError, RuntimeError, SyntaxError)


class DamagedFile(StorageError):
    """The bytes of a file are not those of a whole archive: what it held is lost."""


def read(path: Path, part: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The header of a file, and the arrays that one part of it ("value" or "note") names.

    Raises
    ------
    DamagedFile
        If the file is not a whole archive.
    StorageError
        If it cannot be read, or needs more memory than there is.
    """
    try:
        with _opened(path) as stream:
            try:
                return _read(path, stream, part)
            except _DAMAGE as error:
                raise _damaged(path, error) from error
            except MemoryError as error:
                raise StorageError(f"{path}: needs more memory than there is; read it on a larger "
                                   "machine") from error
    except FileNotFoundError:
        raise StorageError(f"{path}: no such file; check the name") from None
    except StorageError:
        raise
    except OSError as error:
        if error.errno == errno.EINVAL:  # a place before the beginning of the file
            raise _damaged(path, error) from error
        raise StorageError(f"{path}: cannot be read ({error.strerror or error}); check that it is "
                           "a file you may read") from error


def arrays_of(tree: Any) -> list[str]:
    """Keys of the arrays that a tree names, in its order.

    Raises
    ------
    ValueError
        If two places name one array: a small file would become a large value.
    """
    keys: dict[str, None] = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            if node.keys() == {"array"} and isinstance(node["array"], str):
                if node["array"] in keys:
                    raise ValueError(f"two places name the array {node['array'][:80]!r}")
                keys[node["array"]] = None
            else:
                waiting.extend(reversed(list(node.values())))
    return list(keys)


def _opened(path: Path) -> BinaryIO:
    if not stat.S_ISREG(os.stat(path).st_mode):  # reading a pipe might wait without end
        raise StorageError(f"{path}: cannot be read (it is not a file); give the name of a file")
    return open(path, "rb")


def _damaged(path: Path, error: Exception) -> DamagedFile:
    says = str(error) or type(error).__name__
    return DamagedFile(f"{path}: not an .npz file, or a damaged one ({says[:200]}); create it "
                       "again, or get an undamaged copy")


def _read(path: Path, stream: BinaryIO, part: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    size = os.fstat(stream.fileno()).st_size
    _check_directory(stream, size)
    with zipfile.ZipFile(stream) as archive:
        members = {info.filename: info for info in archive.infolist()}
        if len(members) != len(archive.infolist()):
            raise ValueError("two members have one name")
        if sum(info.compress_size for info in members.values()) > size:
            raise ValueError("its members are longer than the file")
        if HEADER not in members:
            return {}, {}
        head = _header(archive, members[HEADER])
        keys = arrays_of(head.get(part)) if isinstance(head, dict) else []
        found = {key: members[f"{key}.npy"] for key in keys if f"{key}.npy" in members}
        need = sum(_size(info) for info in found.values())
        have = MEMORY_SHARE * available() if need > SMALL else need
        if need > have:
            raise StorageError(f"{path}: its arrays need {need / 2**30:.3g} GiB of memory and "
                               f"{have / 2**30:.3g} GiB are available; read it on a larger machine")
        return head, {key: _array(archive, info) for key, info in found.items()}


def _check_directory(stream: BinaryIO, size: int) -> None:
    """Refuse a directory that would take a large memory to read."""
    length = min(size, _END.size + 2**16)
    stream.seek(size - length)
    tail = stream.read(length)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise ValueError("it does not end as an archive does")
    directory = _END.unpack_from(tail, at)[5]
    at_64 = tail.rfind(b"PK\6\6", 0, at)
    if at_64 >= 0 and at - at_64 >= _END_64.size:
        directory = max(_END_64.unpack_from(tail, at_64)[8],
                        0 if directory == 2**32 - 1 else directory)
    if directory > min(size, LARGEST_DIRECTORY):
        raise ValueError(f"its directory has {directory} bytes")
    stream.seek(0)


def _size(info: zipfile.ZipInfo) -> int:
    """Unpacked bytes of a member, if they can be true."""
    if info.flag_bits & 1:
        raise ValueError(f"{info.filename[:80]!r} is encrypted")
    most = {zipfile.ZIP_STORED: info.compress_size,
            zipfile.ZIP_DEFLATED: LARGEST_EXPANSION * info.compress_size}
    if info.compress_type not in most:
        raise ValueError(f"{info.filename[:80]!r} has compression {info.compress_type}")
    if not 0 <= info.file_size <= most[info.compress_type]:
        raise ValueError(f"{info.filename[:80]!r} states {info.file_size} bytes")
    return info.file_size


def _header(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    if _size(info) > LARGEST_HEADER:
        raise ValueError(f"its header has {info.file_size} bytes, above {LARGEST_HEADER}")
    return json.loads(archive.read(info), parse_constant=_no_number)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> np.ndarray:
    """The array of an .npy member, whose stated shape must fit the bytes that are there."""
    with archive.open(info) as member:
        version = np.lib.format.read_magic(member)
        if version not in ((1, 0), (2, 0)):
            raise ValueError(f"an array of format {version}")
        read_header = (np.lib.format.read_array_header_1_0 if version == (1, 0)
                       else np.lib.format.read_array_header_2_0)
        shape, fortran, dtype = read_header(member)
        if dtype.kind not in KINDS or dtype.itemsize == 0 or min(shape, default=0) < 0:
            raise ValueError(f"an array of {dtype}")
        count = math.prod(shape)
        if member.tell() + count * dtype.itemsize != info.file_size:
            raise ValueError(f"{info.filename[:80]!r} states the shape {shape}, which does not "
                             "fit its size")
        flat = np.empty(count, dtype)
        at, content = 0, flat.view(np.uint8)
        for chunk in _chunks(member, content.size):
            content[at:at + len(chunk)] = np.frombuffer(chunk, np.uint8)
            at += len(chunk)
        if member.read(1) or at != content.size:  # the sum over the bytes is checked at their end
            raise ValueError(f"{info.filename[:80]!r} has another length than stated")
    if dtype.kind == "b" and content.size and content.max() > 1:
        raise ValueError("a truth value is neither 0 nor 1")
    return flat.reshape(shape, order="F" if fortran else "C")


def _chunks(member: Any, size: int) -> Iterator[bytes]:
    while size > 0:
        chunk = member.read(min(CHUNK, size))
        if not chunk:
            return
        size -= len(chunk)
        yield chunk
