"""Multiregion figures: regions that drop out: by their own disorder, by silencing, by cross_g."""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, RED

from ...execution.progress import SILENT, Report
from ...simulation.simulate import simulate
from ..registry import Data, Figure
from .examples import dropping_out

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED)
SPREAD = {"linestyle": "none", "markerfacecolor": "white", "zorder": 3, "markersize": 3.5}
TIME = "$t$ (neuronal time constants)"


def moments(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over networks, and its standard error."""
    return rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(len(rows))


def course(network: dmft.MultiregionNetwork, start: dict[str, Any], stop: float, dt: float,
           tol: float, at: np.ndarray, neurons: int, networks: int, seed: int) -> Data:
    """Currents by theory, `z` at `t`, and by simulation, `mean` and `error` at `at`."""
    times = dmft.Times(stop, dt)
    solution = dmft.solve(network, times=times, tol=tol, strict=False, **start)
    runs = simulate(network, neurons, networks, trials=1, times=times, at=at, dt=0.1, rng=seed,
                    **start)
    mean, error = moments(runs.samples("z"))
    return {"z": solution.z, "mean": mean, "error": error}


def disorder(*, couplings: list[float], shown: list[float], stop: float, late: float, dt: float,
             tol: float, until: float, every: float, neurons: int, networks: int, seed: int,
             report: Report = SILENT) -> Data:
    """Disorder of region 1 raised: currents at late times, and in time for some strengths.

    At `g`: `out` (n, 2), the rms of the currents that leave region 1 and of those among the others,
    and `motion` (n,), the largest standard deviation of a current over the late times. In time
    `z` (shown, times, R, R) with `mean`, `error` at `at`; `period` of the shown ones (NaN at rest).
    """
    out, motion = np.zeros((len(couplings), 2)), np.zeros(len(couplings))
    for k, g in enumerate(couplings):
        network, start = dropping_out(g)
        solution = dmft.solve(network, times=dmft.Times(stop, dt), tol=1e-2, strict=False, **start)
        after = solution.z[solution.times.t >= stop - late]
        power = np.mean(after**2, axis=0)
        out[k] = np.sqrt([power[:, 0].sum(), power[1:, 1:].sum()])
        motion[k] = np.max(after.std(axis=0))
        report(f"g = {g:.2f}")
    at = np.arange(0.0, until + every / 2, every)
    found = []
    for k, g in enumerate(shown):
        network, start = dropping_out(g)
        found.append(course(network, start, until, dt, tol, at, neurons, networks, seed + k))
        report(f"in time: g = {g:g}")
    return {"g": np.array(couplings), "out": out, "motion": motion, "shown": np.array(shown),
            "t": dmft.Times(until, dt).t, "at": at, "neurons": neurons,
            **{name: np.array([one[name] for one in found]) for name in found[0]}}


def draw_disorder(data: Data, axes: list) -> None:
    """Late currents against the disorder; currents in time below and beyond the transition."""
    for k, label in enumerate(("out of region 1", "among regions 2, 3")):
        axes[0].plot(data["g"], data["out"][:, k], color=COLOURS[k], marker=".", label=label)
    axes[0].plot(data["g"], data["motion"], color=PURPLE, linestyle="--", marker=".",
                 label="motion (std over time)")
    axes[0].set_xlabel("disorder $g_1$ of region 1")
    axes[0].set_ylabel("rms current at late times")
    axes[0].set_title("Region 1 drops out; the rest begins to cycle")
    axes[0].legend()
    for axis, g, z, mean, error in zip(axes[1:], data["shown"], data["z"], data["mean"],
                                       data["error"], strict=True):
        draw_currents_of(axis, data, z, mean, error, ((1, 0), (1, 1), (2, 1)))
        axis.set_title(f"$g_1 = {g:g}$: lines theory, points $N = {data['neurons']}$")


def draw_currents_of(axis, data: Data, z: np.ndarray, mean: np.ndarray, error: np.ndarray,
                     pairs) -> None:
    """Some currents in time, theory and simulation."""
    for colour, (mu, nu) in zip(COLOURS, pairs, strict=False):
        axis.plot(data["t"], z[:, mu, nu], color=colour, label=f"{nu + 1} to {mu + 1}")
        axis.errorbar(data["at"], mean[:, mu, nu], error[:, mu, nu], marker="o", color=colour,
                      **SPREAD)
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + 0.35 * (high - low))
    axis.set_xlabel(TIME)
    axis.set_ylabel(r"current $z^{\mu\nu}(t)$")
    axis.legend(ncols=3, loc="upper right", title="current")


def silencing(*, g: float, settle: float, until: float, dt: float, tol: float, every: float,
              neurons: int, networks: int, seed: int, report: Report = SILENT) -> Data:
    """Each region silenced in turn, from the fixed point that the whole network has reached.

    `z` (R, times, R, R) at `t`, with `mean`, `error` at `at`; `variance` (R, R) at the end.
    """
    network, start = dropping_out(g)
    before = dmft.solve(network, times=dmft.Times(settle, dt), tol=tol, strict=False, **start)
    z0 = before.z[-1]
    # the variance that the currents do not explain, U being the identity
    rest = np.maximum(before.variance[-1] - np.sum(z0**2, axis=1), 0.0)
    at = np.arange(0.0, until + every / 2, every)
    found = []
    for nu in range(network.regions):
        found.append(course(network.silenced(nu), {"currents": z0, "variance": rest}, until, dt,
                            tol, at, neurons, networks, seed + nu))
        report(f"region {nu + 1} silenced")
    return {"t": dmft.Times(until, dt).t, "at": at, "neurons": neurons,
            **{name: np.array([one[name] for one in found]) for name in found[0]}}


def draw_silencing(data: Data, axes: list) -> None:
    """The currents among the regions that are left, and one that decays."""
    for nu, axis in enumerate(axes):
        a, b = np.delete(np.arange(3), nu)
        draw_currents_of(axis, data, data["z"][nu], data["mean"][nu], data["error"][nu],
                         ((a, b), (b, a), (b, b), (a, nu)))
        axis.set_title(f"Region {nu + 1} silenced at $t = 0$")


PLACES = ("within", "between", "one way")


def pair(strength: float, disorder: float, place: str) -> dmft.MultiregionNetwork:
    """Two reciprocally coupled regions with disorder within them, between them, or from 1 to 2."""
    c = [[0.0, strength], [strength, 0.0]]
    cross = {"within": None, "between": [[0.0, disorder], [disorder, 0.0]],
             "one way": [[0.0, 0.0], [disorder, 0.0]]}[place]
    return dmft.MultiregionNetwork.symmetric(disorder if place == "within" else 0.0, c,
                                             cross_g=cross)


def cross_disorder(*, strength: float, couplings: list[float], points: int, simulated: list[float],
                   stop: float, dt: float, neurons: int, networks: int, seed: int,
                   report: Report = SILENT) -> Data:
    """Currents of a pair of regions against disorder within them, between them, or one way.

    Theory in time at `g` (3, n, 2), the currents into regions 1 and 2 at the end, and `closed`
    (points,) at `line`, the closed form for disorder within regions; `mean`, `error` (3, m, 2) at
    `simulated`.
    """
    state = dmft.structured_region(strength, 0.0)
    start: dict[str, Any] = {"currents": state.amplitude * np.array([[0.0, 1.0], [1.0, 0.0]]),
                             "variance": 0.2}
    z = np.zeros((len(PLACES), len(couplings), 2))
    mean, error = (np.zeros((len(PLACES), len(simulated), 2)) for _ in range(2))
    for i, place in enumerate(PLACES):
        for k, g in enumerate(couplings):
            solution = dmft.solve(pair(strength, g, place), times=dmft.Times(stop, dt), tol=1e-3,
                                  strict=False, **start)
            z[i, k] = np.abs(solution.z[-1])[[0, 1], [1, 0]]
        for k, g in enumerate(simulated):
            runs = simulate(pair(strength, g, place), neurons, networks, trials=2,
                            times=dmft.Times(stop, 1.0), at=np.arange(stop / 2, stop + 0.5),
                            dt=0.1, rng=seed + k, **start)
            rows = np.abs(runs.samples("z"))[..., [0, 1], [1, 0]].mean(axis=1)
            mean[i, k], error[i, k] = moments(rows)
        report(f"disorder {place}")
    loss = dmft.structure_loss(strength)
    line = np.append(np.linspace(0.0, loss * (1 - 1e-9), points - 1), loss)
    closed = [dmft.structured_region(strength, g).amplitude for g in line[:-1]] + [0.0]
    return {"g": np.array(couplings), "z": z, "line": line, "closed": np.array(closed),
            "simulated": np.array(simulated), "mean": mean, "error": error, "neurons": neurons,
            "strength": strength}


def draw_cross_disorder(data: Data, axes: list) -> None:
    """Disorder on both sides: within or between the regions; disorder one way."""
    axes[0].plot(data["line"], data["closed"], color="0.6", linewidth=4.0,
                 label="closed form, within")
    for i, label in enumerate(("within, $g$", r"between, $g_{12} = g_{21}$")):
        axes[0].plot(data["g"], data["z"][i, :, 0], color=COLOURS[i], label=label,
                     linestyle=("-", "--")[i])
        axes[0].errorbar(data["simulated"], data["mean"][i, :, 0], data["error"][i, :, 0],
                         marker="os"[i], color=COLOURS[i], **SPREAD)
    for k in range(2):
        axes[1].plot(data["g"], data["z"][2, :, k], color=COLOURS[k + 2],
                     label=f"into region {k + 1}")
        axes[1].errorbar(data["simulated"], data["mean"][2, :, k], data["error"][2, :, k],
                         marker="os"[k], color=COLOURS[k + 2], **SPREAD)
    for axis in axes:
        axis.set_xlabel("strength of the disorder")
        axis.set_ylabel("current $|z|$")
        axis.set_ylim(0.0, None)
        axis.legend()
    axes[0].set_title(f"Both ways: the place does not matter, $c = {data['strength']:g}$")
    axes[1].set_title(f"From region 1 to 2 only; points $N = {data['neurons']}$")


FIGURES = (
    Figure("multiregion_disorder", disorder, draw_disorder,
           settings={"couplings": [0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0],
                     "shown": [1.2, 2.8], "stop": 240.0, "late": 80.0, "dt": 0.1, "tol": 1e-4,
                     "until": 40.0, "every": 2.0, "neurons": 1500, "networks": 20, "seed": 1},
           quick={"couplings": [0.3, 2.8], "shown": [1.2, 2.8], "stop": 40.0, "late": 15.0,
                  "dt": 0.2, "tol": 1e-2, "until": 10.0, "every": 2.0, "neurons": 200,
                  "networks": 4, "seed": 1}, panels=3),
    Figure("multiregion_silencing", silencing, draw_silencing,
           settings={"g": 0.3, "settle": 60.0, "until": 40.0, "dt": 0.1, "tol": 1e-4, "every": 2.0,
                     "neurons": 1500, "networks": 20, "seed": 5},
           quick={"g": 0.3, "settle": 20.0, "until": 10.0, "dt": 0.2, "tol": 1e-2, "every": 2.0,
                  "neurons": 200, "networks": 4, "seed": 5}, panels=3),
    Figure("multiregion_cross_disorder", cross_disorder, draw_cross_disorder,
           settings={"strength": 2.0, "couplings": [0.0, 0.3, 0.6, 0.9, 1.2, 1.4, 1.6, 1.7, 1.8,
                                                    1.9, 2.0, 2.2, 2.4],
                     "points": 120, "simulated": [0.4, 0.8, 1.2, 1.6, 1.8], "stop": 60.0,
                     "dt": 0.2, "neurons": 1200, "networks": 16, "seed": 1},
           quick={"strength": 2.0, "couplings": [0.0, 0.8, 1.6], "points": 20,
                  "simulated": [0.8], "stop": 10.0, "dt": 0.2, "neurons": 200, "networks": 4,
                  "seed": 1}),
)
