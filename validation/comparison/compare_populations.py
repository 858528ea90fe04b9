"""compare for states of populations: mean outputs and correlations of every population."""

from __future__ import annotations

import numpy as np

from dmft import PopulationState, PopulationStates
from dmft.base.checks import one_of, reject

from ..runs.finite_size_fit import extrapolate
from ..runs.runs import CURVES, Runs
from .deviation_tests import (
    UNKNOWN_NETWORK,
    deviation_statistics,
    interpolated,
    verdict_notes,
)
from .tuning import THEORY_ROUNDING
from .verdict import Verdict

POPULATION_QUANTITIES = ("rates", *CURVES)


def compare_populations(solution: PopulationState | PopulationStates, runs: Runs, quantity,
                        alpha: float, power: float) -> Verdict:
    """The verdict on one state; the arguments are those of `compare`.

    The covariance C_x of the theory is compared with <x x>, to which the square of the mean adds.
    """
    state = _chosen(solution, runs)
    names = _checked(quantity)
    tests: list[tuple[str, str]] = []
    theory, scales, samples = [], [], []
    for name in names:
        labels, values, scale = _theory(state, name, runs)
        tests += labels
        theory.append(values)
        scales.append(scale)
    for neurons in runs.neurons:
        rows = [runs.samples(f"{name}_regions" if name in CURVES else name, neurons)
                for name in names]
        samples.append(np.concatenate([row.reshape(len(row), -1) for row in rows], axis=1))
    scale = np.concatenate(scales)
    found = deviation_statistics(np.concatenate(theory), max(THEORY_ROUNDING, state.error) * scale,
                                 extrapolate(runs.neurons, samples), scale, alpha, power)
    notes = [*verdict_notes(solution, runs)]
    if isinstance(solution, PopulationState):  # a state does not hold its network
        notes = [one for one in notes if not one.startswith(UNKNOWN_NETWORK)]
    if not state.stable:
        notes.append("the state is not stable")
    return Verdict(quantities=names, lags=runs.lags, tests=tuple(tests), neurons=runs.neurons,
                   networks=tuple(int(n) for n in runs.kept.sum(axis=1)), of="lags",
                   notes=tuple(notes), **found)


def _chosen(solution: PopulationState | PopulationStates, runs: Runs) -> PopulationState:
    """The state itself, the one at whose means the runs were started, or the only stable one."""
    states = solution.states if isinstance(solution, PopulationStates) else (solution,)
    if len(states[0].rates) != runs.per_network["rates"].shape[-1]:
        reject("solution", solution, "of another number of populations than the runs",
               "solve the network that was simulated")
    started = np.array(runs.settings.mean)
    if started.size:
        for one in states:
            if np.allclose(one.means, started, rtol=1e-6, atol=1e-9):
                return one
    stable = [one for one in states if one.stable]
    if len(states) == 1:
        return states[0]
    if len(stable) == 1:
        return stable[0]
    reject("solution", solution, f"has {len(stable)} stable states", "give one, states[i], and "
           "start the networks there, with simulate(..., mean=states[i].means, "
           "variance=states[i].variance)")


def _checked(quantity) -> tuple[str, ...]:
    names = POPULATION_QUANTITIES if quantity is None else (
        (quantity,) if isinstance(quantity, str) else quantity)
    if not isinstance(names, (tuple, list)) or not names:
        reject("quantity", quantity, "not the name of a quantity",
               "give some of " + ", ".join(map(repr, POPULATION_QUANTITIES)))
    for name in names:
        one_of("quantity", name, POPULATION_QUANTITIES)
    return tuple(dict.fromkeys(names))


def _theory(state: PopulationState, name: str, runs: Runs
            ) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray]:
    """Labels, values and scales of the tests of one quantity."""
    if name == "rates":
        size = float(np.sqrt(np.max(state.C_phi[:, 0])))
        return ([(f"rates[{a}]", "-") for a in range(len(state.rates))], state.rates,
                np.full(len(state.rates), max(size, 1e-12)))
    tau, curves = state.lags.tau, getattr(state, name)
    if name == "C_x":
        curves = curves + state.means[:, None] ** 2
    if runs.lags[-1] > tau[-1] * (1 + 1e-9):
        reject("lags", float(runs.lags[-1]), f"beyond the theory's longest lag {tau[-1]:g}",
               "simulate shorter lags, or solve on a longer span")
    sizes = np.maximum(np.abs(curves[:, 0]), 1e-12)
    at = np.minimum(runs.lags, tau[-1])
    values = interpolated(state, name, tau, curves.T, at, float(np.max(sizes))).T
    labels = [(f"{name}[{a}]", f"{lag:.4g}") for a in range(len(curves)) for lag in runs.lags]
    return labels, values.ravel(), np.repeat(sizes, len(runs.lags))
