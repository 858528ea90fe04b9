"""Figure of plasticity: chaos that freezes when plasticity is halted."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...execution.progress import SILENT, Report
from ...plasticity.freezing import freeze
from ...plasticity.freezing_traces import freeze_traces
from ..registry import Data, Figure
from .networks import networks_of

SHADES = (BLUE, ORANGE, GREEN)


def freezing(*, g: float, p: float, shown: dict, strengths: list[float], simulated: list[float],
             neurons: int, networks: int, freezes: int, duration: float, tol: float,
             freeze_tol: float, seed: int, report: Report = SILENT) -> Data:
    """Traces of a network that is halted and released; overlap, C* and q against k.

    Arrays `t`, `x` (t, units), `halted`, `released`; `overlap`, `C`, `q` and `<name>_stderr` at
    `k`; `<name>_mean`, `<name>_error` and `converged`, `converged_error` at `simulated`.
    """
    shown = dict(shown)
    traces = freeze_traces(dmft.PlasticNetwork(g, shown.pop("k"), p), rng=seed, **shown)
    out: Data = {"g": g, "p": p, "t": traces.t, "x": traces.x, "halted": traces.halted,
                 "released": traces.released, "k": np.array(strengths),
                 "simulated": np.array(simulated), "neurons": neurons, "networks": networks,
                 "freezes": freezes}
    theory = []
    for net in networks_of(g, strengths, p):
        theory.append(dmft.freeze(dmft.solve(net, tol=tol, rng=seed), tol=freeze_tol, rng=seed))
        report(f"theory, k={net.k:g}")
    runs = []
    for index, net in enumerate(networks_of(g, simulated, p)):
        runs.append(freeze(net, neurons, networks, freezes=freezes, duration=duration, after=0.0,
                           burn_in=100.0, rng=seed + index))
        report(f"networks, k={net.k:g}")
    for name in ("overlap", "C", "q"):
        estimates = [getattr(one, name) for one in theory]
        out[name] = np.array([float(one) for one in estimates])
        out[f"{name}_stderr"] = np.array([float(one.stderr) for one in estimates])
    for name, key in (("overlap", "overlap_mean"), ("C", "C_mean"), ("q", "q_mean"),
                      ("converged", "converged")):
        estimates = [getattr(one, name) for one in runs]
        out[key] = np.array([float(one.value[0]) for one in estimates])
        out[f"{name}_error"] = np.array([float(one.stderr[0]) for one in estimates])
    return out


def draw_freezing(data: Data, axes: list) -> None:
    """Three panels: traces, overlap and C* against k, q and the fraction that freezes."""
    t = data["t"] - data["halted"]
    axes[0].axvspan(0.0, data["released"] - data["halted"], color="0.9", linewidth=0)
    axes[0].text((data["released"] - data["halted"]) / 2, 1.15 * data["x"].max(),
                 "plasticity halted", ha="center")
    for unit in range(min(3, data["x"].shape[1])):
        axes[0].plot(t, data["x"][:, unit], color=SHADES[unit], linewidth=1.2)
    axes[0].set_ylim(1.05 * data["x"].min(), 1.35 * data["x"].max())
    axes[0].set_xlabel("time (neuronal time constants)")
    axes[0].set_ylabel(r"$x_i(t)$")
    axes[0].set_title("Activity of a network")
    for axis, name, colour, label in (
            (axes[1], "overlap", BLUE, r"overlap of $\phi$ with the state at the halt"),
            (axes[1], "C", ORANGE, r"$C^*=\langle\phi(x^*)^2\rangle$"),
            (axes[2], "q", BLUE, r"$q=g^2\langle\phi'(x^*)^2\rangle$")):
        stable = data["q"] < 1
        last = np.flatnonzero(~stable)
        kept = stable.copy()
        kept[last[-1:]] = True  # the solid line starts where the dashed one ends
        axis.plot(data["k"], np.where(kept, data[name], np.nan), color=colour, label=label)
        axis.plot(data["k"], np.where(stable, np.nan, data[name]), "--", color=colour)
        axis.fill_between(data["k"], data[name] - data[f"{name}_stderr"],
                          data[name] + data[f"{name}_stderr"], color=colour, alpha=0.25,
                          linewidth=0)
        many = data["converged"] >= 0.5
        for chosen, face in ((many, colour), (~many, "white")):
            axis.errorbar(data["simulated"][chosen], data[f"{name}_mean"][chosen],
                          data[f"{name}_error"][chosen], linestyle="none", marker="o",
                          color=colour, markerfacecolor=face)
    axes[2].errorbar(data["simulated"], data["converged"], data["converged_error"],
                     linestyle="none", marker="s", color=GREEN, label="share of freezes at rest")
    axes[2].axhline(1.0, color="0.6", linewidth=1.0, zorder=0)
    for axis in axes[1:]:
        axis.set_ylim(0.0, 1.45)
        axis.set_xlabel("plasticity $k$")
        axis.legend(loc="upper right")
    axes[1].set_title(f"$g={data['g']:g}$, $p={data['p']:g}$; dashed: $q>1$")
    axes[2].set_title(f"{data['networks']} networks, $N={data['neurons']}$, "
                      f"{data['freezes']} freezes each")


FIGURES = (
    Figure("plasticity_freezing", freezing, draw_freezing,
           settings={"g": 1.5, "p": 2.5,
                     "shown": {"k": 1.0, "neurons": 1500, "units": 3, "before": 80.0,
                               "during": 80.0, "after": 100.0, "burn_in": 100.0},
                     "strengths": [0.55, 0.6, 0.65, 0.7, 0.8, 1.0, 1.3],
                     "simulated": [0.6, 0.8, 1.0, 1.3], "neurons": 3000,
                     "networks": 6, "freezes": 2, "duration": 250.0, "tol": 2e-3,
                     "freeze_tol": 0.015, "seed": 1},
           quick={"g": 1.5, "p": 2.5,
                  "shown": {"k": 1.0, "neurons": 500, "units": 3, "before": 30.0,
                            "during": 60.0, "after": 40.0, "burn_in": 60.0},
                  "strengths": [0.5, 0.8, 1.2], "simulated": [1.0, 1.3], "neurons": 400,
                  "networks": 4, "freezes": 1, "duration": 100.0, "tol": 1e-2,
                  "freeze_tol": 0.1, "seed": 1},
           panels=3),
)
