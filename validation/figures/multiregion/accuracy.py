"""Multiregion figure: accuracy of the solver, and convergence of finite networks to the theory."""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...execution.progress import SILENT, Report
from ...simulation.simulate import simulate
from ..registry import Data, Figure
from .examples import limit_cycle
from .tuning import START_VARIANCE


def accuracy(*, g: float, stop: float, steps: list[float], tol: float, tols: list[float],
             neurons: list[int], networks: list[int], until: float, seed: int,
             report: Report = SILENT) -> Data:
    """Error of the currents of a limit cycle: against the step, and against N.

    `marched` at `dt`: largest error of z over all times, one march; `solved` (n, 2), the finest
    step of a solve to a given tolerance, and its error. `spread` and `mean` at `neurons`: rms over
    currents and times up to `until` of the deviation of one network from the theory, and of their
    mean; `chance`, the rms standard error of that mean.
    """
    network, z0 = limit_cycle(g)
    start: dict[str, Any] = {"currents": z0, "variance": START_VARIANCE}
    exact = dmft.solve(network, times=dmft.Times(stop, max(steps)), tol=tol, strict=False, **start)
    report("refined solution")
    marched = []
    for dt in steps:
        once = dmft.solve(network, times=dmft.Times(stop, dt), method="march", **start)
        marched.append(_largest(once.z[::round(max(steps) / dt)], exact))
    solved = []
    for one in tols:
        found = dmft.solve(network, times=dmft.Times(stop, max(steps)), tol=one, strict=False,
                           **start)
        finest = max(steps) / 2 ** (found.convergence.iterations - 1)
        solved.append([finest, _largest(found.z, exact)])
    report("marches")
    at = np.arange(1.0, until + 0.5)
    theory = dmft.solve(network, times=dmft.Times(until, 0.1), tol=1e-6, strict=False, **start)
    z = theory.z[np.rint(at / 0.1).astype(int)]
    rows = []
    for size, count in zip(neurons, networks, strict=True):
        runs = simulate(network, size, count, trials=1, times=dmft.Times(until, 1.0), at=at,
                        dt=0.05, rng=seed, **start)
        off = runs.samples("z") - z
        error = off.std(axis=0, ddof=1) / np.sqrt(count)
        rows.append([_rms(off), _rms(off.mean(axis=0)), _rms(error)])
        report(f"N = {size}")
    spread, mean, chance = np.array(rows).T
    return {"dt": np.array(steps), "marched": np.array(marched), "solved": np.array(solved),
            "error": exact.convergence.error, "neurons": np.array(neurons), "spread": spread,
            "mean": mean, "chance": chance, "stop": stop, "until": until, "g": g}


def _largest(z: np.ndarray, exact: dmft.TimeSolution) -> float:
    return float(np.max(np.abs(z - exact.z)))


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))


def draw_accuracy(data: Data, axes: list) -> None:
    """Two doubly logarithmic panels with the expected slopes."""
    dt, marched = data["dt"], data["marched"]
    axes[0].loglog(dt, marched, marker="o", color=BLUE, label="one march")
    # shifted, so that the guide line is distinct from the points
    axes[0].loglog(dt, 3 * marched[0] * (dt / dt[0]) ** 2, color="0.6", linewidth=1.0,
                   linestyle="--", label=r"$\propto \mathrm{d}t^2$")
    axes[0].loglog(*data["solved"].T, marker="s", color=ORANGE, label="extrapolated (dmft.solve)")
    axes[0].axhline(data["error"], color="0.8", linewidth=1.0, zorder=0)
    _ticks(axes[0], np.union1d(dt, data["solved"][:, 0]))
    axes[0].set_xlabel(r"(finest) step $\mathrm{d}t$")
    axes[0].set_ylabel("largest error of $z$")
    axes[0].set_ylim(3e-3 * min(data["error"], np.min(data["solved"][:, 1])), 10 * np.max(marched))
    axes[0].set_title(f"The solver, to $t = {data['stop']:g}$")
    axes[0].legend(loc="lower right")
    N = data["neurons"]
    axes[1].loglog(N, data["spread"], marker="o", color=BLUE, label="one network")
    axes[1].loglog(N, data["spread"][0] * (N / N[0]) ** -0.5, color="0.6", linewidth=1.0,
                   linestyle="--", label=r"$\propto N^{-1/2}$")
    axes[1].loglog(N, data["mean"], marker="s", color=ORANGE, label="mean of networks")
    axes[1].loglog(N, data["chance"], color=GREEN, linestyle=":",
                   label="its standard error")
    _ticks(axes[1], N)
    axes[1].set_xlabel("$N$ (units of a region)")
    axes[1].set_ylabel("rms departure from the theory")
    axes[1].set_ylim(None, 12 * np.max(data["spread"]))
    axes[1].set_title(f"Finite networks, to $t = {data['until']:g}$")
    axes[1].legend(loc="upper right", ncols=2)


def _ticks(axis, places: np.ndarray) -> None:
    """Ticks at the points; if there are many, at every second one."""
    places = places[:: 1 + len(places) // 6]
    axis.set_xticks(places, [f"{one:.4g}" for one in places])
    axis.tick_params(axis="x", which="minor", bottom=False, labelbottom=False)


FIGURES = (
    Figure("multiregion_accuracy", accuracy, draw_accuracy,
           settings={"g": 1.5, "stop": 20.0, "steps": [0.4, 0.2, 0.1, 0.05, 0.025], "tol": 1e-10,
                     "tols": [1e-2, 1e-3, 1e-5, 1e-7], "neurons": [125, 250, 500, 1000, 2000, 4000],
                     "networks": [200, 160, 120, 80, 40, 20], "until": 10.0, "seed": 1},
           quick={"g": 1.5, "stop": 10.0, "steps": [0.4, 0.2, 0.1], "tol": 1e-6,
                  "tols": [1e-2, 1e-3], "neurons": [50, 100, 200], "networks": [8, 8, 8],
                  "until": 5.0, "seed": 1}),
)
