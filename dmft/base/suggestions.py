"""What a user may have meant by a name that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def no_attribute(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """The error of a module without attribute `name`; it names the closest of the known names.

    Python's suggestion appears in tracebacks only, not in notebooks, and minimises the number of
    changed letters: for `slove` it is `save`. obj=None suppresses it, so that there is one only.
    """
    close = difflib.get_close_matches(name, known, n=1)
    message = f"module {module!r} has no attribute {name!r}"
    if not close:
        return AttributeError(message)
    return AttributeError(f"{message}; did you mean {close[0]!r}?", name=name, obj=None)
