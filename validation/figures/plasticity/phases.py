"""Figure of plasticity: phase diagram in the plane of couplings and plasticity."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.equations import plasticity

from ...execution.progress import Report
from ..registry import Data, Figure
from ..style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY
from .networks import SILENT

# phase and its colour
REGIONS = (("quiescence alone", "0.92"), ("chaos that oscillates", SKY), ("chaos", BLUE),
           ("Hebbian-induced chaos", PURPLE),
           ("outlasts every window", "white"))
CURVATURE = 1.0  # minus half the third derivative of tanh at zero


def phases(*, couplings: list[float], strengths: list[float], p: float, onset: list[float],
           frozen: list[float], followed: list[list], tol: float, freeze_tol: float, seed: int,
           report: Report = SILENT) -> Data:
    """Phase and half-life on a grid, and phase boundaries.

    Freezing is determined along its boundary only. Arrays `region` (g, k) as indices of REGIONS,
    `half_life` (g, k), NaN without chaos; `freezing_k`, `freezing_k_stderr` at `frozen`, the k
    where q is one; `onset_k` at `onset_g`; `fold_g`, `fold_g_stderr` at `fold_k`, of the branches
    that are followed from [k, values of g].
    """
    diagram = dmft.phase_diagram(
        couplings, strengths, p, tol=tol, freeze_tol=None, rng=seed,
        callback=lambda done, total, index, phase: report(f"phases, {done} of {total}"))
    table = np.reshape([(region(one), float(one.half_life)) for one in diagram.phases],
                       (len(couplings), len(strengths), 2))
    lines = [dmft.fixed_point_onset(g) for g in onset]
    bounds = []
    for g in frozen:
        bounds.append(dmft.freezing_onset(dmft.PlasticNetwork(g, 0.0, p), tol=freeze_tol,
                                          rng=seed))
        report(f"q=1 at g={g:g}")
    folds = []
    for k, values in followed:
        branch = dmft.continue_in(dmft.PlasticNetwork(values[0], k, p), "g", values, tol=tol,
                                  rng=seed)
        end = branch.end if branch.fold and branch.end is not None else None
        folds.append((np.nan, np.nan) if end is None else (float(end), float(end.stderr)))
        report(f"end at k={k:g}")
    ends = np.reshape(np.array(folds, dtype=float), (-1, 2))
    return {"g": np.array(couplings), "k": np.array(strengths), "p": p,
            "region": table[:, :, 0].astype(int), "half_life": table[:, :, 1],
            "frozen": np.array(frozen), "freezing_k": np.array([float(one) for one in bounds]),
            "freezing_k_stderr": np.array([float(one.stderr) for one in bounds]),
            "onset_g": np.array(onset), "onset_k": np.array(lines),
            "fold_k": np.array([k for k, _ in followed], dtype=float), "fold_g": ends[:, 0],
            "fold_g_stderr": ends[:, 1]}


def region(phase: dmft.Phase) -> int:
    """Index in REGIONS of the phase that a solution from strong activity reaches."""
    if not phase.chaotic:
        return 0 if phase.chaos == "absent" else 4
    return 3 if phase.hebbian_induced else 1 if phase.oscillating else 2


def draw_phases(data: Data, axes: list) -> None:
    """Two panels: the phases with their boundaries, and the half-life."""
    from matplotlib.colors import BoundaryNorm, ListedColormap, LogNorm

    g, k = data["g"], data["k"]
    edges = [np.concatenate([[1.5 * one[0] - 0.5 * one[1]], (one[1:] + one[:-1]) / 2,
                             [1.5 * one[-1] - 0.5 * one[-2]]]) for one in (g, k)]
    colours = ListedColormap([colour for _, colour in REGIONS])
    axes[0].pcolormesh(*edges, data["region"].T, cmap=colours, alpha=0.75,
                       norm=BoundaryNorm(np.arange(-0.5, len(REGIONS)), len(REGIONS)))
    for index, (name, colour) in enumerate(REGIONS):
        if np.any(data["region"] == index):
            axes[0].fill([], [], color=colour, alpha=0.75, label=name,
                         edgecolor="0.6", linewidth=0.5)
    axes[0].axvline(1.0, color="black", linewidth=1.0, linestyle=":", label="rest unstable")
    axes[0].plot(data["onset_g"], data["onset_k"], color=ORANGE, label=r"$\Sigma>0$ above")
    if len(data["frozen"]):
        axes[0].errorbar(data["frozen"], data["freezing_k"], data["freezing_k_stderr"],
                         color=GREEN, marker="o", label="freezable above")
    if np.any(np.isfinite(data["fold_g"])):  # the fold begins where the onset becomes subcritical
        start = 1.0, float(plasticity.subcritical_k(CURVATURE))
        axes[0].errorbar([start[0], *data["fold_g"]], [start[1], *data["fold_k"]],
                         xerr=[0.0, *data["fold_g_stderr"]], marker="D", markersize=4, color=RED,
                         label="Hebbian-induced\nchaos ends (fold)")
    axes[0].set_title(f"States of the theory, $p={data['p']:g}$")
    axes[0].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    mesh = axes[1].pcolormesh(*edges, data["half_life"].T, cmap="viridis",
                              norm=LogNorm(np.nanmin(data["half_life"]),
                                           np.nanmax(data["half_life"])))
    bar = axes[1].figure.colorbar(mesh, ax=axes[1])
    low, high = np.nanmin(data["half_life"]), np.nanmax(data["half_life"])
    bar.set_ticks([one for one in (1, 2, 5, 10, 20, 50, 100) if low <= one <= high])
    bar.minorticks_off()
    bar.ax.yaxis.set_major_formatter("{x:g}")
    axes[1].set_title(r"Half-life of $C_\phi(\tau)$ in chaos")
    for axis in axes:
        axis.set_xlim(edges[0][0], edges[0][-1])
        axis.set_ylim(edges[1][0], max([edges[1][-1], *(0.1 + data["fold_k"])]))
        axis.set_xlabel("couplings $g$")
        axis.set_ylabel("plasticity $k$")


FIGURES = (
    Figure("plasticity_phases", phases, draw_phases,
           settings={"couplings": [0.7, 0.85, 1.1, 1.5, 2.0, 2.5],
                     "strengths": [-3.0, -1.5, -0.5, 0.4, 0.9, 1.4], "p": 2.5,
                     "onset": [0.7, 0.95, 1.2, 1.6, 2.0, 2.5], "frozen": [1.5, 2.0, 2.5],
                     "followed": [[1.2, [1.2, 0.5]], [1.4, [1.2, 0.5]], [1.6, [1.2, 0.5]]],
                     "tol": 1e-2, "freeze_tol": 0.05, "seed": 1},
           quick={"couplings": [0.7, 1.3, 2.0], "strengths": [-2.0, 0.5, 1.5], "p": 2.5,
                  "onset": [0.8, 1.4], "frozen": [], "followed": [], "tol": 1e-2,
                  "freeze_tol": 0.2, "seed": 1}),
)
