"""Benchmarks: each is measured in a separate process and returns rows of one table.

>>> rows = run(["import"])                                             # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dmft.base.checks import one_of, reject
from dmft.base.errors import StorageError

from ..execution.fresh_processes import call
from ..execution.progress import Report, reporter
from .measure import Row

# name -> module and function that measures it, one line each
BENCHMARKS = {
    "stationary": ("benchmarks.stationary", "tanh"),
    "stationary-erf": ("benchmarks.stationary", "erf"),
    "exponent": ("benchmarks.stationary", "exponent"),
    "transition": ("benchmarks.stationary", "near_transition"),
    "two-time": ("benchmarks.two_time", "against_plain"),
    "two-time-growth": ("benchmarks.two_time", "growth"),
    "solution-classes": ("benchmarks.two_time", "classes"),
    "single-site": ("benchmarks.sampled_solve", "against_plain"),
    "plastic-single-site": ("benchmarks.sampled_solve", "plastic"),
    "memory-in-time": ("benchmarks.paths_in_time", "against_plain"),
    "dimension": ("benchmarks.dimension", "against_transform"),
    "connectivity": ("benchmarks.dimension", "connectivity"),
    "simulation": ("benchmarks.simulation", "step"),
    "precision": ("benchmarks.simulation", "precision"),
    "plastic-simulation": ("benchmarks.plastic_simulation", "step"),
    "import": ("benchmarks.import_cost", "time_and_load"),
}


def run(names: Sequence[str] | None = None, output: str | os.PathLike[str] | None = None,
        progress: bool | Report | None = False) -> list[Row]:
    """Measure speed and accuracy against plain scripts.

    Each benchmark runs in a fresh process with one BLAS thread, so that processor time measures
    the work, and without settings that force a kernel of OpenBLAS.

    Parameters
    ----------
    names : sequence of str, optional
        Names in `BENCHMARKS`; all by default.
    output : path-like, optional
        A Markdown page to write, such as docs/benchmarks.md.
    progress : bool or callable
        Print messages on stderr, or pass them to a callable.

    Returns
    -------
    list of Row

    Raises
    ------
    ModelError
        For an unknown name.
    StorageError
        If `output` cannot be written (checked before measuring).
    RuntimeError
        If a benchmark fails; the message contains the end of its output.
    """
    if isinstance(names, str):
        reject("names", names, "not a list of names", f"give [{names!r}]")
    chosen = [one_of("names", name, tuple(BENCHMARKS)) for name in names or BENCHMARKS]
    page = None if output is None else writable(output)
    report, rows = reporter(progress), []
    for name in chosen:
        report(f"benchmark {name}")
        module, function = BENCHMARKS[name]
        rows += [Row(**fields) for fields in call(module, function)]
    if page is not None:
        from .page import write

        write(page, rows, call("benchmarks.page", "machine"))
    return rows


def writable(path: str | os.PathLike[str]) -> Path:
    """The path, after checking that a file can be written there."""
    path = Path(path)
    folder = path.parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        problem = "is a folder" if path.is_dir() else f"the folder {folder} cannot be written to"
        raise StorageError(f"{path}: {problem}; name a file in an existing, writable folder")
    return path
