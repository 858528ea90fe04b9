"""compare, where dimensions and four-point functions are among the quantities."""

from __future__ import annotations

import numpy as np

import dmft
from dmft import Estimate
from dmft.base.checks import one_of, reject

from ..runs.finite_size_fit import Extrapolation, extrapolate
from ..runs.runs import CURVES, DIMENSIONS, FOUR_POINT, Runs
from .judgement import COARSE, noted, tested
from .verdict import Verdict

PAIRS = (*DIMENSIONS, *FOUR_POINT)


def compare_pairs(solution, runs: Runs, quantities: tuple[str, ...], curves: dict[str, Estimate],
                  alpha: float, power: float) -> Verdict:
    """The verdict on quantities of pairs of units, and on `curves` at the runs' lags beside them.

    Every value is a test of its own, all in a row. Resolutions are relative to the theory's largest
    value of that quantity.
    """
    tests: list[tuple[str, str]] = []
    theory, own, scale, fits = [], [], [], []
    for name in quantities:
        found = curves[name] if name in CURVES else theory_of_pairs(solution, name, runs)
        values, errors = (np.ravel(part) for part in (found.value, found.stderr))
        size = float(np.max(np.abs(values)))
        if not (np.all(np.isfinite(values)) and size > 0):
            reject("solution", solution, f"its {name} is not finite, or 0",
                   "compare a network that is active")
        tests += [(name, place) for place in _places(name, runs)]
        theory.append(values)
        own.append(errors)
        scale.append(np.full(len(values), size))
        rows = [runs.rows(name, n) for n in runs.neurons]
        if not all(np.all(np.isfinite(one)) for one in rows):
            reject("runs", runs, f"{name} of some network is not finite",
                   "measure for longer, or with more trials")
        fits.append(extrapolate(runs.neurons, [one.reshape(len(one), -1) for one in rows]))
    intercept = Estimate(*(np.concatenate([getattr(fit.intercept, part) for fit in fits])
                           for part in ("value", "stderr")))
    together = Extrapolation(intercept, np.concatenate([fit.slope for fit in fits]),
                             np.concatenate([fit.dof for fit in fits]))
    judged = tested(np.concatenate(theory), np.concatenate(own), together, np.concatenate(scale),
                    alpha, power)
    return Verdict(quantities=quantities, lags=runs.lags, tests=tuple(tests), neurons=runs.neurons,
                   networks=tuple(int(n) for n in runs.kept.sum(axis=1)), of="lags",
                   notes=noted(solution, runs), **judged)


def _places(name: str, runs: Runs) -> list[str]:
    """Where a quantity is compared: lags, pairs of lags, or nowhere in particular."""
    if name in DIMENSIONS:
        return ["-"]
    if name in CURVES:
        return [f"{lag:.4g}" for lag in runs.lags]
    return [f"{first:.4g}, {second:.4g}" for first, second in runs.cross_lags]


def named_pairs(quantity, runs: Runs) -> tuple[str, ...] | None:
    """The quantities asked for, if one of them is of pairs of units; None if none is.

    Raises
    ------
    ModelError
        For a quantity that is unknown, asked for twice, or not measured by these runs.
    """
    names = (quantity,) if isinstance(quantity, str) else quantity
    if not isinstance(names, (tuple, list)) or not any(
            isinstance(name, str) and name in PAIRS for name in names):
        return None
    for name in names:
        one_of("quantity", name, (*CURVES, *PAIRS))
        if name not in runs.per_network:
            reject("quantity", name, "was not measured", "simulate with dimension=True"
                   + (" and zscore" if name.endswith("_z") else ""))
    if len(set(names)) < len(names):
        reject("quantity", quantity, "holds one twice", "give each once")
    return tuple(names)


def theory_of_pairs(solution, name: str, runs: Runs) -> Estimate:
    """A solution's dimension (), or four-point function (P,) at the runs' lags."""
    kind, of, *scored = name.split("_")
    if kind == "dimension":
        found = dmft.dimension(solution, of=of, z_scored=bool(scored))
        return Estimate(np.asarray(found), found.stderr)
    first, second = np.array(runs.cross_lags).T
    return dmft.four_point(solution).psi(first, second, of=of, tol=COARSE)
