"""Tests of deviations between theory and simulation, and their requirements on the runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from dmft.base.checks import one_of, reject, within

from ..runs.finite_size_fit import Extrapolation
from .power import detectable_deviation, holm, two_sided_t_test
from .tuning import FEWEST_GRID_POINTS, FEWEST_NETWORKS, SPLINE_ERROR_RATIO, SPLINE_TOLERANCE

ONE_SIZE = ("one size only: a deviation of order 1/N cannot be distinguished from an error of the "
            "theory")
UNKNOWN_NETWORK = ("the theory does not hold its network, which was not compared with that of the "
                   "runs")


def deviation_statistics(theory: np.ndarray, own: np.ndarray, fit: Extrapolation, scale: np.ndarray,
                         alpha: float, power: float) -> dict[str, Any]:
    """Test every deviation, and compute the smallest detectable one: the arrays of a Verdict.

    Parameters
    ----------
    theory, own : arrays
        Values of the theory and their own standard errors.
    fit : Extrapolation
        Extrapolated values of the simulation, in arrays of the same shape.
    scale : array
        Scale of the resolutions, which broadcasts to that shape.
    alpha, power : float
        Level of all tests together, and power of the resolution.
    """
    alpha, power = within("alpha", alpha, 1e-12, 0.5), within("power", power, 0.5, 0.999)
    scatter = fit.intercept.stderr ** 2
    stderr = np.sqrt(own**2 + scatter)
    # Satterthwaite: the error of the theory is taken as known, and has no part in the denominator
    dof = fit.dof * np.divide(stderr**2, scatter, out=np.ones_like(scatter),
                              where=scatter > 0) ** 2
    z, p = two_sided_t_test(fit.intercept.value - theory, stderr, dof)
    return {"theory": theory, "simulation": fit.intercept.value, "stderr": stderr, "dof": dof,
            "z": z, "p": p, "p_adjusted": holm(p), "alpha": alpha, "power": power,
            "scale": np.broadcast_to(scale, p.shape).copy(),
            "resolutions": detectable_deviation(dof, alpha / p.size, power) * stderr / scale}


def interpolated(solution, name: str, grid: np.ndarray, values: np.ndarray, at: np.ndarray,
                 scale: float) -> np.ndarray:
    """Columns of `values` (n, ...) at given points of a grid (n,), by a cubic spline.

    Raises
    ------
    ModelError
        If the grid is so coarse that omitting every second point changes the result by more than
        16e-4 of the scale (the error is then above 1e-4).
    """
    from scipy.interpolate import CubicSpline

    nearest = np.minimum(np.rint((at - grid[0]) / (grid[1] - grid[0])), len(grid) - 1).astype(int)
    if np.allclose(grid[nearest], at, rtol=1e-9, atol=1e-9):  # as in discrete time
        return values[nearest]
    if len(grid) < FEWEST_GRID_POINTS:
        reject("solution", solution, f"has only {len(grid)} points", "solve with a shorter step")
    fine = CubicSpline(grid, values)(at)
    inside = at <= grid[::2][-1]
    coarse = CubicSpline(grid[::2], values[::2])(at[inside])
    change = np.max(np.abs(coarse - fine[inside]), initial=0.0)
    if change > SPLINE_ERROR_RATIO * SPLINE_TOLERANCE * scale:
        reject("solution", solution, f"its step {grid[1] - grid[0]:g} is too long to interpolate "
               f"{name}", "solve with a shorter step")
    return fine


def checked_quantities(solution, quantity, known: tuple[str, ...], grid: str) -> tuple[str, ...]:
    """The requested quantities, each one of `known`, and a field of the solution like `grid`."""
    names = (quantity,) if isinstance(quantity, str) else quantity
    if not isinstance(names, (tuple, list)) or not names:
        reject("quantity", quantity, "not the name of a quantity",
               "give some of " + ", ".join(map(repr, known)))
    for name in names:
        one_of("quantity", name, known)
    if len(set(names)) < len(names):
        reject("quantity", quantity, "contains one twice", "give each once")
    for field in (grid, *names):
        if not hasattr(solution, field):
            reject("solution", solution, f"has no {field}", "give the result of dmft.solve, with "
                   "times for runs with times, and without times for the others")
    return tuple(names)


def check_networks(runs) -> None:
    """Reject runs of too few networks."""
    for size, kept in zip(runs.neurons, runs.kept.sum(axis=1), strict=True):
        if kept < FEWEST_NETWORKS:
            reject("networks", int(kept), f"too few networks of {size} neurons for a comparison",
                   f"simulate {FEWEST_NETWORKS} or more at each size, preferably 20")


def theory_notes(solution, network) -> tuple[str, ...]:
    """Reservations about a theory: of another network than the runs, or not converged."""
    notes, own = [], getattr(solution, "network", None)
    if own is None:
        notes.append(f"{UNKNOWN_NETWORK}; the runs are those of {network!r}")
    elif own != network:
        notes.append(f"the theory is that of {own!r}, the runs are those of {network!r}")
    convergence = getattr(solution, "convergence", None)
    if convergence is not None and not convergence.success:
        notes.append("the theory did not converge")
    if getattr(network, "sizes", None) is not None:
        notes.append("all runs are of one given matrix: the standard errors do not include the "
                     "difference, of order 1/sqrt(N), between matrices of the same statistics")
    return tuple(notes)


def verdict_notes(solution, runs) -> tuple[str, ...]:
    """Reservations about any verdict: those of the theory, one size, discarded runs."""
    notes = [*theory_notes(solution, runs.network)]
    if len(runs.neurons) == 1:
        notes.append(f"{ONE_SIZE}; give several sizes to extrapolate")
    if runs.discarded:
        notes.append(f"{runs.discarded} networks discarded by the rule {runs.discard!r}")
    return tuple(notes)
