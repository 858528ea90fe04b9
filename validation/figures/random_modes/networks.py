"""Networks of the figures of random modes, given by numbers and words, and their measurements.

Numbers and words can be represented in JSON: the simulations run in separate processes
(`execution.fresh_processes`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft

from ...runs.runs import Runs
from ...simulation.simulate import simulate

Shape = list  # ["independent"], ["flat", PR_D], ["exponential", beta] or ["power_law", exponent]


def network(g: float, shape: Shape, overlaps: float = 0.0, noise: float = 0.0,
            gains: tuple[float, float] | list[float] = (0.0, 0.0)):
    """The network with phi = erf; `gains` are the spreads of log-normal u and v.

    Parameters
    ----------
    g : float
        g_eff.
    shape : list
        Kind of spectrum, and its one parameter.
    overlaps, noise : float
        rho and sigma.
    gains : pair of float
        Spreads of input and output gains; (0, 0) for homogeneous networks.
    """
    if any(gains):
        couplings = g if shape[0] == "independent" else dmft.Modes(spectrum(g, shape))
        u, v = (dmft.Gains.lognormal(spread) for spread in gains)
        return dmft.HeterogeneousNetwork(couplings, u, v, dmft.erf)
    if shape[0] == "independent":
        return dmft.RandomNetwork(g, dmft.erf, noise=noise)
    return dmft.RandomModeNetwork(spectrum(g, shape), overlaps, phi=dmft.erf, noise=noise)


def spectrum(g: float, shape: Shape) -> dmft.Spectrum:
    """Strengths of the modes; one mode per neuron if the kind does not determine their number."""
    kind, number = shape
    return getattr(dmft.Spectrum, kind)(g, number)


def effective_rank(shape: Shape) -> float:
    """PR_D; infinite for independent couplings."""
    return np.inf if shape[0] == "independent" else spectrum(1.0, shape).effective_rank


def dimensions(solution: dmft.Solution, z_scored: bool = False) -> list[float]:
    """PR/N of phi and of x."""
    return [float(dmft.dimension(solution, of=of, z_scored=z_scored)) for of in ("phi", "x")]


def measured(g: float, shape: Shape, neurons: int, networks: int, seed: int, *,
             overlaps: float = 0.0, noise: float = 0.0, gains: tuple = (0.0, 0.0),
             lags: tuple | list = (0.0,), **simulation: Any) -> dict[str, list]:
    """Means over networks and their standard errors, as lists: `<quantity>` and `<quantity>_error`.

    "C_phi" at the lags, "Delta" = C_x(tau)/C_x(0) of each network; with `dimension`
    "dimension_phi", "dimension_x" and, relative to the first pair of lags, "Psi" of phi at several
    `cross_lags`; with gains, z-scored by the theory, "dimension_phi_z", "dimension_x_z" and
    their ratios "z_ratio_phi", "z_ratio_x" to the raw ones.
    """
    net = network(g, shape, overlaps, noise, gains)
    if any(gains):
        simulation = {**simulation, "zscore": dmft.solve(net)}
    runs = simulate(net, neurons, networks, rng=seed, lags=lags, **simulation)
    x = runs.samples("C_x")
    out = {**_of_rows("C_phi", runs.samples("C_phi")), **_of_rows("Delta", x / x[:, :1])}
    for name in runs.per_network:
        if name.startswith("dimension"):
            out |= _of_rows(name, runs.rows(name))
    if any(gains):
        for kind in ("phi", "x"):
            out |= _of_rows(f"z_ratio_{kind}", _z_ratio(runs, kind))
    if len(simulation.get("cross_lags", ())) > 1:
        out |= _ratio("Psi", runs.samples("Psi_phi"))
    return out


def _of_rows(name: str, rows: np.ndarray) -> dict[str, Any]:
    error = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return {name: rows.mean(axis=0).tolist(), f"{name}_error": error.tolist()}


def _z_ratio(runs: Runs, kind: str) -> np.ndarray:
    """Pseudovalues of the ratio of z-scored to raw dimension, which varies little over networks."""
    parts = [runs.samples(f"{part}_{kind}{z}") for part in ("trace", "square") for z in ("", "_z")]

    def ratio(raw, scored, raw_square, scored_square):
        return (scored / raw) ** 2 * raw_square / scored_square

    count = len(parts[0])
    without = ratio(*((part.sum() - part) / (count - 1) for part in parts))
    return count * ratio(*(part.mean() for part in parts)) - (count - 1) * without


def _ratio(name: str, rows: np.ndarray) -> dict[str, Any]:
    """Means of all columns over that of the first, by the jackknife over networks."""
    count, total = len(rows), rows.sum(axis=0)
    first = total[0] - rows[:, :1]
    without = np.divide(total - rows, first, out=np.full(rows.shape, np.nan), where=first > 0)
    return _of_rows(name, count * total / total[0] - (count - 1) * without)
