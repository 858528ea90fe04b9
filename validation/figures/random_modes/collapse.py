"""Figure of random modes: dimension against effective rank, and its collapse for all g_eff.

Psi(0, 0) of each observable is a part without the modes' structure and one proportional to
1/PR_D, so that N/PR = A + B/PR_D, both given by g_eff (and the noise): in units of the dimension of
independent couplings N/A and of the rank B/A, PR is u/(1 + u) at u = PR_D A/B for every g_eff.
"""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, SKY

from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .networks import dimensions, effective_rank, network

COLOURS, MARKERS = (SKY, BLUE, GREEN, ORANGE, PURPLE), ("o", "s", "^")


def collapse(*, couplings: list[float], families: dict[str, list[float]], g: float, noise: float,
             shapes: list[list], neurons: int, networks: int, seed: int, report: Report = SILENT,
             **simulation) -> Data:
    """PR/N of phi over PR_D at several g_eff, of several families of spectra; points with noise.

    Arrays `rank`, `family` (spectra,), `phi`, `x` (couplings, spectra), all without noise;
    `limit_phi` and `scale_phi` (couplings,): PR/N of independent couplings, and B/A from the flat
    spectrum of rank 1; `noisy_...` likewise at g with noise, and of networks `mean`, `error` at
    `simulated_rank`.
    """
    every = [[kind, number] for kind, numbers in families.items() for number in numbers]
    found = np.array([[dimensions(dmft.solve(network(one, shape))) for shape in every]
                      for one in couplings])
    ends = np.array([_ends(one, 0.0) for one in couplings])
    noisy_ends = _ends(g, noise)
    noisy = np.array([dimensions(dmft.solve(network(g, shape, noise=noise))) for shape in shapes])
    report("theory")
    cases = [{"g": g, "shape": shape, "noise": noise, "neurons": neurons, "networks": networks,
              "seed": seed + k, "dimension": True, "cross_lags": [[0, 0]], **simulation}
             for k, shape in enumerate(shapes)]
    runs = fresh_processes.each("figures.random_modes.networks", "measured", cases, report)
    return {"g": np.array(couplings), "rank": np.array([effective_rank(one) for one in every]),
            "family": np.array([list(families).index(str(one[0])) for one in every]),
            "families": " ".join(families), "phi": found[..., 0], "x": found[..., 1],
            "limit_phi": ends[:, 0, 0], "scale_phi": ends[:, 1, 0],
            "limit_x": ends[:, 0, 1], "scale_x": ends[:, 1, 1],
            "noisy_g": g, "noise": noise, "noisy_limit": noisy_ends[0], "noisy_phi": noisy[:, 0],
            "noisy_x": noisy[:, 1], "noisy_scale": noisy_ends[1], "neurons": neurons,
            "networks": networks,
            "simulated_rank": np.array([effective_rank(one) for one in shapes]),
            "mean": np.array([[one["dimension_phi"], one["dimension_x"]] for one in runs]),
            "error": np.array([[one["dimension_phi_error"], one["dimension_x_error"]]
                               for one in runs])}


def _ends(g: float, noise: float) -> np.ndarray:
    """(2, 2): PR/N of independent couplings, and the scale B/A of ranks, for phi and for x."""
    limit = np.array(dimensions(dmft.solve(network(g, ["independent"], noise=noise))))
    at_one = np.array(dimensions(dmft.solve(network(g, ["flat", 1.0], noise=noise))))
    return np.array([limit, limit / at_one - 1])


def draw_collapse(data: Data, axes: list) -> None:
    """PR over PR_D, and rescaled with the units of each g_eff."""
    names = [name.replace("_", " ") for name in data["families"].split()]
    u = np.geomspace(3e-3, 30, 200)
    for k, g in enumerate(data["g"]):
        limit, scale = data["limit_phi"][k], data["scale_phi"][k]
        at = np.geomspace(0.7 * data["rank"].min(), 1.5 * data["rank"].max(), 100)
        axes[0].plot(at, limit * at / (at + scale), color=COLOURS[k], linewidth=1.2,
                     label=rf"$g_\mathrm{{eff}}={g:g}$")
        for m in range(len(names)):
            own = data["family"] == m
            style = {"linestyle": "none", "marker": MARKERS[m], "color": COLOURS[k],
                     "markerfacecolor": "none", "markersize": 5}
            axes[0].plot(data["rank"][own], data["phi"][k, own], **style)
            axes[1].plot(data["rank"][own] / scale, data["phi"][k, own] / limit, **style)
    axes[1].plot(u, u / (1 + u), color="black", linewidth=1.0, label="$u/(1+u)$", zorder=0)
    for m, name in enumerate(names):
        axes[1].plot([], [], linestyle="none", marker=MARKERS[m], color="0.4",
                     markerfacecolor="none", label=f"theory, {name}")
    axes[1].errorbar(data["simulated_rank"] / data["noisy_scale"][0],
                     data["mean"][:, 0] / data["noisy_limit"][0],
                     data["error"][:, 0] / data["noisy_limit"][0], linestyle="none", marker="D",
                     color="black", markersize=6,
                     label=rf"{data['networks']} networks, $N={data['neurons']}$,"
                     "\n" rf"$g_\mathrm{{eff}}={data['noisy_g']:g}$, $\sigma={data['noise']:g}$")
    for axis in axes:
        axis.set_xscale("log")
        axis.set_yscale("log")
    axes[0].set_xlabel(r"effective rank $\mathrm{PR}_D$")
    axes[0].set_ylabel(r"$\mathrm{PR}_\phi\,/\,N$")
    axes[0].set_title("Dimension over effective rank, no noise")
    axes[0].legend(loc="lower right", ncols=2, fontsize=8)
    axes[1].set_xlabel(r"$u=\mathrm{PR}_D\,/\,\mathrm{PR}_*(g_\mathrm{eff})$")
    axes[1].set_ylabel(r"$\mathrm{PR}_\phi\,/\,\mathrm{PR}_\phi(\mathrm{PR}_D=\infty)$")
    axes[1].set_title("The same, in the units of each strength")
    axes[1].set_xlim(3e-3, 30)
    axes[1].set_ylim(2e-3, 1.6)
    axes[1].legend(loc="lower right", fontsize=8)


FAMILIES = {"flat": [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0], "exponential": [3.0, 8.0, 30.0],
            "power_law": [0.3, 1.0, 2.0]}
FIGURES = (
    Figure("random_modes_collapse", collapse, draw_collapse,
           settings={"couplings": [1.2, 1.5, 2.0, 3.0, 10.0], "families": FAMILIES, "g": 2.0,
                     "noise": 1.0, "shapes": [["flat", 0.1], ["flat", 0.3], ["flat", 1.0],
                                              ["flat", 2.0]],
                     "neurons": 1000, "networks": 10, "trials": 8, "duration": 60.0,
                     "burn_in": 60.0, "dt": 0.1, "seed": 1},
           quick={"couplings": [1.5, 3.0], "families": {
               "flat": [0.1, 1.0], "exponential": [3.0, 8.0], "power_law": [0.3, 2.0]},
               "g": 2.0, "noise": 1.0, "shapes": [["flat", 0.3], ["flat", 1.0]], "neurons": 100,
               "networks": 4, "trials": 2, "duration": 20.0, "burn_in": 20.0, "dt": 0.1,
               "seed": 1}),
)
