"""Shared parts of the commands: examples, and progress on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class CommandFailed(Exception):
    """A command failed; the message is for the user, and the exit status is 1."""


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
