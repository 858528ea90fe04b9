"""Shared parts of the commands: examples, progress on stderr, and checks of arguments and paths."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class CommandFailed(Exception):
    """A command failed; the message is for the user, and the exit status is 1."""


def example(parser: argparse.ArgumentParser, text: str) -> None:
    """Show an example below a subcommand's help."""
    parser.epilog = f"example:\n  {text}"


def whole_number(least: int = 1) -> Callable[[str], int]:
    """Converter of text to a whole number of `least` or above, for the `type` of argparse."""
    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if value < least:
            raise argparse.ArgumentTypeError(f"{text} is below {least}; give {least} or more")
        return value
    return number


def new_file(text: str) -> Path:
    """A path in an existing folder, checked before the computation rather than after it."""
    path = Path(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"the folder {path.parent} does not exist")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a folder; give the name of a file")
    return path


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """A function that shows a message on stderr; None if `quiet`, or if stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(file=sys.stderr, bar_format="{elapsed} {desc}", leave=False) as bar:
        yield lambda message: bar.set_description_str(str(message))
