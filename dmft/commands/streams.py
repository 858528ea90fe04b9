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
    """Print characters that the encoding of the terminal lacks as escapes, instead of failing.

    A stream that is closed from the start (`dmft ... >&-`) is None, at which some libraries fail
    when they are imported (numpy 2.0): text to it is discarded.
    """
    closed = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    for name in closed:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    changed = [(stream, stream.errors) for stream in (sys.stdout, sys.stderr)
               if isinstance(stream, io.TextIOWrapper)]
    for stream, _ in changed:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream, errors in changed:
            stream.reconfigure(errors=errors)
        for name in closed:
            getattr(sys, name).close()
            setattr(sys, name, None)


def flush(stream: Any) -> OSError | None:
    """Write out what a stream holds; after a failure discard the rest, and return the error."""
    try:
        stream.flush()
        return None
    except OSError as error:
        # Python flushes once more at its exit, and would print a traceback then
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return error


def complain(message: str) -> None:
    """One line on standard error."""
    print(f"dmft: {message}", file=sys.stderr)
