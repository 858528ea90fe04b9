"""What both kinds of comparison share: the tests themselves, and what is asked of the runs."""

from __future__ import annotations

import numpy as np

from dmft.base.checks import one_of, reject, within

from ..runs.finite_size_fit import Extrapolation
from .power import detectable, holm, two_sided

FEWEST = 8  # networks of a size: fewer give no standard error worth the name
COARSE = 1e-4  # largest error of interpolating the theory, over its scale


def tested(theory: np.ndarray, own: np.ndarray, fit: Extrapolation, scale: np.ndarray,
           alpha: float, power: float) -> dict[str, np.ndarray | float]:
    """Every deviation tested, and what each test would have caught: the arrays of a Verdict.

    Parameters
    ----------
    theory, own : arrays
        The theory's values and its own standard errors.
    fit : Extrapolation
        The simulation's, each of its arrays of the same shape.
    scale : array
        What resolutions are relative to; broadcasts to that shape.
    alpha, power : float
        Level of all tests together, and power of the resolution.
    """
    alpha, power = within("alpha", alpha, 1e-12, 0.5), within("power", power, 0.5, 0.999)
    scatter = fit.intercept.stderr ** 2
    stderr = np.sqrt(own**2 + scatter)
    # Satterthwaite: the theory's error is taken as known, so it has no share in the denominator
    dof = fit.dof * np.divide(stderr**2, scatter, out=np.ones_like(scatter),
                              where=scatter > 0) ** 2
    z, p = two_sided(fit.intercept.value - theory, stderr, dof)
    return {"theory": theory, "simulation": fit.intercept.value, "stderr": stderr, "dof": dof,
            "z": z, "p": p, "p_adjusted": holm(p), "alpha": alpha, "power": power,
            "scale": np.broadcast_to(scale, p.shape).copy(),
            "resolutions": detectable(dof, alpha / p.size, power) * stderr / scale}


def interpolated(solution, name: str, grid: np.ndarray, values: np.ndarray, at: np.ndarray,
                 scale: float) -> np.ndarray:
    """Columns of `values` (n, ...) at given points of a grid (n,), by a cubic spline.

    Raises
    ------
    ModelError
        If the grid is so coarse that leaving out every second point changes the result by more
        than 16e-4 of the scale (the error is then above 1e-4).
    """
    from scipy.interpolate import CubicSpline

    if len(grid) < 8:
        reject("solution", solution, f"has {len(grid)} points only", "solve with a shorter step")
    fine = CubicSpline(grid, values)(at)
    inside = at <= grid[::2][-1]
    coarse = CubicSpline(grid[::2], values[::2])(at[inside])
    if np.max(np.abs(coarse - fine[inside]), initial=0.0) > 16 * COARSE * scale:
        reject("solution", solution, f"its step {grid[1] - grid[0]:g} is too long to interpolate "
               f"{name}", "solve with a shorter step")
    return fine


def named_quantities(solution, quantity, known: tuple[str, ...],
                     grid: str) -> tuple[str, ...]:
    """The quantities asked for, each known and in the solution, which has the `grid`."""
    names = (quantity,) if isinstance(quantity, str) else quantity
    if not isinstance(names, (tuple, list)) or not names:
        reject("quantity", quantity, "not the name of a quantity",
               "give some of " + ", ".join(map(repr, known)))
    for name in names:
        one_of("quantity", name, known)
    if len(set(names)) < len(names):
        reject("quantity", quantity, "holds one twice", "give each once")
    for field in (grid, *names):
        if not hasattr(solution, field):
            reject("solution", solution, f"has no {field}", "give what dmft.solve returned, with "
                   "times for runs with times, and without for runs without")
    return tuple(names)


def check_networks(runs) -> None:
    """Refuse runs of too few networks."""
    for size, kept in zip(runs.neurons, runs.kept.sum(axis=1), strict=True):
        if kept < FEWEST:
            reject("networks", int(kept), f"too few of {size} neurons to compare",
                   f"simulate {FEWEST} or more, better 20")


def noted(solution, runs) -> tuple[str, ...]:
    """What should be known with any verdict."""
    notes = []
    if getattr(solution, "network", None) != runs.network:
        notes.append(f"the theory is of {getattr(solution, 'network', None)!r}, the runs are of "
                     f"{runs.network!r}")
    convergence = getattr(solution, "convergence", None)
    if convergence is not None and not convergence.success:
        notes.append("the theory did not converge")
    if len(runs.neurons) == 1:
        notes.append("one size only: a deviation of order 1/N is not told apart from a wrong "
                     "theory; give several sizes to extrapolate")
    if runs.discarded:
        notes.append(f"{runs.discarded} networks discarded by the rule {runs.discard!r}")
    return tuple(notes)
