"""Figures of plasticity: halt and release in theory and networks; memories one after another."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...execution.progress import SILENT, Report
from ...simulation.start import StoredState, start
from ..registry import Data, Figure

COLOURS = (BLUE, ORANGE, GREEN)


def halting(*, cases: list[list[float]], p: float, halt: float, release: float, stop: float,
            step: float, neurons: int, networks: int, seed: int, report: Report = SILENT) -> Data:
    """Overlap of phi with phi at the halt, in theory and in networks, at each (g, k) of `cases`.

    Arrays `t` (m,), `overlap`, `overlap_error` (c, m); `of_networks` (c, networks, m); `share`,
    `share_error`, the static share over the second half of the halt, and `shares` (c, networks).
    """
    times = dmft.Times(stop, 0.2, keep=round(step / 0.2))
    rows: dict[str, list] = {name: [] for name in ("overlap", "overlap_error", "share",
                                                   "share_error", "of_networks", "shares")}
    for g, k in cases:
        network = dmft.PlasticNetwork(g, k, p)
        found = dmft.solve(network, times=times, rng=seed,
                           schedule=dmft.Schedule(halt=halt, release=release))
        overlap, share = found.overlap(halt), found.static_share((halt + release) / 2, release)
        rows["overlap"].append(overlap.value)
        rows["overlap_error"].append(overlap.stderr)
        rows["share"].append(float(share))
        rows["share_error"].append(float(share.stderr))
        report(f"theory, g={g:g}, k={k:g}")
        each = [_one(network, neurons, seed + one, times.kept, halt, release)
                for one in range(networks)]
        rows["of_networks"].append([one for one, _ in each])
        rows["shares"].append([one for _, one in each])
        report(f"networks, g={g:g}, k={k:g}")
    return {name: np.array(row) for name, row in rows.items()} | {
        "t": times.kept, "cases": np.array(cases), "halt": halt, "release": release,
        "neurons": neurons, "p": p}


def _one(network, neurons: int, seed: int, at: np.ndarray, halt: float,
         release: float) -> tuple[np.ndarray, float]:
    """Overlaps of one network at the times, and its static share over the end of the halt."""
    run, states = start(network, neurons, rng=seed), []
    for before, now in zip([0.0, *at], at, strict=False):
        run.run(float(now - before))
        states.append(run.phi)
        if np.isclose(now, halt):
            run.halt()
        if np.isclose(now, release):
            run.release()
    phi = np.array(states)
    then = phi[int(np.argmin(np.abs(at - halt)))]
    held = phi[(at >= (halt + release) / 2 - 1e-9) & (at <= release + 1e-9)]
    norms = np.linalg.norm(phi, axis=1) * np.linalg.norm(then)
    share = float(np.sum(held.mean(axis=0)**2) / np.mean(np.sum(held**2, axis=1)))
    return phi @ then / norms, share


def draw_halting(data: Data, axes: list) -> None:
    """A panel for each case: the theory with its error, and thin lines of single networks."""
    for axis, case, row in zip(axes, data["cases"], range(len(axes)), strict=True):
        t = data["t"] - data["halt"]
        axis.axvspan(0.0, data["release"] - data["halt"], color="0.9", linewidth=0)
        for one in data["of_networks"][row]:
            axis.plot(t, one, color="0.55", linewidth=0.7)
        value, error = data["overlap"][row], data["overlap_error"][row]
        axis.plot(t, value, color=BLUE, linewidth=2.2, label="theory")
        axis.fill_between(t, value - 2 * error, value + 2 * error, color=BLUE, alpha=0.3,
                          linewidth=0)
        axis.plot([], [], color="0.55", linewidth=0.7, label=f"networks, $N={data['neurons']}$")
        axis.set_ylim(-0.35, 1.3)
        axis.set_xlabel("time after the halt")
        axis.set_title(f"$g={case[0]:g}$, $k={case[1]:g}$: static share "
                       f"{data['share'][row]:.2f}, networks {np.mean(data['shares'][row]):.2f}")
    axes[0].set_ylabel(r"overlap of $\phi$ with the state at the halt")
    axes[0].text((data["release"] - data["halt"]) / 2, 1.15, "halted", ha="center")
    axes[-1].legend(loc="upper right")


def memories(*, g: float, k: float, p: float, neurons: int, count: int, settle: float,
             spacing: float, recall: float, step: float, seed: int,
             report: Report = SILENT) -> Data:
    """Overlap of one network's activity with states that are stored and recalled in turn.

    Arrays `t` (m,) and `overlaps` (m, count), NaN before a state is stored; `stored`, `recalled`
    the times of both, and `order` the states that were recalled.
    """
    run = start(dmft.PlasticNetwork(g, k, p), neurons, rng=seed)
    kept: list[StoredState] = []
    t, overlaps = [], []

    def watch(duration: float) -> None:
        for _ in range(round(duration / step)):
            run.run(step)
            t.append(run.t)
            overlaps.append([run.overlap(one) for one in kept] + [np.nan] * (count - len(kept)))

    run.run(settle)
    stored, recalled, order = [], [], [*range(count)][::-2] + [*range(count)][-2::-2]
    for _ in range(count):
        watch(spacing)
        kept.append(run.store())
        stored.append(run.t)
    watch(spacing)
    for index in order:
        run.recall(kept[index])
        recalled.append(run.t)
        watch(recall)
    run.release()
    released = run.t
    watch(spacing)
    report("memories")
    return {"t": np.array(t), "overlaps": np.array(overlaps), "stored": np.array(stored),
            "recalled": np.array(recalled), "order": np.array(order), "released": released,
            "g": g, "k": k, "neurons": neurons}


def draw_memories(data: Data, axes: list) -> None:
    """Two panels: overlaps while states are stored, and while they are recalled in turn."""
    first = data["recalled"][0]
    ends = [*data["recalled"][1:], data["released"]]
    for begin, end, index in zip(data["recalled"], ends, data["order"], strict=True):
        axes[1].axvspan(begin, end, color=COLOURS[index], alpha=0.13, linewidth=0)
        axes[1].text((begin + end) / 2, 1.08, f"recall {index + 1}", ha="center")
    for axis, shown in zip(axes, (data["t"] <= first, data["t"] >= first), strict=True):
        for index in range(data["overlaps"].shape[1]):
            axis.plot(data["t"][shown], data["overlaps"][shown, index], color=COLOURS[index],
                      label=f"state {index + 1}")
        axis.axhline(0.0, color="0.7", linewidth=0.8, zorder=0)
        axis.set_ylim(-1.05, 1.25)
        axis.set_xlabel("time (neuronal time constants)")
    for index, time in enumerate(data["stored"]):
        axes[0].text(time, 1.08, f"store {index + 1}", ha="center", color=COLOURS[index])
    axes[0].set_xlim(data["stored"][0] - 25, first)
    axes[0].set_ylabel(r"overlap of $\phi$ with stored states")
    axes[0].set_title("Plasticity acts")
    axes[1].set_title("Couplings put back and held, then released")
    axes[0].legend(loc="lower left")
    axes[0].text(0.98, 0.04, f"one network, $N={data['neurons']}$\n$g={data['g']:g}$, "
                 f"$k={data['k']:g}$", ha="right", transform=axes[0].transAxes)


FIGURES = (
    Figure("plasticity_halting", halting, draw_halting,
           settings={"cases": [[1.5, 1.0], [2.0, 0.9]], "p": 2.5, "halt": 50.0, "release": 100.0,
                     "stop": 130.0, "step": 1.0, "neurons": 2000, "networks": 8, "seed": 1},
           quick={"cases": [[1.5, 1.0], [2.0, 0.9]], "p": 2.5, "halt": 10.0, "release": 20.0,
                  "stop": 25.0, "step": 1.0, "neurons": 300, "networks": 3, "seed": 1}),
    Figure("plasticity_memories", memories, draw_memories,
           settings={"g": 1.5, "k": 1.2, "p": 2.5, "neurons": 2000, "count": 3, "settle": 60.0,
                     "spacing": 40.0, "recall": 50.0, "step": 0.5, "seed": 2},
           quick={"g": 1.5, "k": 1.2, "p": 2.5, "neurons": 300, "count": 3, "settle": 20.0,
                  "spacing": 10.0, "recall": 15.0, "step": 0.5, "seed": 2}),
)
