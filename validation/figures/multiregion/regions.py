"""Multiregion figures: competition of constant currents and disorder in a region."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE

from ...execution.progress import SILENT, Report
from ...simulation.simulate import simulate
from ..registry import Data, Figure

COLOURS = (BLUE, ORANGE, GREEN)
MARKERS = ("o", "s", "^")
SPREAD = {"linestyle": "none", "markerfacecolor": "white", "zorder": 3}


def phases(*, couplings: tuple[float, float], overlaps: tuple[float, float], points: int,
           report: Report = SILENT) -> Data:
    """R = 1: current sqrt(A) and C(0) = <phi^2> over disorder g and overlap T, erf.

    Arrays (points, points), a row for each T: `z`, `C`; lines `onset`, `loss` at `T_lines`.
    """
    # centres of cells, so that no point lies on a boundary
    g, T = (low + (high - low) * (np.arange(points) + 0.5) / points
            for low, high in (couplings, overlaps))
    z, C = np.zeros((points, points)), np.zeros((points, points))
    for j, strength in enumerate(g):
        chaos = dmft.solve(dmft.RandomNetwork(strength, dmft.erf), strict=False)
        for i, overlap in enumerate(T):
            structured = dmft.region_phase(overlap, strength).startswith("structured")
            if structured:
                z[i, j] = dmft.structured_region(overlap, strength).amplitude
            C[i, j] = _power(overlap) if structured else float(chaos.C_phi[0])
        report(f"g = {strength:.2f}")
    lines = np.linspace(1.0 + 1e-6, overlaps[1], 200)
    return {"g": g, "T": T, "z": z, "C": C, "T_lines": lines,
            "onset": np.array([dmft.chaos_onset(one) for one in lines]),
            "loss": np.array([dmft.structure_loss(one) for one in lines])}


def _power(b: float) -> float:
    """<phi^2> of erf units at gain 1/b."""
    variance = 2 / np.pi * (b**2 - 1)
    return float(2 / np.pi * np.arcsin(variance / (variance + 2 / np.pi)))


def draw_phases(data: Data, axes: list) -> None:
    """Two maps over (g, T) with the phase boundaries and names."""
    g, T = data["g"], data["T"]
    labels = (r"current $|z|$", r"$C(0) = \langle\phi^2\rangle$")
    for axis, name, label in zip(axes, ("z", "C"), labels, strict=True):
        image = axis.pcolormesh(g, T, data[name], cmap="cividis", shading="nearest",
                                rasterized=True)
        axis.figure.colorbar(image, ax=axis, label=label)
        inside = data["loss"] <= g[-1] + 0.1
        axis.plot(data["loss"][inside], data["T_lines"][inside], color="white")
        inside = data["onset"] <= g[-1] + 0.1
        axis.plot(data["onset"][inside], data["T_lines"][inside], color="white", linestyle="--")
        axis.plot([1, 1], [T[0], 1], color="white", linestyle=":")
        axis.plot([g[0], 1], [1, 1], color="white", linestyle=":")
        axis.set_xlabel("disorder $g$")
        axis.set_ylabel("overlap $T$")
        axis.set_xlim(g[0], g[-1])
        axis.set_ylim(T[0], T[-1])
    for axis in axes:
        for x, y, text, colour in ((0.5, 0.75, "quiescent", "white"), (1.75, 1.2, "chaos", "white"),
                                  (0.75, 2.2, "structured", "black")):
            axis.text(x, y, text, color=colour, ha="center", va="center")
    axes[0].set_title("One region: a current where $T$ wins")
    axes[1].set_title("Activity; chaos inside right of the dashes")


def structure(*, strengths: list[float], points: int, couplings: list[float], neurons: int,
              networks: int, trials: int, stop: float, seed: int, report: Report = SILENT) -> Data:
    """sqrt(A) and Delta(inf)/Delta(0) against g for regions of gain 1/b, erf (R = 1: T = b).

    Theory (strengths, points) `amplitude`, `static` at `g`, with `onset` and `loss`; simulated
    current `mean`, `error` (strengths, couplings) over networks, NaN where the structure is lost.
    """
    onset, loss = (np.array([function(b) for b in strengths])
                   for function in (dmft.chaos_onset, dmft.structure_loss))
    # denser towards the loss, where the curves end with a vertical tangent
    near = np.maximum(np.linspace(1, 0, points - 1) ** 2, 1e-9)
    g = np.array([np.sort(np.append(last * (1 - near), first))
                  for first, last in zip(onset, loss, strict=True)])
    states = [[dmft.structured_region(b, one) for one in row]
              for b, row in zip(strengths, g, strict=True)]
    found = np.full((2, len(strengths), len(couplings)), np.nan)
    for i, b in enumerate(strengths):
        for j, one in enumerate(couplings):
            if one < 0.93 * loss[i]:  # near the loss finite networks leave the structured state
                found[:, i, j] = simulated_current(b, one, neurons, networks, trials, stop,
                                                   seed + 100 * i + j)
        report(f"b = {b:g}")
    return {"b": np.array(strengths), "g": g, "onset": onset, "loss": loss,
            "amplitude": np.array([[one.amplitude for one in row] for row in states]),
            "static": np.array([[one.static / one.variance for one in row] for row in states]),
            "g_simulated": np.array(couplings), "mean": found[0], "error": found[1],
            "neurons": neurons, "networks": networks}


def simulated_current(b: float, g: float, neurons: int, networks: int, trials: int, stop: float,
                      seed: int) -> tuple[float, float]:
    """Magnitude of the current, averaged over the second half of the time, with its standard error.
    """
    state = dmft.structured_region(b, g)
    runs = simulate(dmft.MultiregionNetwork(g, [[[b]]]), neurons, networks, trials=trials,
                    times=dmft.Times(stop, 1.0), at=np.arange(stop / 2, stop + 0.5),
                    currents=[[state.amplitude]], variance=state.variance - state.current_power,
                    dt=0.1, rng=seed)
    z = np.abs(runs.samples("z")[..., 0, 0]).mean(axis=1)
    return float(z.mean()), float(z.std(ddof=1) / np.sqrt(len(z)))


def draw_structure(data: Data, axes: list) -> None:
    """Two panels against g: the currents, and the static fraction of the variance."""
    for i, b in enumerate(data["b"]):
        colour, marker = COLOURS[i], MARKERS[i]
        for axis, name in zip(axes, ("amplitude", "static"), strict=True):
            axis.plot(data["g"][i], data[name][i], color=colour, label=f"$b = {b:g}$")
            axis.axvline(data["onset"][i], color=colour, linestyle=":", linewidth=1.0, zorder=0)
        axes[0].plot(data["loss"][i], 0.0, marker="x", color=colour, clip_on=False, zorder=4)
        axes[0].errorbar(data["g_simulated"], data["mean"][i], data["error"][i], marker=marker,
                         color=colour, **SPREAD)
        axes[1].plot([data["loss"][i]] * 2, [0, data["static"][i, -1]], color=colour, alpha=0.4,
                     linewidth=1.0)
    axes[0].errorbar([], [], [], marker="o", color="0.4", **SPREAD,
                     label=f"$N = {data['neurons']}$")
    for axis in axes:
        axis.set_xlabel("disorder $g$")
        axis.set_ylim(0.0, None)
    axes[0].set_ylabel(r"current $\sqrt{A}$")
    axes[1].set_ylabel(r"static share $\Delta_\infty\,/\,\Delta_0$")
    axes[0].set_title(r"Currents at gain $\psi = 1/b$ fall with disorder")
    axes[1].set_title("Chaos sets in at the dotted lines")
    axes[0].legend(loc="upper right")


def generation(*, strength: float, span: tuple[float, float], points: int, couplings: list[float],
               neurons: int, networks: int, trials: int, stop: float, seed: int,
               report: Report = SILENT) -> Data:
    """Two reciprocally coupled regions, disorder g in the first: its effect on the currents.

    Theory at `g`: `z` (points, 2), into region 1 and into region 2; `psi` (points, 2); `share`
    (points, 2), the variance of region 1 due to the current and in total. With `_mean`, `_error`
    (couplings, 2) of a simulation at `g_simulated`.
    """
    g = np.linspace(*span, points)
    z, psi, share = (np.zeros((points, 2)) for _ in range(3))
    for k, one in enumerate(g):
        z[k], psi[k], share[k] = _pair(strength, one)
        report(f"g = {one:.2f}")
    found = {f"{name}_{part}": np.zeros((len(couplings), 2)) for name in ("z", "psi", "share")
             for part in ("mean", "error")}
    for k, one in enumerate(couplings):
        start = _pair(strength, one)
        runs = simulate(_pair_network(strength, one), neurons, networks, trials=trials,
                        times=dmft.Times(stop, 1.0), at=np.arange(stop / 2, stop + 0.5),
                        currents=[[0, start[0][0]], [start[0][1], 0]],
                        variance=[max(start[2][1] - start[2][0], 0.0), 0.0], dt=0.1, rng=seed + k)
        into = runs.samples("z")
        samples = {"z": np.abs(np.stack([into[..., 0, 1], into[..., 1, 0]], axis=-1)),
                   "psi": runs.samples("psi"),
                   "share": np.stack([into[..., 0, 1] ** 2 + into[..., 0, 0] ** 2,
                                      runs.samples("variance")[..., 0]], axis=-1)}
        for name, values in samples.items():
            rows = values.mean(axis=1)
            found[f"{name}_mean"][k] = rows.mean(axis=0)
            found[f"{name}_error"][k] = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
        report(f"simulated g = {one:.2f}")
    return {"g": g, "z": z, "psi": psi, "share": share, "g_simulated": np.array(couplings),
            "strength": strength, "neurons": neurons, "networks": networks, **found}


def _pair_network(strength: float, g: float) -> dmft.MultiregionNetwork:
    return dmft.MultiregionNetwork.symmetric([g, 0.0], [[0.0, strength], [strength, 0.0]])


def _pair(strength: float, g: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Currents into both regions, gains, and (drive, variance) of the first, at the stable state.
    """
    states = dmft.fixed_points(_pair_network(strength, g), starts=6).stable
    best = max(states, key=lambda one: float(np.sum(one.z**2)), default=None)
    if best is None:  # only chaos without currents remains
        return np.zeros(2), np.full(2, np.nan), np.full(2, np.nan)
    return (np.abs(np.array([best.z[0, 1], best.z[1, 0]])), np.array(best.psi),
            np.array([best.drive[0], best.variance[0]]))


