"""Candidates for fixed points where regions share disorder: Newton's method for z and Delta."""

from __future__ import annotations

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..base.iteration import iterate
from ..base.newton_krylov import newton_krylov
from ..grids.lags import Lags
from ..network.regional_mean_field import MeanField
from .regional_map import RegionalMap
from .regional_process import RegionalProcess
from .tuning import (
    COUPLED_FLOW_LAGS,
    COUPLED_ITERATIONS,
    COUPLED_TOL,
    NEWTON_START,
    TANGENT_STEP,
)
from .variance_response import current_weight, gain_slope


def drive(field: MeanField, y: np.ndarray) -> np.ndarray:
    """(R,) static part of the input variance: currents, constant inputs and bias."""
    return np.maximum(field.static(y), 0.0) + field.bias**2


def coupled_candidate(field: MeanField, inputs: np.ndarray, z: np.ndarray) -> np.ndarray | None:
    """(P,) currents near a fixed point at which regions fluctuate, from a start; or None.

    Currents and correlations are unknowns of one equation, on a coarse grid of lags: a Newton step
    for both costs as much as one for the correlations alone, which a search over the currents
    makes many times.
    """
    lags = Lags(*COUPLED_FLOW_LAGS)
    step = _CoupledMap(field, inputs, lags)
    own = RegionalMap(field, drive(field, np.concatenate([z, inputs])), lags)
    near = iterate(own.flat, own.start().ravel(), tol=NEWTON_START, max_iter=COUPLED_ITERATIONS,
                   admissible=own.admissible)
    end = newton_krylov(step, step.linearised, np.concatenate([z, near.value]), tol=COUPLED_TOL,
                        max_iter=COUPLED_ITERATIONS, admissible=step.admissible)
    if not end.converged or not step.admissible(end.value):
        return None
    return end.value[:field.currents]


def coarse_process(field: MeanField, driven: np.ndarray) -> RegionalProcess:
    """A first guess of the process of regions that share disorder, on the coarse grid of lags."""
    lags = Lags(*COUPLED_FLOW_LAGS)
    state = RegionalMap(field, driven, lags).start()
    averages = tuple(averages_at(field.phi, float(one)) for one in state[:, 0])
    return RegionalProcess(("chaotic",) * field.regions, state[:, 0], state[:, -1], averages,
                           lags=lags, state=state)


class _CoupledMap:
    """(z, Delta) -> (S, <x x>), with the currents first and a row of lags for each region after."""

    def __init__(self, field: MeanField, inputs: np.ndarray, lags: Lags):
        self.field, self.inputs, self.lags = field, inputs, lags

    def parts(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray, RegionalMap]:
        """y, the correlations as one vector, and the map of these at the currents."""
        y = np.concatenate([value[:self.field.currents], self.inputs])
        return y, value[self.field.currents:], RegionalMap(
            self.field, drive(self.field, y), self.lags)

    def variances(self, flat: np.ndarray) -> np.ndarray:
        return np.maximum(flat.reshape(self.field.regions, -1)[:, 0], 0.0)

    def __call__(self, value: np.ndarray) -> np.ndarray:
        y, flat, step = self.parts(value)
        psi = np.array([averages_at(self.field.phi, float(one)).mean_slope
                        for one in self.variances(flat)])
        return np.concatenate([self.field.driven(psi, y), step.flat(flat)])

    def admissible(self, value: np.ndarray) -> bool:
        _, flat, step = self.parts(value)
        return bool(np.all(np.isfinite(value))) and step.fluctuating(flat)

    def linearised(self, value: np.ndarray) -> _LinearisedCoupledMap:
        return _LinearisedCoupledMap(self, value)


class _LinearisedCoupledMap:
    """The derivative by differences; its approximate inverse lets variances follow the currents."""

    def __init__(self, step: _CoupledMap, value: np.ndarray):
        field = step.field
        self._step, self._at, self._image = step, value, step(value)
        y, flat, own = step.parts(value)
        self._lags = own.linearised(flat)
        variances, P = step.variances(flat), field.currents
        psi = np.array([averages_at(field.phi, float(one)).mean_slope for one in variances])
        self._weight = current_weight(field, y)
        follow = (gain_slope(field.phi, variances)[:, None] * self._weight)[field.source]
        self._inverse = np.linalg.pinv(
            np.eye(P) - psi[field.source][:, None] * field.overlaps[:, :P]
            - (field.overlaps @ y)[:, None] * follow, rcond=1e-6)

    def __call__(self, direction: np.ndarray) -> np.ndarray:
        size = float(np.max(np.abs(direction)))
        if size == 0:
            return direction
        small = TANGENT_STEP * max(float(np.max(np.abs(self._at))), 1e-300) / size
        return (self._step(self._at + small * direction) - self._image) / small

    def approximate_inverse(self, change: np.ndarray) -> np.ndarray:
        P = self._step.field.currents
        z = self._inverse @ change[:P]
        rows = change[P:].reshape(self._step.field.regions, -1)
        driven = rows + (self._weight @ z)[:, None]
        return np.concatenate([z, self._lags.approximate_inverse(driven.ravel())])
