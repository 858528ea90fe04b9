"""compare for theories in time: prepared networks, at a few times."""

from __future__ import annotations

import numpy as np

from dmft.base.checks import finite_array, reject
from dmft.network.structure import structure

from ..runs.finite_size_fit import extrapolate
from ..runs.time_runs import TimeRuns
from .deviation_tests import (
    checked_quantities,
    deviation_statistics,
    interpolated,
    verdict_notes,
)
from .tuning import DEFAULT_TIMES, LARGEST_TIME_DIFFERENCE, THEORY_ROUNDING
from .verdict import Verdict

CURRENTS = ("S", "z")
MEANS = ("mean", "rates")
ONE_TIME_QUANTITIES = (*CURRENTS, "variance", *MEANS, "power", "psi")
TWO_TIME_QUANTITIES = ("Delta", "C_phi")
DEFAULT_QUANTITIES = ("S", "z", "variance")


def compare_times(solution, runs: TimeRuns, quantity, at, alpha: float, power: float) -> Verdict:
    """The verdict on a theory in time; the arguments are those of `compare`."""
    usual = (*DEFAULT_QUANTITIES, *(MEANS if structure(runs.network).drift else ()))
    names = checked_quantities(solution, usual if quantity is None else quantity,
                             (*ONE_TIME_QUANTITIES, *TWO_TIME_QUANTITIES), "times")
    chosen = _time_indices(runs, at)
    tests, theory, scale, own = [], [], [], []
    rows: list[list[np.ndarray]] = [[] for _ in runs.neurons]
    for name in names:
        if name in TWO_TIME_QUANTITIES and not runs.settings.pairs:
            reject("quantity", name, "not measured by these runs", "simulate with pairs=True")
        theory_of = (_theory_at_time_pairs if name in TWO_TIME_QUANTITIES else _theory_at_times)
        values, size, where = theory_of(solution, name, runs, chosen)
        for row, neurons in zip(rows, runs.neurons, strict=True):
            row.append(_selected_rows(runs.samples(name, neurons), name, chosen))
        for index in np.ndindex(values.shape[1:]):
            tests += [(_label(name, index), place) for place in where]
        theory.append(np.moveaxis(values, 0, -1).ravel())
        errors = _own_errors(solution, name, runs, chosen, values)
        own.append(np.hypot(np.moveaxis(errors, 0, -1).ravel(), THEORY_ROUNDING * size))
        scale.append(np.full(values.size, size))
    if not tests:
        reject("quantity", names, "not defined for this network, which has no currents",
               "compare 'variance'")
    samples = [np.concatenate(row, axis=1) for row in rows]
    scales = np.concatenate(scale)
    found = deviation_statistics(np.concatenate(theory), np.concatenate(own),
                                 extrapolate(runs.neurons, samples), scales, alpha, power)
    notes = (*verdict_notes(solution, runs), *_initial_condition_notes(solution, runs))
    return Verdict(quantities=names, lags=runs.at[chosen], tests=tuple(tests), of="time",
                   neurons=runs.neurons, networks=tuple(int(n) for n in runs.kept.sum(axis=1)),
                   notes=notes, **found)


def _own_errors(solution, name: str, runs: TimeRuns, chosen: np.ndarray,
                like: np.ndarray) -> np.ndarray:
    """Standard errors of the theory at the chosen times or pairs, in the shape of its values."""
    errors = getattr(getattr(solution, name), "stderr", None)
    if errors is None:
        return np.zeros(like.shape)
    two_times = name in TWO_TIME_QUANTITIES
    grid = np.asarray(solution.times.kept if two_times else solution.times.t)
    nearest = np.argmin(np.abs(grid - runs.at[chosen][:, None]), axis=1)
    if not two_times:
        return np.asarray(errors)[nearest]
    first, second = np.triu_indices(len(chosen))
    return np.asarray(errors)[:, nearest[first], nearest[second]].T


def _time_indices(runs: TimeRuns, at) -> np.ndarray:
    """Indices into runs.at: of the requested times, or of a few equally spaced ones after 0."""
    if at is not None:
        requested = finite_array("at", np.atleast_1d(np.asarray(at)) if np.ndim(at) == 0 else at, 1)
        return np.unique([runs.index(float(time)) for time in requested])
    later = np.flatnonzero(runs.at > 0)
    if len(later) == 0:
        return np.zeros(1, dtype=int)  # only the initial time was observed
    wanted = runs.at[-1] * np.arange(1, DEFAULT_TIMES + 1) / DEFAULT_TIMES
    return np.unique(later[[np.argmin(np.abs(runs.at[later] - time)) for time in wanted]])


