"""Figures of the Lyapunov spectrum against white noise and against reciprocity."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import dmft
from dmft.base.checks import one_of

from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from ..spectrum_numbers import draw_numbers, numbers

PARAMETERS = {"noise": r"intensity of white noise $\sigma$", "reciprocity": "reciprocity $r$"}


def spectra(*, g: float, parameter: str, values: list[float], simulated: list[float],
            threshold: float, tol: float | None, networks: dict, seed: int,
            store: Path | None = None, report: Report = SILENT) -> Data:
    """The arrays of `numbers` along noise or reciprocity: theory at `values`, and networks."""
    one_of("parameter", parameter, tuple(PARAMETERS))

    def networks_at(where: list[float]) -> list[dmft.RandomNetwork]:
        return [dmft.RandomNetwork(g, dmft.tanh, **{parameter: one}) for one in where]

    found = numbers(networks_at(values), networks_at(simulated), threshold=threshold,
                    networks=networks, tol=tol, seed=seed, store=store, report=report)
    return {"g": g, "parameter": parameter, "values": np.array(values),
            "simulated": np.array(simulated), **found}


def draw_spectra(data: Data, axes: list) -> None:
    """Largest exponent, entropy rate, dimension, and fraction of exponents above the threshold."""
    draw_numbers(data, axes, "values", PARAMETERS[data["parameter"]])
    axes[0].legend(loc="best")
    axes[0].set_title(rf"Largest exponent, $\phi=\tanh$, $g={data['g']:g}$")
    axes[1].set_title("Entropy rate")
    axes[2].set_title("Attractor dimension")
    axes[3].set_title("Bulk of the spectrum")


NETWORKS = {"neurons": 400, "networks": 6, "count": 80, "duration": 150.0, "burn_in": 60.0,
            "dt": 0.1}
FEW = {"neurons": 40, "networks": 2, "count": 12, "duration": 20.0, "burn_in": 10.0, "dt": 0.1}
FIGURES = (
    Figure("iid_spectrum_noise", spectra, draw_spectra, stored=True, panels=4, rows=2,
           settings={"g": 3.0, "parameter": "noise", "threshold": -0.2, "tol": None,
                     "values": [0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0, 1.2, 1.4],
                     "simulated": [0.0, 0.4, 0.8, 1.2], "networks": NETWORKS, "seed": 1},
           quick={"g": 3.0, "parameter": "noise", "threshold": -0.2, "tol": None,
                  "values": [0.0, 0.5], "simulated": [0.5], "networks": FEW, "seed": 1}),
    Figure("iid_spectrum_reciprocity", spectra, draw_spectra, stored=True, panels=4, rows=2,
           settings={"g": 2.0, "parameter": "reciprocity", "threshold": -0.2, "tol": 1e-3,
                     "values": [-0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3],
                     "simulated": [-0.2, 0.0, 0.15, 0.3], "networks": NETWORKS, "seed": 1},
           quick={"g": 2.0, "parameter": "reciprocity", "threshold": -0.2, "tol": 1e-2,
                  "values": [0.0, 0.2], "simulated": [0.2], "networks": FEW, "seed": 1}),
)
