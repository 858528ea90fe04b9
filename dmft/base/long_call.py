"""What long calls have in common: a bar on stderr, a short interrupt, one thread of BLAS."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from .checks import reject
from .tuning import QUIET_SECONDS

_outer: ContextVar[Bar | None] = ContextVar("_outer", default=None)


@contextmanager
def long_call(what: str, progress: bool | None, callback: Callable | None,
                counts: bool = False) -> Iterator[Callable | None]:
    """A callback for a verb, which passes its calls on to the user's, with a bar that follows.

    Matrices are small here: more threads of BLAS wait for one another, which doubles the processor
    time on idle cores and takes many times as long on busy ones, as in the processes of a scan.
    Therefore they are limited to one until the outermost verb returns.

    A verb that is called by another one shows none; its steps move the bar of the outermost one,
    unless that counts parts. An interrupt of the outermost one is raised again where it was called,
    without the calls inside, and says what was reached.

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
    outer, bar = _outer.get(), Bar(what, progress, callback, counts)
    if outer is not None:
        yield bar.inside(outer)
        return
    token = _outer.set(bar)
    try:
        with _blas().limit(limits=1, user_api="blas"):
            yield bar
    except KeyboardInterrupt as stop:
        if type(stop) is not KeyboardInterrupt or stop.args:  # of a scan, which carries its results
            raise
        raise KeyboardInterrupt(f"{what} stopped {bar.reached()}") from None
    finally:
        _outer.reset(token)
        bar.close()


@cache
def _blas() -> Any:
    """The thread pools of the BLAS libraries, which take milliseconds to find."""
    import scipy.linalg  # brings its own  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def show_step(*arguments: Any) -> None:
    """Move the bar of the verb that is running, if any, by a step with (iteration, residual)."""
    outer = _outer.get()
    if outer is not None and not outer.counts:
        outer.move(*arguments)


class Bar:
    """Calls the user's callback and, if it is visible, moves a bar from the first second on.

    Parameters
    ----------
    what, progress, callback, counts
        As for `long_call`.
    at_once : bool
        Whether to show it at the first call, not after a second, and to leave it at the end.
    """

    def __init__(self, what: str, progress: bool | None, callback: Callable | None = None,
                 counts: bool = False, at_once: bool = False):
        if progress is not None and not isinstance(progress, bool):
            reject("progress", progress, "not True, False or None", "give True to show a bar")
        seen = "ipykernel" in sys.modules or bool(sys.stderr and sys.stderr.isatty())
        self.visible = (seen if progress is None else progress) and _outer.get() is None
        self.what, self.callback, self.counts = what, callback, counts
        self.shown_from = time.monotonic() + (0.0 if at_once else QUIET_SECONDS)
        self.calls, self.stays = 0, at_once
        self.last: tuple[Any, ...] = ()
        self.bar: Any = None

    def __call__(self, *arguments: Any) -> None:
        self.calls, self.last = self.calls + 1, arguments[:2]
        if self.callback is not None:
            self.callback(*arguments)
        self._show(*arguments)

    def inside(self, outer: Bar) -> Callable | None:
        """The callback of a verb within that of another bar."""
        if outer.counts:
            return self.callback

        def both(*arguments: Any) -> None:
            if self.callback is not None:
                self.callback(*arguments)
            outer.move(*arguments[:0 if self.counts else None])

        return both

    def move(self, *arguments: Any) -> None:
        """Count a step without telling the user's callback."""
        self.calls, self.last = self.calls + 1, arguments[:2]
        self._show(*arguments)

    def _show(self, *arguments: Any) -> None:
        if not self.visible:
            return
        done, total = arguments[:2] if self.counts else (self.calls, None)
        if self.bar is None and time.monotonic() >= self.shown_from:
            from tqdm.auto import tqdm

            self.bar = tqdm(desc=self.what, total=total, initial=done, unit=" parts" if self.counts
                            else " steps", leave=self.stays, file=sys.stderr)
        if self.bar is not None:
            self.bar.update(done - self.bar.n)
            if not self.counts and len(arguments) > 1 and isinstance(arguments[1], float):
                self.bar.set_postfix_str(f"residual {arguments[1]:.1e}", refresh=False)

    def reached(self) -> str:
        """In words, what was done until now."""
        if self.counts and self.last:
            return f"after {self.last[0]} of {self.last[1]} parts"
        residual = self.last[1] if len(self.last) > 1 else None
        at = f", at residual {residual:.1e}" if isinstance(residual, float) else ""
        return f"after {self.calls} steps{at}"

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
