"""Figure of structure that single neurons do not show, and Lyapunov exponents do."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.axes import EXPONENT, LAG, theory
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ...lyapunov.lyapunov_spectrum import lyapunov_spectrum
from ...simulation.simulate import simulate
from ..registry import Data, Figure

COLOURS, MARKERS = (BLUE, ORANGE, GREEN), ("o", "s", "^")
STEEP = 0.07  # distance from s = -1 within which F is not drawn: it is less accurate there


def network(g: float, modes: float | None) -> dmft.RandomNetwork | dmft.RandomModeNetwork:
    """tanh units with `modes` per neuron of equal strength, or with independent couplings."""
    if modes is None:
        return dmft.RandomNetwork(g, dmft.tanh)
    return dmft.RandomModeNetwork(dmft.Spectrum.flat(g, modes), phi=dmft.tanh)


def hidden_structure(*, g: float, modes: list[float | None], lags: list[float],
                     thresholds: list[float], correlations: dict, exponents: dict, seed: int,
                     report: Report = SILENT) -> Data:
    """C_phi(tau) and 1 - F(s) with equal g_eff: theory, and networks with their standard errors.

    Arrays (structures, ...): `C` at `tau`, `above` and `above_error` at `s`; `C_mean`, `C_error`
    at `lags` and `above_mean`, `above_spread` at `thresholds`. `correlations` and `exponents` are
    settings of `simulate` and of `lyapunov_spectrum`.
    """
    solved = [dmft.solve(network(g, one)) for one in modes]
    s, tau = np.linspace(-1.0, 0.2, 241), np.linspace(0.0, max(lags), 201)
    below = [dmft.lyapunov_spectrum(one, rng=seed).F(s) for one in solved]
    report("theory")
    cases = [{"g": g, "modes": one, "lags": lags, "thresholds": thresholds, "seed": seed + k,
              "correlations": correlations, "exponents": exponents}
             for k, one in enumerate(modes)]
    runs = fresh_processes.each("figures.random_modes.lyapunov_spectra", "of_networks", cases,
                                report)
    return {
        "g": g, "modes": np.array([np.inf if one is None else one for one in modes]), "s": s,
        "tau": tau, "lags": np.array(lags), "thresholds": np.array(thresholds),
        "C": np.array([np.interp(tau, one.lags.tau, one.C_phi.value) for one in solved]),
        "above": np.array([1 - one.value for one in below]),
        "above_error": np.array([one.stderr for one in below]),
        "neurons": exponents["neurons"], "networks": exponents["networks"],
        "C_neurons": correlations["neurons"], "C_networks": correlations["networks"],
        **{name: np.array([one[name] for one in runs]) for name in runs[0]}}


def of_networks(g: float, modes: float | None, lags: list[float], thresholds: list[float],
                correlations: dict, exponents: dict, seed: int) -> dict[str, list[float]]:
    """The same of networks, as lists."""
    C = simulate(network(g, modes), lags=lags, rng=seed, **correlations).C_phi
    below = lyapunov_spectrum(network(g, modes), rng=seed, **exponents).F(thresholds)
    return {"C_mean": C.value.tolist(), "C_error": C.stderr.tolist(),
            "above_mean": (1 - below.value).tolist(), "above_spread": below.stderr.tolist()}


def draw_hidden_structure(data: Data, axes: list) -> None:
    """Correlation, which is one curve, and fractions of exponents above s, which are several."""
    axes[0].plot(data["tau"], data["C"][0], color="0.3", label="theory, the same for all")
    for k, modes in enumerate(data["modes"]):
        name = "independent couplings" if np.isinf(modes) else rf"random modes, $M/N={modes:g}$"
        points = {"linestyle": "none", "marker": MARKERS[k], "color": COLOURS[k], "label": name}
        axes[0].errorbar(data["lags"], data["C_mean"][k], data["C_error"][k], **points)
        far = np.abs(data["s"] + 1) > STEEP
        above = dmft.Estimate(np.where(far, data["above"][k], np.nan), data["above_error"][k])
        theory(axes[1], data["s"], above, None, COLOURS[k])
        axes[1].errorbar(data["thresholds"], data["above_mean"][k], data["above_spread"][k],
                         **points)
    axes[0].set(xlabel=LAG, ylabel=r"$C_\phi(\tau)$", ylim=(0.0, None),
                title=rf"Single neurons, $g_\mathrm{{eff}}={data['g']:g}$")
    axes[0].legend(title=f"points: {data['C_networks']} networks, $N={data['C_neurons']}$",
                   alignment="left")
    axes[1].set(xlabel=EXPONENT, ylabel="fraction of exponents above $s$", ylim=(0.0, None),
                title="Lyapunov spectrum")
    axes[1].axvline(0.0, ymax=0.45, color="0.8", linewidth=1.0, zorder=0)
    axes[1].legend(title=f"lines: theory\npoints: {data['networks']} networks, "
                   f"$N={data['neurons']}$", alignment="left")


FIGURES = (
    Figure("random_modes_lyapunov_spectra", hidden_structure, draw_hidden_structure,
           settings={"g": 2.0, "modes": [None, 1.0, 0.25],
                     "lags": [0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0],
                     "thresholds": [-0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.0],
                     "correlations": {"neurons": 2000, "networks": 8, "trials": 1,
                                      "duration": 100.0},
                     "exponents": {"neurons": 300, "networks": 6, "duration": 100.0,
                                   "burn_in": 60.0, "dt": 0.1}, "seed": 1},
           quick={"g": 2.0, "modes": [None, 1.0, 0.25], "lags": [0.0, 2.0, 8.0],
                  "thresholds": [-0.8, -0.4],
                  "correlations": {"neurons": 200, "networks": 4, "trials": 1,
                                   "duration": 20.0},
                  "exponents": {"neurons": 40, "networks": 2, "duration": 20.0, "burn_in": 10.0,
                                "dt": 0.1}, "seed": 1}),
)
