"""save, load: a result as one .npz file with a JSON header, without pickle.

The file is a zip archive. `header.json`, which is readable text, describes what the file holds,
which version wrote it, and how the result is built from numbers, classes and arrays. Every array is
an .npy member named by its path in the result (`C_x.value.npy`), so that
`numpy.load(path)["C_x.value"]` works without this package.
"""

from __future__ import annotations

import json
import os
import secrets
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..base.errors import StorageError
from .archive import HEADER, read
from .encoding import decode, encode, register
from .saved_nonlinearity import holds_plain
from .tuning import LARGEST_HEADER

FORMAT = 1  # increased when older code could not read the files that are written now
# what a class or a nonlinearity raises when it is built from fields that do not belong to it
REBUILD_ERRORS = (ArithmeticError, AttributeError, LookupError, RuntimeError, SyntaxError,
                  TypeError, ValueError)

__all__ = ["header", "load", "register", "save"]


def save(value: Any, path: str | os.PathLike[str], *, note: dict[str, Any] | None = None) -> Path:
    """Write a solution, or any result made of registered classes, to one .npz file.

    The write is atomic: the file is written under a temporary name in the same folder and then
    renamed, which replaces an older file of that name if there is one.

    Parameters
    ----------
    value : object
        A `Solution`, runs of a simulation, a network, a dataclass registered by `dmft.register`,
        or numbers, strings, arrays, and tuples, lists and dicts of these.
    path : path-like
        The file; `.npz` is added unless the name ends with it. The folder must exist.
    note : dict, optional
        Further values of the same kinds to keep in the header, such as the seed of a run.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    StorageError
        If a part of the value cannot be saved, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> load(save({"g": 2.0}, folder + "/couplings"))
    {'g': 2.0}
    """
    return write(with_suffix(path), value, note or {}, durable=True)


def load(path: str | os.PathLike[str], *, phi: Any = None) -> Any:
    """Read a file that `save` wrote.

    Parameters
    ----------
    path : path-like
        The file; `.npz` is added unless the name ends with it.
    phi : Nonlinearity, or a tuple of them, optional
        The nonlinearity, if it was a plain function of your own: files hold no code. It must
        have the name and the values of the saved one. With populations, all that are such
        functions.

    Returns
    -------
    object
        Equal to the saved value; its arrays are equal to the last bit, and read-only.

    Raises
    ------
    StorageError
        If the file is missing, damaged, not written by `save`, or of a newer version, or if `phi`
        is required, or differs from the saved one.

    Examples
    --------
    >>> import tempfile
    >>> load(save((1.0, 2.0), tempfile.mkdtemp() + "/pair"))
    (1.0, 2.0)
    """
    given, path = path, with_suffix(path)
    if not path.exists() and os.path.isfile(given):
        raise StorageError(f"{os.fspath(given)}: is not an .npz file that dmft.save wrote; "
                           "dmft.load_connectivity reads tables, matrices and graphs")
    head, arrays = read(path, "value")
    _check_header(path, head)
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
        The note is decoded; everything else is the JSON as written.

    Raises
    ------
    StorageError
        As for `load`.
    """
    path = with_suffix(path)
    head, arrays = read(path, "note")
    _check_header(path, head)
    return {**head, "note": _decoded(path, head, "note", arrays)}


def write(path: Path, value: Any, note: dict[str, Any], *, durable: bool) -> Path:
    """Write a value with a note, as `save`; `durable` waits until the disk has it.

    A process that is killed loses nothing that was written, whether durable or not; a machine that
    loses its power may.
    """
    arrays: dict[str, np.ndarray] = {}
    try:
        tree = encode(value, lambda at, array: _add_array(arrays, at, array))
        noted = encode(note, lambda at, array: _add_array(arrays, f"note.{at}", array))
    except StorageError as error:
        raise StorageError(f"{path}: {error}") from error
    except RecursionError:
        raise StorageError(f"{path}: the value contains itself, or is nested too deeply; give "
                           "numbers, arrays, or registered dataclasses") from None
    head = {"format": "dmft", "format_version": FORMAT, "dmft_version": __version__,
            "note": noted, "value": tree}
    text = json.dumps(head, indent=1, allow_nan=False)
    if len(text) > LARGEST_HEADER:
        raise StorageError(f"{path}: the value has {len(text) / 2**20:.3g} MiB of numbers and "
                           f"names besides its arrays, above {LARGEST_HEADER >> 20}; give long "
                           "lists of numbers as arrays")
    write_atomically(path, lambda stream: _write_archive(stream, text, arrays), durable)
    return path


def read_with_header(path: Path, phi: Any) -> tuple[Any, dict[str, Any]]:
    """Value and header of a file, with the note decoded."""
    head, arrays = read(path, "value")
    _check_header(path, head)
    value = _decoded(path, head, "value", arrays, phi)
    return value, {**head, "note": _decoded(path, head, "note", arrays)}


def with_suffix(path: str | os.PathLike[str]) -> Path:
    """The path with `.npz` added unless its name ends with it."""
    checked = checked_path("path", path, "the name of a file")
    return checked if checked.suffix == ".npz" else checked.with_name(checked.name + ".npz")


def checked_path(name: str, path: Any, what: str) -> Path:
    """The argument `name` as a Path that has a file name; `what` is the advice of the error."""
    try:
        checked = Path(path)
    except TypeError:
        raise StorageError(f"{name}={path!r}: not a path; give {what}") from None
    if checked.name in ("", "..") or "\0" in checked.name:
        raise StorageError(f"{name}={str(path)!r}: has no file name; give {what}")
    try:
        os.fsencode(checked)
    except UnicodeEncodeError as error:  # under an ASCII locale, for example
        raise StorageError(f"{name}={str(path)!a}: has characters that file names here, in "
                           f"{error.encoding}, cannot have; give {what} in plain letters, or set "
                           "the environment variable PYTHONUTF8=1") from None
    return checked


def write_atomically(path: Path, write: Any, durable: bool = True) -> None:
    """Call `write(stream)` on a temporary file in the folder of `path`, then rename it to `path`.

    With `durable`, return only when the disk has it, which takes up to some ten milliseconds.

    Raises
    ------
    StorageError
        If the folder does not exist, or the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            with open(temporary, "xb") as stream:
                write(stream)
                stream.flush()
                if durable:
                    os.fsync(stream.fileno())
            os.replace(temporary, path)
        finally:  # also when interrupted: no incomplete file remains
            temporary.unlink(missing_ok=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StorageError(f"{path}: the folder {path.parent} does not exist; make it first") \
            from error
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror or error}); choose another "
                           "path") from error


