"""Stationary states of networks with regions: the search for all fixed points of the currents."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.annotations import Seed
from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..network.regional_mean_field import MeanField, mean_field
from ..network.structure import structure
from ..stationary.first_integral_solve import averages_check
from ..stationary.tuning import WINDOW_DECAYS
from .fixed_currents import (
    FixedCurrents,
    drive,
    find_fixed_currents,
    largest_currents,
    shared_disorder,
)
from .stationary_states import RegionalState, StationaryStates
from .tuning import FIXED_POINT_RESIDUAL, SHARED_DISORDER_STARTS, STARTS, STATE_LAGS


def fixed_points_of_currents(network: AnyNetwork, *, starts: int | ArrayLike | None = None,
                             rng: Seed = 0, lags: Lags | None = None, strict: bool = True,
                             callback: Callable | None = None) -> StationaryStates:
    """Stationary states at constant currents; see `dmft.fixed_points` for the arguments."""
    field = check_stationary_currents(network)
    inputs = np.zeros(0) if not field.inputs else np.asarray(field.signal, dtype=float)
    shape = structure(network).current_shape
    if lags is not None and not isinstance(lags, Lags):
        checks.reject("lags", lags, "not a grid of lags", "give dmft.Lags(span=100, dt=0.1)")
    begin = _starts(field, starts, shape, checks.generator(rng))
    found = find_fixed_currents(field, inputs, begin, callback)
    found.sort(key=lambda one: (one.stability.growth_rate.real, float(-np.sum(one.z**2))))
    if strict and not found:
        raise ConvergenceError("no fixed point of the currents was found: give more starts, or "
                               "starts closer to one, such as the last z of a solution in time")
    states = tuple(_state(field, inputs, one, shape, lags) for one in found)
    return StationaryStates(network, states, len(begin), _convergence(field, found))


def check_stationary_currents(network: AnyNetwork) -> MeanField:
    """The mean field of a network that may have fixed points of its currents.

    Raises
    ------
    ModelError
        For couplings that the mean field does not treat, inputs that depend on time, and currents
        with a phi that is not bounded.
    """
    field = mean_field(network)
    if callable(field.signal) and field.inputs:
        checks.reject("input", field.signal, "depends on time: there is no stationary state",
                      "give constant numbers as its signal, or times=dmft.Times(...)")
    far = field.phi(np.array([-1e4, 1e4, -1e6, 1e6]))
    if field.currents and np.max(np.abs(far[2:])) > 10 * np.max(np.abs(far[:2])):
        checks.reject("phi", field.phi, "not bounded: the search for fixed points has no bound",
                      "give a phi that saturates, or times=dmft.Times(...)")
    return field


def refuse_iteration(tol: float | None, max_iter: int, default: int) -> None:
    """Refuse arguments of `solve` for iterations, which this search does not use."""
    for name, value in (("tol", tol), ("max_iter", None if max_iter == default else max_iter)):
        if value is not None:
            checks.reject(name, value, "not used for fixed points of the currents, which are found "
                          "to 1e-9 by Newton's method", "leave it out; dmft.fixed_points takes "
                          "starts=")


def _starts(field: MeanField, starts, shape, random: np.random.Generator) -> np.ndarray:
    if starts is not None and not isinstance(starts, (int, np.integer)):
        given = checks.finite_array("starts", starts)
        if given.shape[1:] != shape:
            checks.reject("starts", given.shape, f"not of shape (n, {', '.join(map(str, shape))})",
                          "give initial currents, or the number of starts")
        return given.reshape(len(given), -1)
    default = SHARED_DISORDER_STARTS if shared_disorder(field) else STARTS
    count = checks.whole("starts", default if starts is None else starts)
    bound = largest_currents(field)
    scale = random.uniform(0.0, 1.0, (count, 1))
    return np.concatenate([np.zeros((1, field.currents)),
                           scale * bound * random.uniform(-1, 1, (count, field.currents))])


def _state(field, inputs, one: FixedCurrents, shape, lags: Lags | None) -> RegionalState:
    process, stability = one.process, one.stability
    grid = lags or Lags(WINDOW_DECAYS / process.rate, WINDOW_DECAYS / process.rate / STATE_LAGS)
    C_x = process.Delta(grid.tau)
    C_phi = np.array([averages.correlation(row) for averages, row in
                      zip(process.averages, C_x, strict=True)])
    growing = stability.growing
    if np.all(np.isreal(growing)):
        growing = growing.real
    return RegionalState(
        one.z.reshape(shape), process.psi, process.total, process.static,
        drive(field, np.concatenate([one.z, inputs])), process.branch,
        complex(stability.growth_rate), growing.reshape(shape), stability.inner_rate,
        stability.marginal, grid, C_x, C_phi, one.residual)


def _convergence(field: MeanField, found: list[FixedCurrents]) -> Convergence:
    residual = max((one.residual for one in found), default=np.inf)
    worst = max((average for one in found for average in one.process.averages),
                key=lambda average: average.error, default=None)
    checked = [Check("currents", residual, FIXED_POINT_RESIDUAL,
                     "no fixed point was found: give more starts")]
    if worst is not None:
        checked.append(averages_check(field.phi, worst))
    return Convergence(bool(found), len(found), residual, residual, "fixed points",
                       f"{len(found)} fixed points of the currents" if found else
                       "no fixed point of the currents was found: give more starts",
                       tuple(checked))
