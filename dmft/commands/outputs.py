"""Paths of results, checked before the computation, so that no work is lost to a wrong path.

A check leaves no file, and changes none that exists.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn


def output_file(suffix: str) -> Callable[[str], Path]:
    """Converter of text to a path that can be written, for the `type` of argparse.

    The suffix is added to a name that has none; another suffix is refused.
    """
    def path(text: str) -> Path:
        try:
            return _checked(text, suffix)
        except OSError as error:  # a name that is too long, for example
            _refuse(f"{text}: cannot be written ({error.strerror or error}); choose another path")
    return path


def output_folder(text: str) -> Path:
    """Converter of text to a folder that exists or can be made, for the `type` of argparse."""
    path = Path(text)
    if not path.is_dir():
        if os.path.lexists(path):
            _refuse(f"{path} is not a folder; give the name of a folder")
        check_folder(path.parent, path.name)
    return path


def check_folder(folder: Path, name: str = "x") -> None:
    """Refuse a folder in which no file `name` can be written.

    A file is created and removed, since permissions alone do not describe a read-only or full
    file system. Its name is as long as that of the temporary file in `storage.write_atomically`.

    Raises
    ------
    argparse.ArgumentTypeError
        If the folder does not exist or cannot be written.
    """
    if not folder.is_dir():
        _refuse(f"the folder {folder} does not exist; make it first" if not folder.exists() else
                f"{folder} is not a folder")
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{name}.", suffix=".tmp"):
            pass
    except OSError as error:
        _refuse(f"{folder / name}: cannot be written ({error.strerror or error}); choose another "
                "path")


def check_different(first: Path | None, second: Path | None, names: str) -> None:
    """Refuse one path for two results, of which the second would replace the first."""
    if first is not None and second is not None and (
            os.path.realpath(first) == os.path.realpath(second)):
        _refuse(f"{names} are both {first}: the second would replace the first; give different "
                "names")


def _checked(text: str, suffix: str) -> Path:
    path = Path(text)
    if path.name in ("", "..") or text.endswith(("/", os.sep)) or path.is_dir():
        _refuse(f"{text or '(empty)'} is a folder, or has no file name; give the name of a file")
    if path.suffix not in ("", suffix):
        _refuse(f"{text}: the result is a {suffix} file, not {path.suffix}; give "
                f"{path.with_suffix(suffix)}")
    path = path.with_name(path.name if path.suffix else path.name + suffix)
    if path.is_dir() or (path.exists() and not path.is_file()):
        _refuse(f"{path} exists and is not a file; choose another path")
    if path.exists() and not path.stat().st_mode & 0o222:
        _refuse(f"{path} is read-only; choose another path, or allow writing it")
    check_folder(path.parent, path.name)
    return path


def _refuse(message: str) -> NoReturn:
    raise argparse.ArgumentTypeError(message)
