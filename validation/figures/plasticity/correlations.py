"""Figure of plasticity: slow activity by Hebbian couplings, oscillations by anti-Hebbian ones."""

from __future__ import annotations

import numpy as np

import dmft

from ...execution.progress import SILENT, Report
from ...simulation.simulate import simulate
from ..registry import Data, Figure
from .networks import COLOURS, MARKERS, networks_of, padded, tapered_spectrum


def correlations(*, g: float, p: float, strengths: list[float], longest: float, step: float,
                 highest: float, tol: float, seed: int, report: Report = SILENT,
                 **simulation) -> Data:
    """C_phi(tau) and C_phi(omega) at several k, of the theory and of networks.

    Arrays `C`, `C_stderr` (k, tau), NaN beyond the theory's longest lag; `C_mean`, `C_error`
    (k, lags); `S` (k, omega), `S_mean`, `S_error` (k, frequencies), with the same taper for both.
    """
    tau = np.linspace(0.0, longest, 401)
    lags = np.arange(round(longest / step) + 1) * step
    omega, points = np.linspace(0.0, highest, 201), np.linspace(0.0, highest, 16)
    rows: dict[str, list] = {name: [] for name in ("C", "C_stderr", "S", "C_mean", "C_error",
                                                   "S_mean", "S_error")}
    for index, net in enumerate(networks_of(g, strengths, p)):
        solution = dmft.solve(net, tol=tol, rng=seed + index)
        rows["C"].append(padded(tau, solution, np.nan))
        errors = np.asarray(solution.C_phi.stderr)
        rows["C_stderr"].append(np.interp(tau, solution.lags.tau, errors, right=np.nan))
        rows["S"].append(tapered_spectrum(tau, padded(tau, solution, 0.0), omega))
        samples = simulate(net, rng=seed + index, lags=lags, **simulation).samples("C_phi")
        for name, values in (("C", samples), ("S", tapered_spectrum(lags, samples, points))):
            rows[f"{name}_mean"].append(values.mean(axis=0))
            rows[f"{name}_error"].append(values.std(axis=0, ddof=1) / np.sqrt(len(values)))
        report(f"k={net.k:g}, {index + 1} of {len(strengths)}")
    return {"g": g, "p": p, "k": np.array(strengths), "tau": tau, "lags": lags, "omega": omega,
            "frequencies": points, "neurons": simulation["neurons"],
            "networks": simulation["networks"],
            **{name: np.array(values) for name, values in rows.items()}}


def draw_correlations(data: Data, axes: list) -> None:
    """Two panels: against the lag, and against the frequency; a colour for each k."""
    every = max(1, round(2.0 / (data["lags"][1] - data["lags"][0])))
    for index, k in enumerate(data["k"]):
        colour, marker = COLOURS[index % 5], MARKERS[index % 5]
        axes[0].plot(data["tau"], data["C"][index], color=colour, label=f"$k={k:g}$")
        axes[0].errorbar(data["lags"][::every], data["C_mean"][index, ::every],
                         data["C_error"][index, ::every], linestyle="none", marker=marker,
                         color=colour)
        axes[1].plot(data["omega"], data["S"][index], color=colour)
        axes[1].errorbar(data["frequencies"], data["S_mean"][index], data["S_error"][index],
                         linestyle="none", marker=marker, color=colour)
    axes[0].axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[0].set_xlim(-0.5, 0.75 * data["tau"][-1])
    axes[0].set_xlabel(r"lag $\tau$ (neuronal time constants)")
    axes[0].set_ylabel(r"$C_\phi(\tau)$")
    axes[0].set_title(rf"Autocorrelation of $\phi(x)$, $g={data['g']:g}$, $p={data['p']:g}$")
    axes[0].legend(loc="upper right", title="lines: theory", alignment="left")
    axes[1].set_yscale("log")
    axes[1].set_ylim(3e-3, None)
    axes[1].set_xlabel(r"$\omega$ (radians per neuronal time constant)")
    axes[1].set_ylabel(r"$C_\phi(\omega)$")
    axes[1].set_title(rf"Spectrum, of lags to {data['lags'][-1]:g}, tapered")
    axes[1].errorbar([], [], [], linestyle="none", marker="o", color="0.3",
                     label=f"{data['networks']} networks,\n$N={data['neurons']}$")
    axes[1].legend(loc="upper right")


FIGURES = (
    Figure("plasticity_correlations", correlations, draw_correlations,
           settings={"g": 2.0, "p": 2.5, "strengths": [-2.0, -1.0, 0.0, 0.5, 1.0],
                     "longest": 40.0, "step": 0.5, "highest": 2.0, "tol": 2e-3, "neurons": 2000,
                     "networks": 6, "trials": 3, "duration": 50.0, "burn_in": 80.0, "seed": 1},
           quick={"g": 2.0, "p": 2.5, "strengths": [-2.0, -1.0, 0.0, 0.5, 1.0],
                  "longest": 40.0, "step": 1.0, "highest": 2.0, "tol": 5e-3, "neurons": 300,
                  "networks": 4, "trials": 2, "duration": 20.0, "burn_in": 40.0, "seed": 1}),
)
