"""Figure of plasticity: phase diagram in the plane of couplings and plasticity.

The whole figure takes about an hour on two cores. Its parts are stored as they finish: `dmft
figures plasticity`, interrupted and called again, continues.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import distance_transform_edt

import dmft
from dmft.equations import plasticity
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY

from ...execution.processes import pool_beside
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure

# phase and its colour
REGIONS = (("quiescence alone", "0.90"), ("quiescence, and stable\nfixed points", "#F0E442"),
           ("oscillating chaos", SKY), ("chaos", BLUE), ("Hebbian-induced chaos", PURPLE),
           ("end of chaos: decays in\nno window", "0.55"), ("not resolved", "white"))
QUIET, POINTS, OSCILLATING, CHAOS, HEBBIAN, FROZEN, UNRESOLVED = range(len(REGIONS))
CURVATURE = 1.0  # minus half the third derivative of tanh at zero
LEAST_ROOM = 2.5  # cells from a region's label to its boundary


def phases(*, couplings: list, strengths: list, p: float, onset: list[float],
           frozen: list[float], followed: list[float], along: list[float], tol: float,
           freeze_tol: float, seed: int, store: Path | None = None, report: Report = SILENT
           ) -> Data:
    """Phase and half-life on a grid, and phase boundaries.

    `couplings` and `strengths` are [first, last, number] of the grid's axes. Freezing is determined
    along its boundary only. Arrays `region` (g, k) as indices of REGIONS, `half_life` (g, k), NaN
    without chaos; `freezing_k`, `freezing_k_stderr` at `frozen`, the k where q is one; `onset_k` at
    `onset_g`; `fold_g`, `fold_g_stderr` at the k `followed`, ends of branches through the g
    `along`. NaN where a boundary is not found. With a folder `store` finished parts are kept there,
    and all cores are used.
    """
    g, k = np.linspace(*couplings), np.linspace(*strengths)
    with pool_beside(store) as pool:
        def given(part: str) -> dict[str, Any]:
            return {"executor": pool, "rng": seed, "store": None if store is None else store / part,
                    "callback": lambda done, total, *_: report(f"{part}, {done} of {total}")}

        diagram = dmft.phase_diagram(g, k, p, tol=tol, **given("phases"))
        networks = [dmft.PlasticNetwork(one, 0.0, p) for one in frozen]
        bounds = dmft.scan(dmft.freezing_onset, networks, tol=freeze_tol, on_error="return",
                           **given("freezing"))
        networks = [dmft.PlasticNetwork(along[0], one, p) for one in followed]
        folds = dmft.scan(branch_end, networks, values=along, tol=tol, on_error="return",
                          **given("folds"))
    bound, bound_error = _estimates(bounds)
    fold, fold_error = _estimates(folds)
    table = np.reshape([(region(one), float(one.half_life)) for one in diagram.phases],
                       (len(g), len(k), 2))
    return {"g": g, "k": k, "p": p, "region": table[:, :, 0].astype(int),
            "half_life": table[:, :, 1], "frozen": np.array(frozen), "freezing_k": bound,
            "freezing_k_stderr": bound_error, "onset_g": np.array(onset),
            "onset_k": np.array([dmft.fixed_point_onset(one) for one in onset]),
            "fold_k": np.array(followed, dtype=float), "fold_g": fold, "fold_g_stderr": fold_error}


def branch_end(network: dmft.PlasticNetwork, values: list[float], tol: float,
               rng: np.random.Generator) -> dmft.Estimate | None:
    """The g of the fold at which a branch ends, followed through these g; None without a fold."""
    branch = dmft.continue_in(network, "g", values, tol=tol, rng=rng)
    return branch.end if branch.fold else None


def _estimates(found: list) -> tuple[np.ndarray, np.ndarray]:
    """Values and errors of a list of estimates; NaN for those that are missing or failed."""
    known = [one if isinstance(one, dmft.Estimate) else dmft.Estimate(np.nan, np.nan)
             for one in found]
    return (np.array([float(one) for one in known], dtype=float),
            np.array([float(one.stderr) for one in known], dtype=float))


def region(phase: dmft.Phase) -> int:
    """Index in REGIONS of a phase: the state with the most activity that exists."""
    if phase.chaotic:
        return HEBBIAN if phase.hebbian_induced else OSCILLATING if phase.oscillating else CHAOS
    if phase.frozen:
        return FROZEN
    if phase.chaos == "unresolved":
        return UNRESOLVED
    return POINTS if phase.fixed_points else QUIET


def draw_phases(data: Data, axes: list) -> None:
    """Two panels: the phases with their boundaries, and the half-life."""
    from matplotlib.colors import LogNorm

    g, k = data["g"], data["k"]
    edges = [np.concatenate([[1.5 * one[0] - 0.5 * one[1]], (one[1:] + one[:-1]) / 2,
                             [1.5 * one[-1] - 0.5 * one[-2]]]) for one in (g, k)]
    _draw_regions(axes[0], data, edges)
    _draw_boundaries(axes[0], data)
    axes[0].set_title(f"States of the theory, $p={data['p']:g}$")
    axes[0].legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    low, high = np.nanmin(data["half_life"]), np.nanmax(data["half_life"])
    mesh = axes[1].pcolormesh(*edges, data["half_life"].T, cmap="viridis", norm=LogNorm(low, high))
    axes[1].set_facecolor("0.90")
    bar = axes[1].figure.colorbar(mesh, ax=axes[1])
    bar.set_ticks([one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500) if low <= one <= high])
    bar.minorticks_off()
    bar.ax.yaxis.set_major_formatter("{x:g}")
    axes[1].set_title(r"Half-life of $C_\phi(\tau)$ in chaos")
    for axis in axes:
        axis.set_xlim(edges[0][0], edges[0][-1])
        axis.set_ylim(edges[1][0], edges[1][-1])
        axis.set_xlabel("couplings $g$")
        axis.set_ylabel("plasticity $k$")


def _draw_regions(axis: Any, data: Data, edges: list[np.ndarray]) -> None:
    """The regions in their colours, freezable chaos hatched, and names where there is room."""
    from matplotlib.colors import BoundaryNorm, ListedColormap

    g, k, shown = data["g"], data["k"], data["region"]
    colours = ListedColormap([colour for _, colour in REGIONS])
    axis.pcolormesh(*edges, shown.T, cmap=colours, alpha=0.75,
                    norm=BoundaryNorm(np.arange(-0.5, len(REGIONS)), len(REGIONS)))
    for index, (name, colour) in enumerate(REGIONS):
        here = shown == index
        if not np.any(here):
            continue
        axis.fill([], [], facecolor=colour, alpha=0.75, label=name, edgecolor="0.6", linewidth=0.5)
        room = distance_transform_edt(np.pad(here, 1))[1:-1, 1:-1]
        if np.max(room) > LEAST_ROOM:
            i, j = np.unravel_index(np.argmax(room), room.shape)
            axis.text(g[i], k[j], name.replace(" ", "\n", 1), ha="center", va="center", fontsize=8,
                      bbox={"facecolor": "white", "alpha": 0.6, "linewidth": 0, "pad": 1.5},
                      zorder=4)
    known = np.isfinite(data["freezing_k"])
    if np.count_nonzero(known) < 2:
        return
    line = np.interp(g, data["frozen"][known], data["freezing_k"][known], left=np.inf,
                     right=np.inf)
    chaos = np.isin(shown, (OSCILLATING, CHAOS, HEBBIAN))
    if np.any(freezable := chaos & (k > line[:, None])):
        wide = np.pad(freezable, 1, mode="edge")  # to the edges of the outer cells
        axis.contourf(np.concatenate([edges[0][:1], g, edges[0][-1:]]),
                      np.concatenate([edges[1][:1], k, edges[1][-1:]]), wide.T,
                      levels=[0.5, 1.5], colors="none", hatches=["...."])
        axis.fill([], [], facecolor=REGIONS[CHAOS][1], alpha=0.75, hatch="....", edgecolor="black",
                  linewidth=0.5, label="freezable chaos")


def _draw_boundaries(axis: Any, data: Data) -> None:
    """The stability of rest, the onset of many fixed points, freezing, and the fold."""
    axis.axvline(1.0, color="black", linewidth=1.0, linestyle=":", label="rest unstable beyond")
    axis.plot(data["onset_g"], data["onset_k"], color=ORANGE, label=r"many fixed points above")
    if len(data["frozen"]):
        axis.errorbar(data["frozen"], data["freezing_k"], data["freezing_k_stderr"], color=GREEN,
                      marker="o", label="freezable above, $q=1$")
    if np.any(np.isfinite(data["fold_g"])):  # the fold begins where the onset becomes subcritical
        start = 1.0, float(plasticity.subcritical_k(CURVATURE))
        axis.errorbar([start[0], *data["fold_g"]], [start[1], *data["fold_k"]],
                      xerr=[0.0, *data["fold_g_stderr"]], marker="D", color=RED,
                      label="fold of chaos")


FIGURES = (
    Figure("plasticity_phases", phases, draw_phases, stored=True,
           settings={"couplings": [0.5, 3.0, 40], "strengths": [-5.0, 2.5, 40], "p": 2.5,
                     "onset": np.linspace(0.5, 3.0, 26).round(3).tolist(),
                     "frozen": np.linspace(1.1, 3.0, 12).round(3).tolist(),
                     "followed": [1.2, 1.4, 1.6], "along": [1.2, 0.5], "tol": 1e-2,
                     "freeze_tol": 0.05, "seed": 1},
           quick={"couplings": [0.7, 2.0, 3], "strengths": [-2.0, 1.5, 3], "p": 2.5,
                  "onset": [0.8, 1.4], "frozen": [], "followed": [], "along": [], "tol": 1e-2,
                  "freeze_tol": 0.2, "seed": 1}),
)
