"""Figure of random modes: spectra of mode strengths, their common C(tau), different dimensions."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE

from ...comparison.compare import theory_at
from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .networks import dimensions, effective_rank, network, spectrum

COLOURS, MARKERS = (BLUE, ORANGE, GREEN, PURPLE), ("o", "s", "^", "D")


def spectra(*, g: float, noise: float, shapes: list[list], lags: list[float], ranks: int,
            neurons: int, networks: int, seed: int, report: Report = SILENT, **simulation) -> Data:
    """Strengths `D` (shapes, a/N), `C` at `tau`, and PR/N against rank, of spectra with one g_eff.

    Arrays `phi`, `x` at `rank`; of the networks `C_mean`, `C_error` (shapes, lags), `phi_mean`,
    ... (shapes,) at `shape_rank`, and the theory of each spectrum itself, `phi_theory`,
    `x_theory`.
    """
    tau = np.linspace(0.0, max(lags), 201)
    place = np.linspace(0.0, 1.0, 400, endpoint=False) + 1 / 800
    solutions = [dmft.solve(network(g, shape, noise=noise)) for shape in shapes]
    own_rank = np.array([effective_rank(shape) for shape in shapes])
    rank = np.geomspace(0.7 * own_rank.min(), 1.0, ranks)
    line = np.array([dimensions(dmft.solve(network(g, ["flat", one], noise=noise)))
                     for one in rank])
    own = np.array([dimensions(one) for one in solutions])
    report("theory")
    cases = [{"g": g, "shape": shape, "noise": noise, "lags": lags, "neurons": neurons,
              "networks": networks, "seed": seed + k, "dimension": True, "cross_lags": [[0, 0]],
              **simulation} for k, shape in enumerate(shapes)]
    runs = fresh_processes.each("figures.random_modes.networks", "measured", cases, report)
    out = {"g": g, "noise": noise, "kinds": " ".join(shape[0] for shape in shapes), "place": place,
           "D": np.array([_strengths(spectrum(g, shape), place) for shape in shapes]),
           "tau": tau, "C": theory_at(solutions[0], "C_phi", tau).value,
           "C_deviation": max(float(np.max(np.abs(
               theory_at(one, "C_phi", tau).value - theory_at(solutions[0], "C_phi", tau).value)))
               for one in solutions),
           "lags": np.array(lags), "neurons": neurons, "networks": networks, "rank": rank,
           "phi": line[:, 0], "x": line[:, 1], "shape_rank": own_rank,
           "phi_theory": own[:, 0], "x_theory": own[:, 1]}
    for suffix, key in (("mean", ""), ("error", "_error")):
        out[f"C_{suffix}"] = np.array([one[f"C_phi{key}"] for one in runs])
        for kind in ("phi", "x"):
            out[f"{kind}_{suffix}"] = np.array([one[f"dimension_{kind}{key}"] for one in runs])
    return out


def _strengths(one: dmft.Spectrum, place: np.ndarray) -> np.ndarray:
    """D at a/N, NaN beyond the last mode."""
    count = round(one.modes_per_neuron * len(place))
    return np.append(one.strengths(count), np.full(len(place) - count, np.nan))


def draw_spectra(data: Data, axes: list) -> None:
    """Three panels: strengths, correlation, dimension."""
    names = [kind.replace("_", " ") for kind in data["kinds"].split()]
    for k, name in enumerate(names):
        axes[0].plot(data["place"], data["D"][k], color=COLOURS[k],
                     label=rf"{name}, $\mathrm{{PR}}_D={data['shape_rank'][k]:.2g}$")
        axes[1].errorbar(data["lags"], data["C_mean"][k], data["C_error"][k], linestyle="none",
                         marker=MARKERS[k], color=COLOURS[k], markersize=8 - 1.5 * k,
                         markerfacecolor="none" if k == 0 else None)
        for kind, filled in (("phi", True), ("x", False)):
            axes[2].errorbar(data["shape_rank"][k] * (0.98 if filled else 1.02),
                             data[f"{kind}_mean"][k],
                             data[f"{kind}_error"][k], marker=MARKERS[k], color=COLOURS[k],
                             markerfacecolor=None if filled else "white", linestyle="none")
    axes[0].set_yscale("log")
    axes[0].set_ylim(0.05, 80)
    axes[0].set_xlabel("mode $a/N$")
    axes[0].set_ylabel("strength $D_a$")
    axes[0].set_title(rf"Spectra of $g_\mathrm{{eff}}={data['g']:g}$")
    axes[0].legend(loc="upper right")
    axes[1].plot(data["tau"], data["C"], color="black", label="theory, all spectra", zorder=0)
    axes[1].set_xlabel(r"lag $\tau$ (neuronal time constants)")
    axes[1].set_ylabel(r"$C_\phi(\tau)$")
    axes[1].set_title(rf"One correlation, $\sigma={data['noise']:g}$")
    axes[1].legend(loc="upper right", alignment="left",
                   title=f"points: {data['networks']} networks,\n$N={data['neurons']}$")
    for kind, style in (("phi", "-"), ("x", "--")):
        label = r"$\phi(x)$, filled" if kind == "phi" else "$x$, open"
        axes[2].plot(data["rank"], data[kind], style, color="black", label=label, zorder=0)
    axes[2].set_xscale("log")
    ticks = [one for one in (0.05, 0.1, 0.2, 0.5, 1.0) if one >= data["rank"][0]]
    axes[2].set_xticks(ticks, [f"{one:g}" for one in ticks])
    axes[2].tick_params(axis="x", which="minor", labelbottom=False)
    axes[2].set_ylim(0.0, None)
    axes[2].set_xlabel(r"effective rank $\mathrm{PR}_D$")
    axes[2].set_ylabel(r"$\mathrm{PR}\,/\,N$")
    axes[2].set_title("Many dimensions of activity")
    axes[2].legend(loc="upper left")


FIGURES = (
    Figure("random_modes_spectra", spectra, draw_spectra,
           settings={"g": 1.5, "noise": 1.0, "ranks": 30,
                     "shapes": [["flat", 0.5], ["exponential", 10.0], ["power_law", 1.0],
                                ["power_law", 0.3]],
                     "lags": [0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0], "neurons": 1000,
                     "networks": 16, "trials": 8, "duration": 60.0, "burn_in": 60.0, "dt": 0.1,
                     "seed": 1},
           quick={"g": 1.5, "noise": 1.0, "ranks": 6,
                  "shapes": [["flat", 0.5], ["exponential", 10.0], ["power_law", 1.0],
                             ["power_law", 0.3]],
                  "lags": [0.0, 1.0, 4.0], "neurons": 100, "networks": 4, "trials": 2,
                  "duration": 20.0, "burn_in": 20.0, "dt": 0.1, "seed": 1},
           panels=3),
)
