"""Progress of a long call on stderr: a bar after the first second, in terminals and notebooks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .checks import reject
from .tuning import QUIET_SECONDS

_outer: ContextVar[bool] = ContextVar("_outer", default=False)


@contextmanager
def progress_of(what: str, progress: bool | None, callback: Callable | None,
                counts: bool = False) -> Iterator[Callable | None]:
    """The callback that a verb calls, with a bar that follows the calls.

    A verb that is called by another one shows none.

    Parameters
    ----------
    what : str
        Name of the verb.
    progress : bool or None
        With None, a bar is shown in terminals and notebooks only.
    callback : callable or None
        The user's.
    counts : bool
        Whether the first two arguments of the calls are the number of parts that are done and
        of all parts; otherwise the second one is shown, if it is a number, as the residual.

    Raises
    ------
    ModelError
        If `progress` is neither a truth value nor None.
    """
    if progress is not None and not isinstance(progress, bool):
        reject("progress", progress, "not True, False or None", "give True to show a bar")
    visible = _watched() if progress is None else progress
    if _outer.get() or not visible:
        yield callback
        return
    bar, token = _Bar(what, callback, counts), _outer.set(True)
    try:
        yield bar
    finally:
        _outer.reset(token)
        bar.close()


def _watched() -> bool:
    """Whether someone sees stderr: a terminal, or a notebook."""
    return "ipykernel" in sys.modules or bool(sys.stderr and sys.stderr.isatty())


class _Bar:
    """Calls the user's callback and, from the first second on, moves a bar."""

    def __init__(self, what: str, callback: Callable | None, counts: bool):
        self.what, self.callback, self.counts = what, callback, counts
        self.begun, self.calls = time.monotonic(), 0
        self.bar: Any = None

    def __call__(self, *arguments: Any) -> None:
        if self.callback is not None:
            self.callback(*arguments)
        self.calls += 1
        done, total = arguments[:2] if self.counts else (self.calls, None)
        if self.bar is None and time.monotonic() - self.begun > QUIET_SECONDS:
            from tqdm.auto import tqdm

            self.bar = tqdm(desc=self.what, total=total, initial=done, unit=" parts" if self.counts
                            else " steps", leave=False, file=sys.stderr)
        if self.bar is not None:
            self.bar.update(done - self.bar.n)
            if not self.counts and len(arguments) > 1 and isinstance(arguments[1], float):
                self.bar.set_postfix_str(f"residual {arguments[1]:.1e}", refresh=False)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
