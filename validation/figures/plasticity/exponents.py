"""Figure of plasticity: largest Lyapunov exponent, attractor dimension, and the whole spectrum."""

from __future__ import annotations

import numpy as np

import dmft

from ...execution.progress import Report
from ...lyapunov.largest_exponent import lyapunov_exponent
from ...lyapunov.lyapunov_spectrum import lyapunov_spectrum
from ..registry import Data, Figure
from ..style import BLUE, ORANGE, RED
from .networks import SILENT, networks_of


def exponents(*, g: float, p: float, strengths: list[float], tol: float, exponent_tol: float,
              simulated: list[float], neurons: list[int], networks: int, trials: int,
              duration: float, dimensions: dict, whole: dict, seed: int,
              report: Report = SILENT) -> Data:
    """Exponents of theory and networks, dimensions, and all exponents of small networks.

    Arrays `theory`, `theory_stderr` at `k`; `mean`, `error` (N, simulated); `dimension`,
    `dimension_error` (N, dimension_k), and `share`, the fraction of the squared norm of the leading
    vector in the synapses, in the norm with weight N; `all` (whole_k, networks, N + N^2).
    """
    theory, means = [], []
    for net in networks_of(g, strengths, p):
        theory.append(dmft.lyapunov_exponent(dmft.solve(net, tol=tol, rng=seed),
                                             tol=exponent_tol, rng=seed))
        report(f"theory, k={net.k:g}")
    for size in neurons:
        means.append([lyapunov_exponent(net, size, networks, trials=trials, duration=duration,
                                        rng=seed) for net in networks_of(g, simulated, p)])
        report(f"networks, N={size}")
    dimensions, whole = dict(dimensions), dict(whole)
    dimension_k, whole_k = dimensions.pop("strengths"), whole.pop("strengths")
    runs, few = dimensions.pop("runs"), []
    for one in runs:
        few.append([lyapunov_spectrum(net, rng=seed, synapse_weight=float(one["neurons"]),
                                      **one, **dimensions)
                    for net in networks_of(g, dimension_k, p)])
        report(f"dimensions, N={one['neurons']}")
    size = whole["neurons"]
    spectra = [lyapunov_spectrum(net, rng=seed, count=size + size**2, **whole)
               for net in networks_of(g, whole_k, p)]
    report("whole spectra")
    return {"g": g, "p": p, "k": np.array(strengths), "simulated": np.array(simulated),
            "neurons": np.array(neurons), "networks": networks,
            "theory": np.array([float(one) for one in theory]),
            "theory_stderr": np.array([float(one.stderr) for one in theory]),
            "mean": np.array([[float(one) for one in row] for row in means]),
            "error": np.array([[float(one.stderr) for one in row] for row in means]),
            "dimension_k": np.array(dimension_k),
            "dimension_neurons": np.array([one["neurons"] for one in runs]),
            "dimension_networks": np.array([one["networks"] for one in runs]),
            "dimension": np.array([[float(one.dimension) for one in row] for row in few]),
            "dimension_error": np.array([[float(one.dimension.stderr) for one in row]
                                         for row in few]),
            "share": np.array([[float(one.share[0]) for one in row] for row in few]),
            "share_error": np.array([[float(one.share.stderr[0]) for one in row]
                                     for row in few]),
            "whole_k": np.array(whole_k), "whole_neurons": size,
            "all": np.array([one.per_network["exponents"] for one in spectra])}


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
    axes[1].set_ylim(0.0, None)
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
    Figure("plasticity_exponents", exponents, draw_exponents,
           settings={"g": 2.0, "p": 2.5, "strengths": [-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0],
                     "tol": 2e-3, "exponent_tol": 4e-3,
                     "simulated": [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0],
                     "neurons": [500, 1000], "networks": 6, "trials": 2, "duration": 80.0,
                     "dimensions": {"strengths": [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0],
                                    "runs": [{"neurons": 50, "networks": 32, "count": 14},
                                             {"neurons": 100, "networks": 16, "count": 20}],
                                    "duration": 100.0, "burn_in": 60.0},
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
