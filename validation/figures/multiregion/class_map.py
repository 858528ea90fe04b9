"""Multiregion figure: classes of solutions over the leading eigenvalue of T_hat.

The published map, 20 x 20 eigenvalues with 10 draws, takes 4000 tasks of three seconds. In a script
of your own, with `pool` a ProcessPoolExecutor:

    leading = [complex(a, b) for b in np.linspace(0, 1.5, 20) for a in np.linspace(1, 2.5, 20)
               for _ in range(10)]
    found = dmft.scan(dmft.random_solution_class, leading, executor=pool, store="map")

A second call continues where the first was interrupted.
"""

from __future__ import annotations

import numpy as np

import dmft

from ...execution import fresh_processes
from ...execution.progress import Report, reporter
from ..registry import Data, Figure
from ..style import BLUE, GREEN, ORANGE, PURPLE, RED

SILENT = reporter(None)
KINDS = ("no currents", "fixed point", "limit cycle", "chaos about a limit cycle",
         "chaos about a baseline", "chaos")
SHADES = ("#e6e6e6", BLUE, GREEN, ORANGE, PURPLE, RED, "white")
LABELS = (*KINDS, "uncertain")


def solution_map(*, real: tuple[float, float], imaginary: tuple[float, float], points: int,
                 draws: int, stop: float, dt: float, seed: int, report: Report = SILENT) -> Data:
    """Classes of R = 2 networks, g = 1.5 in both, over Re and Im of the leading eigenvalue.

    `kind` (points, points, draws) as indices of KINDS, a row for each imaginary part; `certain`
    likewise; `entropy` (points, points) of the classes over the draws that are certain, in bits.
    """
    cases = [{"real": list(np.linspace(*real, points)), "imaginary": one, "draws": draws,
              "stop": stop, "dt": dt, "seed": seed + row}
             for row, one in enumerate(np.linspace(*imaginary, points))]
    rows = fresh_processes.each("figures.multiregion.class_map", "row_of_classes", cases, report)
    kind, certain, exponent = (np.array([row[name] for row in rows])
                               for name in ("kind", "certain", "exponent"))
    return {"real": np.linspace(*real, points), "imaginary": np.linspace(*imaginary, points),
            "kind": kind, "certain": certain, "exponent": exponent,
            "entropy": class_entropy(kind, certain), "draws": draws}


def row_of_classes(real: list[float], imaginary: float, draws: int, stop: float, dt: float,
                   seed: int) -> dict[str, list]:
    """Kinds, whether they are certain, and exponents (real parts, draws), for one row of the map.
    """
    leading = [complex(one, imaginary) for one in real for _ in range(draws)]
    found = dmft.scan(dmft.random_solution_class, leading, rng=seed, times=dmft.Times(stop, dt))
    shape = (len(real), draws)
    columns = {"kind": [KINDS.index(one.kind) for one in found],
               "certain": [one.certain for one in found],
               "exponent": [one.exponent for one in found]}
    return {name: np.reshape(values, shape).tolist() for name, values in columns.items()}


def class_counts(kind: np.ndarray, certain: np.ndarray) -> np.ndarray:
    """(kinds, ...) number of draws, along the last axis, that are certain to be of each class."""
    return np.stack([np.sum((kind == one) & certain, axis=-1) for one in range(len(KINDS))])


def class_entropy(kind: np.ndarray, certain: np.ndarray) -> np.ndarray:
    """Entropy of the certain classes along the last axis, in bits; NaN where none is certain."""
    counts = class_counts(kind, certain)
    total = np.sum(counts, axis=0)
    shares = counts / np.where(total > 0, total, np.nan)
    return -np.sum(shares * np.log2(np.where(shares > 0, shares, 1.0)), axis=0) + 0.0


def usual_class(kind: np.ndarray, certain: np.ndarray) -> np.ndarray:
    """Index into LABELS of the most frequent class among the draws along the last axis.

    "uncertain" where more than half of the draws are.
    """
    usual = np.argmax(class_counts(kind, certain), axis=0)
    return np.where(2 * np.sum(certain, axis=-1) >= certain.shape[-1], usual, len(KINDS))


def draw_map(data: Data, axes: list) -> None:
    """The most frequent class, and the entropy over draws; classes that are certain only."""
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    kind, certain = np.asarray(data["kind"]), np.asarray(data["certain"], dtype=bool)
    counts, usual = class_counts(kind, certain), usual_class(kind, certain)
    axes[0].pcolormesh(data["real"], data["imaginary"], usual, cmap=ListedColormap(SHADES),
                       norm=BoundaryNorm(np.arange(len(LABELS) + 1) - 0.5, len(LABELS)),
                       shading="nearest", rasterized=True)
    there = [k for k in range(len(LABELS)) if np.any(usual == k) or (
        k < len(KINDS) and np.any(counts[k]))]
    for k in there:
        # rare: shown wherever it occurs in at least one draw
        if KINDS.index("limit cycle") < k < len(KINDS):
            rows, columns = np.nonzero(counts[k])
            axes[0].plot(data["real"][columns], data["imaginary"][rows], linestyle="none",
                         marker="o", markersize=6, color=SHADES[k], markeredgecolor="black")
    axes[0].legend(handles=[Patch(facecolor=SHADES[k], edgecolor="black", linewidth=0.3,
                                  label=LABELS[k].replace(" about", "\nabout")) for k in there],
                   loc="upper left", bbox_to_anchor=(1.0, 1.0))
    image = axes[1].pcolormesh(data["real"], data["imaginary"], data["entropy"], cmap="cividis",
                               shading="nearest", vmin=0.0, rasterized=True)
    axes[1].figure.colorbar(image, ax=axes[1], label="entropy (bits)")
    for axis in axes:
        axis.set_xlabel(r"Re $\lambda_1(\hat T)$")
        axis.set_ylabel(r"Im $\lambda_1(\hat T)$")
    chaos = any(KINDS.index("limit cycle") < k < len(KINDS) for k in there)
    axes[0].set_title("Most frequent class" + ("; dots: any chaos" if chaos else ""))
    unsure = 100 * (1 - np.mean(certain))
    axes[1].set_title(f"Entropy over {data['draws']} draws of $T$, $g = 1.5$\n"
                      f"({unsure:.2g} % of draws uncertain, left out)")


FIGURES = (
    Figure("multiregion_map", solution_map, draw_map,
           settings={"real": (1.0, 2.5), "imaginary": (0.0, 1.5), "points": 8, "draws": 4,
                     "stop": 250.0, "dt": 0.2, "seed": 1},
           quick={"real": (1.0, 2.5), "imaginary": (0.0, 1.5), "points": 3, "draws": 2,
                  "stop": 32.0, "dt": 0.5, "seed": 1}),
)
