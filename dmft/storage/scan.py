"""scan: one function applied to many networks, through any executor, each with its own seed."""

from __future__ import annotations

import inspect
import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack
from typing import Any

import numpy as np

from ..base import checks
from ..base.errors import ConvergenceError, ModelError, StorageError
from ..base.long_call import long_call
from .scan_store import ABSENT, ON_VERSION, ScanStore
from .scan_tasks import Tasks

Callback = Callable[[int, int, int, Any], None]


class ScanError(RuntimeError):
    """Some networks of a scan have no result; `.results` holds the others.

    Where a network failed, `.results` holds its exception (a ConvergenceError carries the last
    iterate in its `.solution`).

    Examples
    --------
    >>> import dmft
    >>> def g_only(g):
    ...     if g < 1:
    ...         raise dmft.ConvergenceError(f"nothing at g={g}")
    ...     return g
    >>> try:
    ...     dmft.scan(g_only, [0.5, 1.5])
    ... except dmft.ScanError as error:
    ...     print(error.results)
    [ConvergenceError('nothing at g=0.5'), 1.5]
    """

    def __init__(self, message: str, results: list[Any] | None = None):
        super().__init__(message)
        self.results = results


class ScanInterrupted(KeyboardInterrupt):
    """A scan was stopped by Ctrl-C; `.results` holds the finished results, None for the rest.

    Examples
    --------
    >>> import dmft
    >>> def stop(done, total, index, result):
    ...     raise KeyboardInterrupt
    >>> try:
    ...     dmft.scan(abs, [-1.0, -2.0], callback=stop)
    ... except dmft.ScanInterrupted as stopped:
    ...     print(stopped.results)
    [1.0, None]
    """

    def __init__(self, message: str, results: list[Any] | None = None):
        super().__init__(message)
        self.results = results


def scan(function: Callable[..., Any], networks: Iterable[Any], *, executor: Any = None,
         rng: Any = 0, store: str | os.PathLike[str] | None = None,
         callback: Callback | None = None, progress: bool | None = None, on_error: str = "raise",
         on_version: str = "warn", **options: Any) -> list[Any]:
    """Apply a function to every network, each with its own independent seed.

    Result i is `function(networks[i], rng=numpy.random.default_rng(seed_i), **options)`, where
    seed_i is child i of the seed sequence of `rng`. It depends neither on the executor, nor on the
    order in which the tasks finish, nor on how many networks follow. A function without an
    argument `rng` is called without it.

    Parameters
    ----------
    function : callable
        `dmft.solve`, or any function of a network. An executor with other processes requires a
        function that is defined at the top level of a module.
    networks : iterable
        Networks, or other first arguments of the function.
    executor : object with `submit`, optional
        An executor in the style of `concurrent.futures`: `ProcessPoolExecutor()`, loky,
        mpi4py.futures, or `client.get_executor()` of dask. It is not shut down. By default the
        networks are processed one after another in the calling process.
    rng : int, SeedSequence, Generator or None
        Seed of the whole scan. A Generator is advanced, an int or SeedSequence is not. None takes
        a fresh seed (or the seed with which the store was created).
    store : path-like, optional
        A folder, created if missing, to which each result is written as soon as it is ready. A
        second call with the same function, rng and options reads the stored results and computes
        the missing ones; further networks may be appended. Failures are not stored, and are tried
        again. Several processes may use a store at once: they share the networks. Each result
        carries a fingerprint of its function, options, network and seed. A damaged or exchanged
        file is computed again, with a StorageWarning; that of another scan is refused.
    callback : callable, optional
        `callback(done, total, index, result)`, called in the calling process for every result as
        it becomes ready, including those read from the store.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.
    on_error : {"raise", "return"}
        Treatment of a network whose task fails. "raise": the scan continues past networks that do
        not converge and raises one ScanError at its end, which carries all results; any other
        exception stops it at once. "return": exceptions take their places in the list of results.
    on_version : {"warn", "reuse", "recompute", "raise"}
        Treatment of stored results that another version of dmft wrote: used with a
        StorageWarning, used without a warning, computed again, or refused. "reuse" also uses those
        of a function whose code has changed since, which are refused otherwise.
    **options
        Passed to the function: `tol=1e-9`, `strict=False`, ... (bind an option that has the name
        of an argument above, such as the function's own `callback`, by functools.partial).

    Returns
    -------
    list
        The results in the order of the networks.

    Raises
    ------
    ScanError
        At the end, if networks did not converge and `on_error="raise"`; or if the store cannot
        take a result, as on a full disk.
    ScanInterrupted
        After Ctrl-C; a KeyboardInterrupt that carries the finished results.
    ModelError
        If the executor has no `submit`, the function does not accept the options, or an argument
        is invalid.
    StorageError
        If the store holds another scan, or the result of another one; the message names the
        difference, or the file and what to do with it.

    Examples
    --------
    >>> def draw(g, rng): return g * rng.random()
    >>> scan(draw, [1.0, 2.0], rng=0) == scan(draw, [1.0, 2.0, 3.0], rng=0)[:2]
    True
    """
    networks = _as_list(networks)
    checks.callable_or_none("callback", callback, "(done, total, index, result)")
    checks.one_of("on_error", on_error, ("raise", "return"))
    checks.one_of("on_version", on_version, ON_VERSION)
    if isinstance(executor, type) and hasattr(executor, "submit"):
        checks.reject("executor", executor.__name__, "a class, not an executor",
                      f"give an instance: {executor.__name__}()")
    if executor is not None and not callable(getattr(executor, "submit", None)):
        checks.reject("executor", executor, "has no submit", "give one in the style of "
                      "concurrent.futures, such as ProcessPoolExecutor() or dask's "
                      "client.get_executor()")
    seeded = _takes_rng(function, options)
    stored = None if store is None else ScanStore(store, function, options, networks, on_version)
    root = _root(rng, len(networks)) if seeded else None
    if stored:
        root = stored.open(root, fresh=seeded and rng is None)
    seeds = [None if root is None else child(root, index) for index in range(len(networks))]

    results: list[Any] = [None] * len(networks)
    done, full = 0, None

    def ready(index: int, result: Any) -> None:
        nonlocal done
        results[index] = result
        done += 1
        if report is not None:
            report(done, len(networks), index, result)

    tasks = Tasks(function, networks, seeds, options, stored, ready)
    bar = ExitStack()
    report = bar.enter_context(long_call("scan", progress, callback, counts=True))
    try:
        if stored:
            found = stored.begin(seeds)
            tasks.left = deque(i for i, result in enumerate(found) if result is ABSENT)
            for index, result in enumerate(found):
                if result is not ABSENT:
                    ready(index, result)
        for index, result, error in tasks.completed(executor):
            if error is not None:
                stops = not isinstance(error, ConvergenceError) and on_error == "raise"
                if stops or isinstance(error, BrokenExecutor):
                    error.add_note(f"while scanning network {index}: {networks[index]!r}")
                    raise error
                result = error
            elif stored:
                try:
                    stored.write(index, result)
                except StorageError as problem:  # a full disk: what is computed now is kept
                    full = full or problem
                    tasks.left.clear()
            tasks.give_back(index)
            ready(index, result)
    except KeyboardInterrupt as stop:
        where = (f"; they are in the store {stored.folder}" if stored
                 else "; they are in .results of this error")
        raise ScanInterrupted(f"stopped with {done} of {len(networks)} results{where}",
                              results) from stop
    finally:
        tasks.give_back()
        bar.close()
    if stored:
        stored.warn(level=3)
    if full:
        raise ScanError(f"stopped with {done} of {len(networks)} results, since the store cannot "
                        f"take more ({full}). All of them are in .results of this error; those "
                        "that were stored are read by the next call", results) from full
    failed = [i for i, result in enumerate(results) if isinstance(result, ConvergenceError)]
    if failed and on_error == "raise":
        message = _failure_message(failed, networks, results)
        raise ScanError(message, results) from results[failed[0]]
    return results