def draw_generation(data: Data, axes: list) -> None:
    """Three panels against g: currents, gains, and the contributions to the variance."""
    labels = {"z": ("into region 1", "into region 2"), "psi": ("region 1", "region 2"),
              "share": ("made by the current", "in all")}
    colours = {"z": (BLUE, ORANGE), "psi": (BLUE, ORANGE), "share": (GREEN, PURPLE)}
    for axis, name in zip(axes, labels, strict=True):
        for k in range(2):
            axis.plot(data["g"], data[name][:, k], color=colours[name][k], label=labels[name][k])
            axis.errorbar(data["g_simulated"], data[f"{name}_mean"][:, k],
                          data[f"{name}_error"][:, k], marker=MARKERS[k],
                          color=colours[name][k], **SPREAD)
        axis.set_xlabel("disorder $g$ in region 1")
        axis.set_ylim(0.0, None)
        axis.legend()
    axes[0].set_ylabel(r"current $|z|$")
    axes[1].set_ylabel(r"gain $\psi$")
    axes[2].set_ylabel(r"variance in region 1")
    axes[1].set_ylim(0.0, 1.05)
    axes[0].set_title(f"Transmission, $c = {data['strength']:g}$")
    axes[1].set_title(r"Gain: disorder takes it in region 1")
    axes[2].set_title(f"Generation; points: $N = {data['neurons']}$")


