"""Figure of plasticity: the most numerous stable fixed points are marginal at large N."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, ORANGE, PURPLE

from ...execution.progress import SILENT, Report
from ...plasticity.enumeration import fixed_points_of
from ...settings.settings import seed_of
from ..registry import Data, Figure
from .networks import networks_of, stacked


def marginal(*, g: float, p: float, strengths: list[float], shape: list[float],
             counted: list[float], neurons: list[int], networks: list[int], seed: int,
             report: Report = SILENT) -> Data:
    """Spectra of the most numerous stable fixed points, and eigenvalues at all of small networks.

    Arrays `boundary` (k, n) complex, the curves of each k separated by NaN and padded with NaN, and
    `C` (k,), of the most numerous stable points at `strengths`; `eigenvalues` (k, m) complex, of
    all stable fixed points of the networks of the largest size, also padded. `outer` (line,): the
    largest real part at the points of the outer family, NaN where they are unstable, at `line`,
    shape[2] values of k from shape[0] to shape[1]. `rightmost`, `rightmost_error` (counted,
    neurons): largest real part at a stable point, averaged over the points of a network and then
    over the networks that have any.
    """
    edges, amplitudes, shown = [], [], []
    for net in networks_of(g, strengths, p):
        points = dmft.fixed_points(net)
        edges.append(np.concatenate([np.append(one, [one[0], np.nan])
                                     for one in points.marginal_spectrum().boundary()]))
        amplitudes.append(points.stable.C)
        shown.append(np.concatenate(
            stable_eigenvalues(net, neurons[-1], networks[-1], seed)).ravel())
        report(f"spectra at k={net.k:g}")
    rightmost = np.full((2, len(counted), len(neurons)), np.nan)
    for row, net in enumerate(networks_of(g, counted, p)):
        for column, (size, many) in enumerate(zip(neurons, networks, strict=True)):
            means = np.array([one.real.max(axis=1).mean()
                              for one in stable_eigenvalues(net, size, many, seed) if len(one)])
            if len(means) > 1:
                rightmost[:, row, column] = means.mean(), means.std(ddof=1) / np.sqrt(len(means))
        report(f"fixed points at k={net.k:g}")
    line = np.linspace(shape[0], shape[1], int(shape[2]))
    return {"g": g, "p": p, "k": np.array(strengths), "boundary": stacked(edges),
            "C": np.array(amplitudes), "eigenvalues": stacked(shown), "line": line,
            "outer": np.array([_outer_abscissa(net) for net in networks_of(g, list(line), p)]),
            "counted": np.array(counted), "neurons": np.array(neurons),
            "networks": np.array(networks), "rightmost": rightmost[0],
            "rightmost_error": rightmost[1]}


def stable_eigenvalues(network: dmft.PlasticNetwork, neurons: int, networks: int,
                       seed: int) -> list[np.ndarray]:
    """(F, 2N) eigenvalues at the stable fixed points of each network, one of each pair x, -x."""
    found = [fixed_points_of(network, *seed_of(seed), neurons, index)[1]
             for index in range(networks)]
    return [one[one.real.max(axis=1) < 0] for one in found]


def _outer_abscissa(network: dmft.PlasticNetwork) -> float:
    outer = [one for one in dmft.fixed_points(network) if one.root == "outer" and one.stable]
    return float(outer[-1].spectrum().abscissa) if outer else np.nan


def draw_marginal(data: Data, axes: list) -> None:
    """A panel for each k with the spectrum, and one with the largest real part against k."""
    size = data["neurons"][-1]
    reach = 1.15 * np.nanmax(np.abs(data["boundary"].imag))
    for axis, k, C, points, edge in zip(axes, data["k"], data["C"], data["eigenvalues"],
                                        data["boundary"], strict=False):
        axis.axvline(0.0, color="0.8", linewidth=1.0, zorder=0)
        axis.plot(points.real, points.imag, linestyle="none", marker=".", markersize=2.0,
                  color=BLUE, rasterized=True,
                  label=f"all stable points of\n{data['networks'][-1]} networks, $N={size}$")
        axis.plot(edge.real, edge.imag, color=ORANGE, label="most numerous,\n$N\\to\\infty$")
        axis.set_xlim(-1.7, 0.15)
        axis.set_ylim(-reach, reach)
        axis.set_title(f"$k={k:g}$, $C={C:.3f}$")
        axis.set_xlabel(r"Re $\lambda$ (1/neuronal time constant)")
        axis.set_ylabel(r"Im $\lambda$")
    axes[len(data["k"]) - 1].legend(loc="upper center", markerscale=3)
    last = axes[len(data["k"])]
    last.axhline(0.0, color=ORANGE, label="most numerous, $N\\to\\infty$")
    last.plot(data["line"], data["outer"], "--", color=PURPLE, label="outer family")
    for m, number in enumerate(data["neurons"]):
        shade = str(0.55 - 0.55 * m / max(1, len(data["neurons"]) - 1))
        last.errorbar(data["counted"], data["rightmost"][:, m], data["rightmost_error"][:, m],
                      linestyle="none", marker="os^D"[m % 4], color=shade,
                      label=f"$N={number}$, {data['networks'][m]} networks")
    last.set_xlabel("plasticity $k$")
    last.set_ylabel(r"largest Re $\lambda$")
    last.set_title(f"Stable fixed points, $g={data['g']:g}$, $p={data['p']:g}$")
    last.set_ylim(-0.68, 0.03)
    last.legend(loc="lower left")


FIGURES = (
    Figure("plasticity_marginal", marginal, draw_marginal,
           settings={"g": 1.5, "p": 2.5, "strengths": [1.5, 2.0, 3.0], "shape": [1.3, 3.2, 20],
                     "counted": [1.6, 2.0, 2.5, 3.0], "neurons": [6, 8, 10],
                     "networks": [100, 60, 30], "seed": 1},
           quick={"g": 1.5, "p": 2.5, "strengths": [1.5, 2.0, 3.0], "shape": [2.0, 3.0, 2],
                  "counted": [2.0, 3.0], "neurons": [4, 6], "networks": [10, 6], "seed": 1},
           panels=4, rows=2),
)
