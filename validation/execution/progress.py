"""Progress of long work: messages to whoever wants them."""

from __future__ import annotations

import sys
from collections.abc import Callable

Tell = Callable[[str], None]


def teller(progress: bool | Tell | None) -> Tell:
    """A function that takes messages.

    Parameters
    ----------
    progress : bool or callable
        A callable is given the messages; True prints them on stderr; False and None drop them.
    """
    if callable(progress):
        return progress
    if progress:
        return lambda message: print(message, file=sys.stderr, flush=True)
    return lambda message: None
