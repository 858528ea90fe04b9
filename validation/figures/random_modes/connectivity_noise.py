"""Figure of a connectivity matrix: dimensions with white noise, predicted and simulated."""

from __future__ import annotations

import numpy as np

from ...execution import fresh_processes
from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .mushroom_body import KINDS, MUSHROOM_BODY, STYLES, measured


def with_noise(*, path: str, noise: float, g: dict[str, list[float]], simulated: list[float],
               networks: int, turned: list[float], rotations: int, tol: float, seed: int,
               report: Report = SILENT, **simulation) -> Data:
    """N PR of phi and x against g_eff with white noise: three predictions, and simulations.

    For each way w of prediction arrays `g_w` and `phi_w`, `x_w`; for the network with this matrix
    `phi_mean`, `phi_error`, ... at `simulated`, with errors over starts and noise; and
    `phi_turned`, `phi_turned_error`, ... at `turned`, for the matrix in random bases, with errors
    over these.
    """
    cases = [{"path": path, "way": way, "g": one, "noise": noise, "tol": tol}
             for way, values in g.items() for one in values]
    modes = measured(path, None)  # raises MissingData early if the file does not exist
    found = fresh_processes.each("figures.random_modes.mushroom_body", "predicted", cases, report)
    runs = fresh_processes.each("figures.random_modes.mushroom_body", "run", [
        {"path": path, "g": one, "noise": noise, "networks": networks, "seed": seed, **simulation}
        for one in simulated], report)
    rotated = fresh_processes.each("figures.random_modes.mushroom_body", "run", [
        {"path": path, "g": one, "noise": noise, "networks": 1, "seed": seed + k,
         "rotation_seed": seed + k, **simulation}
        for one in turned for k in range(rotations)], report)
    out: Data = {"neurons": modes.neurons, "noise": noise, "ways": ";".join(g),
                 "turned": np.array(turned), "rotations": rotations,
                 "simulated": np.array(simulated), "networks": networks,
                 "trials": simulation["trials"]}
    for way in g:
        own = [one for one, case in zip(found, cases, strict=True) if case["way"] == way]
        out[f"g_{way}"] = np.array(g[way])
        out |= {f"{kind}_{way}": np.array([one[f"dimension_{kind}"] for one in own])
                for kind in KINDS}
        out[f"why_{way}"] = ";".join(one["why"] for one in own)
    for kind in KINDS:
        for suffix, key in (("mean", ""), ("error", "_error")):
            out[f"{kind}_{suffix}"] = np.array([one[f"dimension_{kind}{key}"] for one in runs])
        each = np.reshape([one[f"dimension_{kind}"] for one in rotated], (-1, rotations))
        out[f"{kind}_turned"] = each.mean(axis=1)
        out[f"{kind}_turned_error"] = each.std(axis=1, ddof=1) / np.sqrt(rotations)
    return out


def draw_with_noise(data: Data, axes: list) -> None:
    """Two panels against g_eff: dimensions of phi and of x."""
    for axis, kind, of in zip(axes, KINDS, (r"\phi", "x"), strict=True):
        for way in data["ways"].split(";"):
            colour, style = STYLES[way]
            axis.plot(data[f"g_{way}"], data["neurons"] * data[f"{kind}_{way}"], style,
                      color=colour, label=f"theory, {way}")
        axis.errorbar(data["simulated"], data["neurons"] * data[f"{kind}_mean"],
                      data["neurons"] * data[f"{kind}_error"], linestyle="none", marker="o",
                      color="black", label="network with this matrix")
        axis.errorbar(data["turned"], data["neurons"] * data[f"{kind}_turned"],
                      data["neurons"] * data[f"{kind}_turned_error"], linestyle="none", marker="D",
                      color="black", markerfacecolor="white",
                      label=f"in {data['rotations']} random bases")
        axis.set_ylim(0.0, 1.05 * data["neurons"])
        axis.set_xlabel(r"coupling strength $g_\mathrm{eff}$")
        axis.set_ylabel(rf"dimensions $\mathrm{{PR}}_{of}$")
    axes[0].set_title(rf"Outputs, white noise $\sigma={data['noise']:g}$, $N={data['neurons']}$")
    axes[1].set_title("Inputs")
    axes[1].legend(loc="lower left")


FIGURES = (
    Figure("connectivity_noise", with_noise, draw_with_noise,
           settings={"path": MUSHROOM_BODY, "noise": 1.0, "tol": 2e-3,
                     "g": {"no overlaps": [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5],
                           "overlaps": [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5],
                           "every pair": [0.2, 0.3, 0.4]},
                     "simulated": [0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5], "networks": 8,
                     "turned": [0.2, 0.3, 0.4], "rotations": 10,
                     "trials": 16, "duration": 100.0, "burn_in": 100.0, "dt": 0.1, "seed": 1},
           quick={"path": MUSHROOM_BODY, "noise": 1.0, "tol": 2e-2,
                  "g": {"no overlaps": [0.1, 0.3, 0.5], "overlaps": [0.1, 0.3]},
                  "simulated": [0.2, 0.4], "networks": 3, "turned": [0.3], "rotations": 2,
                  "trials": 4, "duration": 30.0, "burn_in": 30.0, "dt": 0.1, "seed": 1}),
)
