"""Figure of plasticity: branches of Hebbian-induced chaos around their folds.

The branches take about ten minutes of one core. Each is stored when it is ready, so that the figure
continues after an interruption.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE

from ...execution.progress import SILENT, Report
from ...settings.preparation import ramp
from ...simulation.simulate import simulate
from ..registry import Data, Figure
from .networks import stacked

NAMES = ("g", "g_stderr", "C", "C_stderr", "half_life", "half_life_stderr", "stable")
SHADES, MARKERS = (BLUE, GREEN, ORANGE, PURPLE), ("o", "s", "^", "D")
DECAYED = 1e-3  # C(0) of a network below which its activity has decayed to zero


def branches(*, p: float, strengths: list[float], values: list[list[float]], tol: float,
             simulated: list[list[float]], strongest: float, stages: int, simulation: dict,
             seed: int, store: Path | None = None, report: Report = SILENT) -> Data:
    """C(0) and half-life along a branch in g at each k, and C(0) of networks prepared by a ramp.

    Each branch is followed through its `values` of g to the fold and beyond. Arrays `g`, `C`,
    `half_life`, `<name>_stderr` (k, n), in order along the branch and padded with NaN; `stable`
    (k, n), 1, 0, or NaN where it is not determined (see `dmft.BranchPoint`); `fold`, `fold_stderr`
    (k,). Networks (m,): their couplings are lowered in `stages` from g = `strongest` to
    `networks_g`, at `networks_k`; `mean`, `error` of C(0) of those that are active, and `active`,
    their fraction.
    """
    def parts(name: str) -> dict[str, Any]:
        return {"rng": seed, "store": None if store is None else store / name,
                "callback": lambda done, total, *_: report(f"{name}, {done} of {total}")}

    if store is not None:
        store.mkdir(exist_ok=True)
    found = [one for k, row in zip(strengths, values, strict=True)
             for one in dmft.scan(follow, [dmft.PlasticNetwork(row[0], k, p)], values=row, tol=tol,
                                  **parts(f"branch-{k:g}"))]
    nets = [dmft.PlasticNetwork(g, k, p)
            for k, row in zip(strengths, simulated, strict=True) for g in row]
    runs = dmft.scan(lowered, nets, strongest=strongest, stages=stages,
                     simulation=simulation, **parts("networks"))
    alive = [run[run > DECAYED] for run in runs]
    return {**{name: stacked([one[name] for one in found]) for name in NAMES},
            "p": p, "k": np.array(strengths),
            "fold": np.array([float(one["fold"]) for one in found]),
            "fold_stderr": np.array([float(one["fold_stderr"]) for one in found]),
            "networks_g": np.array([net.g for net in nets]),
            "networks_k": np.array([net.k for net in nets]),
            "mean": np.array([one.mean() if len(one) else 0.0 for one in alive]),
            "error": np.array([one.std(ddof=1) / np.sqrt(len(one)) if len(one) > 1 else np.nan
                               for one in alive]),
            "active": np.array([len(one) / len(run) for one, run in zip(alive, runs, strict=True)]),
            "neurons": simulation["neurons"], "networks": simulation["networks"]}


def follow(network: dmft.PlasticNetwork, values: list[float], tol: float,
           rng: np.random.Generator) -> Data:
    """One branch: its solutions at given g, then its points of given amplitude, without repeats."""
    branch = dmft.continue_in(network, "g", values, tol=tol, rng=rng)
    rows = []
    for g, solution in zip(branch.values, branch.solutions, strict=True):
        rows.append((g, 0.0, *_measured(solution), 1.0))
    for point in branch.points[1:]:  # the first one repeats the last solution
        stable = np.nan if point.stable is None else float(point.stable)
        rows.append((float(point.value), float(point.value.stderr), *_measured(point.solution),
                     stable))
    fold = branch.end if branch.fold and branch.end is not None else dmft.Estimate(np.nan, np.nan)
    return {**dict(zip(NAMES, np.transpose(rows), strict=True)),
            "fold": float(fold), "fold_stderr": float(fold.stderr)}


def _measured(solution: dmft.Solution) -> tuple[float, float, float, float]:
    C, half = solution.C_phi[0], dmft.timescales(solution).half_life
    return float(C), float(C.stderr), float(half), float(half.stderr)


def lowered(network: dmft.PlasticNetwork, strongest: float, stages: int, simulation: dict,
            rng: np.random.Generator) -> np.ndarray:
    """C(0) of networks (K,) whose random couplings are lowered from g = `strongest`."""
    runs = simulate(network, rng=rng, lags=[0.0], prepare=ramp(strongest / network.g, stages),
                    **simulation)
    return runs.samples("C_phi")[:, 0]


def draw_branches(data: Data, axes: list) -> None:
    """Two panels against g: C(0), and the half-life of C(tau)."""
    for index, k in enumerate(data["k"]):
        colour, marker = SHADES[index % 4], MARKERS[index % 4]
        known = np.isfinite(data["g"][index])
        g = data["g"][index][known]
        # beyond its fold, the branch is unstable and separates chaos from quiescence
        turn = int(np.argmin(g)) if np.isfinite(data["fold"][index]) else len(g) - 1
        for axis, name in ((axes[0], "C"), (axes[1], "half_life")):
            values = data[name][index][known]
            axis.plot(g[:turn + 1], values[:turn + 1], color=colour, label=f"$k={k:g}$")
            axis.plot(g[turn:], values[turn:], "--", color=colour)
            if np.isfinite(data["fold"][index]):
                axis.errorbar(data["fold"][index], values[turn], xerr=data["fold_stderr"][index],
                              marker="x", markersize=6, color=colour)
        own = data["networks_k"] == k
        for chosen, face in ((own & (data["active"] == 1), colour),
                             (own & (data["active"] < 1), "white")):
            axes[0].errorbar(data["networks_g"][chosen], data["mean"][chosen],
                             data["error"][chosen], linestyle="none", marker=marker, color=colour,
                             markerfacecolor=face)
    left = min(np.nanmin(data["g"]), data["networks_g"].min()) - 0.03
    axes[0].plot([left, 1.0], [0.0, 0.0], color="0.5", zorder=0)
    axes[0].plot([1.0, np.nanmax(data["g"])], [0.0, 0.0], "--", color="0.5", zorder=0)
    axes[0].set_ylabel(r"$C_\phi(0)$")
    axes[0].set_title(f"Chaos, $p={data['p']:g}$; dashed: unstable")
    axes[1].plot([], [], "x", color="0.3", label="fold")
    axes[1].errorbar([], [], [], linestyle="none", marker="o", color="0.3",
                     label=f"{data['networks']} networks,\n$N={data['neurons']}$ (left)")
    axes[1].set_yscale("log")
    axes[1].yaxis.set_major_formatter("{x:g}")
    axes[1].yaxis.set_minor_formatter("{x:g}")
    axes[1].set_ylabel("half-life (neuronal time constants)")
    axes[1].set_title(r"Half-life of $C_\phi(\tau)$")
    axes[1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    for axis in axes:
        axis.set_xlabel("couplings $g$")
        axis.set_xlim(left, np.nanmax(data["g"]) + 0.02)


FIGURES = (
    Figure("plasticity_branches", branches, draw_branches, stored=True,
           settings={"p": 2.5, "strengths": [1.2, 1.4, 1.6, 1.8],
                     "values": [[1.3, 1.2, 1.1, 1.05, 1.0, 0.9], [1.3, 1.15, 1.05, 1.0, 0.9],
                                [1.3, 1.15, 1.0, 0.9, 0.85, 0.7], [1.3, 1.0, 0.8, 0.6, 0.48, 0.4]],
                     "tol": 5e-3,
                     "simulated": [[1.1, 1.25], [1.0, 1.15], [0.9, 1.05],
                                   [0.7, 0.9, 1.1]],
                     "strongest": 1.5, "stages": 3,
                     "simulation": {"neurons": 1500, "networks": 5, "trials": 1, "burn_in": 60.0,
                                    "duration": 60.0}, "seed": 1},
           quick={"p": 2.5, "strengths": [1.4], "values": [[1.3, 1.0, 0.85]], "tol": 2e-2,
                  "simulated": [[1.2]], "strongest": 1.5, "stages": 1,
                  "simulation": {"neurons": 150, "networks": 3, "trials": 1, "burn_in": 20.0,
                                 "duration": 20.0}, "seed": 1}),
)
