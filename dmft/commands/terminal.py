"""The terminal: any text under any encoding, readers that have ended, help, progress, failures."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class CommandFailed(Exception):
    """A command failed; the message is for the user, and the exit status is 1."""


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


def example(parser: argparse.ArgumentParser, text: str) -> None:
    """Show an example below a subcommand's help."""
    parser.epilog = f"example:\n  {text}"


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """A function that shows a message on stderr; None if `quiet`, or if stderr is no terminal."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(file=sys.stderr, bar_format="{elapsed} {desc}", leave=False) as bar:
        yield lambda message: bar.set_description_str(str(message))
