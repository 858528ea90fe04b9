"""Multiregion figures: currents in time, theory and simulation: transients, cycles, switches."""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY

from ...execution.progress import SILENT, Report
from ...simulation.simulate import simulate
from ..registry import Data, Figure
from .examples import limit_cycle, two_regions, unit_traces

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)
SPREAD = {"linestyle": "none", "markerfacecolor": "white", "zorder": 3}
TIME = "$t$ (neuronal time constants)"


def currents(*, stop: float, dt: float, tol: float, every: float, neurons: int, networks: int,
             units: int, seed: int, report: Report = SILENT) -> Data:
    """Networks of two and of three regions: z(t) by theory and by simulation, and some units.

    `z2`, `z3` (times, R, R) at `t`, with `_mean`, `_error` at `at`; `traces` (times, units), x of
    units of the region with disorder in one network of three regions, at `trace_t`.
    """
    times, at = dmft.Times(stop, dt), np.arange(0.0, stop + every / 2, every)
    out: Data = {"t": times.t, "at": at, "neurons": neurons, "networks": networks}
    for R, (network, z0) in ((2, two_regions()), (3, limit_cycle(1.5))):
        start: dict[str, Any] = {"currents": z0, "variance": 0.5}
        solution = dmft.solve(network, times=times, tol=tol, strict=False, **start)
        runs = simulate(network, neurons, networks, trials=1, times=times, at=at, dt=0.1,
                        rng=seed + R, **start)
        rows = runs.samples("z")
        out.update({f"z{R}": solution.z, f"z{R}_mean": rows.mean(axis=0),
                    f"z{R}_error": rows.std(axis=0, ddof=1) / np.sqrt(len(rows))})
        report(f"{R} regions")
    out["traces"] = unit_traces(network, neurons, np.arange(units), stop, z0, 0.5, 0.1, seed)
    out["trace_t"] = dmft.Times(stop, 0.1).t
    return out


def draw_currents(data: Data, axes: list) -> None:
    """Units of one network; currents of two and of three regions."""
    for k, trace in enumerate(data["traces"].T):
        axes[0].plot(data["trace_t"], trace - 5.0 * k, color=COLOURS[k % len(COLOURS)],
                     linewidth=1.1)
    axes[0].set_yticks([])
    axes[0].set_ylabel("$x_i(t)$, one unit on each line")
    axes[0].set_title("Units of a region with disorder")
    for axis, R in zip(axes[1:], (2, 3), strict=True):
        shown = np.argsort(-np.std(data[f"z{R}"], axis=0).ravel())[:4 if R == 2 else 3]
        for k, place in enumerate(sorted(shown)):
            mu, nu = divmod(int(place), R)
            axis.plot(data["t"], data[f"z{R}"][:, mu, nu], color=COLOURS[k],
                      label=f"{nu + 1} to {mu + 1}")
            axis.errorbar(data["at"], data[f"z{R}_mean"][:, mu, nu],
                          data[f"z{R}_error"][:, mu, nu], marker="o", color=COLOURS[k],
                          **{**SPREAD, "markersize": 3.5})
        low, high = np.min(data[f"z{R}"]), np.max(data[f"z{R}"])
        axis.set_ylim(low - 0.1 * (high - low), high + 0.42 * (high - low))
        axis.set_ylabel(r"current $z^{\mu\nu}(t)$")
        axis.set_title(f"{R} regions: lines theory, points $N = {data['neurons']}$")
        axis.legend(ncols=2, loc="upper right", title="current")
    for axis in axes:
        axis.set_xlabel(TIME)


