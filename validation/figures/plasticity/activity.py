"""Figure of plasticity: activity of a few units, oscillating, without plasticity, and slow."""

from __future__ import annotations

import numpy as np

import dmft

from ...execution.progress import Report
from ...plasticity.freezing_traces import freeze_traces
from ..registry import Data, Figure
from ..style import BLUE, GREEN, ORANGE
from .networks import SILENT


def activity(*, couplings: list[float], strengths: list[float], p: float, neurons: int,
             units: int, shown: float, burn_in: float, seed: int, report: Report = SILENT) -> Data:
    """x of a few units of a network at each g and k: `x` (g, k, t, units)."""
    rows, t = [], np.zeros(0)
    for g in couplings:
        for k in strengths:
            traces = freeze_traces(dmft.PlasticNetwork(g, k, p), neurons, units, before=shown,
                                   during=0.0, after=0.0, burn_in=burn_in, rng=seed)
            t = traces.t
            rows.append(traces.x)
            report(f"g={g:g}, k={k:g}")
    shape = (len(couplings), len(strengths), len(t), units)
    return {"g": np.array(couplings), "k": np.array(strengths), "p": p, "neurons": neurons,
            "t": t, "x": np.reshape(rows, shape)}


def draw_activity(data: Data, axes: list) -> None:
    """A row for each g and a column for each k."""
    reach = 1.05 * np.max(np.abs(data["x"]), axis=(1, 2, 3))
    for row, g in enumerate(data["g"]):
        for column, k in enumerate(data["k"]):
            axis = axes[row * len(data["k"]) + column]
            for unit in range(data["x"].shape[3]):
                axis.plot(data["t"], data["x"][row, column, :, unit], linewidth=1.2,
                          color=(BLUE, ORANGE, GREEN)[unit % 3])
            axis.axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
            axis.set_ylim(-reach[row], reach[row])
            axis.set_title(f"$g={g:g}$, $k={k:g}$")
            if row == len(data["g"]) - 1:
                axis.set_xlabel("time (neuronal time constants)")
            if column == 0:
                axis.set_ylabel("$x_i(t)$")


FIGURES = (
    Figure("plasticity_activity", activity, draw_activity,
           settings={"couplings": [1.5, 2.5], "strengths": [-2.0, 0.0, 1.0], "p": 2.5,
                     "neurons": 2000, "units": 3, "shown": 100.0, "burn_in": 150.0, "seed": 2},
           quick={"couplings": [1.5, 2.5], "strengths": [-2.0, 0.0, 1.0], "p": 2.5,
                  "neurons": 300, "units": 3, "shown": 60.0, "burn_in": 50.0, "seed": 2},
           panels=6, rows=2),
)
