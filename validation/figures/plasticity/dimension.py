"""Figure of plasticity: the dimension of activity against k, and its approach to large N."""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft
from dmft.base.annotations import Observable
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, RED

from ...execution.progress import SILENT, Report
from ...runs.runs import Runs
from ...simulation.simulate import simulate
from ..registry import Data, Figure
from .networks import networks_of

KINDS: tuple[Observable, ...] = ("phi", "x")
COLOURS, MARKERS = (BLUE, ORANGE), ("o", "s", "^", "D")
TICKS = (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
EXCESS = 10.0  # dimensions by which finite networks with strong anti-Hebbian synapses exceed theory


def dimension(*, g: float, p: float, strengths: list[float], simulated: list[float],
              runs: list[dict], strong: dict[str, float], strong_tol: float, cases: list[dict],
              lines: list[float], trials: int, dt: float, tol: float, seed: int,
              report: Report = SILENT) -> Data:
    """PR/N of theory and networks against k, and against N for strong synapses with noise.

    Arrays `theory_phi`, ..., `theory_phi_stderr` at `k`; `mean_phi`, `error_phi` (sizes,
    simulated); for each noise in `lines` `strong_theory`, `strong_theory_stderr`; for each case, a
    noise and a size, `case_mean`, `case_error`, of phi.
    """
    def at(network: dmft.PlasticNetwork, **settings: Any) -> Runs:
        found = simulate(network, rng=seed, dt=dt, dimension=True, cross_lags=[[0.0, 0.0]],
                         lags=[0.0], **{"trials": trials, **settings})
        report(f"{network}, N={settings['neurons']}")
        return found

    out: Data = {"g": g, "p": p, "k": np.array(strengths), "simulated": np.array(simulated),
                 "neurons": np.array([one["neurons"] for one in runs]),
                 "networks": np.array([one["networks"] for one in runs]),
                 "lines": np.array(lines), "strong": dict(strong)}
    solutions = [dmft.solve(net, tol=tol, rng=seed) for net in networks_of(g, strengths, p)]
    report("theory")
    measured = [[at(net, **settings) for net in networks_of(g, simulated, p)] for settings in runs]
    for kind in KINDS:
        theory = [dmft.dimension(one, kind) for one in solutions]
        out[f"theory_{kind}"] = np.array([float(one) for one in theory])
        out[f"theory_{kind}_stderr"] = np.array([float(one.stderr) for one in theory])
        found = [[one.curve(f"dimension_{kind}") for one in row] for row in measured]
        out[f"mean_{kind}"] = np.array([[float(one) for one in row] for row in found])
        out[f"error_{kind}"] = np.array([[float(one.stderr) for one in row] for row in found])
    def driven(noise: float) -> dmft.PlasticNetwork:
        return dmft.PlasticNetwork(strong["g"], strong["k"], strong["p"], noise=noise)

    exact = [dmft.dimension(dmft.solve(driven(noise), tol=strong_tol, rng=seed)) for noise in lines]
    out["strong_theory"] = np.array([float(one) for one in exact])
    out["strong_theory_stderr"] = np.array([float(one.stderr) for one in exact])
    several = [at(driven(one["noise"]),
                  **{name: value for name, value in one.items() if name != "noise"}
                  ).curve("dimension_phi") for one in cases]
    for name in ("noise", "neurons"):
        out[f"case_{name}"] = np.array([one[name] for one in cases])
    out["case_mean"] = np.array([float(one) for one in several])
    out["case_error"] = np.array([float(one.stderr) for one in several])
    return out


def draw_dimension(data: Data, axes: list) -> None:
    """Two panels: PR/N of phi and x against k; its ratio to theory against N times the theory."""
    for kind, colour in zip(KINDS, COLOURS, strict=True):
        axes[0].errorbar(data["k"], data[f"theory_{kind}"], data[f"theory_{kind}_stderr"],
                         color=colour, label={"phi": r"$\phi(x)$", "x": "$x$"}[kind] + ", theory")
        for row in range(len(data["neurons"])):
            axes[0].errorbar(data["simulated"], data[f"mean_{kind}"][row],
                             data[f"error_{kind}"][row], linestyle="none", marker=MARKERS[row],
                             color=colour, markerfacecolor=("none", colour)[row % 2])
    for row, (size, count) in enumerate(zip(data["neurons"], data["networks"], strict=True)):
        axes[0].plot([], [], linestyle="none", marker=MARKERS[row], color="0.3",
                     markerfacecolor=("none", "0.3")[row % 2],
                     label=f"{count} networks, $N={size}$")
    axes[0].set_xlabel("plasticity $k$")
    axes[0].set_title(f"$g={data['g']:g}$, $p={data['p']:g}$")
    axes[0].set_ylim(0.0, None)
    axes[0].legend(loc="upper left")
    strong, ends = data["strong"], []
    for noise, exact, colour, marker in zip(data["lines"], data["strong_theory"],
                                            (BLUE, PURPLE, GREEN, RED), MARKERS, strict=False):
        own = data["case_noise"] == noise
        expected = data["case_neurons"][own] * exact
        axes[1].errorbar(expected, data["case_mean"][own] / exact, data["case_error"][own] / exact,
                         marker=marker, color=colour, linestyle="none",
                         label=rf"$\sigma={noise:g}$")
        ends += [expected.min(), expected.max()]
    along = np.geomspace(min(ends), max(ends), 50)
    axes[1].plot(along, 1 + EXCESS / along, color="0.6", linestyle="--", zorder=0,
                 label=f"{EXCESS:g} dimensions more")
    axes[1].axhline(1.0, color="0.8", linewidth=1.0, zorder=0)
    axes[1].set_xscale("log")
    ticks = [one for one in TICKS if min(ends) <= one <= max(ends)]
    axes[1].set_xticks(ticks, [str(one) for one in ticks])
    axes[1].minorticks_off()
    axes[1].set_xlabel("dimension, theory")
    axes[1].set_title(f"$g={strong['g']:g}$, $k={strong['k']:g}$, $p={strong['p']:g}$, $\\phi(x)$")
    axes[1].legend(loc="upper right", title="white noise")
    axes[0].set_ylabel("dimension / $N$")
    axes[1].set_ylabel("networks / theory")


FIGURES = (
    Figure("plasticity_dimension", dimension, draw_dimension,
           settings={"g": 2.0, "p": 2.5, "tol": 2e-3,
                     "strengths": [-3.0, -2.5, -2.0, -1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25,
                                   0.5, 0.75, 1.0, 1.25, 1.5],
                     "simulated": [-2.0, -1.0, 0.0, 0.5, 1.0],
                     "runs": [{"neurons": n, "networks": k, "burn_in": 200.0, "duration": 100.0}
                              for n, k in ((500, 12), (1000, 8))],
                     "strong": {"g": 1.7, "k": -8.0, "p": 4.0}, "strong_tol": 3e-4,
                     "lines": [0.0, 0.1, 0.2, 0.5],
                     "cases": [{"noise": noise, "neurons": n, "networks": k, "burn_in": burn_in,
                                "duration": duration} for noise, n, k, burn_in, duration in (
                                    (0.0, 1000, 6, 500.0, 60.0), (0.0, 2000, 8, 500.0, 60.0),
                                    (0.0, 4000, 5, 500.0, 60.0),
                                    (0.1, 1000, 6, 200.0, 80.0), (0.1, 2000, 8, 200.0, 80.0),
                                    (0.1, 4000, 3, 200.0, 80.0),
                                    (0.2, 500, 12, 150.0, 100.0), (0.2, 1000, 8, 150.0, 100.0),
                                    (0.2, 2000, 14, 150.0, 100.0), (0.2, 4000, 8, 100.0, 60.0),
                                    (0.5, 500, 12, 60.0, 100.0), (0.5, 1000, 8, 60.0, 100.0),
                                    (0.5, 2000, 6, 60.0, 100.0), (0.5, 4000, 3, 50.0, 60.0))],
                     "trials": 8, "dt": 0.1, "seed": 7},
           quick={"g": 2.0, "p": 2.5, "tol": 1e-2, "strengths": [-1.0, 0.0, 0.5],
                  "simulated": [-1.0, 0.5],
                  "runs": [{"neurons": 100, "networks": 3, "burn_in": 30.0, "duration": 20.0}],
                  "strong": {"g": 1.7, "k": -8.0, "p": 4.0}, "strong_tol": 1e-2, "lines": [0.5],
                  "cases": [{"noise": 0.5, "neurons": n, "networks": 3, "burn_in": 20.0,
                             "duration": 20.0} for n in (60, 120)],
                  "trials": 3, "dt": 0.1, "seed": 7}),
)
