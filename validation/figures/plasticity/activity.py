"""Figure of plasticity: activity of a few units, and of the synapses among them."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY

from ...execution.progress import SILENT, Report
from ...plasticity.freezing_traces import freeze_traces
from ..registry import Data, Figure

SHADES = {"x": (BLUE, ORANGE, GREEN), "A": (SKY, RED, PURPLE)}


def activity(*, couplings: list[float], strengths: list[float], p: float, neurons: int,
             units: int, shown: float, burn_in: float, seed: int, report: Report = SILENT) -> Data:
    """Traces of a network at each g and k: `x` (g, k, t, units), `A` (g, k, t, pairs).

    x_i of the first units, and N A_ij of their pairs i < j; `pairs` (pairs, 2) are i and j from 0.
    """
    states, synapses, t = [], [], np.zeros(0)
    pairs = np.transpose(np.triu_indices(units, 1))
    for g in couplings:
        for k in strengths:
            traces = freeze_traces(dmft.PlasticNetwork(g, k, p), neurons, units, before=shown,
                                   during=0.0, after=0.0, burn_in=burn_in, rng=seed)
            t = traces.t
            states.append(traces.x)
            synapses.append(neurons * traces.A[:, pairs[:, 0], pairs[:, 1]])
            report(f"g={g:g}, k={k:g}")
    shape = (len(couplings), len(strengths), len(t), -1)
    return {"g": np.array(couplings), "k": np.array(strengths), "p": p, "neurons": neurons,
            "t": t, "x": np.reshape(states, shape), "A": np.reshape(synapses, shape),
            "pairs": pairs}


def draw_activity(data: Data, axes: list) -> None:
    """Two rows for each g, units and synapses, and a column for each k."""
    columns = len(data["k"])
    labels = {"x": [f"${unit + 1}$" for unit in range(data["x"].shape[3])],
              "A": [f"${i + 1},{j + 1}$" for i, j in data["pairs"]]}
    reach = {"x": 1.05 * np.max(np.abs(data["x"]), axis=(1, 2, 3)),
             "A": 1.05 * np.max(np.abs(data["A"])) * np.ones(len(data["g"]))}
    for row, g in enumerate(data["g"]):
        for part, name in enumerate(("x", "A")):
            for column, k in enumerate(data["k"]):
                axis = axes[(2 * row + part) * columns + column]
                for trace, label, colour in zip(data[name][row, column].T, labels[name],
                                                SHADES[name], strict=False):
                    axis.plot(data["t"], trace, linewidth=1.2, color=colour, label=label)
                axis.axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
                if name == "A" and k == 0:
                    axis.text(0.5, 0.54, "no plasticity", transform=axis.transAxes, ha="center")
                axis.set_ylim(-reach[name][row], reach[name][row])
                if name == "x":
                    axis.set_title(f"$g={g:g}$, $k={k:g}$")
                elif row == len(data["g"]) - 1:
                    axis.set_xlabel("time (neuronal time constants)")
            first = axes[(2 * row + part) * columns]
            first.set_ylabel("$x_i(t)$" if name == "x" else "$N\\,A_{ij}(t)$")
    for part, title in enumerate(("$i$", "$i,j$")):
        axes[part * columns + 1].legend(loc="upper right", ncols=3, title=title, handlelength=1.2,
                                        columnspacing=1.0, borderaxespad=0.0)


FIGURES = (
    Figure("plasticity_activity", activity, draw_activity,
           settings={"couplings": [1.5, 2.5], "strengths": [-2.0, 0.0, 1.0], "p": 2.5,
                     "neurons": 2000, "units": 3, "shown": 100.0, "burn_in": 150.0, "seed": 2},
           quick={"couplings": [1.5, 2.5], "strengths": [-2.0, 0.0, 1.0], "p": 2.5,
                  "neurons": 300, "units": 3, "shown": 60.0, "burn_in": 50.0, "seed": 2},
           panels=12, rows=4),
)
