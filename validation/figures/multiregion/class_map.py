"""Multiregion figure: classes of activity over the leading eigenvalue of T_hat.

The published map (Clark & Beiran 2025, classes of solutions) has 40 x 40 cells with 50 draws of two
regions each, `PUBLISHED`: 80,000 draws of about four seconds, two days on two cores. The figure has
fewer (`FIGURES`). For the whole map, with any executor (here dask's), in a script of your own:

    from dmft.validation.figures.multiregion.class_map import PUBLISHED, activity_map
    data = activity_map(**PUBLISHED, store="map", executor=client.get_executor())

Each draw is written to the folder `map` when it is ready; a second call continues where the first
was interrupted, and one with more draws computes only the new ones.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY

from ...execution.processes import pool_beside
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure

UNITS = ("no activity", "fixed point", "chaos about a fixed point", "limit cycle",
         "chaos about a limit cycle", "chaos", "chaotic currents")
CURRENTS = ("no currents", "fixed point", "limit cycle", "chaos about a limit cycle",
            "chaos about a baseline", "chaos")
SHADES = {"no activity": "black", "fixed point": BLUE, "chaos about a fixed point": SKY,
          "limit cycle": GREEN, "chaos about a limit cycle": ORANGE, "chaos": "#f0f0f0",
          "chaotic currents": RED, "no currents": "#f0f0f0", "chaos about a baseline": PURPLE,
          "uncertain": "white"}
PUBLISHED: dict[str, Any] = {"cells": 40, "draws": 50, "real": (1.0, 2.5), "imaginary": (0.0, 1.5),
                             "stop": 250.0, "dt": 0.2, "seed": 1}


def activity_map(*, cells: int, draws: int, real: tuple[float, float],
                 imaginary: tuple[float, float], stop: float, dt: float, seed: int,
                 store: str | Path | None = None, executor: Any = None, report: Report = SILENT
                 ) -> Data:
    """Classes of R = 2 networks, g = 1.5 in both, over Re and Im of the leading eigenvalue.

    Draws are made within .01875 of the centres of cells x cells equal cells. `units`, `sure`,
    `depth` (imaginary, real, draws, 2): class of the units of each region as indices of UNITS,
    whether it is certain, and 1 minus the correlation after one period; `currents`,
    `currents_sure`, `exponent`, `period` (imaginary, real, draws) for the currents, as indices of
    CURRENTS. With a folder `store` finished draws are kept there, and all cores are used, unless
    an `executor` is given.
    """
    re, im = (low + (high - low) * (np.arange(cells) + 0.5) / cells
              for low, high in (real, imaginary))
    # draws last: with more of them, those that exist are read from the store
    leading = [complex(a, b) for _ in range(draws) for b in im for a in re]
    folder = None if store is None else Path(store)
    with nullcontext(executor) if executor is not None else pool_beside(folder) as pool:
        found = dmft.scan(
            dmft.random_activity_class, leading, rng=seed, executor=pool, store=folder,
            times=dmft.Times(stop, dt),
            callback=lambda done, total, *_: report(f"draw {done} of {total}"))

    def table(values: list) -> np.ndarray:
        array = np.array(values)
        return np.moveaxis(array.reshape(draws, cells, cells, *array.shape[1:]), 0, 2)

    return {"real": re, "imaginary": im, "draws": draws,
            "units": table([[UNITS.index(kind) for kind in one.kinds] for one in found]),
            "sure": table([one.certain for one in found]),
            "depth": table([one.depth for one in found]),
            "currents": table([CURRENTS.index(one.currents.kind) for one in found]),
            "currents_sure": table([one.currents.certain for one in found]),
            "exponent": table([one.currents.exponent for one in found]),
            "period": table([one.currents.period for one in found])}


def class_counts(kind: np.ndarray, certain: np.ndarray, kinds: int) -> np.ndarray:
    """(kinds, ...) number of draws, along the last axis, that are certain to be of each class."""
    return np.stack([np.sum((kind == one) & certain, axis=-1) for one in range(kinds)])


def class_entropy(kind: np.ndarray, certain: np.ndarray, kinds: int) -> np.ndarray:
    """Entropy of the certain classes along the last axis, in bits; NaN where none is certain."""
    counts = class_counts(kind, certain, kinds)
    total = np.sum(counts, axis=0)
    shares = counts / np.where(total > 0, total, np.nan)
    return -np.sum(shares * np.log2(np.where(shares > 0, shares, 1.0)), axis=0) + 0.0


def usual_class(kind: np.ndarray, certain: np.ndarray, kinds: int) -> np.ndarray:
    """Most frequent class among the draws along the last axis; `kinds` where none is certain."""
    counts = class_counts(kind, certain, kinds)
    return np.where(np.any(certain, axis=-1), np.argmax(counts, axis=0), kinds)


def draw_map(data: Data, axes: list) -> None:
    """Most frequent class and entropy, of the units above and of the currents below."""
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    units, sure = (np.reshape(data[name], (*np.shape(data[name])[:2], -1))
                   for name in ("units", "sure"))
    parts = (("Units", UNITS, units, sure.astype(bool)),
             ("Currents", CURRENTS, np.asarray(data["currents"]),
              np.asarray(data["currents_sure"], dtype=bool)))
    for row, (name, kinds, kind, certain) in enumerate(parts):
        left, right = axes[2 * row:2 * row + 2]
        labels = (*kinds, "uncertain")
        usual = usual_class(kind, certain, len(kinds))
        left.pcolormesh(data["real"], data["imaginary"], usual,
                        cmap=ListedColormap([SHADES[label] for label in labels]),
                        norm=BoundaryNorm(np.arange(len(labels) + 1) - 0.5, len(labels)),
                        shading="nearest", rasterized=True)
        there = [k for k in range(len(labels)) if np.any(usual == k)]
        left.legend(handles=[Patch(facecolor=SHADES[labels[k]], edgecolor="black", linewidth=0.3,
                                   label=labels[k].replace(" about", "\nabout")) for k in there],
                    loc="upper left", bbox_to_anchor=(1.0, 1.0))
        image = right.pcolormesh(data["real"], data["imaginary"],
                                 class_entropy(kind, certain, len(kinds)), cmap="cividis",
                                 shading="nearest", vmin=0.0, rasterized=True)
        right.figure.colorbar(image, ax=right, label="entropy (bits)")
        left.set_title(f"{name}: most frequent class")
        regions = " x 2 regions" if row == 0 else ""
        right.set_title(f"{name}: entropy, {data['draws']} draws{regions} a cell\n"
                        f"({100 * (1 - np.mean(certain)):.2g} % not certain, left out)")
        for axis in (left, right):
            axis.set_xlabel(r"Re $\lambda_1(\hat T)$")
            axis.set_ylabel(r"Im $\lambda_1(\hat T)$")


FIGURES = (
    Figure("multiregion_map", activity_map, draw_map,
           settings=PUBLISHED | {"cells": 16, "draws": 6},
           quick=PUBLISHED | {"cells": 2, "draws": 1, "stop": 40.0, "dt": 0.5}, panels=4, rows=2,
           stored=True),
)
