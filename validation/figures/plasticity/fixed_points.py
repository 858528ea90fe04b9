"""Figure of plasticity: fixed points, their stability and their number."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE

from ...execution.progress import SILENT, Report
from ...plasticity.enumeration import enumerate_fixed_points
from ..registry import Data, Figure

# rows of C: stable and unstable families, and the most numerous fixed points
KINDS = ("stable", "unstable", "many")


def fixed_points(*, g: float, weak: float, p: float, strengths: tuple | list,
                 couplings: tuple | list, counted: list[float], neurons: list[int],
                 networks: list[int], seed: int, report: Report = SILENT) -> Data:
    """C of the families, lines in (g, k), and growth rates with counts.

    Arrays `C` (2, k, kinds, roots) at g and at `weak`, NaN where there is none; `sigma`, `total`
    (k,) at g; `onset`, `outer`, `steady` (couplings,): the k above which the number of stable fixed
    points is exponential in N, above which an active family exists, and above which it is stable;
    `growth`, `growth_error` (counted, neurons).
    """
    k = np.linspace(strengths[0], strengths[1], int(strengths[2]))
    C = np.full((2, len(k), len(KINDS), 3), np.nan)
    sigma, total = np.full(len(k), np.nan), np.full(len(k), np.nan)
    for row, coupling in enumerate((g, weak)):
        for column, value in enumerate(k):
            points = dmft.fixed_points(dmft.PlasticNetwork(coupling, float(value), p))
            for one in points:
                if one.C > 0:
                    place = C[row, column, 0 if one.stable else 1]
                    place[np.flatnonzero(np.isnan(place))[0]] = one.C
            if points.stable.sigma > 0:
                C[row, column, 2, 0] = points.stable.C
            if row == 0:
                sigma[column] = points.stable.sigma if points.stable.sigma > 0 else np.nan
                total[column] = points.total.sigma
        report(f"families at g={coupling:g}")
    grid = np.linspace(couplings[0], couplings[1], int(couplings[2]))
    lines = {"onset": np.array([dmft.fixed_point_onset(float(one)) for one in grid])}
    for name, stable in (("outer", False), ("steady", True)):
        lines[name] = np.array([dmft.active_family_onset(float(one), stable=stable)
                                for one in grid])
    report("lines")
    growth = []
    for value in counted:
        growth.append([enumerate_fixed_points(dmft.PlasticNetwork(g, value, p), size, many,
                                              rng=seed).growth
                       for size, many in zip(neurons, networks, strict=True)])
        report(f"counts at k={value:g}")
    return {"g": g, "weak": weak, "p": p, "k": k, "C": C, "sigma": sigma, "total": total,
            "couplings": grid, **lines, "counted": np.array(counted),
            "neurons": np.array(neurons), "networks": np.array(networks),
            "growth": np.array([[float(one.value[0]) for one in row] for row in growth]),
            "growth_error": np.array([[float(one.stderr[0]) for one in row] for row in growth])}


def draw_fixed_points(data: Data, axes: list) -> None:
    """Three panels: C against k, lines in (g, k), growth rates against k."""
    for row, colour in ((0, BLUE), (1, ORANGE)):
        g = data["g"] if row == 0 else data["weak"]
        for kind, style in enumerate(("-", "--", ":")):
            for root in range(3):
                axes[0].plot(data["k"], data["C"][row, :, kind, root], style, color=colour,
                             label=f"$g={g:g}$" if kind == root == 0 else None)
    for style, label in (("-", "stable"), ("--", "unstable"), (":", "most numerous")):
        axes[0].plot([], [], style, color="0.3", label=label)
    axes[0].set_xlabel("plasticity $k$")
    axes[0].set_ylabel(r"$C=\langle\phi(x)^2\rangle$")
    axes[0].set_title("Active fixed points")
    axes[0].set_ylim(0.0, 1.05)
    axes[0].legend(loc=(0.03, 0.06))
    for name, colour, style, label in (
            ("onset", GREEN, "-", "exponentially many stable points"),
            ("steady", BLUE, "--", "outer family stable, $q<1$"),
            ("outer", PURPLE, ":", r"an active family exists ($g<1$)")):
        axes[1].plot(data["couplings"], data[name], style, color=colour, label=label)
    axes[1].axvline(1.0, color="0.8", linewidth=1.0, zorder=0)
    axes[1].set_xlabel("couplings $g$")
    axes[1].set_ylabel("plasticity $k$")
    axes[1].set_ylim(0.9, 2.1)
    axes[1].set_title("Above each line")
    axes[1].legend(loc="upper right")
    axes[2].plot(data["k"], data["sigma"], color=GREEN, label=r"$\Sigma$, stable points")
    axes[2].plot(data["k"], data["total"], "--", color=PURPLE, label=r"$\Sigma$, all points")
    for m, size in enumerate(data["neurons"]):
        shade = str(0.55 - 0.55 * m / max(1, len(data["neurons"]) - 1))
        axes[2].errorbar(data["counted"] + 0.03 * (m - 1), data["growth"][:, m],
                         data["growth_error"][:, m], linestyle="none", marker="os^D"[m % 4],
                         color=shade, label=f"$N={size}$, {data['networks'][m]} networks")
    axes[2].set_ylim(0.0, 0.75)
    axes[2].set_xlabel("plasticity $k$")
    axes[2].set_ylabel(r"$\log\langle\#\rangle\,/\,N$")
    axes[2].set_title(f"Growth rate of their number, $g={data['g']:g}$")
    axes[2].legend(loc="upper left")


FIGURES = (
    Figure("plasticity_fixed_points", fixed_points, draw_fixed_points,
           settings={"g": 1.5, "weak": 0.8, "p": 2.5, "strengths": [0.5, 3.0, 26],
                     "couplings": [0.4, 2.4, 11], "counted": [1.6, 2.0, 2.5, 3.0],
                     "neurons": [6, 8, 10], "networks": [400, 150, 50], "seed": 1},
           quick={"g": 1.5, "weak": 0.8, "p": 2.5, "strengths": [0.5, 3.0, 6],
                  "couplings": [0.6, 1.5, 2], "counted": [2.0, 3.0], "neurons": [4, 6],
                  "networks": [40, 20], "seed": 1},
           panels=3),
)
