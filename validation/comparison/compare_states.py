"""compare for stationary states of regions: correlations, gains and currents of every region."""

from __future__ import annotations

import numpy as np

from dmft import RegionalState, StationaryStates
from dmft.base.checks import one_of, reject
from dmft.network.regional_mean_field import mean_field
from dmft.network.structure import structure

from ..runs.finite_size_fit import extrapolate
from ..runs.runs import CURVES, Runs
from .deviation_tests import (
    UNKNOWN_NETWORK,
    deviation_statistics,
    interpolated,
    verdict_notes,
)
from .tuning import FEWEST_NETWORKS, LEFT_SHARE, THEORY_ROUNDING, WRONG_STATE
from .verdict import Verdict

STATE_QUANTITIES = (*CURVES, "S", "psi")


def compare_states(solution: RegionalState | StationaryStates, runs: Runs, quantity,
                   alpha: float, power: float) -> Verdict:
    """The verdict on one stationary state; the arguments are those of `compare`.

    Networks of which a trial is not at the state, in one half of the measured time, are left out,
    and counted in the notes. If phi is odd and there is no input, the state with all currents
    reversed is the same state of another trial: its currents are compared with reversed sign.
    """
    own = structure(runs.network)
    state = _chosen(solution, runs)
    names = _checked(quantity, bool(own.currents))
    if "C_x_regions" not in runs.per_network:
        reject("runs", runs, "have no averages over single regions", "simulate again")
    z = np.asarray(state.z, dtype=float).ravel()
    signs = [_signs(state, z, runs, neurons) for neurons in runs.neurons]
    there = [np.all(sign != 0, axis=1) for sign in signs]
    for neurons, at in zip(runs.neurons, there, strict=True):
        if np.sum(at) < FEWEST_NETWORKS:
            reject("runs", runs, f"only {int(np.sum(at))} of {len(at)} networks of {neurons} "
                   f"neurons are at the state (growth rate {state.growth_rate:.3g})",
                   f"start {FEWEST_NETWORKS} or more there, with simulate(..., currents=state.z), "
                   "give more neurons, or compare a state that is stable")
    tests: list[tuple[str, str]] = []
    theory: list[np.ndarray] = []
    scale: list[np.ndarray] = []
    for name in names:
        labels, values, size = _theory(state, name, runs, own.current_shape)
        tests += labels
        theory.append(values)
        scale.append(size)
    samples = [np.concatenate([_rows(name, runs, neurons, sign)[at] for name in names], axis=1)
               for neurons, sign, at in zip(runs.neurons, signs, there, strict=True)]
    scales = np.concatenate(scale)
    found = deviation_statistics(np.concatenate(theory), THEORY_ROUNDING * scales,
                                 extrapolate(runs.neurons, samples), scales, alpha, power)
    left = [f"{int(np.sum(~at))} of {len(at)} networks of {neurons} neurons were not at the state, "
            "or left it, and are not compared"
            for neurons, at in zip(runs.neurons, there, strict=True) if not np.all(at)]
    return Verdict(quantities=names, lags=runs.lags, tests=tuple(tests), neurons=runs.neurons,
                   networks=tuple(int(np.sum(at)) for at in there), of="lags",
                   notes=(*_notes(state, solution, runs), *left), **found)


def _chosen(solution: RegionalState | StationaryStates, runs: Runs) -> RegionalState:
    """The state itself, the one at whose currents the runs were started, or the only stable one."""
    states = solution.states if isinstance(solution, StationaryStates) else (solution,)
    shape = structure(runs.network).current_shape
    regions = structure(runs.network).kinds
    for one in states:
        if one.z.shape != shape or len(one.psi) != regions:
            reject("solution", solution, f"has currents of shape {one.z.shape} in {len(one.psi)} "
                   f"regions, the runs {shape} in {regions}",
                   "solve the network that was simulated")
    if len(states) == 1:
        return states[0]
    started = np.array(runs.settings.currents)
    if started.size:
        for one in states:
            if np.allclose(one.z.ravel(), started, rtol=1e-6, atol=1e-9):
                return one
    stable = [one for one in states if one.stable]
    if len(stable) == 1:
        return stable[0]
    if len(stable) == 2 and _reversible(runs) and np.allclose(stable[0].z, -stable[1].z, atol=1e-6):
        return stable[0]
    reject("solution", solution, f"has {len(stable)} stable states", "give one, states[i], and "
           "start the networks there, with simulate(..., currents=states[i].z)")


def _reversible(runs: Runs) -> bool:
    """Whether reversing all currents gives another state of the same network."""
    return runs.network.phi.odd and not structure(runs.network).inputs


