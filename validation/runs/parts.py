"""Parts: results of a store that its file does not hold yet, one small file for each."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dmft.base.errors import StorageError
from dmft.storage.files import write

_PART = re.compile(r"([1-9]\d*)-(\d+)\.npz")
_TEMPORARY = re.compile(r"\.[1-9]\d*-\d+\.npz\.[0-9a-f]+\.tmp")


class Parts:
    """The folder `<file>.parts` beside the file of a store, while there are any.

    Rewriting the file takes a time in proportion to its results, a part the same for each. Every
    change is made under the lock of the store's record.
    """

    def __init__(self, file: Path):
        self.folder = file.with_name(f"{file.name}.parts")
        self.known: set[str] = set()  # names of the files that were read or written here

    def names(self) -> list[str]:
        """Names of the files of all parts."""
        return [name for name in self._listed() if _PART.fullmatch(name)]

    def new(self) -> Iterator[Path]:
        """The files of other processes that were not read before."""
        for name in self.names():
            if name not in self.known:
                yield self.folder / name
                self.known.add(name)

    def write(self, task: str, result: dict[str, Any], note: dict[str, Any]) -> None:
        """Write the result of one task: a file like that of the store, of one result."""
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise StorageError(f"{self.folder}: cannot be made ({error.strerror}); make room for "
                               "it, or choose another path for the store") from error
        name = f"{task.replace('/', '-')}.npz"
        write(self.folder / name, {task: result}, note, durable=False)
        self.known.add(name)

    def remove(self) -> None:
        """Delete the parts that were read, and what a killed process left of one."""
        for name in self._listed():
            if name in self.known or _TEMPORARY.fullmatch(name):
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()
        with contextlib.suppress(OSError):  # there is none, or it holds a file of the user
            self.folder.rmdir()

    def _listed(self) -> list[str]:
        try:
            return os.listdir(self.folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
