"""compare for measures of pairs of units: dimensions and four-point functions."""

from __future__ import annotations

import numpy as np

import dmft
from dmft import Estimate
from dmft.base.annotations import Observable
from dmft.base.checks import one_of, reject

from ..runs.finite_size_fit import Extrapolation, extrapolate
from ..runs.runs import CURVES, DIMENSIONS, FOUR_POINT, Runs
from .deviation_tests import deviation_statistics, verdict_notes
from .tuning import SPLINE_TOLERANCE
from .verdict import Verdict

PAIR_QUANTITIES = (*DIMENSIONS, *FOUR_POINT)


def compare_pairs(solution, runs: Runs, quantities: tuple[str, ...], curves: dict[str, Estimate],
                  alpha: float, power: float) -> Verdict:
    """The verdict on measures of pairs of units, and on `curves` at the runs' lags if requested.

    Every value is one test, in one row of tests. Resolutions are relative to the largest value of
    the quantity in theory.
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
        tests += [(name, place) for place in _lag_labels(name, runs)]
        theory.append(values)
        own.append(errors)
        scale.append(np.full(len(values), size))
        rows = [runs.rows(name, n) for n in runs.neurons]
        if not all(np.all(np.isfinite(one)) for one in rows):
            reject("runs", runs, f"{name} of some network is not finite",
                   "measure for a longer time, or with more trials")
        fits.append(extrapolate(runs.neurons, [one.reshape(len(one), -1) for one in rows]))
    intercept = Estimate(*(np.concatenate([getattr(fit.intercept, part) for fit in fits])
                           for part in ("value", "stderr")))
    together = Extrapolation(intercept, np.concatenate([fit.slope for fit in fits]),
                             np.concatenate([fit.dof for fit in fits]))
    statistics = deviation_statistics(np.concatenate(theory), np.concatenate(own), together,
                                      np.concatenate(scale), alpha, power)
    return Verdict(quantities=quantities, lags=runs.lags, tests=tuple(tests), neurons=runs.neurons,
                   networks=tuple(int(n) for n in runs.kept.sum(axis=1)), of="lags",
                   notes=verdict_notes(solution, runs), **statistics)


def _lag_labels(name: str, runs: Runs) -> list[str]:
    """Labels of the lags or pairs of lags of a quantity; "-" for a quantity without lags."""
    if name in DIMENSIONS:
        return ["-"]
    if name in CURVES:
        return [f"{lag:.4g}" for lag in runs.lags]
    return [f"{first:.4g}, {second:.4g}" for first, second in runs.cross_lags]


def checked_pair_quantities(quantity, runs: Runs) -> tuple[str, ...] | None:
    """The requested quantities, if one of them is a measure of pairs of units; otherwise None.

    Raises
    ------
    ModelError
        For a quantity that is unknown, given twice, or not measured by these runs.
    """
    names = (quantity,) if isinstance(quantity, str) else quantity
    if not isinstance(names, (tuple, list)) or not any(
            isinstance(name, str) and name in PAIR_QUANTITIES for name in names):
        return None
    for name in names:
        one_of("quantity", name, (*CURVES, *PAIR_QUANTITIES))
        if name not in runs.per_network:
            reject("quantity", name, "not measured by these runs", "simulate with dimension=True"
                   + (" and zscore" if name.endswith("_z") else ""))
    if len(set(names)) < len(names):
        reject("quantity", quantity, "contains one twice", "give each once")
    return tuple(names)


def theory_of_pairs(solution, name: str, runs: Runs) -> Estimate:
    """Dimension () of a solution, or its four-point function (P,) at the runs' lags."""
    kind, kept, *scored = name.split("_")
    of: Observable = "phi" if kept == "phi" else "x"
    if kind == "dimension":
        found = dmft.dimension(solution, of=of, z_scored=bool(scored))
        return Estimate(np.asarray(found), found.stderr)
    first, second = np.array(runs.cross_lags).T
    return dmft.four_point(solution).psi(first, second, of=of, tol=SPLINE_TOLERANCE)