def cycle(*, couplings: list[float], stop: float, window: float, dt: float, keep: int, tol: float,
          report: Report = SILENT) -> Data:
    """A limit cycle without and with disorder: currents, period, and Delta(t, t') of region 1.

    `z` (couplings, times, R, R) in the last `window`, `Delta` (couplings, m, m) there, `period`
    and its standard error.
    """
    times = dmft.Times(stop, dt, keep=keep)
    late, kept = times.t >= stop - window, times.kept >= stop - window
    found, Delta, periods = [], [], []
    for g in couplings:
        network, z0 = limit_cycle(g)
        solution = dmft.solve(network, times=times, currents=z0, variance=0.5, tol=tol,
                              strict=False)
        found.append(solution.z[late])
        assert solution.Delta is not None
        Delta.append(solution.Delta[0][np.ix_(kept, kept)])
        period = dmft.period(solution)
        periods.append([float(period), float(period.stderr)])
        report(f"g = {g:g}")
    return {"g": np.array(couplings), "t": times.t[late] - (stop - window),
            "kept": times.kept[kept] - (stop - window), "z": np.array(found),
            "Delta": np.array(Delta), "period": np.array(periods)}


def draw_cycle(data: Data, axes: list) -> None:
    """One current for each disorder strength; Delta(t, t') as a map for each."""
    place = np.unravel_index(np.argmax(np.std(data["z"][0], axis=0)), data["z"].shape[2:])
    for k, g in enumerate(data["g"]):
        # from the same phase: an upward crossing of zero
        z = data["z"][k][:, place[0], place[1]]
        first = int(np.flatnonzero((z[:-1] < 0) & (z[1:] >= 0))[0])
        axes[0].plot(data["t"][first:] - data["t"][first], z[first:], color=COLOURS[k],
                     label=f"$g = {g:g}$, period {data['period'][k, 0]:.4g}")
        image = axes[k + 1].pcolormesh(data["kept"], data["kept"], data["Delta"][k],
                                       cmap="RdBu_r", shading="nearest", rasterized=True,
                                       vmin=-np.max(np.abs(data["Delta"][k])),
                                       vmax=np.max(np.abs(data["Delta"][k])))
        axes[k + 1].figure.colorbar(image, ax=axes[k + 1], label=r"$\Delta(t, t')$")
        axes[k + 1].set_aspect("equal")
        axes[k + 1].set_xlabel("$t$ (neuronal time constants)")
        axes[k + 1].set_ylabel("$t'$")
        axes[k + 1].set_title(f"Region 1, disorder $g = {g:g}$")
    reach = float(np.max(np.abs(data["z"][:, :, place[0], place[1]])))
    axes[0].set_xlim(0.0, 2.6 * np.max(data["period"][:, 0]))
    axes[0].set_ylim(-1.1 * reach, 1.7 * reach)
    axes[0].axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[0].set_xlabel(TIME)
    axes[0].set_ylabel(f"current $z^{{{place[0] + 1}{place[1] + 1}}}(t)$")
    axes[0].set_title("A limit cycle of the currents")
    axes[0].legend(loc="upper right")


def routing(*, strength: float, amplitude: float, pulse: tuple[float, float], stop: float,
            dt: float, tol: float, every: float, neurons: int, networks: int, seed: int,
            report: Report = SILENT) -> Data:
    """Four regions on their attractor manifold: a pulse changes the currents, not the activity.

    All pairs are reciprocally connected with c = `strength`; initially regions 1 and 2, and 3 and 4
    exchange currents. The pulse acts along the directions in which 1 and 3, and 2 and 4 send to
    each other. `z` (times, R, R), `variance` (times, R) at `t`, with `_mean`, `_error` at `at`.
    """
    c = strength * (np.ones((4, 4)) - np.eye(4))
    swap = np.zeros((4, 4))
    swap[[0, 2, 1, 3], [2, 0, 3, 1]] = 1.0
    signal = dmft.Pulse(amplitude * np.ones(4), *pulse)
    network = dmft.MultiregionNetwork.symmetric(0.0, c, input=dmft.Input(signal, V=swap))
    manifold = dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(0.0, c))
    size = float(np.sqrt(manifold.current_power[0]))
    z0 = np.zeros((4, 4))
    # near a vertex of the manifold; currents that are exactly zero would remain zero
    z0[[0, 1, 2, 3], [1, 0, 3, 2]] = size
    times, at = dmft.Times(stop, dt), np.arange(0.0, stop + every / 2, every)
    start: dict[str, Any] = {"currents": z0, "variance": 0.0}
    solution = dmft.solve(network, times=times, tol=tol, strict=False, **start)
    report("theory")
    runs = simulate(network, neurons, networks, trials=1, times=times, at=at, dt=0.1, rng=seed,
                    **start)
    out: Data = {"t": times.t, "at": at, "pulse": np.array(pulse), "z": solution.z,
                 "variance": solution.variance, "psi": solution.psi, "neurons": neurons,
                 "networks": networks}
    for name in ("z", "variance"):
        rows = runs.samples(name)
        out[f"{name}_mean"] = rows.mean(axis=0)
        out[f"{name}_error"] = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return out


