"""Figure of plasticity: entropy rate and attractor dimension of the theory, and of networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dmft.plots.style import BLUE, ORANGE

from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from ..spectrum_numbers import numbers
from .networks import networks_of


def spectra(*, g: float, p: float, strengths: list[float], tol: float, threshold: float,
            simulated: list[float], networks: dict, seed: int, store: Path | None = None,
            report: Report = SILENT) -> Data:
    """Entropy rate, Kaplan-Yorke dimension and fraction of exponents above a threshold.

    The arrays of `numbers` at `k`, by theory; with the prefix `networks_` at `simulated`.
    """
    found = numbers(networks_of(g, strengths, p), networks_of(g, simulated, p), tol=tol,
                    threshold=threshold, networks=networks, seed=seed, store=store, report=report)
    return {"g": g, "p": p, "k": np.array(strengths), "simulated": np.array(simulated), **found}


def draw_spectra(data: Data, axes: list) -> None:
    """Dimension, entropy rate, and fraction of exponents above the threshold, against k."""
    labels = {"dimension": "Kaplan-Yorke dimension / $N$", "entropy_rate": "entropy rate / $N$",
              "above": f"fraction of exponents above {data['threshold']:g}"}
    for axis, (name, label) in zip(axes, labels.items(), strict=True):
        axis.errorbar(data["k"], data[name], data[f"{name}_error"], color=BLUE, marker=".",
                      label=r"theory, $N \to \infty$")
        axis.errorbar(data["simulated"], data[f"networks_{name}"],
                      data[f"networks_{name}_error"], linestyle="none", marker="o", color=ORANGE,
                      label=f"{data['networks']} networks, $N={data['neurons']}$")
        axis.set_xlabel("plasticity $k$")
        axis.set_ylabel(label)
        axis.set_ylim(0.0, None)
    axes[0].legend(loc="upper left")
    axes[0].set_title(f"Dimension, $g={data['g']:g}$, $p={data['p']:g}$")
    axes[1].set_title("Entropy rate")
    axes[2].set_title("Bulk of the spectrum")


FIGURES = (
    Figure("plasticity_lyapunov_spectra", spectra, draw_spectra, stored=True, panels=3,
           settings={"g": 2.0, "p": 2.5, "tol": 1e-3, "threshold": -0.2,
                     "strengths": [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.25, 1.5, 1.75, 2.0],
                     "simulated": [-1.0, 0.0, 1.0, 1.5, 2.0],
                     "networks": {"neurons": 80, "networks": 6, "count": 18, "duration": 120.0,
                                  "burn_in": 60.0, "dt": 0.1}, "seed": 1},
           quick={"g": 2.0, "p": 2.5, "tol": 1e-2, "threshold": -0.2, "strengths": [-1.0, 0.5],
                  "simulated": [-1.0, 0.5],
                  "networks": {"neurons": 24, "networks": 2, "count": 8, "duration": 20.0,
                               "burn_in": 10.0, "dt": 0.1}, "seed": 1}),
)
