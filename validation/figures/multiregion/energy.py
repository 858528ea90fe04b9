"""Multiregion figures: symmetric effective interactions, their energy and attractor manifold."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY

from ...execution.progress import SILENT, Report
from ..registry import Data, Figure

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)


def descent(*, strengths: list[float], starts: int, stop: float, dt: float, tol: float, seed: int,
            report: Report = SILENT) -> Data:
    """Trajectories of symmetric currents without disorder, between K reciprocally coupled regions.

    c_{mu nu} = sqrt(b_mu b_nu) of regions with the given b, erf. `energy` (starts, times) relative
    to its value on the attractor manifold, `w` (starts, times, 2) the weights of the pairs (1, 2)
    and (1, 3), `vertices` (n, 2) and `rest` those of the manifold and its energy.
    """
    b = np.array(strengths)
    c = np.sqrt(np.outer(b, b))
    np.fill_diagonal(c, 0.0)
    network = dmft.MultiregionNetwork.symmetric(0.0, c)
    manifold = dmft.attractor_manifold(network)
    rest = float(dmft.energy(network, manifold.point(rng=seed)))
    rng, times = np.random.default_rng(seed), dmft.Times(stop, dt)
    energies, weights, currents = [], [], []
    for k in range(starts):
        z0 = rng.normal(size=c.shape) * rng.uniform(0.2, 0.9)
        z = dmft.solve(network, times=times, currents=z0, variance=0.0, tol=tol,
                       strict=False).z
        energies.append(dmft.energy(network, z) - rest)
        # mean over both directions of a pair; they are equal on the manifold only
        w = manifold.gains[:, None] * z**2
        weights.append((w + np.swapaxes(w, 1, 2))[:, 0, 1:3] / 2)
        currents.append(z[:, 0, 1:3])
        report(f"trajectory {k + 1}/{starts}")
    return {"t": times.t, "energy": np.array(energies), "w": np.array(weights),
            "z": np.array(currents), "rest": rest, "b": b,
            "vertices": np.array([one[0, 1:3] for one in manifold.vertices()])}


def draw_descent(data: Data, axes: list) -> None:
    """Energy against time; weights, and the manifold with the ends of the trajectories."""
    scale = abs(data["rest"])
    for k, energy in enumerate(data["energy"]):
        colour = COLOURS[k % len(COLOURS)]
        axes[0].semilogy(data["t"], energy / scale, color=colour, linewidth=1.2)
        axes[1].plot(*data["w"][k].T, color=colour, linewidth=0.9, alpha=0.8)
        axes[1].plot(*data["w"][k][0], marker=".", color=colour, markersize=4)
        axes[1].plot(*data["w"][k][-1], marker="o", color=colour, linestyle="none", zorder=4,
                     markeredgecolor="black", markeredgewidth=0.6)
    corners = _around(data["vertices"])
    axes[1].fill(*corners.T, color="0.88", zorder=0)
    axes[1].plot(*np.vstack([corners, corners[:1]]).T, color="black", linewidth=1.2, zorder=1,
                 label="attractor manifold")
    axes[1].plot([], [], marker="o", linestyle="none", color="white", markeredgecolor="black",
                 label=f"ends, $t = {data['t'][-1]:g}$")
    axes[0].set_ylim(1e-10, 3.0)
    axes[0].set_xlabel("$t$ (neuronal time constants)")
    axes[0].set_ylabel(r"$(E - E_{\min})\,/\,|E_{\min}|$")
    axes[0].set_title("The energy never rises")
    axes[1].set_xlabel("weight $w_{12}$ of the pair (1, 2)")
    axes[1].set_ylabel("weight $w_{13}$ of the pair (1, 3)")
    axes[1].set_title(f"{len(data['b'])} regions: currents end on a polygon")
    size = np.max(data["vertices"])
    axes[1].set_xlim(-0.06 * size, 1.35 * size)
    axes[1].set_ylim(-0.06 * size, 1.65 * size)
    axes[1].legend(loc="upper right")


def _around(points: np.ndarray) -> np.ndarray:
    """Points ordered by their angle about their centre."""
    away = points - points.mean(axis=0)
    return points[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]


def manifolds(*, regions: list[int], draws: int, spread: tuple[float, float], seed: int,
              report: Report = SILENT) -> Data:
    """Attractor manifolds of regions with random b, c_{mu nu} = sqrt(b_mu b_nu), erf.

    For each number of regions and draw: `dimension`, `forced` (number of pairs whose currents never
    vanish), `star` (the load of one region exceeds that of all others together); and for all pairs
    the `least` weight by linear programmes and its `closed` form max(0, y_mu + y_nu - Y/2),
    relative to Y.
    """
    rng = np.random.default_rng(seed)
    shape = (len(regions), draws)
    dimension, forced, star = (np.zeros(shape, dtype=int) for _ in range(3))
    least, closed = [], []
    for i, K in enumerate(regions):
        for k in range(draws):
            b = rng.uniform(*spread, size=K)
            c = np.sqrt(np.outer(b, b))
            np.fill_diagonal(c, 0.0)
            found = dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(0.0, c))
            y = 2 / np.pi * (b**2 - 1) / b
            star[i, k] = np.max(y) >= np.sum(y) / 2
            dimension[i, k] = found.dimension
            upper = np.triu_indices(K, 1)
            forced[i, k] = int(np.sum(found.forced[upper]))
            if not star[i, k]:
                least.append(found.least[upper] / np.sum(y))
                closed.append(np.maximum(0, (y[:, None] + y)[upper] - np.sum(y) / 2) / np.sum(y))
        report(f"{K} regions")
    return {"regions": np.array(regions), "dimension": dimension, "forced": forced, "star": star,
            "least": np.concatenate(least), "closed": np.concatenate(closed)}


def draw_manifolds(data: Data, axes: list) -> None:
    """Dimension and components against the number of regions; closed form of the least weights."""
    K, draws = data["regions"], data["dimension"].shape[1]
    line = np.arange(K[0], K[-1] + 1)
    axes[0].plot(line, line * (line - 3) / 2, color="black", label="$K(K-3)/2$")
    for i, one in enumerate(K):
        for star, colour, label in ((0, BLUE, "random $b$"), (1, ORANGE, "star: isolated points")):
            chosen = data["dimension"][i][data["star"][i] == star]
            values, counts = np.unique(chosen, return_counts=True)
            axes[0].scatter(np.full(len(values), one), values, s=12 + 80 * counts / draws,
                            color=colour, zorder=3 + star, label=label if i == 0 else None)
    axes[0].set_ylim(-0.9, None)
    axes[0].set_ylabel("dimension of the manifold")
    axes[0].set_title("Continuous attractors")
    axes[0].legend(loc="upper left")
    most = int(np.max(data["forced"][data["star"] == 0]))
    floor = np.zeros(len(K))
    shades = ("#f0f0f0", SKY, BLUE, ORANGE, GREEN, PURPLE, RED)
    for f in range(most + 1):
        share = np.mean((data["forced"] == f) & (data["star"] == 0), axis=1)
        axes[1].bar(K, share, bottom=floor, color=shades[f], width=0.7, edgecolor="0.3",
                    linewidth=0.5, label=f"{2**f}")
        floor += share
    axes[1].bar(K, 1 - floor, bottom=floor, color="white", edgecolor="0.3", width=0.7,
                linewidth=0.5, hatch="////", label="star")
    axes[1].set_ylim(0, 1)
    axes[1].set_ylabel("share of draws")
    axes[1].set_title("Connected components, $2^f$")
    axes[1].legend(title="components", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    for axis in axes[:2]:
        axis.set_xlabel("number of regions $K$")
        axis.set_xticks(K)
    top = float(np.max(data["closed"])) * 1.05
    axes[2].plot([0, top], [0, top], color="black", zorder=1, label="equal")
    axes[2].plot(data["closed"], data["least"], marker="o", linestyle="none", color=ORANGE,
                 markersize=3.5, alpha=0.7, label="pairs of regions")
    axes[2].set_xlabel(r"$\max(0,\; y_\mu + y_\nu - Y/2)\,/\,Y$")
    axes[2].set_ylabel(r"least $w_{\mu\nu}\,/\,Y$ (linear programme)")
    axes[2].set_title("Currents that can never vanish")
    axes[2].legend(loc="upper left")


FIGURES = (
    Figure("multiregion_energy", descent, draw_descent,
           settings={"strengths": [1.5, 1.7, 1.8, 2.0], "starts": 12, "stop": 60.0, "dt": 0.1,
                     "tol": 1e-6, "seed": 1},
           quick={"strengths": [1.5, 1.7, 1.8, 2.0], "starts": 5, "stop": 40.0, "dt": 0.2,
                  "tol": 1e-4, "seed": 1}),
    Figure("multiregion_manifold", manifolds, draw_manifolds,
           settings={"regions": [3, 4, 5, 6, 7], "draws": 60, "spread": (1.2, 2.5), "seed": 1},
           quick={"regions": [3, 4, 5], "draws": 6, "spread": (1.2, 2.5), "seed": 1}, panels=3),
)
