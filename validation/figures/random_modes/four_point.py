"""Figure of random modes: correlation times of pair covariances and of single units."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...comparison.compare import theory_at
from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .networks import effective_rank, network


def four_point(*, g: float, shape: list, longest: float, lags: list[float], shapes: list[list],
               span: tuple[float, float], points: int, neurons: int, networks: int, seed: int,
               report: Report = SILENT, **simulation) -> Data:
    """Psi(tau, tau)/Psi(0, 0), Psi(tau, -tau)/Psi(0, 0) and (C(tau)/C(0))^2 of phi; their times.

    Arrays `same`, `opposite`, `own` at `tau`; of the networks `same_mean`, `same_error`, ... at
    `lags`; `collective` (shapes, couplings) and `single` (couplings,), integrals over tau.
    """
    tau = np.linspace(0.0, longest, 121)
    solution = dmft.solve(network(g, shape))
    pairs = dmft.four_point(solution)
    at_zero = float(pairs.psi(0.0, 0.0))
    own = theory_at(solution, "C_phi", tau).value / float(solution.C_phi[0])
    couplings = np.geomspace(*span, points)
    times = [[dmft.four_point(dmft.solve(network(one, kind))) for one in couplings]
             for kind in shapes]
    report("theory")
    # the values at the other pairs of lags are divided by that at the first
    cross = [[0.0, 0.0], *([one, one] for one in lags), *([one, -one] for one in lags)]
    found = fresh_processes.each("figures.random_modes.networks", "measured", [
        {"g": g, "shape": shape, "lags": [0.0, *lags], "neurons": neurons, "networks": networks,
         "seed": seed, "dimension": True, "cross_lags": cross, **simulation}], report)[0]
    Psi, error = np.array(found["Psi"])[1:], np.array(found["Psi_error"])[1:]
    C, C_error = np.array(found["C_phi"]), np.array(found["C_phi_error"])
    count = len(lags)
    return {
        "g": g, "shape_rank": effective_rank(shape), "tau": tau,
        "same": pairs.psi(tau, tau).value / at_zero,
        "opposite": pairs.psi(tau, -tau).value / at_zero, "own": own**2,
        "lags": np.array(lags), "neurons": neurons, "networks": networks,
        "same_mean": Psi[:count], "same_error": error[:count],
        "opposite_mean": Psi[count:], "opposite_error": error[count:],
        "own_mean": (C[1:] / C[0]) ** 2, "own_error": 2 * C[1:] * C_error[1:] / C[0] ** 2,
        "couplings": couplings, "rank": np.array([effective_rank(one) for one in shapes]),
        "collective": np.array([[one.collective_time() for one in row] for row in times]),
        "single": np.array([one.single_time() for one in times[0]])}


def draw_four_point(data: Data, axes: list) -> None:
    """Decay with the lag, pair decay against single-unit decay, and times against the strength."""
    rows = (("own", r"$C(\tau)^2/C(0)^2$, one unit", BLUE, "o"),
            ("same", r"$\Psi(\tau,\tau)/\Psi(0,0)$, pairs", ORANGE, "s"),
            ("opposite", r"$\Psi(\tau,-\tau)/\Psi(0,0)$", GREEN, "^"))
    for name, label, colour, marker in rows:
        axes[0].plot(data["tau"], data[name], color=colour, label=label)
        axes[0].errorbar(data["lags"], data[f"{name}_mean"], data[f"{name}_error"], color=colour,
                         marker=marker, linestyle="none")
    axes[0].axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[0].set_ylim(-0.1, 1.35)
    axes[0].set_xlabel(r"lag $\tau$ (neuronal time constants)")
    axes[0].set_ylabel("relative to zero lag")
    rank = "independent" if np.isinf(data["shape_rank"]) else (
        rf"$\mathrm{{PR}}_D={data['shape_rank']:.2g}$")
    axes[0].set_title(rf"Pairs remember longer: $g_\mathrm{{eff}}={data['g']:g}$, {rank}")
    axes[0].legend(loc="upper right", fontsize=8)
    axes[1].plot(data["own"], data["same"], color=ORANGE, label="theory")
    axes[1].plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=1.0, label="equal decay")
    axes[1].errorbar(data["own_mean"], data["same_mean"], data["same_error"], data["own_error"],
                     color=ORANGE, marker="s", linestyle="none",
                     label=f"{data['networks']} networks,\n$N={data['neurons']}$")
    axes[1].set_xlabel(r"$C(\tau)^2/C(0)^2$")
    axes[1].set_ylabel(r"$\Psi(\tau,\tau)/\Psi(0,0)$")
    axes[1].set_ylim(0.0, 1.1)
    axes[1].set_title("One against the other")
    axes[1].legend(loc="lower right")
    for k, one in enumerate(data["rank"]):
        label = r"$\infty$" if np.isinf(one) else f"{one:.2g}"
        axes[2].plot(data["couplings"], data["collective"][k], ("-", "--")[k],
                     color=(ORANGE, "black")[k], linewidth=(2.5, 1.2)[k],
                     label=rf"pairs, $\mathrm{{PR}}_D=${label}")
    axes[2].plot(data["couplings"], data["single"], color=BLUE, label="one unit")
    axes[2].set_xscale("log")
    axes[2].set_yscale("log")
    axes[2].set_xticks([1, 2, 3, 5, 10], ["1", "2", "3", "5", "10"])
    axes[2].tick_params(axis="x", which="minor", labelbottom=False)
    axes[2].set_xlabel(r"coupling strength $g_\mathrm{eff}$")
    axes[2].yaxis.set_major_formatter("{x:g}")
    axes[2].yaxis.set_minor_formatter("")
    axes[2].set_ylabel("time (neuronal time constants)")
    axes[2].set_title("Integrals of these decays, no noise")
    axes[2].legend(loc="upper right")


FIGURES = (
    Figure("random_modes_four_point", four_point, draw_four_point,
           settings={"g": 3.0, "shape": ["independent"], "longest": 24.0,
                     "lags": [1.0, 2.0, 4.0, 6.0, 9.0, 12.0, 16.0, 20.0],
                     "shapes": [["independent"], ["flat", 0.1]], "span": (1.05, 10.0),
                     "points": 31, "neurons": 1000, "networks": 24, "trials": 8,
                     "duration": 100.0, "burn_in": 100.0, "dt": 0.1, "seed": 1},
           quick={"g": 3.0, "shape": ["independent"], "longest": 12.0, "lags": [2.0, 4.0],
                  "shapes": [["independent"], ["flat", 0.1]], "span": (1.3, 10.0), "points": 5,
                  "neurons": 100, "networks": 6, "trials": 3, "duration": 30.0, "burn_in": 30.0,
                  "dt": 0.1, "seed": 1},
           panels=3),
)
