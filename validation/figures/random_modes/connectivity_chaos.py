"""Figure of a connectivity matrix without noise: static states, and activity with random signs."""

from __future__ import annotations

import numpy as np

from dmft.plots.style import ORANGE, RED

from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .mushroom_body import MUSHROOM_BODY, STYLES, measured


def without_noise(*, path: str, span: tuple[float, float], points: int, couplings: list[float],
                  signs: int, overlap_signs: int, overlap_g: list[float], networks: int, tol: float,
                  seed: int, report: Report = SILENT, **simulation) -> Data:
    """C_phi(0), N PR_phi and static trials, without noise: the matrix, and random output signs.

    Arrays `C_no overlaps`, of signed matrices, `C_gains`, of the matrix, and `phi_...` at `g`;
    `matrix_C`, `matrix_still` at `couplings`; `signed_C`, `signed_phi`, `signed_still` (couplings,
    signs), for networks with one such matrix each; `overlap_C`, `overlap_phi` (overlap_g,
    overlap_signs), NaN where a mode condenses.
    """
    seeds = [seed + k for k in range(signs)]
    g = np.geomspace(*span, points)
    # rows of zeros have no balancing gains: those of the matrix minus its mean are used
    theory = [{"path": path, "way": way, "g": float(one), "noise": 0.0, "sign_seed": which}
              for way, which in (("no overlaps", seeds[0]), ("gains", None)) for one in g]
    modes = measured(path, None)
    overlapping = [{"path": path, "way": "overlaps", "g": one, "noise": 0.0, "sign_seed": each,
                    "tol": tol} for one in overlap_g for each in seeds[:overlap_signs]]
    found = fresh_processes.each(
        "figures.random_modes.mushroom_body", "predicted", theory + overlapping, report
    )
    common = {"path": path, "noise": 0.0, **simulation}
    own = fresh_processes.each("figures.random_modes.mushroom_body", "run", [
        {"g": one, "networks": networks, "seed": seed, **common} for one in couplings], report)
    turned = fresh_processes.each("figures.random_modes.mushroom_body", "run", [
        {"g": one, "networks": 1, "seed": seed, "sign_seed": each, **common}
        for one in couplings for each in seeds], report)
    out: Data = {"neurons": modes.neurons, "g": g, "couplings": np.array(couplings),
                 "signs": signs, "matrix_C": np.array([one["C_phi"] for one in own]),
                 "matrix_still": np.array([one["still"] for one in own]),
                 "starts": networks * simulation["trials"], "overlap_g": np.array(overlap_g)}
    for way, rows in (("no overlaps", found[:points]), ("gains", found[points:2 * points])):
        out[f"C_{way}"] = np.array([one["C_phi"] for one in rows])
        out[f"phi_{way}"] = np.array([one["dimension_phi"] for one in rows])
    for name, key in (("C", "C_phi"), ("phi", "dimension_phi"), ("still", "still")):
        out[f"signed_{name}"] = np.reshape([one[key] for one in turned], (-1, signs))
    for name, key in (("C", "C_phi"), ("phi", "dimension_phi")):
        out[f"overlap_{name}"] = np.reshape([one[key] for one in found[2 * points:]],
                                            (-1, overlap_signs))
    return out


def draw_without_noise(data: Data, axes: list) -> None:
    """C_phi(0), the fraction of trials that reach a fixed point, and dimensions."""
    active = np.where(data["signed_C"] > 1e-3, 1.0, np.nan)
    moving = np.where(data["signed_still"] < 0.5, active, np.nan)
    for axis, name, factor in ((axes[0], "C", 1.0), (axes[2], "phi", data["neurons"])):
        for way in ("no overlaps", "gains"):
            colour, style = STYLES[way]
            axis.plot(data["g"], factor * data[f"{name}_{way}"], style, color=colour,
                      label=f"theory, {way}")
        values = factor * data[f"overlap_{name}"]
        axis.plot(np.repeat(data["overlap_g"], values.shape[1]), values.ravel(), "_", color=ORANGE,
                  markersize=10, label="theory, overlaps of signed matrices")
        values = factor * data[f"signed_{name}"]
        at = np.repeat(data["couplings"], values.shape[1])
        axis.plot(at, (values * moving).ravel(), "o", color="black", markersize=3.5,
                  label="signed matrices, moving")
        axis.plot(at, np.where(np.isnan(moving), values * active, np.nan).ravel(), "o", color="0.6",
                  markersize=3.5, markerfacecolor="none", label="signed, at rest")
    axes[0].plot(data["couplings"], data["matrix_C"], "x", color=RED,
                 label="the matrix itself, at rest")
    axes[1].plot(data["couplings"], data["matrix_still"], "x-", color=RED,
                 label=f"the matrix, {data['starts']} starts")
    there = np.sum(data["signed_C"] > 1e-3, axis=1)
    rest = np.sum(np.where(np.isnan(active), 0.0, data["signed_still"]), axis=1)
    axes[1].plot(data["couplings"], np.divide(rest, there, out=np.full(len(rest), np.nan),
                                              where=there > 0), "o-", color="black",
                 markersize=3.5, label=f"{data['signs']} signed matrices, the active")
    axes[2].axhspan(1e-4, 1.0, color="0.92", zorder=0)
    axes[0].set_ylabel(r"$C_\phi(0)$")
    axes[0].set_ylim(0.0, 1.75)
    axes[1].set_ylabel("share of trials")
    axes[1].set_ylim(-0.05, 1.45)
    axes[2].set_ylabel(r"dimensions $\mathrm{PR}_\phi$")
    axes[2].set_yscale("log")
    axes[2].set_ylim(2e-3, None)
    for axis in axes:
        axis.set_xscale("log")
        axis.set_xlabel(r"coupling strength $g_\mathrm{eff}$")
        axis.set_xticks([0.5, 1, 2, 5, 10, 20], ["0.5", "1", "2", "5", "10", "20"])
        axis.tick_params(axis="x", which="minor", labelbottom=False)
    axes[0].set_title("Activity without noise")
    axes[1].set_title("Trials that come to rest")
    axes[2].set_title("Dimension; below 1 (grey) is impossible")
    axes[0].legend(loc="upper left", fontsize=7.5)
    axes[1].legend(loc="upper right")


FIGURES = (
    Figure("connectivity_chaos", without_noise, draw_without_noise,
           settings={"path": MUSHROOM_BODY, "span": (1.05, 20.0), "points": 25,
                     "couplings": [0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0], "signs": 12,
                     "overlap_signs": 6, "overlap_g": [2.0, 3.0, 4.0], "networks": 2, "tol": 5e-3,
                     "trials": 16, "duration": 60.0, "burn_in": 200.0, "dt": 0.1, "seed": 1},
           quick={"path": MUSHROOM_BODY, "span": (1.2, 20.0), "points": 4,
                  "couplings": [1.0, 4.0], "signs": 2, "overlap_signs": 1, "overlap_g": [3.0],
                  "networks": 2, "tol": 2e-2, "trials": 4, "duration": 20.0, "burn_in": 60.0,
                  "dt": 0.1, "seed": 1},
           panels=3),
)
