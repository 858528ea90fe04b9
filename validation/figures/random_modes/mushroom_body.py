"""A given connectivity matrix: its file, its predictions, and networks with this matrix.

The functions `predicted` and `run` are called in separate processes; their arguments and results
can be represented in JSON.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

import dmft
from dmft.base.annotations import Observable
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE

from ...simulation.simulate import simulate
from ..registry import MissingData

KINDS: tuple[Observable, ...] = ("phi", "x")
MUSHROOM_BODY = "tests/data/drosophila_mushroom_body_left.csv"
STYLES = {"no overlaps": (BLUE, "-"), "overlaps": (ORANGE, ".-"), "every pair": (GREEN, "s--"),
          "gains": (PURPLE, "--")}  # colour and line of each way of prediction


def couplings(path: str) -> np.ndarray:
    """The matrix J from j (column) to i (row), read from a table with presynaptic rows.

    Raises
    ------
    MissingData
        If there is no such file, at the path or below the checkout.
    """
    for place in (Path(path), Path(dmft.__file__).resolve().parent.parent / path):
        if place.is_file():
            return np.asarray(dmft.load_connectivity(place, rows="presynaptic"))
    raise MissingData(f"there is no file {path}; run in a checkout of dmft, which contains it")


def signed(J: np.ndarray, seed: int) -> np.ndarray:
    """J with the outputs of a random half of the neurons made inhibitory.

    J J^T, and hence every singular value, is unchanged; right singular vectors change signs.
    """
    signs = np.where(np.random.default_rng(seed).permutation(len(J)) < len(J) // 2, -1.0, 1.0)
    return J * signs


def measured(path: str, sign_seed: int | None) -> dmft.ConnectivityModes:
    """The matrix as modes: without its mean, or with it if random signs balance it."""
    J = couplings(path)
    if sign_seed is None:
        return dmft.measure_connectivity(J, shuffles=0)
    return dmft.measure_connectivity(signed(J, sign_seed), remove_mean=False, shuffles=0)


def predicted(path: str, way: str, g: float, noise: float, sign_seed: int | None = None,
              tol: float = 2e-3) -> dict[str, Any]:
    """Prediction of "C_phi", "dimension_phi", "dimension_x" in a way of STYLES.

    "overlaps" uses v_a . u_a of each mode, "every pair" the matrix itself in a random basis,
    "gains" the gains of neurons in place of overlaps. Where no prediction exists the values are NaN
    and "why" gives the reason.
    """
    modes = measured(path, sign_seed)
    of_modes = dmft.RandomModeNetwork.from_connectivity
    network: Any = {"no overlaps": lambda: of_modes(modes, dmft.erf, noise, g, overlaps=False),
                    "overlaps": lambda: of_modes(modes, dmft.erf, noise, g),
                    "every pair": lambda: dmft.rotated_network(modes, dmft.erf, noise, g),
                    "gains": lambda: dmft.HeterogeneousNetwork.from_connectivity(
                        modes, dmft.erf, g)}[way]()
    # with the gains of 209 neurons the tightest default tolerance fails at some strengths
    sampled: dict[str, Any] = {"no overlaps": {}, "gains": {"tol": 1e-8}}.get(way, {"tol": tol})
    try:
        solution = dmft.solve(network, **sampled)
        if solution.branch == "quiescent":
            return {"C_phi": 0.0, **dict.fromkeys((f"dimension_{kind}" for kind in KINDS), np.nan),
                    "why": "quiescent"}
        found = {f"dimension_{kind}": float(dmft.dimension(solution, of=kind)) for kind in KINDS}
        return {"C_phi": float(solution.C_phi[0]), **found, "why": ""}
    except dmft.ConvergenceError as error:
        return dict.fromkeys(("C_phi", "dimension_phi", "dimension_x"), np.nan) | {
            "why": str(error).split(":")[0]}


def run(path: str, g: float, noise: float, networks: int, seed: int, sign_seed: int | None = None,
        rotation_seed: int | None = None, **simulation: Any) -> dict[str, Any]:
    """The nonlinear network with this matrix, scaled to g; errors are over starts and noise only.

    With a rotation, the matrix in a random basis: a member of the ensemble of "every pair". Also
    "still", the fraction of trials that ended at a fixed point.
    """
    modes = measured(path, sign_seed)
    J = modes.matrix * (g / modes.g_eff)
    if rotation_seed is not None:
        Q = stats.ortho_group.rvs(len(J), random_state=np.random.default_rng(rotation_seed))
        J = Q @ J @ Q.T
    network = dmft.Network((dmft.Matrix(J),), dmft.erf, noise)
    with warnings.catch_warnings():  # decaying or static activity gives no meaningful test of drift
        warnings.simplefilter("ignore", dmft.ResolutionWarning)
        runs = simulate(network, modes.neurons, networks, rng=seed, dimension=True,
                        lags=[0.0], cross_lags=[[0, 0]], **simulation)
    out: dict[str, Any] = {"still": float(runs.per_network["still"].mean())
                           / runs.settings.trials}
    for name in ("C_phi", "dimension_phi", "dimension_x"):
        rows = np.ravel(runs.rows(name))
        out |= {name: float(rows.mean()),
                f"{name}_error": float(rows.std(ddof=1) / np.sqrt(len(rows)))
                if len(rows) > 1 else np.nan}
    return out
