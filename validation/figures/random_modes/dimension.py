"""Figure of random modes: the dimension of activity against the strength of the couplings."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .networks import dimensions, effective_rank, network

COLOURS, MARKERS = (BLUE, ORANGE, GREEN), ("o", "s", "^")
KINDS = ("phi", "x")


def dimension(*, span: tuple[float, float], points: int, shapes: list[list], simulated: int,
              couplings: list[float], neurons: list[int], networks: list[int], noise: float,
              noisy_span: tuple[float, float], noisy_couplings: list[float], noisy_neurons: int,
              noisy_networks: int, seed: int, report: Report = SILENT, **simulation) -> Data:
    """PR/N of phi and x against g_eff at several effective ranks, without noise and with.

    Arrays `phi`, `x` (shapes, g) and `noisy` (shapes, noisy_g), of phi; points without noise, of
    the shape number `simulated`: `phi_mean`, ... (sizes, couplings); with it `noisy_mean`,
    `noisy_error` (shapes, noisy couplings).
    """
    g = np.geomspace(*span, points)
    found = np.array([[dimensions(dmft.solve(network(one, shape))) for one in g]
                      for shape in shapes])
    report("theory")
    noisy_g = np.linspace(*noisy_span, points)
    noisy = np.array([[dimensions(dmft.solve(network(one, shape, noise=noise)))[0]
                       for one in noisy_g] for shape in shapes])
    report("theory with noise")
    common = {"dimension": True, "cross_lags": [[0, 0]], **simulation}
    cases = [{"g": one, "shape": shapes[simulated], "neurons": size, "networks": count,
              "seed": seed + k, **common}
             for size, count in zip(neurons, networks, strict=True)
             for k, one in enumerate(couplings)]
    with_noise = [{"g": one, "shape": shape, "noise": noise, "neurons": noisy_neurons,
                   "networks": noisy_networks, "seed": seed + 100 + 10 * m + k, **common}
                  for m, shape in enumerate(shapes) for k, one in enumerate(noisy_couplings)]
    runs = fresh_processes.each(
        "figures.random_modes.networks", "measured", cases + with_noise, report
    )
    bare, driven = runs[:len(cases)], runs[len(cases):]
    out = {"g": g, "rank": np.array([effective_rank(shape) for shape in shapes]),
           "phi": found[:, :, 0], "x": found[:, :, 1], "noisy": noisy, "noisy_g": noisy_g,
           "noise": noise, "g_simulated": np.array(couplings), "simulated": simulated,
           "neurons": np.array(neurons), "networks": np.array(networks),
           "noisy_simulated": np.array(noisy_couplings), "noisy_neurons": noisy_neurons,
           "noisy_networks": noisy_networks}
    for suffix, key in (("mean", ""), ("error", "_error")):
        for kind in KINDS:
            out[f"{kind}_{suffix}"] = np.reshape(
                [one[f"dimension_{kind}{key}"] for one in bare], (len(neurons), -1))
        out[f"noisy_{suffix}"] = np.reshape(
            [one[f"dimension_phi{key}"] for one in driven], (len(shapes), -1))
    return out


def draw_dimension(data: Data, axes: list) -> None:
    """Three panels against g_eff: phi, x, and phi with white noise."""
    for axis, kind in zip(axes, KINDS, strict=False):
        for k in range(len(data["rank"])):
            axis.plot(data["g"], data[kind][k], color=COLOURS[k],
                      label=_rank_label(data["rank"][k]))
        colour = COLOURS[data["simulated"]]
        for m, size in enumerate(data["neurons"]):
            axis.errorbar(data["g_simulated"], data[f"{kind}_mean"][m], data[f"{kind}_error"][m],
                          linestyle="none", marker=MARKERS[m], color=colour,
                          markersize=7.5 - 1.5 * m, markerfacecolor=("none", "white", colour)[m],
                          label=f"$N={size}$ ({data['networks'][m]})")
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xticks([1, 2, 3, 5, 10], ["1", "2", "3", "5", "10"])
        axis.tick_params(axis="x", which="minor", labelbottom=False)
        axis.set_ylim(1e-4, None)
        axis.set_title({"phi": r"Outputs $\phi(x)$", "x": "Inputs $x$"}[kind] + ", no noise")
    axes[0].legend(loc="lower right", title=r"$\mathrm{PR}_D$; points: $N$ (networks)", fontsize=8)
    for k in range(len(data["rank"])):
        axes[2].plot(data["noisy_g"], data["noisy"][k], color=COLOURS[k],
                     label=_rank_label(data["rank"][k]))
        axes[2].errorbar(data["noisy_simulated"], data["noisy_mean"][k], data["noisy_error"][k],
                         linestyle="none", marker=MARKERS[k], color=COLOURS[k])
    axes[2].set_title(rf"Outputs, white noise $\sigma={data['noise']:g}$")
    axes[2].set_ylim(0.0, 1.0)
    axes[2].legend(loc="upper right", alignment="left", title=r"$\mathrm{PR}_D$; points: "
                   f"{data['noisy_networks']}\nnetworks, $N={data['noisy_neurons']}$")
    for axis, of in zip(axes, (r"\phi", "x", r"\phi"), strict=True):
        axis.set_xlabel(r"coupling strength $g_\mathrm{eff}$")
        axis.set_ylabel(rf"$\mathrm{{PR}}_{of}\,/\,N$")


def _rank_label(rank: float) -> str:
    return r"$\infty$ (independent)" if np.isinf(rank) else f"{rank:.2g}"


FIGURES = (
    Figure("random_modes_dimension", dimension, draw_dimension,
           settings={"span": (1.03, 10.0), "points": 41,
                     "shapes": [["independent"], ["flat", 0.5], ["flat", 0.1]], "simulated": 1,
                     "couplings": [2.0, 3.0, 5.0, 9.0], "neurons": [500, 1000, 2000],
                     "networks": [16, 8, 4], "noise": 1.0, "noisy_span": (0.1, 3.0),
                     "noisy_couplings": [0.5, 1.0, 1.5, 2.0, 3.0], "noisy_neurons": 500,
                     "noisy_networks": 10, "seed": 1, "trials": 8, "duration": 80.0,
                     "burn_in": 100.0, "dt": 0.1},
           quick={"span": (1.1, 10.0), "points": 9,
                  "shapes": [["independent"], ["flat", 0.5], ["flat", 0.1]], "simulated": 1,
                  "couplings": [3.0, 9.0], "neurons": [60, 120, 240], "networks": [4, 4, 4],
                  "noise": 1.0, "noisy_span": (0.1, 3.0), "noisy_couplings": [0.5, 2.0],
                  "noisy_neurons": 100, "noisy_networks": 4, "seed": 1, "trials": 2,
                  "duration": 20.0, "burn_in": 30.0, "dt": 0.1},
           panels=3),
)
