"""Multiregion figure: chaotic currents, theory and simulation until they come apart."""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE

from ...execution.progress import SILENT, Report
from ...simulation.simulate import simulate
from ..registry import Data, Figure
from .examples import chaotic_currents

SHADES = (BLUE, ORANGE, GREEN)


def chaos(*, stop: float, dt: float, tol: float, every: float, neurons: list[int], networks: int,
          couplings: list[float], times: float, seed: int, report: Report = SILENT) -> Data:
    """Chaotic currents of three regions in time, and their exponent against disorder.

    `z` (times, R, R) at `t` by theory, with its `error` relative to the largest current; `one`
    (sizes, at, R, R) currents of one finite network of each size, and `distance` (sizes, at), root
    mean square over networks of the distance from the theory, relative to the theory's rms. The
    theory starts on the attractor. `exponent` and `exponent_stderr` for disorder g in all regions.
    """
    network, z0 = chaotic_currents()
    start: dict[str, Any] = {"currents": z0, "variance": 0.0}
    grid, at = dmft.Times(stop, dt), np.arange(0.0, stop + every / 2, every)
    solution = dmft.solve(network, times=grid, tol=tol, strict=False, **start)
    report("theory")
    theory = solution.z[[int(np.argmin(np.abs(grid.t - one))) for one in at]]
    size = float(np.sqrt(np.mean(np.sum(theory**2, axis=(1, 2)))))
    one, distance = [], []
    for N in neurons:
        runs = simulate(network, N, networks, trials=1, times=grid, at=at, dt=0.1, rng=seed + N,
                        **start)
        rows = np.asarray(runs.samples("z")).reshape(-1, *theory.shape)
        one.append(rows[0])
        apart = np.sum((rows - theory) ** 2, axis=(2, 3))
        distance.append(np.sqrt(apart.mean(axis=0)) / size)
        report(f"N = {N}")
    found = []
    for g in couplings:
        found.append(dmft.lyapunov_exponent(chaotic_currents(g)[0], currents=z0, variance=g**2,
                                            times=dmft.Times(times, 0.2)))
        report(f"g = {g:g}")
    return {"t": grid.t, "at": at, "z": solution.z, "error": solution.error,
            "neurons": np.array(neurons), "networks": networks, "one": np.array(one),
            "distance": np.array(distance), "g": np.array(couplings),
            "exponent": np.array([float(value) for value in found]),
            "exponent_stderr": np.array([float(value.stderr) for value in found])}


def draw_chaos(data: Data, axes: list) -> None:
    """One current; distance of simulation and theory; exponent against disorder."""
    place = np.unravel_index(np.argmax(np.std(data["z"], axis=0)), data["z"].shape[1:])
    axes[0].plot(data["t"], data["z"][:, place[0], place[1]], color="black", label="theory")
    for k, N in enumerate(data["neurons"]):
        axes[0].plot(data["at"], data["one"][k][:, place[0], place[1]], color=SHADES[k],
                     linewidth=0.9, label=f"$N = {N}$")
        axes[1].semilogy(data["at"][1:], data["distance"][k][1:], color=SHADES[k],
                         label=f"$N = {N}$")
    reach = float(np.max(np.abs(data["z"][:, place[0], place[1]])))
    axes[0].set_ylim(-1.1 * reach, 1.9 * reach)
    axes[0].set_ylabel(f"current $z^{{{place[0] + 1}{place[1] + 1}}}(t)$")
    axes[0].set_title("One network of each size")
    axes[0].legend(loc="upper right", ncols=2)
    # through the first values of the largest networks, at the exponent without disorder
    rate, t = float(data["exponent"][np.argmin(data["g"])]), data["at"]
    early = data["distance"][-1][int(len(t) / 8)]
    axes[1].semilogy(t, early * np.exp(rate * (t - t[int(len(t) / 8)])), color="0.4",
                     linestyle="--", label=rf"$e^{{\lambda t}}$, $\lambda = {rate:.2f}$")
    axes[1].set_ylim(0.3 * np.min(data["distance"][:, 1:]), 8.0)
    axes[1].set_ylabel("distance from the theory")
    axes[1].set_title(f"Relative distance, {data['networks']} networks")
    axes[1].legend(loc="lower right")
    for axis in axes[:2]:
        axis.set_xlabel("$t$ (neuronal time constants)")
    axes[2].errorbar(data["g"], data["exponent"], data["exponent_stderr"], marker="o",
                     color=PURPLE, linestyle="none")
    axes[2].axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[2].set_xlabel("disorder $g$ in each region")
    axes[2].set_ylabel(r"largest exponent of the currents")
    axes[2].set_title("Chaotic currents and disorder")


FIGURES = (
    Figure("multiregion_chaos", chaos, draw_chaos,
           settings={"stop": 60.0, "dt": 0.1, "tol": 1e-6, "every": 0.5,
                     "neurons": [1000, 4000, 16000], "networks": 8,
                     "couplings": [0.0, 0.5, 1.0, 1.5, 2.0], "times": 400.0, "seed": 1},
           quick={"stop": 10.0, "dt": 0.1, "tol": 1e-3, "every": 1.0, "neurons": [100, 200],
                  "networks": 2, "couplings": [0.0, 0.5], "times": 32.0, "seed": 1}, panels=3),
)
