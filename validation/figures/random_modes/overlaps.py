"""Figure of random modes: overlaps of left and right modes, at equal distance from quiescence."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.base.annotations import Observable
from dmft.plots.style import BLUE, GREEN, ORANGE

from ...comparison.compare import theory_at
from ...couplings.draw import draw
from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .networks import network

KINDS: tuple[Observable, ...] = ("phi", "x")
COLOURS, MARKERS = (BLUE, ORANGE, GREEN), ("o", "s", "^")


def overlaps(*, modes_per_neuron: float, edge: float, values: list[float], between: list[float],
             tau: tuple[float, int], span: float | None, tol: float, drawn: int,
             lags: list[float], neurons: int, networks: int, seed: int, report: Report = SILENT,
             **simulation) -> Data:
    """Spectrum of J, C_phi(tau) and PR/N of flat spectra with overlaps, at equal spectral abscissa.

    g_eff is chosen for each rho so that the largest real part of an eigenvalue of J is `edge`.
    Arrays `boundary`, `eigenvalues` (values, .), `C`, `C_stderr` (values, tau), of the networks
    `C_mean`, `C_error`, `phi_mean`, ... (values,), and `phi`, `x`, `<kind>_stderr` at `rho`.
    """
    shape = ["flat", modes_per_neuron]
    rho = np.unique([*values, *between])
    g = {one: strength(edge, shape, one) for one in map(float, rho)}
    boundary, eigenvalues = [], []
    for one in values:
        net = network(g[one], shape, one)
        boundary.append(dmft.jacobian_spectrum(net).boundary(200))
        J = draw(net.ensembles[0], drawn, np.random.default_rng(seed)).apply(
            np.eye(drawn, dtype=np.float32))
        eigenvalues.append(np.linalg.eigvals(np.asarray(J, dtype=float)))
    grid = np.linspace(0.0, *tau)
    theory = dict(zip(map(float, rho), fresh_processes.each(
        "figures.random_modes.overlaps", "theory",
        [{"g": g[one], "shape": shape, "rho": one, "tau": grid.tolist(), "span": span, "tol": tol}
         for one in map(float, rho)], report), strict=True))
    runs = fresh_processes.each("figures.random_modes.networks", "measured", [
        {"g": g[one], "shape": shape, "overlaps": one, "lags": lags, "neurons": neurons,
         "networks": networks, "seed": seed + k, "dimension": True, "cross_lags": [[0, 0]],
         **simulation} for k, one in enumerate(values)], report)
    out = {"values": np.array(values), "alpha": modes_per_neuron, "edge": edge, "drawn": drawn,
           "boundary": np.array(boundary), "eigenvalues": np.array(eigenvalues), "tau": grid,
           "C": np.array([theory[one]["C"] for one in values]),
           "C_stderr": np.array([theory[one]["C_stderr"] for one in values]),
           "rho": rho, "g": np.array([g[one] for one in map(float, rho)]), "lags": np.array(lags),
           "neurons": neurons, "networks": networks,
           "C_mean": np.array([one["C_phi"] for one in runs]),
           "C_error": np.array([one["C_phi_error"] for one in runs])}
    for kind in KINDS:
        for suffix in ("", "_stderr"):
            out[f"{kind}{suffix}"] = np.array(
                [theory[one][f"dimension_{kind}{suffix}"] for one in map(float, rho)])
        for suffix, key in (("_mean", ""), ("_error", "_error")):
            out[f"{kind}{suffix}"] = np.array([one[f"dimension_{kind}{key}"] for one in runs])
    return out


def strength(edge: float, shape: list, rho: float) -> float:
    """g_eff at which the spectral abscissa of J is `edge`."""
    return edge / dmft.jacobian_spectrum(network(1.0, shape, rho)).abscissa


def theory(g: float, shape: list, rho: float, tau: list[float], span: float | None,
           tol: float) -> dict:
    """C_phi at the lags and both dimensions, with their standard errors.

    On lags of a given span: with the span chosen automatically for C, the response at frequency 0
    was up to 3 % wrong, and close to the transition the dimension by much more.
    """
    net = network(g, shape, rho)
    lags = None if span is None else dmft.Lags(span, 0.1)
    solution = dmft.solve(net, lags=lags, tol=tol) if rho else dmft.solve(net)
    inside = np.minimum(tau, solution.lags.span)
    C = theory_at(solution, "C_phi", inside)
    out = {"C": np.asarray(C.value).tolist(), "C_stderr": np.asarray(C.stderr).tolist()}
    for kind in KINDS:
        found = dmft.dimension(solution, of=kind)
        out |= {f"dimension_{kind}": float(found), f"dimension_{kind}_stderr": float(found.stderr)}
    return out


def draw_overlaps(data: Data, axes: list) -> None:
    """Spectra, correlations, dimensions."""
    at = [int(np.argmin(np.abs(data["rho"] - one))) for one in data["values"]]
    for k, rho in enumerate(data["values"]):
        closed = np.append(data["boundary"][k], data["boundary"][k][0])
        axes[0].plot(data["eigenvalues"][k].real, data["eigenvalues"][k].imag, linestyle="none",
                     marker=".", markersize=2.5, color=COLOURS[k], alpha=0.5, rasterized=True)
        axes[0].plot(closed.real, closed.imag, color=COLOURS[k],
                     label=rf"$\rho={rho:g}$, $g_\mathrm{{eff}}={data['g'][at[k]]:.3g}$")
        axes[1].plot(data["tau"], data["C"][k], color=COLOURS[k], label=rf"$\rho={rho:g}$")
        axes[1].fill_between(data["tau"], data["C"][k] - data["C_stderr"][k],
                             data["C"][k] + data["C_stderr"][k], color=COLOURS[k], alpha=0.3,
                             linewidth=0)
        axes[1].errorbar(data["lags"], data["C_mean"][k], data["C_error"][k], linestyle="none",
                         marker=MARKERS[k], color=COLOURS[k])
        for kind in KINDS:
            axes[2].errorbar(rho, data[f"{kind}_mean"][k], data[f"{kind}_error"][k],
                             marker=MARKERS[k], color=COLOURS[k], linestyle="none",
                             markerfacecolor=COLOURS[k] if kind == "phi" else "white")
    axes[0].axvline(data["edge"], color="0.7", linewidth=1.0, linestyle=":", zorder=0)
    top, left = (float(np.max(part)) for part in (data["boundary"].imag, -data["boundary"].real))
    axes[0].set_aspect("equal", adjustable="box")
    axes[0].set_xlim(-1.15 * left, 2.5 * data["edge"])
    axes[0].set_ylim(-1.2 * top, 2.0 * top)
    axes[0].set_xlabel(r"Re $\lambda$")
    axes[0].set_ylabel(r"Im $\lambda$")
    axes[0].set_title(f"Eigenvalues of $J$, $N={data['drawn']}$")
    axes[0].legend(loc="upper left", fontsize=8)
    axes[1].axhline(0.0, color="0.8", linewidth=1.0, zorder=0)
    axes[1].set_ylim(None, 1.6 * float(np.max(data["C"])))
    axes[1].set_xlabel(r"lag $\tau$ (neuronal time constants)")
    axes[1].set_ylabel(r"$C_\phi(\tau)$")
    axes[1].set_title(rf"Flat spectra, $\alpha={data['alpha']:g}$, no noise")
    axes[1].legend(loc="upper right", alignment="left",
                   title=f"points: {data['networks']} networks,\n$N={data['neurons']}$")
    for kind, style, label in (("phi", "-", r"$\phi(x)$, filled"), ("x", "--", "$x$, open")):
        axes[2].errorbar(data["rho"], data[kind], data[f"{kind}_stderr"], linestyle=style,
                         color="black", label=label, zorder=0)
    axes[2].set_ylim(0.0, None)
    axes[2].set_xlabel(r"overlap $\rho$")
    axes[2].set_ylabel(r"$\mathrm{PR}\,/\,N$")
    axes[2].set_title("Dimension of activity")
    axes[2].legend(loc="lower center")


FIGURES = (
    Figure("random_modes_overlaps", overlaps, draw_overlaps,
           settings={"modes_per_neuron": 0.5, "edge": 2.0, "values": [-0.5, 0.0, 0.5],
                     "between": [-0.4, -0.3, -0.15, 0.15, 0.3], "tau": (20.0, 201), "span": 200.0,
                     "tol": 2e-3, "drawn": 600,
                     "lags": [0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0],
                     "neurons": 1000, "networks": 8, "trials": 8, "duration": 60.0,
                     "burn_in": 100.0, "dt": 0.05, "seed": 1},
           quick={"modes_per_neuron": 0.5, "edge": 2.5, "values": [-0.2, 0.0, 0.2],
                  "between": [], "tau": (10.0, 51), "span": None, "tol": 2e-2, "drawn": 120,
                  "lags": [0.0, 1.0, 4.0, 8.0], "neurons": 100, "networks": 4, "trials": 2,
                  "duration": 20.0, "burn_in": 20.0, "dt": 0.1, "seed": 1},
           panels=3),
)