def _signs(state: RegionalState, z: np.ndarray, runs: Runs, neurons: int) -> np.ndarray:
    """(K, B) 1 where a trial is at the state, -1 at the reversed state, 0 where it is at neither.

    Networks that were started at currents belong to that sign. A trial is at a state if its mean
    currents in both halves of the time are nearer to it than LEFT_SHARE of its size: this is far
    wider than fluctuations from network to network, which it does not cut off.
    """
    if not z.size:
        return np.ones((len(runs.samples("psi", neurons)), 1))
    S = runs.samples("S_trials", neurons)  # (K, B, 2, P)
    size = float(np.linalg.norm(z))
    if size < 1e-6:  # no currents: measured by the width of x, to which currents add
        size = float(np.sqrt(max(np.max(state.variance), 1e-12)))
    near = LEFT_SHARE * size
    at, reversed_ = (np.all(np.linalg.norm(S - sign * z, axis=-1) < near, axis=-1)
                     for sign in (1, -1))
    started = np.array(runs.settings.currents)
    free = _reversible(runs) and not np.any(started)
    turned = _reversible(runs) and np.any(started) and np.linalg.norm(started + z) < near
    if turned:
        return -reversed_.astype(float)
    return np.where(at, 1.0, -1.0 * reversed_ if free else 0.0)


def _checked(quantity, currents: bool) -> tuple[str, ...]:
    if quantity is None:
        return (*CURVES, "S") if currents else CURVES
    names = (quantity,) if isinstance(quantity, str) else quantity
    if not isinstance(names, (tuple, list)) or not names:
        reject("quantity", quantity, "not the name of a quantity",
               "give some of " + ", ".join(map(repr, STATE_QUANTITIES)))
    for name in names:
        one_of("quantity", name, STATE_QUANTITIES)
        if name == "S" and not currents:
            reject("quantity", name, "not defined for this network, which has no currents",
                   "compare 'C_x'")
    if len(set(names)) < len(names):
        reject("quantity", quantity, "contains a name twice", "give each once")
    return tuple(names)


def _theory(state: RegionalState, name: str, runs: Runs, shape: tuple[int, ...]
            ) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray]:
    """Labels, values and scales of the tests of one quantity."""
    if name in CURVES:
        tau, curves = np.asarray(state.lags.tau), np.asarray(getattr(state, name))
        if runs.lags[-1] > tau[-1] * (1 + 1e-9):
            reject("lags", float(runs.lags[-1]), f"beyond the theory's longest lag {tau[-1]:g}",
                   "simulate shorter lags, or solve on a longer span")
        sizes = np.abs(curves[:, 0])
        sizes = np.where(sizes > 0, sizes, np.max(sizes))
        if not np.all(sizes > 0):
            reject("solution", state, f"its {name}(0) is 0: no deviation can be measured relative "
                   "to it", "compare a state that is active")
        at = np.minimum(runs.lags, tau[-1])
        values = interpolated(state, name, tau, curves.T, at, float(np.max(sizes))).T
        labels = [(f"{name}[{region}]", f"{lag:.4g}") for region in range(len(curves))
                  for lag in runs.lags]
        return labels, values.ravel(), np.repeat(sizes, len(runs.lags))
    values = np.asarray(state.z if name == "S" else state.psi, dtype=float)
    size = float(np.max(np.abs(values), initial=0.0))
    if name == "S" and size < 1e-6:
        size = float(np.sqrt(np.max(state.variance)))
    labels = [(f"{name}[{','.join(map(str, index))}]", "-") for index in np.ndindex(
        shape if name == "S" else values.shape)]
    return labels, values.ravel(), np.full(values.size, size)


def _rows(name: str, runs: Runs, neurons: int, signs: np.ndarray) -> np.ndarray:
    """(K, tests) of one size: each network is one row, the mean over its trials."""
    if name == "S":
        S = runs.samples("S_trials", neurons).mean(axis=2)
        return np.mean(signs[..., None] * S, axis=1)
    rows = runs.samples(f"{name}_regions" if name in CURVES else name, neurons)
    return rows.reshape(len(rows), -1)


def _notes(state: RegionalState, solution, runs: Runs) -> list[str]:
    """Reservations: another network, no convergence, a state that is not stable."""
    notes = list(verdict_notes(solution, runs))
    if isinstance(solution, RegionalState):  # a state does not hold its network
        notes = [one for one in notes if not one.startswith(UNKNOWN_NETWORK)]
        if _residual(state, runs) > WRONG_STATE:
            notes.append("the state does not solve the equations of the network of the runs")
    if not state.stable:
        notes.append(f"the state is not stable: a perturbation grows at {state.growth_rate:.3g}")
    elif state.marginal:
        notes.append(f"{state.marginal} marginal directions: finite networks drift along them")
    return notes


def _residual(state: RegionalState, runs: Runs) -> float:
    """Largest difference of S and z, relative to the largest current, in the network of the runs.
    """
    field = mean_field(runs.network)
    inputs = np.zeros(0) if not field.inputs else np.asarray(field.signal, dtype=float)
    z = np.asarray(state.z, dtype=float).ravel()
    off = np.abs(field.driven(np.asarray(state.psi), np.concatenate([z, inputs])) - z)
    return float(np.max(off, initial=0.0)) / max(1.0, float(np.max(np.abs(z), initial=0.0)))
