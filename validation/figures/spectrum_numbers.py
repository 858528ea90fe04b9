"""Numbers of Lyapunov spectra along a parameter, by theory and in networks, and their panels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import dmft
from dmft.network.network import AnyNetwork
from dmft.plots.axes import measured, theory
from dmft.plots.style import BLUE, ORANGE

from ..execution.progress import SILENT, Report
from ..lyapunov.lyapunov_spectrum import lyapunov_spectrum
from .registry import Data

NAMES = ("largest", "entropy_rate", "dimension", "above")
LABELS = {"largest": r"$\lambda_\mathrm{max}$ (per time constant)",
          "entropy_rate": r"$h/N$ (nats per time constant)",
          "dimension": r"Kaplan-Yorke dimension $D_\mathrm{KY}/N$",
          "above": "fraction of exponents above"}


def numbers(solved: Sequence[AnyNetwork], simulated: Sequence[AnyNetwork], *, threshold: float,
            networks: dict[str, Any], tol: float | None, seed: int, store: Path | None = None,
            report: Report = SILENT) -> Data:
    """Largest exponent, entropy rate, dimension and fraction of exponents above a threshold.

    Arrays of these NAMES, each with its `_error`, by theory for the networks `solved`; with the
    prefix `networks_` for those `simulated`, means over networks. `networks` are the settings of
    `validation.lyapunov_spectrum`, `tol` that of `solve`, if it samples.
    """
    def each(part: str, function, of: Sequence, **options) -> list:
        return dmft.scan(function, of, rng=seed, threshold=threshold, **options,
                         store=None if store is None else store / part,
                         callback=lambda done, total, *_: report(f"{part}, {done} of {total}"))

    if store is not None:
        store.mkdir(exist_ok=True)
    data: Data = {"threshold": threshold, "neurons": networks["neurons"],
                  "networks": networks["networks"]}
    for prefix, rows in (("", each("theory", of_theory, solved, tol=tol)),
                         ("networks_", each("networks", of_networks, simulated,
                                            settings=networks))):
        for name in rows[0]:
            data[prefix + name] = np.array([row[name] for row in rows])
    return data


def of_theory(network: AnyNetwork, threshold: float, tol: float | None,
              rng: np.random.Generator) -> dict[str, float]:
    """The four numbers, with their standard errors."""
    first, second = rng.spawn(2)
    solution = dmft.solve(network, rng=first, tol=tol)
    found = dmft.lyapunov_spectrum(solution, rng=second)
    return _row(found.largest, found.entropy_rate, found.dimension, 1 - found.F(threshold))


def of_networks(network: AnyNetwork, threshold: float, settings: dict,
                rng: np.random.Generator) -> dict[str, float]:
    """The same of networks: means and standard errors over them."""
    found = lyapunov_spectrum(network, rng=rng, synapse_weight=float(settings["neurons"]),
                              **settings)
    return _row(found.exponents[0], found.entropy_rate, found.dimension, 1 - found.F(threshold))


def _row(*found: dmft.Estimate) -> dict[str, float]:
    row = {name: float(one) for name, one in zip(NAMES, found, strict=True)}
    return row | {f"{name}_error": float(one.stderr)
                  for name, one in zip(NAMES, found, strict=True)}


def draw_numbers(data: Data, axes: list, parameter: str, label: str) -> None:
    """One panel for each of NAMES: theory (lines, bands of two standard errors) and networks."""
    for axis, name in zip(axes, NAMES, strict=True):
        theory(axis, data[parameter], dmft.Estimate(data[name], data[f"{name}_error"]),
               r"theory, $N \to \infty$", BLUE)
        measured(axis, data["simulated"], dmft.Estimate(data[f"networks_{name}"],
                                                        data[f"networks_{name}_error"]),
                 f"{data['networks']} networks, $N={data['neurons']}$", ORANGE)
        axis.set_xlabel(label)
        axis.set_ylabel(LABELS[name] + (f" {data['threshold']:g}" if name == "above" else ""))
        axis.set_ylim(min(0.0, 1.15 * float(np.min(data[name]))), None)