def draw_routing(data: Data, axes: list) -> None:
    """Currents into region 1 against time; the activity of the regions."""
    for k, nu in enumerate((1, 2, 3)):
        axes[0].plot(data["t"], data["z"][:, 0, nu], color=COLOURS[k], label=f"{nu + 1} to 1")
        axes[0].errorbar(data["at"], data["z_mean"][:, 0, nu], data["z_error"][:, 0, nu],
                         marker="os^"[k], color=COLOURS[k], **{**SPREAD, "markersize": 3.5})
    for k in range(2):
        axes[1].plot(data["t"], data["variance"][:, 3 * k], color=COLOURS[3 + k],
                     linestyle=("-", "--")[k], label=f"region {3 * k + 1}")
        axes[1].errorbar(data["at"], data["variance_mean"][:, 3 * k],
                         data["variance_error"][:, 3 * k], marker="os"[k], color=COLOURS[3 + k],
                         **{**SPREAD, "markersize": 3.5})
    for axis in axes:
        axis.axvspan(*data["pulse"], color="0.9", zorder=0, linewidth=0)
        axis.set_xlabel(TIME)
        axis.legend(loc="upper right")
    axes[0].axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[0].set_ylim(None, 1.45 * float(np.max(data["z"])))
    axes[1].set_ylim(0.0, 1.45 * float(np.max(data["variance"])))
    axes[0].set_ylabel(r"current $z^{1\nu}(t)$")
    axes[1].set_ylabel(r"variance $\Delta^\mu(t, t)$")
    axes[0].set_title(f"A pulse (grey) switches the route; $N = {data['neurons']}$")
    axes[1].set_title("The regions stay as active as before")


FIGURES = (
    Figure("multiregion_currents", currents, draw_currents,
           settings={"stop": 25.0, "dt": 0.1, "tol": 1e-5, "every": 1.25, "neurons": 2000,
                     "networks": 20, "units": 5, "seed": 1},
           quick={"stop": 12.0, "dt": 0.2, "tol": 1e-3, "every": 1.0, "neurons": 200,
                  "networks": 4, "units": 5, "seed": 1}, panels=3),
    Figure("multiregion_limit_cycle", cycle, draw_cycle,
           settings={"couplings": [0.0, 1.5], "stop": 120.0, "window": 24.0, "dt": 0.1, "keep": 1,
                     "tol": 1e-4},
           quick={"couplings": [0.0, 1.5], "stop": 80.0, "window": 24.0, "dt": 0.2, "keep": 2,
                  "tol": 1e-2}, panels=3),
    Figure("multiregion_routing", routing, draw_routing,
           settings={"strength": 1.5, "amplitude": 2.0, "pulse": (10.0, 16.0), "stop": 40.0,
                     "dt": 0.1, "tol": 1e-5, "every": 2.0, "neurons": 4000, "networks": 20,
                     "seed": 1},
           quick={"strength": 1.5, "amplitude": 2.0, "pulse": (10.0, 16.0), "stop": 24.0,
                  "dt": 0.2, "tol": 1e-3, "every": 1.0, "neurons": 400, "networks": 6,
                  "seed": 1}),
)
