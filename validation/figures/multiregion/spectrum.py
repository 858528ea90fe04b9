"""Multiregion figures: eigenvalues of the couplings, and of psi T_hat along a limit cycle."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY

from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .examples import couplings, limit_cycle

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)


def spectrum(*, g: float, neurons: int, stop: float, dt: float, tol: float, seed: int,
             report: Report = SILENT) -> Data:
    """Eigenvalues of one finite network, the theory's bulk and outliers; and those of psi T_hat.

    Complex `values` of the finite network, `outliers`, `radius`; along a limit cycle without
    disorder `t` and complex `instant` (times, R^2), tracked in time, with `z` (times, R^2).
    """
    network, z0 = limit_cycle(g)
    theory = dmft.jacobian_spectrum(network)
    values = np.linalg.eigvals(couplings(network, neurons, seed))
    report("eigenvalues of a finite network")
    network, z0 = limit_cycle(0.0)
    solution = dmft.solve(network, times=dmft.Times(stop, dt), currents=z0, variance=0.5, tol=tol,
                          strict=False)
    half = slice(len(solution.times) // 2, None)
    T_hat, R = dmft.effective_matrix(network.T), network.regions
    psi = solution.psi[half]
    # current [mu, nu] is multiplied by the gain of the region that it comes from
    instant = np.linalg.eigvals(np.tile(psi, (1, R))[:, :, None] * T_hat)
    return {"values": values, "outliers": theory.outliers, "radius": theory.radius, "g": g,
            "neurons": neurons, "t": solution.times.t[half] - solution.times.t[half][0],
            "instant": _followed(instant), "z": solution.z[half].reshape(len(psi), -1),
            "period": float(dmft.period(solution))}


def _followed(values: np.ndarray) -> np.ndarray:
    """Rows of eigenvalues, ordered such that each changes least from row to row."""
    from scipy.optimize import linear_sum_assignment

    out = values.astype(complex)
    for k in range(1, len(out)):
        rows, columns = linear_sum_assignment(np.abs(out[k - 1][:, None] - out[k]))
        out[k] = out[k][columns[np.argsort(rows)]]
    return out


def draw_spectrum(data: Data, axes: list) -> None:
    """Two complex planes and one time series."""
    circle = np.exp(1j * np.linspace(0, 2 * np.pi, 200))
    axes[0].plot(data["values"].real, data["values"].imag, linestyle="none", marker=".",
                 markersize=2.5, color="0.6", label=f"one network, $N = {data['neurons']}$",
                 rasterized=True)
    axes[0].plot(data["radius"] * circle.real, data["radius"] * circle.imag, color=BLUE,
                 label=f"bulk, $g = {data['g']:g}$ in one region")
    axes[0].plot(data["outliers"].real, data["outliers"].imag, linestyle="none", marker="o",
                 markersize=8, markerfacecolor="none", markeredgecolor=RED, label="outliers")
    reach = 1.15 * max(data["radius"], float(np.max(np.abs(data["outliers"]))))
    axes[0].set_xlim(-reach, reach)
    axes[0].set_ylim(-reach, 1.9 * reach)
    axes[0].set_aspect("equal")
    axes[0].set_title("Eigenvalues of the couplings")
    axes[0].legend(loc="upper left")
    late = data["t"] <= 1.02 * data["period"]
    rows = data["instant"][late]
    image = axes[1].scatter(rows.real, rows.imag, c=np.repeat(
        data["t"][late][:, None] / data["period"], rows.shape[1], axis=1), s=3, cmap="viridis",
        vmin=0, vmax=1, rasterized=True)
    axes[1].figure.colorbar(image, ax=axes[1], label="time / period")
    axes[1].axvline(1.0, color="0.7", linewidth=1.0, zorder=0)
    axes[1].set_title(r"Eigenvalues of $\psi\,\hat T$ on a limit cycle")
    for axis in axes[:2]:
        axis.set_xlabel(r"Re $\lambda$")
        axis.set_ylabel(r"Im $\lambda$")
        axis.axhline(0.0, color="0.9", linewidth=1.0, zorder=0)
    span = data["t"] <= 2.5 * data["period"]
    largest = data["instant"].real.max(axis=1)
    axes[2].plot(data["t"][span], largest[span], color=BLUE, label=r"largest Re $\lambda(t)$")
    size = np.sqrt(np.sum(data["z"] ** 2, axis=1))
    axes[2].plot(data["t"][span], size[span], color=ORANGE, label=r"$(\sum z^2)^{1/2}$")
    axes[2].axhline(1.0, color="0.7", linewidth=1.0, zorder=0)
    axes[2].set_ylim(0.0, 1.35 * max(np.max(size), np.max(largest)))
    axes[2].set_xlabel("$t$ (neuronal time constants)")
    axes[2].set_ylabel("eigenvalue, size")
    axes[2].set_title("Gains fall as the currents rise")
    axes[2].legend(loc="upper right")


FIGURES = (
    Figure("multiregion_spectrum", spectrum, draw_spectrum,
           settings={"g": 1.5, "neurons": 700, "stop": 200.0, "dt": 0.1, "tol": 1e-5, "seed": 2},
           quick={"g": 1.5, "neurons": 150, "stop": 160.0, "dt": 0.1, "tol": 1e-2, "seed": 2},
           panels=3),
)
