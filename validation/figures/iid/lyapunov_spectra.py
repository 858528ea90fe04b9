"""Figure of the Lyapunov spectrum: theory, and exponents of simulated networks."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, ORANGE

from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ...lyapunov.lyapunov_spectrum import lyapunov_spectrum
from ..registry import Data, Figure

COLOURS = (BLUE, ORANGE)
MARKERS = ("o", "s")
UNRESOLVED = 0.075  # distance from s = -1 within which the density is not resolved


def spectra(*, couplings: list[float], thresholds: list[float], seed: int,
            report: Report = SILENT, **simulation) -> Data:
    """F(s) and the density of exponents of tanh networks: theory, and counts in networks.

    Arrays (couplings, s): `F`, `density` at `s`; `F_mean`, `F_error` at `thresholds`, with
    standard errors over networks.
    """
    s = np.linspace(-2.3, 0.3, 261)
    found = [dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(g, dmft.tanh)), rng=seed)
             for g in couplings]
    cases = [{"g": g, "thresholds": thresholds, "seed": seed + k, **simulation}
             for k, g in enumerate(couplings)]
    counts = fresh_processes.each("figures.iid.lyapunov_spectra", "counted", cases, report)
    return {
        "g": np.array(couplings), "s": s, "thresholds": np.array(thresholds), **simulation,
        "F": np.array([one.F(s).value for one in found]),
        "density": np.array([one.density(s).value for one in found]),
        **{name: np.array([one[name] for one in counts]) for name in counts[0]}}


def counted(g: float, thresholds: list[float], neurons: int, networks: int, duration: float,
            dt: float, seed: int) -> dict[str, list[float]]:
    """Fraction of the exponents of networks below each threshold."""
    runs = lyapunov_spectrum(dmft.RandomNetwork(g, dmft.tanh), neurons, networks,
                             duration=duration, dt=dt, rng=seed)
    below = runs.F(thresholds)
    return {"F_mean": below.value.tolist(), "F_error": below.stderr.tolist()}


def draw_spectra(data: Data, axes: list) -> None:
    """F(s) with counts in networks, and the density: lines are theory."""
    for k, g in enumerate(data["g"]):
        axes[0].plot(data["s"], data["F"][k], color=COLOURS[k])
        axes[0].errorbar(data["thresholds"], data["F_mean"][k], data["F_error"][k],
                         linestyle="none", marker=MARKERS[k], color=COLOURS[k],
                         label=f"$g = {g:g}$")
        far = np.abs(data["s"] + 1) > UNRESOLVED
        axes[1].plot(data["s"], np.where(far, data["density"][k], np.nan), color=COLOURS[k])
    for axis in axes:
        axis.axvline(0.0, color="0.8", linewidth=1.0, zorder=0)
        axis.set_xlabel("$s$ (1 / neuronal time constant)")
    axes[0].set_ylabel("fraction of exponents below $s$")
    axes[1].set_ylabel("density of exponents")
    axes[1].set_ylim(0.0, 1.5)
    axes[0].set_title(r"Distribution of exponents, $\phi = \tanh$")
    axes[1].set_title("Density by theory")
    axes[0].legend(loc="upper left", title=f"lines: theory\npoints: {data['networks']} networks, "
                         f"$N = {data['neurons']}$", alignment="left")


FIGURES = (
    Figure("iid_lyapunov_spectra", spectra, draw_spectra,
           settings={"couplings": [1.5, 3.0],
                     "thresholds": [-1.6, -1.3, -1.1, -0.9, -0.7, -0.5, -0.3, -0.1],
                     "neurons": 150, "networks": 6, "duration": 100.0, "dt": 0.1, "seed": 1},
           quick={"couplings": [1.5, 3.0], "thresholds": [-1.3, -0.9, -0.5, -0.1],
                  "neurons": 50, "networks": 4, "duration": 40.0, "dt": 0.1, "seed": 1}),
)
