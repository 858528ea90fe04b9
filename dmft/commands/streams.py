"""Standard output and error: any text under any encoding, and readers that have ended."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def any_text() -> Iterator[None]:
    """Print characters that the encoding of the terminal lacks as escapes, instead of failing."""
    changed = [(stream, stream.errors) for stream in (sys.stdout, sys.stderr)
               if isinstance(stream, io.TextIOWrapper)]
    for stream, _ in changed:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream, errors in changed:
            stream.reconfigure(errors=errors)


def flush(stream: Any) -> OSError | None:
    """Write out what a stream holds. If that fails the rest is discarded, and the error returned.

    A stream that is closed from the start (`dmft ... >&-`) is None: there is nothing to write.
    """
    try:
        if stream is not None:
            stream.flush()
        return None
    except OSError as error:
        # Python flushes once more at its exit, and would print a traceback then
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return error


def complain(message: str) -> None:
    """One line on standard error, if there is one."""
    if sys.stderr is not None:
        print(f"dmft: {message}", file=sys.stderr)