FIGURES = (
    Figure("multiregion_phases", phases, draw_phases,
           settings={"couplings": (0.0, 2.5), "overlaps": (0.5, 2.5), "points": 120},
           quick={"couplings": (0.0, 2.5), "overlaps": (0.5, 2.5), "points": 40}),
    Figure("multiregion_generation", generation, draw_generation,
           settings={"strength": 2.0, "span": (0.0, 4.2), "points": 43,
                     "couplings": [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5], "neurons": 1500,
                     "networks": 12, "trials": 4, "stop": 40.0, "seed": 1},
           quick={"strength": 2.0, "span": (0.0, 4.2), "points": 8, "couplings": [0.5, 1.5],
                  "neurons": 300, "networks": 4, "trials": 2, "stop": 10.0, "seed": 1}, panels=3),
    Figure("multiregion_structure", structure, draw_structure,
           settings={"strengths": [1.5, 2.0, 2.5], "points": 120,
                     "couplings": [0.4, 0.8, 1.2, 1.6, 2.0], "neurons": 1500, "networks": 24,
                     "trials": 4, "stop": 40.0, "seed": 1},
           quick={"strengths": [1.5, 2.0, 2.5], "points": 40, "couplings": [0.5, 1.2],
                  "neurons": 300, "networks": 4, "trials": 2, "stop": 10.0, "seed": 1}),
)
