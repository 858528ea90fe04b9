"""A theory in time held against prepared networks, at few times."""

from __future__ import annotations

import numpy as np

from dmft.base.checks import finite_array, reject

from ..runs.finite_size_fit import extrapolate
from ..runs.time_runs import TimeRuns
from .judgement import interpolated, named_quantities, noted, tested
from .verdict import Verdict

CURRENTS = ("S", "z")
SINGLE = (*CURRENTS, "variance", "psi")  # at one time; the others are at pairs of times
PAIRS = ("Delta", "C_phi")
COMPARED = ("S", "z", "variance")  # unless others are asked for
FEW = 6  # times, unless others are asked for: Holm's rule makes more tests blunter
ROUNDING = 1e-6  # of the scale: deviations are not told apart from rounding below


def compare_times(solution, runs: TimeRuns, quantity, at, alpha: float, power: float) -> Verdict:
    """See `compare`."""
    names = named_quantities(solution, COMPARED if quantity is None else quantity,
                             (*SINGLE, *PAIRS), "times")
    chosen = _chosen(runs, at)
    tests, theory, scale = [], [], []
    rows = [[] for _ in runs.neurons]
    for name in names:
        if name in PAIRS and not runs.settings.pairs:
            reject("quantity", name, "was not measured", "simulate with pairs=True")
        values, size, where = (_pairs if name in PAIRS else _single)(solution, name, runs, chosen)
        for row, neurons in zip(rows, runs.neurons, strict=True):
            row.append(_selected(runs.samples(name, neurons), name, chosen))
        for index in np.ndindex(values.shape[1:]):
            tests += [(_label(name, index), place) for place in where]
        theory.append(np.moveaxis(values, 0, -1).ravel())
        scale.append(np.full(values.size, size))
    if not tests:
        reject("quantity", names, "there is none in this network: it has no currents",
               "compare 'variance'")
    samples = [np.concatenate(row, axis=1) for row in rows]
    scales = np.concatenate(scale)
    found = tested(np.concatenate(theory), ROUNDING * scales, extrapolate(runs.neurons, samples),
                   scales, alpha, power)
    return Verdict(quantities=names, lags=runs.at[chosen], tests=tuple(tests), of="time",
                   neurons=runs.neurons, networks=tuple(int(n) for n in runs.kept.sum(axis=1)),
                   notes=(*noted(solution, runs), *_prepared_alike(solution, runs)), **found)


def _chosen(runs: TimeRuns, at) -> np.ndarray:
    """Places in runs.at: those asked for, or a few spread evenly from the first after 0 on."""
    if at is not None:
        asked = finite_array("at", np.atleast_1d(np.asarray(at)) if np.ndim(at) == 0 else at, 1)
        return np.unique([runs.index(float(time)) for time in asked])
    later = np.flatnonzero(runs.at > 0)
    if len(later) == 0:
        return np.zeros(1, dtype=int)  # the preparation is all there is
    wanted = runs.at[-1] * np.arange(1, FEW + 1) / FEW
    return np.unique(later[[np.argmin(np.abs(runs.at[later] - time)) for time in wanted]])


def _single(solution, name: str, runs: TimeRuns, chosen: np.ndarray):
    """Theory (k, ...) at the chosen times, its scale, and the names of the times."""
    values = _finite(solution, name, runs.samples(name).shape[2:])
    grid, at = np.asarray(solution.times.t), runs.at[chosen]
    if at[-1] > grid[-1] * (1 + 1e-9):
        reject("at", float(at[-1]), f"beyond the theory's last time {grid[-1]:g}",
               "compare earlier times, or solve for longer")
    size = _scale(solution, name, values)
    at = np.minimum(at, grid[-1])
    nearest = np.argmin(np.abs(grid - at[:, None]), axis=1)
    out = values[nearest]
    # on the grid nothing is interpolated: a pulse may leave a kink there
    between = np.abs(grid[nearest] - at) > 1e-9 * grid[-1]
    if np.any(between) and values.size:
        out = out.copy()
        out[between] = interpolated(solution, name, grid, values, at[between], size)
    return out, size, [f"{time:.4g}" for time in at]


def _pairs(solution, name: str, runs: TimeRuns, chosen: np.ndarray):
    """Theory (pairs, R) at the chosen pairs of times, which must be kept by the solution."""
    if getattr(solution, name) is None:
        reject("solution", solution, f"did not keep {name}", "solve with Times(..., keep=...)")
    values = _finite(solution, name, runs.samples(name).shape[1:2])
    kept, at = np.asarray(solution.times.kept), runs.at[chosen]
    nearest = np.argmin(np.abs(kept - at[:, None]), axis=1)
    off = np.abs(kept[nearest] - at)
    if np.max(off) > 1e-6:
        reject("at", float(at[np.argmax(off)]), f"is not a time at which the theory keeps {name}",
               "compare times that are: solution.times.kept")
    first, second = np.triu_indices(len(chosen))
    where = [f"{a:.4g}, {b:.4g}" for a, b in zip(at[first], at[second], strict=True)]
    return values[:, nearest[first], nearest[second]].T, float(np.max(np.abs(values))), where


def _selected(samples: np.ndarray, name: str, chosen: np.ndarray) -> np.ndarray:
    """(K, tests) of one size, in the order of the tests: times (or pairs) run fastest."""
    if name in PAIRS:
        first, second = np.triu_indices(len(chosen))
        rows = samples[:, :, chosen[first], chosen[second]]
    else:
        rows = np.moveaxis(samples[:, chosen], 1, -1)
    return rows.reshape(len(samples), -1)


def _scale(solution, name: str, values: np.ndarray) -> float:
    """What deviations are relative to: the largest value over the theory's times and regions.

    Currents that vanish throughout are relative to the spread of x, of which they are parts.
    """
    size = float(np.max(np.abs(values), initial=0.0))
    if name in CURRENTS and size == 0:
        size = float(np.sqrt(np.max(np.abs(_finite(solution, "variance", None)))))
    if size == 0:
        reject("solution", solution, f"its {name} is 0: no deviation can be measured relative to "
               "it", "compare a network that is active")
    return size


def _finite(solution, name: str, shape: tuple[int, ...] | None) -> np.ndarray:
    values = np.asarray(getattr(solution, name), dtype=float)
    if not np.all(np.isfinite(values)):
        reject("solution", solution, f"{name} is not finite", "solve again")
    components = values.shape[:1] if name in PAIRS else values.shape[1:]
    if shape is not None and components != shape:
        reject("solution", solution, f"its {name} is of shape {components} at each time, that of "
               f"the runs of {shape}", "solve the network that was simulated")
    return values


def _label(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{','.join(map(str, index))}]"


def _prepared_alike(solution, runs: TimeRuns) -> list[str]:
    started = np.asarray(solution.z, dtype=float)[0].ravel()
    if started.shape == runs.settings.currents.shape and not np.allclose(
            started, runs.settings.currents, rtol=1e-6, atol=1e-9):
        return ["the theory starts from other currents than the networks"]
    return []
