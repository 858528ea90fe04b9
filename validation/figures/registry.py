"""The registry of figures: theories, their figures, and the cache of their data.

A figure is a `Figure` in the tuple FIGURES of a theory's folder: `data(...)` computes its numbers
(slow), `draw(data, axes)` draws them (fast).

>>> regenerate("iid", "docs/figures", quick=True)                      # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import os
import shutil
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import dmft
from dmft import StorageError
from dmft.base.checks import one_of, reject
from dmft.plots.style import STYLE
from dmft.storage.files import header, load, save, write_atomically

from ..execution.progress import Report, reporter

# theory -> module of its figures, one line each
THEORIES = {
    "iid": "iid",
    "multiregion": "multiregion",
    "plasticity": "plasticity",
    "random-modes": "random_modes",
}

Data = dict[str, Any]  # names to arrays, numbers and strings


class MissingData(Exception):
    """A file that a figure needs does not exist; the message names it and says what to do."""


@dataclass(frozen=True)
class Figure:
    """One figure: how its numbers are computed and drawn.

    Parameters
    ----------
    name : str
        Of the file, without suffix.
    data : callable
        data(report=..., **settings) -> Data; `report` receives progress messages.
    draw : callable
        draw(data, axes): `axes` is a list of matplotlib Axes, as many as `panels`.
    settings, quick : dict
        Settings of `data`: for the published figure, and for a version computed in seconds.
    panels : int
        Number of panels (Axes).
    rows : int
        Rows in which they are arranged, with equal numbers in each.
    stored : bool
        Whether `data` takes a folder `store` for its finished parts, from which it continues after
        an interruption. The folder NAME.parts is removed once the data are complete.
    """

    name: str
    data: Callable[..., Data]
    draw: Callable[[Data, list], None]
    settings: dict[str, Any]
    quick: dict[str, Any]
    panels: int = 2
    rows: int = 1
    stored: bool = False


def figures(theory: str) -> tuple[Figure, ...]:
    """The figures of a theory."""
    one_of("theory", theory, tuple(THEORIES))
    module = importlib.import_module(f".{THEORIES[theory]}", "dmft.validation.figures")
    return module.FIGURES


def regenerate(theory: str, output: str | os.PathLike[str], quick: bool = False,
               progress: bool | Report | None = False,
               only: Sequence[str] | None = None) -> list[Path]:
    """Compute and draw the figures of a theory.

    Parameters
    ----------
    theory : str
        A key of `THEORIES`.
    output : path-like
        An existing folder. The pictures are written there, and beside each its data: NAME.npz, or
        NAME.quick.npz. Data with the same settings and version are reused; delete the file to
        compute them again.
    quick : bool
        Small simulations, in seconds.
    progress : bool or callable
        Print messages on stderr, or pass them to a callable.
    only : sequence of str, optional
        Names of the figures to make; all of the theory by default.

    Returns
    -------
    list of Path
        The pictures. A figure whose input file does not exist is omitted, with a warning.

    Raises
    ------
    ModelError
        For an unknown theory, or a name in `only` that is not one of its figures.
    StorageError
        If `output` is not a writable folder (checked before computing).
    """
    chosen, folder, report = _chosen(theory, only), _folder(output), reporter(progress)
    paths = []
    for figure in chosen:
        try:
            data = cached(figure, folder, quick, report)
        except MissingData as error:
            warnings.warn(f"{figure.name} is omitted: {error}", stacklevel=2)
            continue
        paths.append(picture(figure, data, folder / f"{figure.name}.png"))
    return paths


def _chosen(theory: str, only: Sequence[str] | None) -> tuple[Figure, ...]:
    """The figures of these names, or all of the theory."""
    known = figures(theory)
    if only is None:
        return known
    if isinstance(only, str):
        reject("only", only, "one text", "give a list of names")
    for name in only:
        one_of("only", name, tuple(one.name for one in known))
    return tuple(one for one in known if one.name in only)


def cached(figure: Figure, folder: Path, quick: bool, report: Report) -> Data:
    """A figure's data: from its file if settings and version are unchanged, otherwise computed."""
    settings = figure.quick if quick else figure.settings
    path = folder / f"{figure.name}{'.quick' if quick else ''}.npz"
    note = {"figure": figure.name, "settings": settings, "dmft": dmft.__version__}
    if path.exists():
        try:
            if header(path)["note"] == note:
                report(f"{figure.name}: data from {path}")
                return load(path)
        except StorageError as error:  # a damaged cache is replaced
            report(f"{error}; computed again")
    parts = path.with_suffix(".parts")
    given = {"store": parts} if figure.stored else {}
    data = figure.data(**settings, **given,
                       report=lambda message: report(f"{figure.name}: {message}"))
    save(data, path, note=note)
    if figure.stored:
        shutil.rmtree(parts)
    return data


def picture(figure: Figure, data: Data, path: Path) -> Path:
    """Draw the data into a file, without changing matplotlib's global state."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    with matplotlib.rc_context(STYLE):
        columns = figure.panels // figure.rows
        canvas = Canvas(figsize=(3.9 * columns, 3.1 * figure.rows), layout="constrained")
        FigureCanvasAgg(canvas)
        axes = list(np.ravel(canvas.subplots(figure.rows, columns)))
        figure.draw(data, axes)
        # without date and version inside, equal data give equal files
        write_atomically(path, lambda stream: canvas.savefig(stream, format="png",
                                                        metadata={"Software": None}))
    return path


def _folder(output: str | os.PathLike[str]) -> Path:
    folder = Path(output)
    if not folder.is_dir():
        raise StorageError(f"{folder}: not a folder; create it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StorageError(f"{folder}: not writable; choose another folder")
    return folder
