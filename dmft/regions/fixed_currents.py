"""Fixed points of the currents, by relaxation and Newton's method from many starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..base.errors import ConvergenceError
from ..grids.lags import Lags
from ..network.regional_mean_field import MeanField
from .coupled_search import coarse_process, coupled_candidate, drive
from .current_stability import Stability, current_jacobian, linear_stability
from .regional_map import RegionalMap
from .regional_process import RegionalProcess, region_gain, regional_process, static_process
from .tuning import (
    COUPLED_DISTANCE,
    COUPLED_FLOW_LAGS,
    COUPLED_FLOW_STEP,
    COUPLED_TOL,
    FIXED_POINT_RESIDUAL,
    FLOW_STEP,
    FLOW_STEPS,
    GAIN_NODES,
    LONGEST_NEWTON_STEP,
    NEWTON_STEPS,
    RELAXED_RATE,
    SAME_DISTANCE,
)


@dataclass(frozen=True, eq=False)
class FixedCurrents:
    """A fixed point: (P,) currents, the process of every region, its stability and its residual."""

    z: np.ndarray
    process: RegionalProcess
    stability: Stability
    residual: float


def find_fixed_currents(field: MeanField, inputs: np.ndarray, starts: np.ndarray,
                        callback: Callable | None = None) -> list[FixedCurrents]:
    """All different fixed points reached from (n, P) starts, by relaxation and Newton's method.

    Each start is used twice: directly for Newton's method, which finds unstable fixed points too,
    and after relaxation along the flow, which finds stable ones. With an odd phi and no input the
    images under reversal of all currents are added.
    """
    from scipy.optimize import root

    if field.currents == 0:
        process = regional_process(field, drive(field, inputs))
        z = np.zeros(0)
        return [FixedCurrents(z, process, linear_stability(field, inputs, z, process), 0.0)]
    if shared_disorder(field):
        relaxed = _relaxed_with_correlations(field, inputs, starts)
    else:
        gain = _gain_function(field, inputs, starts)
        relaxed = _relaxed(field, gain, inputs, starts)
    candidates = np.concatenate([starts, relaxed])
    found: list[FixedCurrents] = []
    mirrored = field.phi.odd and not field.inputs  # symmetric under reversal of all currents
    for index, start in enumerate(candidates):
        if callback is not None:
            callback(index, index / len(candidates), start)
        z = start
        if not shared_disorder(field):  # with shared disorder the exact Newton's method only
            end = root(lambda z: _flow(field, gain, inputs, z[:, None])[:, 0], start,
                       method="hybr", options={"xtol": 1e-12, "maxfev": 60 * (len(start) + 1)})
            z, size = end.x, max(1.0, float(np.max(np.abs(end.x))))
            if not np.all(np.isfinite(z)) or np.max(np.abs(end.fun)) > 1e-4 * size:
                continue
            if any(_same(z, one.z, 100 * SAME_DISTANCE) for one in found):
                continue
        else:
            near = _near_fixed_point(field, inputs, z, index >= len(starts))
            if near is None:
                continue
            z = near
            if any(_same(z, one.z, COUPLED_DISTANCE) for one in found) or (
                    mirrored and any(_same(-z, one.z, COUPLED_DISTANCE) for one in found)):
                continue
        refined = _newton(field, inputs, z)
        if refined is not None and not any(_same(refined[0], one.z, SAME_DISTANCE)
                                           for one in found):
            z, process, residual = refined
            stability = linear_stability(field, inputs, z, process)
            found.append(FixedCurrents(z, process, stability, residual))
    if mirrored:
        found += [replace(one, z=-one.z) for one in found
                  if not any(_same(-one.z, other.z, SAME_DISTANCE) for other in found)]
    return found


def shared_disorder(field: MeanField) -> bool:
    """Whether regions send disorder to one another."""
    return bool(np.any(field.gains - np.diag(np.diag(field.gains))))


def _same(a: np.ndarray, b: np.ndarray, near: float) -> bool:
    return bool(np.max(np.abs(a - b)) <= near * max(1.0, float(np.max(np.abs(b)))))


def _flow(field: MeanField, gain: Callable, inputs: np.ndarray, z: np.ndarray) -> np.ndarray:
    """(P, n) dz/dt at n points, with the variances in their stationary state (adiabatic)."""
    y = np.concatenate([z, np.repeat(inputs[:, None], z.shape[1], axis=1)])
    driven = np.maximum(field.onto @ ((field.covariance @ y) * y), 0.0) + field.bias**2
    return gain(driven)[field.source] * (field.overlaps @ y) - z


def _relaxed(field, gain, inputs, starts: np.ndarray) -> np.ndarray:
    """The starts after relaxation along the flow by Heun steps, until all rates are small."""
    z = starts.T.copy()
    active = np.arange(z.shape[1])
    for _ in range(FLOW_STEPS):
        slope = _flow(field, gain, inputs, z[:, active])
        ahead = _flow(field, gain, inputs, z[:, active] + FLOW_STEP * slope)
        z[:, active] += FLOW_STEP * (slope + ahead) / 2
        active = active[np.max(np.abs(slope), axis=0, initial=0.0) > RELAXED_RATE]
        if not active.size:
            break
    return z.T


def _relaxed_with_correlations(field: MeanField, inputs, starts: np.ndarray) -> np.ndarray:
    """The same where regions share disorder: their correlations relax along with the currents."""
    out: list[np.ndarray] = []
    for z in starts:
        step = RegionalMap(field, drive(field, np.concatenate([z, inputs])),
                           Lags(*COUPLED_FLOW_LAGS))
        state = step.start()
        for _ in range(FLOW_STEPS):
            y = np.concatenate([z, inputs])
            state = replace(step, driven=drive(field, y))(state)
            psi = np.array([averages_at(field.phi, max(float(row[0]), 0.0)).mean_slope
                            for row in state])
            slope = field.driven(psi, y) - z
            z = z + COUPLED_FLOW_STEP * slope
            if np.max(np.abs(slope), initial=0.0) <= RELAXED_RATE:
                break
        # of equal relaxed states one is refined: rates are at most RELAXED_RATE there
        if not any(_same(z, one, 10 * RELAXED_RATE) for one in out):
            out.append(z)
    return np.array(out)


def largest_currents(field: MeanField) -> np.ndarray:
    """(P,) bounds |S_p| <= |n_p| |phi| on the currents, for n in the span of m and bounded phi."""
    sent = np.einsum("pq,qr,pr->p", field.overlaps, np.linalg.pinv(field.covariance),
                     field.overlaps)
    return np.sqrt(np.maximum(sent, 0.0)) * np.max(np.abs(field.phi(np.array([-1e4, 1e4]))))


def _gain_function(field: MeanField, inputs: np.ndarray, starts: np.ndarray) -> Callable:
    """psi (R, n) as a function of the drives (R, n): interpolated, to find candidates."""
    # up to the largest possible currents, which may exceed those of the starts
    far = np.concatenate([np.maximum(np.max(np.abs(starts), axis=0), largest_currents(field)),
                          np.abs(inputs)])
    largest = float(np.max(field.onto @ (np.sqrt(np.diag(field.covariance)) * far)))
    from scipy.interpolate import PchipInterpolator

    # the nodes are densest where the gain varies most
    amplitude = (1.1 * largest + field.bias + 0.1) * np.linspace(0.0, 1.0, GAIN_NODES) ** 1.5
    known: dict[float, PchipInterpolator] = {}
    curves = []
    for region in range(field.regions):
        g2 = float(field.gains[region, region])
        if g2 not in known:
            known[g2] = PchipInterpolator(amplitude, [region_gain(field, region, a**2)
                                                      for a in amplitude])
        curves.append(known[g2])

    def gain(driven: np.ndarray) -> np.ndarray:
        at = np.minimum(np.sqrt(driven), amplitude[-1])
        return np.array([curve(a) for curve, a in zip(curves, at, strict=True)])

    return gain


def _near_fixed_point(field: MeanField, inputs: np.ndarray, z: np.ndarray,
                      relaxed: bool) -> np.ndarray | None:
    """(P,) currents near a fixed point of regions that share disorder, on a coarse grid of lags.

    Newton's method for the currents alone while regions are constant in time, and for currents and
    correlations together once they fluctuate. Where that fails, a start that has been relaxed is
    tried with the process of each step.
    """
    start = z
    for _ in range(NEWTON_STEPS):
        y = np.concatenate([z, inputs])
        process = static_process(field, drive(field, y))
        if process is None:
            near = coupled_candidate(field, inputs, z)
            break
        residual, near = field.driven(process.psi, y) - z, z
        if np.max(np.abs(residual)) < COUPLED_TOL * max(1.0, float(np.max(np.abs(z)))):
            break
        z, near = z + _newton_step(field, process, y, residual), None
    if near is None and relaxed:
        driven = drive(field, np.concatenate([start, inputs]))
        found = _newton(field, inputs, start, coarse_process(field, driven), COUPLED_TOL)
        return None if found is None else found[0]
    return near


def _newton_step(field: MeanField, process: RegionalProcess, y: np.ndarray,
                 residual: np.ndarray) -> np.ndarray:
    """The Newton step of the currents, shortened where it is long."""
    matrix = current_jacobian(field, process, y, 0.0).real
    # least squares: no step along a continuous set of fixed points
    step = np.linalg.lstsq(matrix, -residual, rcond=1e-8)[0]
    longest = LONGEST_NEWTON_STEP * max(1.0, float(np.max(np.abs(y[:field.currents]))))
    return step * min(1.0, longest / max(float(np.max(np.abs(step))), 1e-300))


def _newton(field: MeanField, inputs: np.ndarray, z: np.ndarray,
            begin: RegionalProcess | None = None,
            tol: float = FIXED_POINT_RESIDUAL) -> tuple[np.ndarray, RegionalProcess, float] | None:
    """Newton's method with the exact process; None where it does not reach a fixed point.

    `begin` is the first guess of the process, whose lags are used throughout.
    """
    process = begin
    for _ in range(NEWTON_STEPS):
        y = np.concatenate([z, inputs])
        try:
            process = regional_process(field, drive(field, y),
                                       begin if process is None or process.lags is None
                                       else process)
        except ConvergenceError:
            return None
        residual = field.driven(process.psi, y) - z
        size = float(np.max(np.abs(residual))) / max(1.0, float(np.max(np.abs(z))))
        if size < 1e-4 * tol:
            break
        z = z + _newton_step(field, process, y, residual)
    if process is None or size >= tol:
        return None
    return z, process, size
