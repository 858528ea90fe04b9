"""save, load: a result as one .npz file with a JSON header, without pickle.

The file is a zip archive: `header.json`, readable by eye, says what it is, which version wrote it,
and how it is built from numbers, classes and arrays; every array is an .npy member, named by its
path in the result (`C_x.value.npy`), so that `numpy.load(path)["C_x.value"]` works anywhere.
"""

from __future__ import annotations

import json
import os
import secrets
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..base.errors import StorageError
from .encoding import decode, encode, register

FORMAT = 1  # raised when a file written today could not be read by yesterday's code
HEADER = "header.json"
# what a class or a nonlinearity raises when it is built of parts that are not its own
UNFIT = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

__all__ = ["header", "load", "register", "save"]


def save(value: Any, path: str | os.PathLike[str], *, note: dict[str, Any] | None = None) -> Path:
    """Write a solution, or any result made of known parts, to one .npz file.

    The file appears whole or not at all: it is written under a temporary name in the same folder
    and then renamed, over an older file of that name if there is one.

    Parameters
    ----------
    value : object
        A `Solution`, runs of a simulation, a network, or numbers, strings, arrays, tuples, lists
        and dicts of such.
    path : path-like
        Where; `.npz` is added unless the name ends so. The folder must exist.
    note : dict, optional
        Anything of the same kinds that should stand in the header, as the seed of a run.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    StorageError
        If something cannot be saved, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> load(save({"g": 2.0}, folder + "/couplings"))
    {'g': 2.0}
    """
    path = with_suffix(path)
    arrays: dict[str, np.ndarray] = {}
    try:
        tree = encode(value, lambda at, array: _put(arrays, at, array))
        noted = encode(note or {}, lambda at, array: _put(arrays, f"note.{at}", array))
    except StorageError as error:
        raise StorageError(f"{path}: {error}") from error
    except RecursionError:
        raise StorageError(f"{path}: the value holds itself, or is nested too deep; give numbers, "
                           "arrays, or known dataclasses") from None
    head = {"format": "dmft", "format_version": FORMAT, "dmft_version": __version__,
            "note": noted, "value": tree}
    text = json.dumps(head, indent=1, allow_nan=False)
    write_whole(path, lambda stream: _write_archive(stream, text, arrays))
    return path


def load(path: str | os.PathLike[str], *, phi: Any = None) -> Any:
    """Read what `save` wrote.

    Parameters
    ----------
    path : path-like
        The file; `.npz` is added unless the name ends so.
    phi : Nonlinearity, optional
        The nonlinearity, where it was a plain function of your own: files hold no code. It must
        have the saved one's name and values.

    Returns
    -------
    object
        Equal to what was saved, its arrays to the last bit (and read-only).

    Raises
    ------
    StorageError
        If the file is missing, damaged, not one of ours, or of a newer version, or if `phi` is
        needed or another one.
    """
    path = with_suffix(path)
    head, arrays = _read(path)
    return _decoded(path, head, "value", arrays, phi)


def header(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The header of a saved file: `dmft_version`, `note` and the tree of `value`.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    dict
        The note is decoded; the rest is the JSON as it stands.

    Raises
    ------
    StorageError
        As for `load`.
    """
    path = with_suffix(path)
    head, arrays = _read(path)
    return {**head, "note": _decoded(path, head, "note", arrays)}


def with_suffix(path: str | os.PathLike[str]) -> Path:
    """The path with `.npz` added unless its name ends so."""
    place = place_of("path", path, "the name of a file")
    return place if place.suffix == ".npz" else place.with_name(place.name + ".npz")


def place_of(name: str, path: Any, what: str) -> Path:
    """An argument as a path that names something; `what` it should name is said if it does not."""
    try:
        place = Path(path)
    except TypeError:
        raise StorageError(f"{name}={path!r} is not a path; give {what}") from None
    if place.name in ("", "..") or "\0" in place.name:
        raise StorageError(f"{name}={str(path)!r} names nothing; give {what}")
    return place


def write_whole(path: Path, write: Any) -> None:
    """Let `write(stream)` fill a temporary file beside `path`, then rename it to `path`."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            with open(temporary, "xb") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        finally:  # also when interrupted: nothing half-written stays
            temporary.unlink(missing_ok=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StorageError(f"{path}: the folder {path.parent} does not exist; make it first") \
            from error
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror or error}); choose a place "
                           "that can") from error


def _put(arrays: dict[str, np.ndarray], at: str, array: np.ndarray) -> str:
    # a dict's key may hold anything; the name of a member of an archive may not
    key = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in at[:200])
    while key in arrays:  # as {"a": {"b": x}, "a.b": y} has it
        key += "_"
    arrays[key] = array
    return key


def _write_archive(stream: Any, text: str, arrays: dict[str, np.ndarray]) -> None:
    # members carry no time stamp: the same result is the same file, byte for byte
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member(HEADER), text)
        for name, array in arrays.items():
            with archive.open(_member(f"{name}.npy"), "w", force_zip64=True) as out:
                np.lib.format.write_array(out, np.asanyarray(array), allow_pickle=False)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            head = json.loads(archive.read(HEADER)) if HEADER in names else {}
            _check_header(path, head)
            arrays = {}
            for name in sorted(names - {HEADER}):
                with archive.open(name) as member:
                    arrays[name.removesuffix(".npy")] = np.lib.format.read_array(
                        member, allow_pickle=False)
            return head, arrays
    except FileNotFoundError:
        raise StorageError(f"{path}: no such file; check the name") from None
    except StorageError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError,
            RecursionError) as error:
        raise StorageError(f"{path}: not an .npz file, or a damaged one ({error}); make it again, "
                           "or fetch a whole copy") from error
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror or error}); check that it is "
                           "a file you may read") from error


def _decoded(path: Path, head: dict[str, Any], part: str, arrays: dict[str, np.ndarray],
             phi: Any = None) -> Any:
    try:
        return decode(head[part], arrays, phi)
    except StorageError as error:
        raise StorageError(f"{path}: {error}") from error
    except UNFIT as error:
        raise StorageError(f"{path}: its parts do not fit this version of dmft ({error}); read it "
                           f"with dmft {head.get('dmft_version')}, which wrote it") from error


def _check_header(path: Path, head: Any) -> None:
    if not isinstance(head, dict) or head.get("format") != "dmft":
        raise StorageError(f"{path}: not written by dmft.save; read it with numpy.load")
    version = head.get("format_version")
    if not isinstance(version, int) or version > FORMAT:
        raise StorageError(f"{path}: of format {version}, written by dmft "
                           f"{head.get('dmft_version')}, newer than this dmft {__version__}; "
                           "install a newer dmft")
