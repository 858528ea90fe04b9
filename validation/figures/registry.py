"""Figures: the registry of theories, the cache of their data, and the common style.

A figure is a `Figure` in the tuple FIGURES of a module figures_<theory>.py: `data(...)` computes
its numbers (slow), `draw(data, axes)` draws them (fast).

>>> regenerate("iid", "docs/figures", quick=True)                      # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import dmft
from dmft import StorageError
from dmft.base.checks import one_of
from dmft.storage.files import header, load, save, write_atomically

from ..execution.progress import Report, reporter
from .style import STYLE

# theory -> module of its figures, a line each
THEORIES = {
    "iid": "iid",
    "multiregion": "multiregion",
    "plasticity": "plasticity",
    "random-modes": "random_modes",
}

Data = dict[str, Any]  # names to arrays, numbers and strings


class MissingData(Exception):
    """What a figure draws is not there; the message says what, and what to do."""


@dataclass(frozen=True)
class Figure:
    """One figure: how its numbers are computed and drawn.

    Parameters
    ----------
    name : str
        Of the file, without suffix.
    data : callable
        data(report=..., **settings) -> Data; `report` takes messages.
    draw : callable
        draw(data, axes): `axes` is a list of matplotlib Axes, as many as `panels`.
    settings, quick : dict
        Settings of `data`: for the figure as published, and for one in seconds.
    panels : int
        Axes, side by side.
    rows : int
        Rows in which they stand, as many in each.
    """

    name: str
    data: Callable[..., Data]
    draw: Callable[[Data, list], None]
    settings: dict[str, Any]
    quick: dict[str, Any]
    panels: int = 2
    rows: int = 1


def figures(theory: str) -> tuple[Figure, ...]:
    """The figures of a theory."""
    one_of("theory", theory, tuple(THEORIES))
    module = importlib.import_module(f".{THEORIES[theory]}", "dmft.validation.figures")
    return module.FIGURES


def regenerate(theory: str, output: str | os.PathLike[str], quick: bool = False,
               progress: bool | Report | None = False) -> list[Path]:
    """Compute and draw the figures of a theory.

    Parameters
    ----------
    theory : str
        A key of `THEORIES`.
    output : path-like
        A folder that exists. The pictures go there, and beside each its data: NAME.npz, or
        NAME.quick.npz. Data of the same settings and version are used again; delete the file to
        compute anew.
    quick : bool
        Small simulations, in seconds.
    progress : bool or callable
        Print messages on stderr, or give them to a callable.

    Returns
    -------
    list of Path
        The pictures. A figure of data that are not there is left out, with a warning.

    Raises
    ------
    ModelError
        For an unknown theory.
    StorageError
        If `output` is not a folder that can be written to (found before computing).
    """
    chosen, folder, report = figures(theory), _folder(output), reporter(progress)
    paths = []
    for figure in chosen:
        try:
            data = cached(figure, folder, quick, report)
        except MissingData as error:
            warnings.warn(f"{figure.name} is left out: {error}", stacklevel=2)
            continue
        paths.append(picture(figure, data, folder / f"{figure.name}.png"))
    return paths


def cached(figure: Figure, folder: Path, quick: bool, report: Report) -> Data:
    """A figure's data: from its file if the settings and the version are the same, else new."""
    settings = figure.quick if quick else figure.settings
    path = folder / f"{figure.name}{'.quick' if quick else ''}.npz"
    note = {"figure": figure.name, "settings": settings, "dmft": dmft.__version__}
    if path.exists():
        try:
            if header(path)["note"] == note:
                report(f"{figure.name}: data from {path}")
                return load(path)
        except StorageError as error:  # a damaged cache is no reason to fail
            report(f"{error}; computed anew")
    data = figure.data(**settings, report=lambda message: report(f"{figure.name}: {message}"))
    save(data, path, note=note)
    return data


def picture(figure: Figure, data: Data, path: Path) -> Path:
    """Draw the data into a file, without touching matplotlib's global state."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    with matplotlib.rc_context(STYLE):
        columns = figure.panels // figure.rows
        canvas = Canvas(figsize=(3.9 * columns, 3.1 * figure.rows), layout="constrained")
        FigureCanvasAgg(canvas)
        axes = list(np.ravel(canvas.subplots(figure.rows, columns)))
        figure.draw(data, axes)
        # no date and no version inside: the same data are the same file
        write_atomically(path, lambda stream: canvas.savefig(stream, format="png",
                                                        metadata={"Software": None}))
    return path


def _folder(output: str | os.PathLike[str]) -> Path:
    folder = Path(output)
    if not folder.is_dir():
        raise StorageError(f"{folder}: not a folder; make it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StorageError(f"{folder}: cannot be written to; choose another folder")
    return folder
