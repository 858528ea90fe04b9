"""Figure of plasticity: correlation times and oscillations against k."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...execution.progress import SILENT, Report
from ...simulation.simulate import simulate
from ..registry import Data, Figure
from .networks import networks_of

NAMES = ("half_life", "first_zero", "minimum", "minimum_lag", "peak", "peak_height")
SHADES, MARKERS = (BLUE, ORANGE, GREEN), ("o", "s", "^")


def times(*, couplings: list[float], strengths: list[float], p: float, tol: float,
          simulated: list[float], lags: tuple | list, seed: int, report: Report = SILENT,
          **simulation) -> Data:
    """Half-life, zero, minimum and peak of the correlation, and half-lives of networks.

    Arrays `<name>`, `<name>_stderr` (g, k); `resolved` (g, k), whether the peak of the spectrum is
    resolved; `still` (g,), the half-life at k = 0; `networks_half_life`, `_error` (g, simulated).
    """
    shape = (len(couplings), len(strengths))
    out: Data = {name: np.full(shape, np.nan) for one in NAMES for name in (one, f"{one}_stderr")}
    out["resolved"] = np.zeros(shape, dtype=bool)
    step = np.arange(round(lags[0] / lags[1]) + 1) * lags[1]
    found = np.full((2, len(couplings), len(simulated)), np.nan)
    for row, g in enumerate(couplings):
        for column, net in enumerate(networks_of(g, strengths, p)):
            one = dmft.timescales(dmft.solve(net, tol=tol, rng=seed))
            out["resolved"][row, column] = one.peak_resolved
            for name in NAMES:
                out[name][row, column] = float(getattr(one, name))
                out[f"{name}_stderr"][row, column] = float(getattr(one, name).stderr)
        for column, net in enumerate(networks_of(g, simulated, p)):
            curves = simulate(net, rng=seed + column, lags=step, **simulation).samples("C_phi")
            halves = np.array([half_life(step, curve) for curve in curves])
            found[:, row, column] = (halves.mean(), halves.std(ddof=1) / np.sqrt(len(halves)))
        report(f"g={g:g}")
    still = [float(dmft.timescales(dmft.solve(dmft.PlasticNetwork(g, 0.0, p))).half_life)
             for g in couplings]
    return {**out, "g": np.array(couplings), "k": np.array(strengths), "p": p,
            "still": np.array(still), "simulated": np.array(simulated),
            "networks_half_life": found[0], "networks_half_life_error": found[1],
            "neurons": simulation["neurons"], "networks": simulation["networks"]}


def half_life(lags: np.ndarray, curve: np.ndarray) -> float:
    """Lag at which a measured correlation decays to half; NaN if it never does."""
    return _first_crossing(lags, curve - curve[0] / 2)


def draw_times(data: Data, axes: list) -> None:
    """Three panels: half-life, lags of the oscillation, and its amplitude, against k."""
    farthest = 1.0
    for row, g in enumerate(data["g"]):
        colour, still = SHADES[row % 3], data["still"][row]
        axes[0].errorbar(data["k"], data["half_life"][row] / still,
                         data["half_life_stderr"][row] / still, color=colour, label=f"$g={g:g}$")
        axes[0].errorbar(data["simulated"], data["networks_half_life"][row] / still,
                         data["networks_half_life_error"][row] / still, linestyle="none",
                         marker=MARKERS[row % 3], color=colour)
        swings = data["minimum"][row] < -3 * data["minimum_stderr"][row] - 1e-6
        axes[1].errorbar(data["k"][swings], data["first_zero"][row][swings],
                         data["first_zero_stderr"][row][swings], color=colour)
        axes[1].errorbar(data["k"][swings], data["minimum_lag"][row][swings],
                         data["minimum_lag_stderr"][row][swings], color=colour, linestyle="--")
        axes[2].errorbar(data["k"][swings], -data["minimum"][row][swings],
                         data["minimum_stderr"][row][swings], color=colour)
        farthest = max([farthest, *data["minimum_lag"][row][swings]])
        peaked = data["resolved"][row]
        axes[2].errorbar(data["k"][peaked], data["peak"][row][peaked],
                         data["peak_stderr"][row][peaked], linestyle="none", color=colour,
                         marker=MARKERS[row % 3])
    axes[0].axhline(1.0, color="0.8", linewidth=1.0, zorder=0)
    axes[0].set_yscale("log")
    axes[0].set_yticks([0.25, 0.5, 1.0, 2.0, 4.0], ["1/4", "1/2", "1", "2", "4"])
    axes[0].minorticks_off()
    axes[0].set_ylabel("half-life over that at $k=0$")
    axes[0].set_title(f"$p={data['p']:g}$; points: {data['networks']} networks, "
                      f"$N={data['neurons']}$")
    axes[0].legend(loc="upper left")
    axes[1].plot([], [], color="0.3", label=r"first zero of $C_\phi(\tau)$")
    axes[1].plot([], [], "--", color="0.3", label="first minimum")
    axes[1].set_ylabel(r"lag $\tau$ (neuronal time constants)")
    axes[1].set_ylim(0.0, 1.4 * farthest)
    axes[1].set_title("Lags of the oscillation")
    axes[1].legend(loc="upper left")
    axes[2].plot([], [], color="0.3", label=r"$-\min C_\phi(\tau)/C_\phi(0)$")
    some = bool(np.any(data["resolved"]))
    axes[2].plot([], [], linestyle="none", marker="o" if some else "none", color="0.3",
                 label=r"$\omega$ at the peak of $C_\phi(\omega)$" if some
                 else r"(no peak of $C_\phi(\omega)$ is resolved)")
    axes[2].set_ylim(0.0, 1.4 * max(0.01, -np.nanmin(data["minimum"])))
    axes[2].set_title("Its depth, and its frequency" if some else "Its depth")
    axes[2].legend(loc="upper right")
    for axis in axes:
        axis.set_xlabel("plasticity $k$")


FIGURES = (
    Figure("plasticity_times", times, draw_times,
           settings={"couplings": [1.5, 2.0, 2.5], "p": 2.5,
                     "strengths": [-4.0, -3.0, -2.0, -1.5, -1.0, -0.5, -0.2, 0.2, 0.5, 0.75, 1.0],
                     "tol": 2e-3, "simulated": [-2.0, -1.0, 0.0, 0.5, 1.0], "lags": [30.0, 0.5],
                     "neurons": 1500, "networks": 5, "trials": 3, "duration": 40.0,
                     "burn_in": 80.0, "seed": 1},
           quick={"couplings": [1.5, 2.5], "p": 2.5, "strengths": [-2.0, -1.0, 0.5], "tol": 1e-2,
                  "simulated": [-1.0, 0.5], "lags": [20.0, 1.0], "neurons": 200, "networks": 3,
                  "trials": 2, "duration": 20.0, "burn_in": 40.0, "seed": 1},
           panels=3),
)


def _first_crossing(tau: np.ndarray, values: np.ndarray) -> float:
    """First lag at which the values become negative, by linear interpolation; NaN if none does."""
    below = np.flatnonzero(values < 0)
    if len(below) == 0:
        return np.nan
    at = int(below[0])
    fraction = values[at - 1] / (values[at - 1] - values[at])
    return float(tau[at - 1] + fraction * (tau[at] - tau[at - 1]))