def _theory_at_times(solution, name: str, runs: TimeRuns, chosen: np.ndarray):
    """Theory (k, ...) at the chosen times, its scale, and the labels of the times."""
    values = _finite_values(solution, name, runs.samples(name).shape[2:])
    grid, at = np.asarray(solution.times.t), runs.at[chosen]
    if at[-1] > grid[-1] * (1 + 1e-9):
        reject("at", float(at[-1]), f"beyond the theory's last time {grid[-1]:g}",
               "compare earlier times, or solve up to a later time")
    size = _scale(solution, name, values)
    at = np.minimum(at, grid[-1])
    nearest = np.argmin(np.abs(grid - at[:, None]), axis=1)
    out = values[nearest]
    # values on the grid are not interpolated, since a pulse may cause a kink there
    between = np.abs(grid[nearest] - at) > 1e-9 * grid[-1]
    if np.any(between) and values.size:
        out = out.copy()
        out[between] = interpolated(solution, name, grid, values, at[between], size)
    return out, size, [f"{time:.4g}" for time in at]


def _theory_at_time_pairs(solution, name: str, runs: TimeRuns, chosen: np.ndarray):
    """Theory (pairs, R) at the chosen pairs of times, which must be kept by the solution."""
    if getattr(solution, name) is None:
        reject("solution", solution, f"{name} was not kept", "solve with Times(..., keep=...)")
    values = _finite_values(solution, name, runs.samples(name).shape[1:2])
    kept, at = np.asarray(solution.times.kept), runs.at[chosen]
    nearest = np.argmin(np.abs(kept - at[:, None]), axis=1)
    off = np.abs(kept[nearest] - at)
    if np.max(off) > LARGEST_TIME_DIFFERENCE:
        reject("at", float(at[np.argmax(off)]), f"not a time at which the theory keeps {name}",
               "give times of solution.times.kept")
    first, second = np.triu_indices(len(chosen))
    where = [f"{a:.4g}, {b:.4g}" for a, b in zip(at[first], at[second], strict=True)]
    return values[:, nearest[first], nearest[second]].T, float(np.max(np.abs(values))), where


def _selected_rows(samples: np.ndarray, name: str, chosen: np.ndarray) -> np.ndarray:
    """(K, tests) of one size, in the order of the tests: times (or pairs) vary fastest."""
    if name in TWO_TIME_QUANTITIES:
        first, second = np.triu_indices(len(chosen))
        rows = samples[:, :, chosen[first], chosen[second]]
    else:
        rows = np.moveaxis(samples[:, chosen], 1, -1)
    return rows.reshape(len(samples), -1)


def _scale(solution, name: str, values: np.ndarray) -> float:
    """Scale of deviations: the largest value over the times and regions of the theory.

    For currents that vanish at all times it is the root mean square of x, to which they add; for
    <x> and <phi> always that of x and of phi.
    """
    size = float(np.max(np.abs(values), initial=0.0))
    if name in MEANS or (name in CURRENTS and size == 0):
        square = "power" if name == "rates" else "variance"
        size = float(np.sqrt(np.max(np.abs(_finite_values(solution, square, None)))))
    if size == 0:
        reject("solution", solution, f"its {name} is 0: no deviation can be measured relative to "
               "it", "compare a network that is active")
    return size


def _finite_values(solution, name: str, shape: tuple[int, ...] | None) -> np.ndarray:
    values = np.asarray(getattr(solution, name), dtype=float)
    if not np.all(np.isfinite(values)):
        reject("solution", solution, f"{name} is not finite", "give a solution that converged")
    components = values.shape[:1] if name in TWO_TIME_QUANTITIES else values.shape[1:]
    if shape is not None and components != shape:
        reject("solution", solution, f"its {name} has the shape {components} at each time, that of "
               f"the runs {shape}", "solve the network that was simulated")
    return values


def _label(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{','.join(map(str, index))}]"


def _initial_condition_notes(solution, runs: TimeRuns) -> list[str]:
    """What the theory and the networks were prepared with, where it differs."""
    begun, notes = runs.settings, []
    schedule = getattr(solution, "schedule", None)
    if schedule is not None and not schedule.constant:
        notes.append("the theory has a schedule, which the networks do not have")
    if getattr(solution, "past", 0.0):
        notes.append("the theory has a stationary past, the networks a prepared start")
    pairs = {"currents": (np.asarray(solution.z, dtype=float)[0].ravel(), begun.currents)}
    if hasattr(solution, "rates"):  # paths in time, whose <x^2> is prepared without currents
        mean = np.asarray(solution.mean, dtype=float)[0]
        started = np.array(begun.mean) if begun.mean else np.zeros_like(mean)
        pairs |= {"mean": (mean, started), "variance": (
            np.asarray(solution.variance, dtype=float)[0] - mean**2, begun.variance)}
    return notes + [
        f"the initial {name} of the theory differ{'' if name == 'currents' else 's'} from that of "
        "the networks" for name, (one, other) in pairs.items()
        if one.shape == np.shape(other) and not np.allclose(one, other, rtol=1e-6, atol=1e-6)]