def child(root: np.random.SeedSequence, index: int) -> np.random.SeedSequence:
    """Child `index` of a seed sequence, equal to that of `root.spawn`, without changing root."""
    return np.random.SeedSequence(root.entropy, spawn_key=(*root.spawn_key, index),
                                  pool_size=root.pool_size)


def _as_list(networks: Any) -> list[Any]:
    try:
        return list(networks)
    except TypeError:
        checks.reject("networks", networks, "not iterable", "give a list of networks")


def _root(rng: Any, count: int) -> np.random.SeedSequence:
    if isinstance(rng, np.random.SeedSequence):
        return rng
    if isinstance(rng, np.random.Generator):  # spawn one child, so that the next scan differs
        return rng.bit_generator.seed_seq.spawn(1)[0]  # type: ignore[attr-defined]
    if rng is None:
        return np.random.SeedSequence()
    return np.random.SeedSequence(checks.whole("rng", rng, least=0))


def _takes_rng(function: Callable[..., Any], options: dict[str, Any]) -> bool:
    if not callable(function):
        checks.reject("function", function, "not callable", "give a function such as dmft.solve")
    try:
        signature = inspect.signature(function)
    except ValueError:  # some functions written in C have no signature
        return False
    named = signature.parameters.get("rng")
    seeded = (named is not None and named.kind is not inspect.Parameter.POSITIONAL_ONLY) or any(
        p.kind is inspect.Parameter.VAR_KEYWORD for p in signature.parameters.values())
    try:
        signature.bind(None, **({"rng": None} if seeded else {}), **options)
    except TypeError as error:
        raise ModelError(f"options={options!r}: {getattr(function, '__name__', function)} does not "
                         f"accept them ({error}); its arguments are {signature}") from None
    return seeded


def _failure_message(failed: list[int], networks: list[Any], results: list[Any]) -> str:
    shown = "; ".join(f"network {i}, {networks[i]!r}: {results[i]}" for i in failed[:3])
    more = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
    return (f"{len(failed)} of {len(networks)} networks did not converge: {shown}{more}. All "
            "results are in .results of this error; on_error='return' returns them instead")
