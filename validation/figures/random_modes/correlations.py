"""Figure of random modes: single-unit correlations depend on the strength, not on the structure."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...comparison.compare import theory_at
from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .networks import effective_rank, network

COLOURS, MARKERS = (BLUE, ORANGE, GREEN), ("o", "s")


def correlations(*, couplings: list[float], shapes: list[list], lags: list[float], neurons: int,
                 networks: int, seed: int, report: Report = SILENT, **simulation) -> Data:
    """Delta(tau)/Delta(0) and C_phi(tau) at a few g_eff, and points of networks of several ranks.

    Arrays `Delta`, `C` (couplings, tau); `<name>_mean`, `<name>_error` (couplings, shapes, lags).
    """
    tau = np.linspace(0.0, max(lags), 201)
    solutions = [dmft.solve(network(g, shapes[0])) for g in couplings]
    cases = [{"g": g, "shape": shape, "lags": lags, "neurons": neurons, "networks": networks,
              "seed": seed + len(shapes) * k + m, **simulation}
             for k, g in enumerate(couplings) for m, shape in enumerate(shapes)]
    found = fresh_processes.each("figures.random_modes.networks", "measured", cases, report)
    points = {}
    for name, own in (("Delta", "Delta"), ("C", "C_phi")):
        for suffix, key in (("mean", own), ("error", f"{own}_error")):
            points[f"{name}_{suffix}"] = np.reshape(
                [one[key] for one in found], (len(couplings), len(shapes), len(lags)))
    return {
        "g": np.array(couplings), "rank": np.array([effective_rank(one) for one in shapes]),
        "tau": tau, "lags": np.array(lags), "neurons": neurons, "networks": networks,
        "Delta": np.array([theory_at(one, "C_x", tau).value / float(one.C_x[0])
                           for one in solutions]),
        "C": np.array([theory_at(one, "C_phi", tau).value for one in solutions]), **points}


def draw_correlations(data: Data, axes: list) -> None:
    """Two panels against the lag: a line for each g_eff, a marker for each rank."""
    for axis, name in zip(axes, ("Delta", "C"), strict=True):
        for k, g in enumerate(data["g"]):
            axis.plot(data["tau"], data[name][k], color=COLOURS[k],
                      label=rf"$g_\mathrm{{eff}}={g:g}$")
            for m in range(len(data["rank"])):
                axis.errorbar(data["lags"], data[f"{name}_mean"][k, m],
                              data[f"{name}_error"][k, m], linestyle="none", marker=MARKERS[m],
                              markersize=(4.5, 7.0)[m], color=COLOURS[k],
                              markerfacecolor=(COLOURS[k], "none")[m])
        axis.axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
        axis.set_xlabel(r"lag $\tau$ (neuronal time constants)")
    axes[0].set_ylabel(r"$\Delta(\tau)\,/\,\Delta(0)$")
    axes[1].set_ylabel(r"$C_\phi(\tau)$")
    axes[0].set_title("Autocorrelation of $x$, normalised")
    axes[1].set_title(r"Autocorrelation of $\phi(x)$, $\phi=$ erf")
    axes[0].legend(loc="upper right", title="theory")
    handles = [axes[1].plot([], [], linestyle="none", marker=MARKERS[m], color="0.3",
                            markersize=(4.5, 7.0)[m], markerfacecolor=("0.3", "none")[m],
                            label=rf"$\mathrm{{PR}}_D={rank:.2g}$")[0]
               for m, rank in enumerate(data["rank"])]
    axes[1].legend(handles=handles, loc="upper right", alignment="left",
                   title=f"{data['networks']} networks of\n$N={data['neurons']}$ each")


FIGURES = (
    Figure("random_modes_correlations", correlations, draw_correlations,
           settings={"couplings": [1.5, 2.0, 3.0], "shapes": [["flat", 0.5], ["exponential", 5.0]],
                     "lags": [0.0, 1.0, 2.0, 4.0, 6.0, 9.0, 12.0, 16.0, 20.0], "neurons": 1500,
                     "networks": 8, "trials": 4, "duration": 50.0, "burn_in": 100.0, "dt": 0.1,
                     "seed": 1},
           quick={"couplings": [1.5, 2.0, 3.0], "shapes": [["flat", 0.5], ["exponential", 5.0]],
                  "lags": [0.0, 2.0, 6.0, 12.0], "neurons": 200, "networks": 4, "trials": 2,
                  "duration": 20.0, "burn_in": 40.0, "dt": 0.1, "seed": 1}),
)
