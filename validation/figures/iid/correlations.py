"""Figures of the reference theory: correlations at three couplings, and the transition to chaos."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...comparison.compare import theory_at
from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ...lyapunov.largest_exponent import lyapunov_exponent
from ...simulation.simulate import simulate
from ..registry import Data, Figure

COLOURS = (BLUE, ORANGE, GREEN)
MARKERS = ("o", "s", "^")
DT = 0.1  # time step; with 0.2 points at g=3 shifted by seven of their standard errors


def correlations(*, couplings: list[float], lags: list[float], seed: int,
                 report: Report = SILENT, **simulation) -> Data:
    """Delta(tau)/Delta(0) and C_phi(tau) of tanh networks: theory, and simulation at some lags.

    Arrays (couplings, lags): `Delta`, `C` at `tau`, and `Delta_mean`, `Delta_error`, `C_mean`,
    `C_error` at `lags`, with standard errors over networks.
    """
    tau = np.linspace(0.0, max(lags), 201)
    solutions = [dmft.solve(dmft.RandomNetwork(g, dmft.tanh)) for g in couplings]
    # one seed for each coupling: points with equal seeds would have correlated deviations
    cases = [{"g": g, "lags": lags, "seed": seed + k, **simulation}
             for k, g in enumerate(couplings)]
    found = fresh_processes.each(
        "figures.iid.correlations", "simulated_correlations", cases, report
    )
    return {
        "g": np.array(couplings), "tau": tau, "lags": np.array(lags), **simulation,
        "Delta": np.array([theory_at(one, "C_x", tau) / float(one.C_x[0]) for one in solutions]),
        "C": np.array([theory_at(one, "C_phi", tau).value for one in solutions]),
        **{name: np.array([one[name] for one in found]) for name in found[0]}}


def simulated_correlations(g: float, lags: list[float], neurons: int, networks: int, trials: int,
                           duration: float, dt: float, seed: int) -> dict[str, list[float]]:
    """Mean and standard error over networks at each lag.

    Delta is divided by Delta(0) of each network: the error of the shape then excludes the spread of
    the scale.
    """
    runs = simulate(dmft.RandomNetwork(g, dmft.tanh), neurons, networks, trials=trials,
                    duration=duration, dt=dt, lags=lags, rng=seed)
    x, curves = runs.samples("C_x"), {}
    for name, samples in (("Delta", x / x[:, :1]), ("C", runs.samples("C_phi"))):
        curves[f"{name}_mean"] = samples.mean(axis=0).tolist()
        curves[f"{name}_error"] = (samples.std(axis=0, ddof=1) / np.sqrt(networks)).tolist()
    return curves


def draw_correlations(data: Data, axes: list) -> None:
    """Two panels against the lag: lines are theory, points simulation."""
    for axis, name in zip(axes, ("Delta", "C"), strict=True):
        for k, g in enumerate(data["g"]):
            colour, marker = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
            axis.plot(data["tau"], data[name][k], color=colour)
            axis.errorbar(data["lags"], data[f"{name}_mean"][k], data[f"{name}_error"][k],
                          linestyle="none", marker=marker, color=colour, label=f"$g = {g:g}$")
        axis.set_xlabel(r"lag $\tau$ (neuronal time constants)")
        axis.set_xlim(-0.02 * data["tau"][-1], 1.02 * data["tau"][-1])
        axis.axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[0].set_ylabel(r"$\Delta(\tau)\,/\,\Delta(0)$")
    axes[1].set_ylabel(r"$C_\phi(\tau)$")
    axes[0].set_title("Autocorrelation of $x$, normalised")
    axes[1].set_title(r"Autocorrelation of $\phi(x) = \tanh x$")
    axes[0].legend(title=f"lines: theory\npoints: {data['networks']} networks, "
                         f"$N = {data['neurons']}$",
                   alignment="left")


def transition(*, span: tuple[float, float], points: int, couplings: list[float],
               neurons: list[int], seed: int, report: Report = SILENT, **simulation) -> Data:
    """Delta(0) and the largest Lyapunov exponent against g, tanh: theory and simulation.

    Arrays `Delta0`, `exponent` at `g`; with `_mean` and `_error`, over networks, of shape
    (sizes, couplings) at `neurons` and `g_simulated`.
    """
    g = np.union1d(np.linspace(*span, points), [1.0])  # the curves have a kink at 1
    solutions = [dmft.solve(dmft.RandomNetwork(one, dmft.tanh)) for one in g]
    cases = [{"g": one, "neurons": size, "seed": seed + k, **simulation}
             for size in neurons for k, one in enumerate(couplings)]
    found = fresh_processes.each("figures.iid.correlations", "simulated_transition", cases, report)
    shape = (len(neurons), len(couplings))
    return {
        "g": g, "g_simulated": np.array(couplings), "neurons": np.array(neurons), **simulation,
        "Delta0": np.array([float(one.C_x[0]) for one in solutions]),
        "exponent": np.array([float(dmft.lyapunov_exponent(one)) for one in solutions]),
        **{name: np.reshape([one[name] for one in found], shape) for name in found[0]}}


def simulated_transition(g: float, neurons: int, networks: int, trials: int, duration: float,
                         dt: float, seed: int) -> dict[str, float]:
    """Delta(0) and exponent with their standard errors over networks."""
    how: dict[str, Any] = {"trials": trials, "duration": duration, "dt": dt, "rng": seed}
    network = dmft.RandomNetwork(g, dmft.tanh)
    with warnings.catch_warnings():
        if g < 1:  # the activity decays without end: a longer burn-in would not help
            warnings.simplefilter("ignore", dmft.ResolutionWarning)
        Delta0 = simulate(network, neurons, networks, lags=[0.0], **how).C_x[0]
    exponent = lyapunov_exponent(network, neurons, networks, **how)
    return {"Delta0_mean": float(Delta0), "Delta0_error": float(Delta0.stderr),
            "exponent_mean": float(exponent), "exponent_error": float(exponent.stderr)}


def draw_transition(data: Data, axes: list) -> None:
    """Two panels against g: lines are theory, points simulation."""
    for axis, name in zip(axes, ("Delta0", "exponent"), strict=True):
        axis.axvline(1.0, color="0.8", linewidth=1.0, zorder=0)
        axis.plot(data["g"], data[name], color="black", label="theory")
        for k, size in enumerate(data["neurons"]):
            axis.errorbar(data["g_simulated"], data[f"{name}_mean"][k], data[f"{name}_error"][k],
                          linestyle="none", marker=MARKERS[k], color=COLOURS[k],
                          # smaller sizes as wide rings, so that the other points remain visible
                          markersize=7.0 - 2.5 * k, markerfacecolor="white" if k == 0 else None,
                          label=f"$N = {size}$, {data['networks']} networks")
        axis.set_xlabel("coupling strength $g$")
        axis.set_xlim(data["g"][0] - 0.06, data["g"][-1] + 0.06)
    axes[1].axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[0].set_ylabel(r"variance $\Delta_0$")
    axes[1].set_ylabel(r"$\lambda_{\max}$ (1 / neuronal time constant)")
    axes[0].set_title(r"Variance of $x$, $\phi = \tanh$")
    axes[1].set_title("Largest Lyapunov exponent")
    axes[0].legend(loc="upper left")


FIGURES = (
    Figure("iid_correlations", correlations, draw_correlations,
           settings={"couplings": [1.5, 2.0, 3.0],
                     "lags": [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0, 21.0],
                     "neurons": 2000, "networks": 20, "trials": 8, "duration": 50.0, "dt": DT,
                     "seed": 1},
           quick={"couplings": [1.5, 2.0, 3.0], "lags": [0.0, 2.0, 4.0, 8.0, 12.0, 16.0, 20.0],
                  "neurons": 500, "networks": 8, "trials": 4, "duration": 50.0, "dt": DT,
                  "seed": 1}),
    Figure("iid_transition", transition, draw_transition,
           settings={"span": (0.8, 3.0), "points": 45,
                     "couplings": [0.8, 1.25, 1.5, 2.0, 2.5, 3.0],
                     "neurons": [500, 1500], "networks": 10, "trials": 4, "duration": 50.0,
                     "dt": DT, "seed": 1},
           quick={"span": (0.8, 3.0), "points": 23, "couplings": [0.8, 1.5, 2.0, 3.0],
                  "neurons": [500], "networks": 8, "trials": 4, "duration": 50.0, "dt": DT,
                  "seed": 1}),
)