def _add_array(arrays: dict[str, np.ndarray], at: str, array: np.ndarray) -> str:
    # a key of a dict may hold any character; the name of a member of an archive may not
    key = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in at[:200])
    while key in arrays:  # two paths may coincide, as in {"a": {"b": x}, "a.b": y}
        key += "_"
    arrays[key] = array
    return key


def _write_archive(stream: Any, text: str, arrays: dict[str, np.ndarray]) -> None:
    # members opened by a name carry no time stamp: equal results give equal files, byte for byte
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(HEADER, "w") as out:
            out.write(text.encode())
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as out:
                np.lib.format.write_array(out, np.asanyarray(array), allow_pickle=False)


def _decoded(path: Path, head: dict[str, Any], part: str, arrays: dict[str, np.ndarray],
             phi: Any = None) -> Any:
    if phi is not None and not isinstance(phi, tuple) and holds_plain(head[part]):
        phi = (phi,)  # others may be built in
    try:
        return decode(head[part], arrays, phi)
    except StorageError as error:
        raise StorageError(f"{path}: {error}") from error
    except MemoryError as error:
        raise StorageError(f"{path}: needs more memory than there is; read it on a larger "
                           "machine") from error
    except REBUILD_ERRORS as error:
        raise StorageError(f"{path}: its contents do not match this version of dmft "
                           f"({_short(error)}); read it with dmft "
                           f"{_short(head.get('dmft_version'))}, which wrote it") from error


def _check_header(path: Path, head: Any) -> None:
    if not isinstance(head, dict) or head.get("format") != "dmft":
        raise StorageError(f"{path}: not written by dmft.save; read it with numpy.load")
    version = head.get("format_version")
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= FORMAT:
        raise StorageError(f"{path}: has format {_short(version)}, written by dmft "
                           f"{_short(head.get('dmft_version'))}, newer than this dmft "
                           f"{__version__}; install a newer dmft")


def _short(value: Any) -> str:
    """At most 300 characters: a file may hold a text of any length."""
    text = str(value)
    return text if len(text) <= 300 else text[:297] + "..."
