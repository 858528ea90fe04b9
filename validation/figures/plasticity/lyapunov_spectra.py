"""Figure of plasticity: entropy rate and attractor dimension of the theory, and of networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import dmft
from dmft.plots.style import BLUE, ORANGE

from ...execution.progress import Report
from ...lyapunov.lyapunov_spectrum import lyapunov_spectrum
from ..registry import Data, Figure
from .networks import SILENT, networks_of

NAMES = ("entropy_rate", "dimension", "above")


def spectra(*, g: float, p: float, strengths: list[float], tol: float, threshold: float,
            simulated: list[float], networks: dict, seed: int, store: Path | None = None,
            report: Report = SILENT) -> Data:
    """Entropy rate, Kaplan-Yorke dimension and fraction of exponents above a threshold.

    Arrays `entropy_rate`, `dimension`, `above` and their `_error` at `k`, by theory; with the
    prefix `networks_` at `simulated`, means over networks.
    """
    def each(part: str, function, at: list[float], **options) -> list:
        return dmft.scan(function, networks_of(g, at, p), rng=seed, **options,
                         store=None if store is None else store / part,
                         callback=lambda done, total, *_: report(f"{part}, {done} of {total}"))

    if store is not None:
        store.mkdir(exist_ok=True)
    theory = each("theory", of_theory, strengths, tol=tol, threshold=threshold)
    counts = each("networks", of_networks, simulated, threshold=threshold, settings=networks)
    data = {"g": g, "p": p, "k": np.array(strengths), "threshold": threshold,
            "simulated": np.array(simulated), "neurons": networks["neurons"],
            "networks": networks["networks"]}
    for prefix, rows in (("", theory), ("networks_", counts)):
        for name in NAMES:
            data[prefix + name] = np.array([row[name] for row in rows])
            data[f"{prefix}{name}_error"] = np.array([row[f"{name}_error"] for row in rows])
    return data


def of_theory(network: dmft.PlasticNetwork, tol: float, threshold: float,
              rng: np.random.Generator) -> dict[str, float]:
    """The three numbers, with their standard errors."""
    first, second = rng.spawn(2)
    found = dmft.lyapunov_spectrum(dmft.solve(network, tol=tol, rng=first), rng=second)
    F = found.F(threshold)
    return _row(found.entropy_rate, found.dimension, dmft.Estimate(1 - F.value, F.stderr))


def of_networks(network: dmft.PlasticNetwork, threshold: float, settings: dict,
                rng: np.random.Generator) -> dict[str, float]:
    """The same of networks: means and standard errors over them."""
    size = settings["neurons"]
    found = lyapunov_spectrum(network, rng=rng, synapse_weight=float(size), **settings)
    rows = found.per_network["exponents"]
    return _row(_mean(np.sum(np.maximum(rows, 0), axis=1) / size), found.dimension,
                _mean(np.sum(rows > threshold, axis=1) / size))


def _mean(values: np.ndarray) -> dmft.Estimate:
    return dmft.Estimate(values.mean(), values.std(ddof=1) / np.sqrt(len(values)))


def _row(*found: dmft.Estimate) -> dict[str, float]:
    row = {name: float(one) for name, one in zip(NAMES, found, strict=True)}
    return row | {f"{name}_error": float(one.stderr)
                  for name, one in zip(NAMES, found, strict=True)}


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
