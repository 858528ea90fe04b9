"""Figure of plasticity: largest Lyapunov exponent, attractor dimension, and the whole spectrum."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import dmft
from dmft.plots.style import BLUE, ORANGE, RED

from ...execution.progress import SILENT, Report
from ...lyapunov.largest_exponent import lyapunov_exponent
from ...lyapunov.lyapunov_spectrum import lyapunov_spectrum
from ..registry import Data, Figure
from .networks import networks_of


def exponents(*, g: float, p: float, strengths: list[float], tol: float, exponent_tol: float,
              simulated: list[float], neurons: list[int], networks: int, trials: int,
              duration: float, dimensions: dict, whole: dict, seed: int,
              store: Path | None = None, report: Report = SILENT) -> Data:
    """Exponents of theory and networks, dimensions, and all exponents of small networks.

    Arrays `theory`, `theory_stderr` at `k`; `mean`, `error` (N, simulated); `dimension`,
    `dimension_error` (N, dimension_k), and `share`, the fraction of the squared norm of the leading
    vector in the synapses, in the norm with weight N; `all` (whole_k, networks, N + N^2).
    """
    def each(part: str, function: Callable[..., Any], at: list[float], **options) -> list:
        return dmft.scan(function, networks_of(g, at, p), rng=seed, **options,
                         store=None if store is None else store / part.replace(" ", "-"),
                         callback=lambda done, total, *_: report(f"{part}, {done} of {total}"))

    if store is not None:
        store.mkdir(exist_ok=True)
    theory = each("theory", exponent, strengths, tol=tol, exponent_tol=exponent_tol)
    means = [each(f"networks {size}", exponent_of_networks, simulated,
                  settings={"neurons": size, "networks": networks, "trials": trials,
                            "duration": duration}) for size in neurons]
    dimensions, whole = dict(dimensions), dict(whole)
    dimension_k, whole_k = dimensions.pop("strengths"), whole.pop("strengths")
    runs = dimensions.pop("runs")
    few = [each(f"dimensions {one['neurons']}", dimension_and_share, dimension_k,
                settings={**one, **dimensions}) for one in runs]
    spectra = each("whole spectra", all_exponents, whole_k, settings=whole)
    found = {name: np.array([[one[name] for one in row] for row in few])
             for name in ("dimension", "dimension_error", "share", "share_error")}
    return {"g": g, "p": p, "k": np.array(strengths), "simulated": np.array(simulated),
            "neurons": np.array(neurons), "networks": networks,
            "theory": np.array([float(one) for one in theory]),
            "theory_stderr": np.array([float(one.stderr) for one in theory]),
            "mean": np.array([[float(one) for one in row] for row in means]),
            "error": np.array([[float(one.stderr) for one in row] for row in means]),
            "dimension_k": np.array(dimension_k),
            "dimension_neurons": np.array([one["neurons"] for one in runs]),
            "dimension_networks": np.array([one["networks"] for one in runs]), **found,
            "whole_k": np.array(whole_k), "whole_neurons": whole["neurons"],
            "all": np.array(spectra)}


def exponent(network: dmft.PlasticNetwork, tol: float, exponent_tol: float,
             rng: np.random.Generator) -> dmft.Estimate:
    """Largest exponent of the theory."""
    first, second = rng.spawn(2)
    found = dmft.lyapunov_exponent(dmft.solve(network, tol=tol, rng=first), tol=exponent_tol,
                                   rng=second)
    return dmft.Estimate(float(found), float(found.stderr))


def exponent_of_networks(network: dmft.PlasticNetwork, settings: dict,
                         rng: np.random.Generator) -> dmft.Estimate:
    """Largest exponent, averaged over networks."""
    found = lyapunov_exponent(network, rng=rng, **settings)
    return dmft.Estimate(float(found), float(found.stderr))


def dimension_and_share(network: dmft.PlasticNetwork, settings: dict,
                        rng: np.random.Generator) -> dict[str, float]:
    """Kaplan-Yorke dimension per neuron, and the share of synapses in the first vector."""
    found = lyapunov_spectrum(network, rng=rng, synapse_weight=float(settings["neurons"]),
                              **settings)
    return {"dimension": float(found.dimension), "dimension_error": float(found.dimension.stderr),
            "share": float(found.share[0]), "share_error": float(found.share.stderr[0])}


def all_exponents(network: dmft.PlasticNetwork, settings: dict,
                  rng: np.random.Generator) -> np.ndarray:
    """All exponents (networks, N + N^2)."""
    size = settings["neurons"]
    found = lyapunov_spectrum(network, rng=rng, count=size + size**2, **settings)
    return found.per_network["exponents"]


def draw_exponents(data: Data, axes: list) -> None:
    """Four panels: largest exponent, dimension and share of synapses against k; all exponents."""
    axes[0].axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[0].errorbar(data["k"], data["theory"], data["theory_stderr"], color=BLUE,
                     label="theory")
    for row, size in enumerate(data["neurons"]):
        shade = str(0.6 - 0.6 * row / max(1, len(data["neurons"]) - 1))
        axes[0].errorbar(data["simulated"], data["mean"][row], data["error"][row], linestyle="none",
                         marker="so^"[row], color=shade,
                         label=f"{data['networks']} networks, $N={size}$")
    axes[0].set_ylabel(r"$\lambda_\mathrm{max}$ (1/neuronal time constant)")
    axes[0].set_ylim(min(0.0, np.min(data["mean"])) - 0.02, None)
    axes[0].legend(loc="lower left")
    axes[0].set_title(f"Largest exponent, $g={data['g']:g}$, $p={data['p']:g}$")
    for row, (size, count) in enumerate(zip(data["dimension_neurons"], data["dimension_networks"],
                                            strict=True)):
        axes[1].errorbar(data["dimension_k"], data["dimension"][row],
                         data["dimension_error"][row], marker="os^"[row], linestyle=":",
                         color=(ORANGE, BLUE, RED)[row],
                         label=f"{count} networks, $N={size}$")
        axes[2].errorbar(data["dimension_k"], data["share"][row], data["share_error"][row],
                         marker="os^"[row], linestyle=":", color=(ORANGE, BLUE, RED)[row],
                         label=f"$N={size}$")
    axes[2].set_ylim(0.0, None)
    axes[2].set_ylabel("share of synapses")
    axes[2].set_title("First Lyapunov vector, in $|\\delta x|^2+N\\,|\\delta A|^2$")
    axes[2].legend(loc="upper left")
    axes[1].set_ylim(0.0, 1.4 * max(0.01, np.max(data["dimension"])))
    axes[1].set_ylabel("Kaplan-Yorke dimension / $N$")
    axes[1].legend(loc="upper left")
    axes[1].set_title("Dimension of the attractor")
    rows = data["all"]
    edges = np.linspace(np.floor(rows.min() * 10) / 10, np.ceil(rows.max() * 10) / 10, 41)
    for k, values, colour in zip(data["whole_k"], rows, (BLUE, ORANGE, RED), strict=False):
        count = np.histogram(values, edges)[0] / (values.shape[0] * data["whole_neurons"])
        axes[3].stairs(count / (edges[1] - edges[0]), edges, color=colour, label=f"$k={k:g}$",
                       linewidth=1.6)
    axes[3].axvline(-1 / data["p"], color="0.6", linewidth=1.0, linestyle="--", zorder=0)
    axes[3].axvline(-1.0, color="0.6", linewidth=1.0, linestyle=":", zorder=0)
    axes[3].set_yscale("log")
    axes[3].set_xlabel(r"exponent (dashed: $-1/p$, dotted: $-1$)")
    axes[3].set_ylabel("density per neuron")
    axes[3].set_title(f"All $N+N^2$ exponents, $N={data['whole_neurons']}$")
    axes[3].legend(loc="upper left")
    for axis in axes[:3]:
        axis.set_xlabel("plasticity $k$")


FIGURES = (
    Figure("plasticity_exponents", exponents, draw_exponents, stored=True,
           settings={"g": 2.0, "p": 2.5, "strengths": [-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0],
                     "tol": 2e-3, "exponent_tol": 4e-3,
                     "simulated": [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0],
                     "neurons": [500, 1000], "networks": 6, "trials": 2, "duration": 80.0,
                     "dimensions": {"strengths": [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0],
                                    "runs": [{"neurons": 50, "networks": 24, "count": 14},
                                             {"neurons": 100, "networks": 12, "count": 20}],
                                    "duration": 80.0, "burn_in": 50.0},
                     "whole": {"strengths": [-1.0, 0.5, 1.5], "neurons": 24, "networks": 2,
                               "duration": 60.0, "burn_in": 30.0}, "seed": 1},
           quick={"g": 2.0, "p": 2.5, "strengths": [-1.0, 1.0], "tol": 1e-2,
                  "exponent_tol": 1e-2, "simulated": [-1.0, 1.0, 3.0], "neurons": [100, 200],
                  "networks": 3, "trials": 2, "duration": 40.0,
                  "dimensions": {"strengths": [-1.0, 1.0],
                                 "runs": [{"neurons": n, "networks": 2, "count": 30}
                                          for n in (30, 40)],
                                 "duration": 30.0, "burn_in": 20.0},
                  "whole": {"strengths": [-1.0, 1.5], "neurons": 12, "networks": 2,
                            "duration": 20.0, "burn_in": 10.0}, "seed": 1},
           panels=4, rows=2),
)
