"""Figure of random modes: heterogeneous gains, compared with couplings of low rank.

Output gains enter the dimension through <v^4>/<v^2>^2 - 1 exactly as 1/PR_D does: independent
couplings with log-normal v of spread s are equivalent to a flat spectrum of rank
1/(exp(4 s^2) - 1).
"""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .networks import dimensions, network

KINDS = ("phi", "x")
NAMES = ("input gains $u$", "output gains $v$", r"modes of equal $\mathrm{PR}_D$")
COLOURS, MARKERS = (BLUE, ORANGE, GREEN), ("o", "s", "^")


def heterogeneity(*, g: float, largest: float, points: int, spreads: list[float], neurons: int,
                  networks: int, seed: int, report: Report = SILENT, **simulation) -> Data:
    """PR/N raw and z-scored, for log-normal input or output gains, and for equivalent modes.

    Arrays `raw`, `scored` (2 roles, spreads, phi or x) at `spread`, and `modes` (spreads, phi or
    x), for flat spectra of the rank equivalent to the output gains; of the networks `raw_mean`,
    `ratio_mean` (2, simulated spreads, 2), `modes_mean` (simulated spreads, 2), ... `_error`.
    """
    spread = np.linspace(0.0, largest, points)
    found = np.array([[_both(g, role, one) for one in spread] for role in range(2)])
    modes = np.array([dimensions(dmft.solve(network(g, _like(one)))) for one in spread])
    report("theory")
    common = {"g": g, "neurons": neurons, "networks": networks, "dimension": True,
              "cross_lags": [[0, 0]], **simulation}
    cases = [{"shape": ["independent"], "gains": _pair(role, one), "seed": seed + 10 * role + k,
              **common} for role in range(2) for k, one in enumerate(spreads)]
    low = [{"shape": _like(one), "seed": seed + 20 + k, **common} for k, one in enumerate(spreads)]
    runs = fresh_processes.each("figures.random_modes.networks", "measured", cases + low, report)
    out = {"g": g, "spread": spread, "raw": found[:, :, 0], "scored": found[:, :, 1],
           "modes": modes, "spreads": np.array(spreads), "neurons": neurons,
           "networks": networks}
    for suffix, key in (("mean", ""), ("error", "_error")):
        for name, quantity in (("raw", "dimension"), ("ratio", "z_ratio")):
            out[f"{name}_{suffix}"] = np.reshape(
                [[one[f"{quantity}_{kind}{key}"] for kind in KINDS] for one in runs[:len(cases)]],
                (2, len(spreads), 2))
        out[f"modes_{suffix}"] = np.array([[one[f"dimension_{kind}{key}"] for kind in KINDS]
                                           for one in runs[len(cases):]])
    return out


def _pair(role: int, spread: float) -> list[float]:
    return [spread, 0.0] if role == 0 else [0.0, spread]


def _like(spread: float) -> list:
    """The flat spectrum equivalent to output gains of this spread."""
    return ["flat", 1 / np.expm1(4 * spread**2)] if spread > 0 else ["independent"]


def _both(g: float, role: int, spread: float) -> list[list[float]]:
    """[raw, z-scored] x [phi, x]."""
    solution = dmft.solve(network(g, ["independent"], gains=_pair(role, spread)))
    return [dimensions(solution, z) for z in (False, True)]


def draw_heterogeneity(data: Data, axes: list) -> None:
    """Raw dimension against the spread, for phi and x, and the effect of z-scoring."""
    for of, kind in enumerate((r"\phi", "x")):
        axis = axes[of]
        for role in range(2):
            axis.plot(data["spread"], data["raw"][role, :, of], color=COLOURS[role],
                      linewidth=(1.6, 3.0)[role], label=NAMES[role])
            axis.errorbar(data["spreads"] + 0.01 * (role - 1), data["raw_mean"][role, :, of],
                          data["raw_error"][role, :, of], linestyle="none", marker=MARKERS[role],
                          color=COLOURS[role])
        axis.plot(data["spread"], data["modes"][:, of], ":", color="black", label=NAMES[2])
        axis.errorbar(data["spreads"] + 0.01, data["modes_mean"][:, of],
                      data["modes_error"][:, of], linestyle="none", marker="^", color="black",
                      markerfacecolor="none")
        axis.set_ylabel(rf"$\mathrm{{PR}}_{kind}\,/\,N$, raw")
        axis.set_ylim(0.0, None)
        for role in range(2):
            label = (NAMES[0] + ", ", NAMES[1] + ", ")[role] + f"${kind}$"
            axes[2].plot(data["spread"], data["scored"][role, :, of] / data["raw"][role, :, of],
                         ("-", "--")[of], color=COLOURS[role], label=label)
            axes[2].errorbar(data["spreads"], data["ratio_mean"][role, :, of],
                             data["ratio_error"][role, :, of], linestyle="none",
                             marker=MARKERS[role], color=COLOURS[role],
                             markerfacecolor=(COLOURS[role], "white")[of])
    for axis in axes:
        axis.set_xlabel("spread of gains (s.d. of their logarithm)")
    axes[0].set_title(rf"Outputs, $g={data['g']:g}$, independent couplings")
    axes[1].set_title("Inputs")
    axes[1].legend(loc="upper right")
    axes[0].plot([], [], marker="o", color="0.3", linestyle="none",
                 label=f"{data['networks']} networks,\n$N={data['neurons']}$")
    axes[0].legend(handles=axes[0].lines[-1:], loc="upper right")
    axes[2].set_ylabel("z-scored / raw dimension")
    axes[2].set_title("What z-scoring restores")
    axes[2].legend(loc="upper left")


FIGURES = (
    Figure("random_modes_heterogeneity", heterogeneity, draw_heterogeneity,
           settings={"g": 3.0, "largest": 0.9, "points": 19, "spreads": [0.25, 0.5, 0.75],
                     "neurons": 1000, "networks": 10, "trials": 8, "duration": 60.0,
                     "burn_in": 80.0, "dt": 0.1, "seed": 1},
           quick={"g": 3.0, "largest": 1.0, "points": 5, "spreads": [0.5], "neurons": 100,
                  "networks": 4, "trials": 4, "duration": 20.0, "burn_in": 20.0, "dt": 0.1,
                  "seed": 1},
           panels=3),
)
