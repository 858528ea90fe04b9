"""Progress reports of long computations: one message at a time, passed to a function."""

from __future__ import annotations

import sys
from collections.abc import Callable

Report = Callable[[str], None]  # a function that receives one message


def reporter(progress: bool | Report | None) -> Report:
    """The function to which progress messages are passed.

    Parameters
    ----------
    progress : bool, callable or None
        A callable receives the messages; True prints them on stderr; False and None discard them.
    """
    if callable(progress):
        return progress
    if progress:
        return lambda message: print(message, file=sys.stderr, flush=True)
    return lambda message: None


SILENT = reporter(None)
