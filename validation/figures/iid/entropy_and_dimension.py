"""Figure of entropy rate and dimension against the coupling strength, with published networks."""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft
from dmft.plots.axes import measured, theory
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ...lyapunov.lyapunov_spectrum import lyapunov_spectrum
from ..registry import Data, Figure
from ..spectrum_numbers import LABELS

NAMES = ("entropy_rate", "dimension")
# Next to the onset the activity is slow: the window is long, and would have too many of the usual
# steps. At g = 1.05 psi changes by 1e-4 on a coarser window with these settings.
SLOW_BELOW = 1.07
SLOW: dict[str, Any] = {"paths": 96, "window": 800.0, "dt": 0.8}


def growth(*, span: tuple[float, float], points: int, couplings: list[float], published: dict,
           seed: int, report: Report = SILENT, **simulation) -> Data:
    """h/N and D_KY/N of tanh networks: theory at `g`, networks at `simulated`, published ones.

    Arrays `entropy_rate`, `dimension` and their `_error`; with the prefixes `networks_` and
    `published_` those of networks, simulated here and published (without errors).
    """
    g = 1 + np.geomspace(span[0] - 1, span[1] - 1, points)
    found = []
    for done, one in enumerate(g, 1):
        solution = dmft.solve(dmft.RandomNetwork(one, dmft.tanh))
        found.append(dmft.lyapunov_spectrum(solution, full=False, rng=seed,
                                            **(SLOW if one < SLOW_BELOW else {})))
        report(f"theory {done}/{points}")
    cases = [{"g": one, "seed": seed + k, **simulation} for k, one in enumerate(couplings)]
    runs = fresh_processes.each("figures.iid.entropy_and_dimension", "of_networks", cases, report)
    data: Data = {"g": g, "simulated": np.array(couplings), "neurons": simulation["neurons"],
                  "networks": simulation["networks"],
                  **{f"published_{name}": np.array(row) for name, row in published.items()}}
    for name in NAMES:
        data[name] = np.array([getattr(one, name).value for one in found])
        data[f"{name}_error"] = np.array([getattr(one, name).stderr for one in found])
        for suffix in ("", "_error"):
            data[f"networks_{name}{suffix}"] = np.array([one[name + suffix] for one in runs])
    return data


def of_networks(g: float, neurons: int, networks: int, seed: int, **settings) -> dict[str, float]:
    """Entropy rate and dimension of networks, with standard errors over them."""
    runs = lyapunov_spectrum(dmft.RandomNetwork(g, dmft.tanh), neurons, networks, rng=seed,
                             **settings)
    out = {}
    for name in NAMES:
        out[name] = float(getattr(runs, name))
        out[f"{name}_error"] = float(getattr(runs, name).stderr)
    return out


def draw_growth(data: Data, axes: list) -> None:
    """Both against the distance from the onset at g = 1, on logarithmic axes."""
    for axis, name in zip(axes, NAMES, strict=True):
        theory(axis, data["g"] - 1, dmft.Estimate(data[name], data[f"{name}_error"]),
               r"theory, $N \to \infty$", BLUE)
        axis.plot(data["published_g"] - 1, data[f"published_{name}"], "D", color=GREEN,
                  markerfacecolor="white", zorder=3, label="one network, $N=4096$ or 8192\n"
                  "(published)")
        measured(axis, data["simulated"] - 1, dmft.Estimate(
            data[f"networks_{name}"], data[f"networks_{name}_error"]),
            f"{data['networks']} networks, $N={data['neurons']}$", ORANGE)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("distance from the onset of chaos, $g - 1$")
        axis.set_ylabel(LABELS[name])
    axes[0].legend(loc="lower right")
    axes[0].set_title(r"Entropy rate, $\phi = \tanh$")
    axes[1].set_title("Attractor dimension")


PUBLISHED = {"g": [1.25, 2.0, 3.0, 5.0],  # Clark, Lyapunov spectrum of random neural networks
             "entropy_rate": [1.284e-5, 8.90e-4, 3.135e-3, 7.19e-3],
             "dimension": [3.75e-3, 3.551e-2, 6.09e-2, 8.01e-2]}
FIGURES = (
    Figure("iid_entropy_and_dimension", growth, draw_growth,
           settings={"span": (1.05, 20.0), "points": 15, "couplings": [1.6, 2.4, 4.0, 9.0, 16.0],
                     "published": PUBLISHED, "neurons": 800, "networks": 2, "count": 120,
                     "duration": 150.0, "burn_in": 60.0, "dt": 0.1, "seed": 1},
           quick={"span": (1.3, 10.0), "points": 4, "couplings": [4.0], "published": PUBLISHED,
                  "neurons": 100, "networks": 2, "count": 20, "duration": 40.0, "burn_in": 20.0,
                  "dt": 0.1, "seed": 1}),
)
