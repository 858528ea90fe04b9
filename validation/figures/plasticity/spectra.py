"""Figure of plasticity: joint spectra of neurons and synapses, with the predicted boundary."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, ORANGE

from ...execution.progress import SILENT, Report
from ...plasticity.joint_jacobian import jacobian_eigenvalues
from ..registry import Data, Figure
from .networks import networks_of, stacked


def spectra(*, g: float, p: float, strengths: list[float], neurons: int, networks: int,
            burn_in: float, shape: list[float], tol: float, seed: int,
            report: Report = SILENT) -> Data:
    """Supports at several k, and eigenvalues at states of simulated networks.

    Arrays `eigenvalues` (k, 2N) of the first network and `boundary` (k, n) complex, its curves
    separated by NaN and all padded with NaN; `rightmost`, `rightmost_stderr`, `aspect` (k,) at
    `strengths`; `found_rightmost`, `found_aspect` (k, networks); `line_aspect`, `line_rightmost`
    at `line`, shape[2] values from shape[0] to shape[1]; `outside` (k,), the fraction of
    eigenvalues that are outside the support at a distance above 0.05.
    """
    values, edges, found = [], [], []
    rightmost, errors, aspect, outside = [], [], [], []
    for index, net in enumerate(networks_of(g, strengths, p)):
        support = dmft.jacobian_spectrum(dmft.solve(net, tol=tol, rng=seed), rng=seed)
        found.append(jacobian_eigenvalues(net, neurons, networks, burn_in=burn_in,
                                          rng=seed + index)[:, 0])
        values.append(found[-1][0])
        edges.append(np.concatenate([np.append(one, [one[0], np.nan])
                                     for one in support.boundary()]))
        rightmost.append(float(support.abscissa))
        errors.append(float(support.abscissa.stderr))
        aspect.append(support.aspect)
        outside.append(far(support, found[-1].ravel()))
        report(f"k={net.k:g}, {index + 1} of {len(strengths)}")
    line = np.linspace(shape[0], shape[1], int(shape[2]))
    drawn = [dmft.jacobian_spectrum(dmft.solve(net, tol=tol, rng=seed), rng=seed)
             for net in networks_of(g, list(line), p)]
    return {"g": g, "p": p, "k": np.array(strengths), "neurons": neurons, "networks": networks,
            "eigenvalues": stacked(values), "boundary": stacked(edges),
            "rightmost": np.array(rightmost), "rightmost_stderr": np.array(errors),
            "aspect": np.array(aspect), "outside": np.array(outside), "line": line,
            "found_rightmost": np.array([one.real.max(axis=1) for one in found]),
            "found_aspect": np.array([np.ptp(one.imag, axis=1) / np.ptp(one.real, axis=1)
                                      for one in found]),
            "line_rightmost": np.array([float(one.abscissa) for one in drawn]),
            "line_aspect": np.array([one.aspect for one in drawn])}


def far(support: dmft.JointSpectrum, values: np.ndarray, distance: float = 0.05) -> float:
    """Fraction of eigenvalues outside the support at more than a distance from its boundary."""
    apart = values[~support.contains(values)]
    if not len(apart):
        return 0.0
    edge = np.concatenate(support.boundary())
    nearest = np.array([np.min(np.abs(edge - one)) for one in apart])
    return float(np.sum(nearest > distance) / len(values))


def draw_spectra(data: Data, axes: list) -> None:
    """A panel for each k with the eigenvalues, and one with abscissa and aspect ratio."""
    shown = np.concatenate([data["eigenvalues"].ravel(), data["boundary"].ravel()])
    shown = shown[np.isfinite(shown)]
    reach = 1.08 * np.max(np.abs(shown.imag))
    left, right = shown.real.min() - 0.15, shown.real.max() + 0.15
    for axis, k, points, edge in zip(axes, data["k"], data["eigenvalues"], data["boundary"],
                                     strict=False):
        axis.axvline(0.0, color="0.8", linewidth=1.0, zorder=0)
        axis.plot(points.real, points.imag, linestyle="none", marker=".", markersize=1.6,
                  color=BLUE, label=rf"eigenvalues, $N={data['neurons']}$", rasterized=True)
        axis.plot(edge.real, edge.imag, color=ORANGE, label="predicted boundary")
        axis.plot([-1 / data["p"]], [0.0], linestyle="none", marker="|", markersize=9,
                  color="black", label=r"$-1/p$, all others")
        axis.set_xlim(left, right)
        axis.set_ylim(-reach, reach)
        axis.set_aspect("equal")
        axis.set_title(f"$k={k:g}$")
        axis.set_xlabel(r"Re $\lambda$ (1/neuronal time constant)")
        axis.set_ylabel(r"Im $\lambda$")
    axes[len(data["k"]) - 1].legend(loc="upper center", fontsize=8, markerscale=1.5)
    last = axes[len(data["k"])]
    for name, colour, marker, label in (
            ("rightmost", BLUE, "o", r"largest Re $\lambda$"),
            ("aspect", ORANGE, "s", "imaginary over real extent")):
        last.plot(data["line"], data[f"line_{name}"], color=colour, label=label)
        rows = data[f"found_{name}"]
        last.errorbar(data["k"], rows.mean(axis=1),
                      rows.std(axis=1, ddof=1) / np.sqrt(rows.shape[1]), linestyle="none",
                      marker=marker, color=colour)
    last.set_ylim(0.0, None)
    last.set_xlabel("plasticity $k$")
    last.set_title(f"$g={data['g']:g}$, $p={data['p']:g}$; points: {data['networks']} networks")
    last.legend(loc=(0.03, 0.28))


FIGURES = (
    Figure("plasticity_spectra", spectra, draw_spectra,
           settings={"g": 2.0, "p": 2.5, "strengths": [-2.0, -1.0, 0.0, 0.5, 1.0],
                     "neurons": 1000, "networks": 3, "burn_in": 100.0, "shape": [-2.0, 1.0, 13],
                     "tol": 2e-3, "seed": 1},
           quick={"g": 2.0, "p": 2.5, "strengths": [-2.0, -1.0, 0.0, 0.5, 1.0],
                  "neurons": 150, "networks": 2, "burn_in": 50.0, "shape": [-2.0, 1.0, 3],
                  "tol": 1e-2, "seed": 1},
           panels=6, rows=2),
)
