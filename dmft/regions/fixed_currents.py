"""Fixed points of the currents: found from many starts, each with its stability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..base.errors import ConvergenceError
from ..network.mean_field import MeanField
from .regional_process import MOVING, RegionalProcess, region_gain, regional_process
from .variance_response import breathing, current_weight, gain_slope, resting

GRID = 64  # nodes of a gain as a function of the drive
FLOW_STEPS, FLOW_STEP = 300, 0.5  # relaxation of the starts before Newton's method
NEARLY = 3e-4  # rate of the currents at which Newton's method takes over
ROUGH = 1e-9  # tolerance of those, until a candidate is polished
NEWTON_STEPS, LONGEST_STEP = 30, 0.3
RESIDUAL = 1e-9  # asked of a fixed point, relative to its largest current
SAME = 1e-5  # distance below which two fixed points are one
FASTEST = -0.95  # decay of single units: faster than that is not followed
MARGINAL = 1e-6  # rate below which a direction is neither stable nor unstable


@dataclass(frozen=True, eq=False)
class FixedCurrents:
    """A fixed point: (P,) currents, the process of every region, and how perturbations move.

    `growth` is the rate of the fastest perturbation of the currents, `growing` that perturbation,
    `inner` the rate of return inside the regions, `marginal` the number of directions along which
    nothing restores.
    """

    z: np.ndarray
    process: RegionalProcess
    growth: complex
    growing: np.ndarray
    inner: float
    marginal: int
    residual: float


def drive(field: MeanField, y: np.ndarray) -> np.ndarray:
    """(R,) variance of what does not move: static directions and bias."""
    return np.maximum(field.static(y), 0.0) + field.bias**2


def find(field: MeanField, inputs: np.ndarray, starts: np.ndarray,
         callback: Callable | None = None) -> list[FixedCurrents]:
    """All different fixed points reached from (n, P) starts, by flow and by Newton's method.

    From each start both are tried: Newton's method at once, which finds unstable fixed points too,
    and after a relaxation, which finds stable ones. With an odd phi and no input their images under
    reversal of all currents are added.
    """
    from scipy.optimize import root

    if field.currents == 0:
        process = regional_process(field, drive(field, inputs))
        return [_with_stability(field, inputs, np.zeros(0), process, 0.0)]
    gain = _gain_function(field, inputs, starts)
    candidates = np.concatenate([starts, _relaxed(field, gain, inputs, starts)])
    found: list[FixedCurrents] = []
    for index, start in enumerate(candidates):
        if callback is not None:
            callback(index, index / len(candidates), start)
        z = start
        if not shared_disorder(field):  # where there is no table Newton's method starts at once
            end = root(lambda z: _flow(field, gain, inputs, z[:, None])[:, 0], start,
                       method="hybr", options={"xtol": 1e-12, "maxfev": 60 * (len(start) + 1)})
            z, size = end.x, max(1.0, float(np.max(np.abs(end.x))))
            if not np.all(np.isfinite(z)) or np.max(np.abs(end.fun)) > 1e-4 * size:
                continue
            if any(_same(z, one.z, 100 * SAME) for one in found):
                continue
        polished = _polished(field, inputs, z)
        if polished is not None and not any(_same(polished[0], one.z, SAME) for one in found):
            found.append(_with_stability(field, inputs, *polished))
    if field.phi.odd and not field.inputs:  # all currents may be reversed
        found += [replace(one, z=-one.z) for one in found
                  if not any(_same(-one.z, other.z, SAME) for other in found)]
    return found


def shared_disorder(field: MeanField) -> bool:
    """Whether regions send disorder to one another."""
    return bool(np.any(field.gains - np.diag(np.diag(field.gains))))


def _same(a: np.ndarray, b: np.ndarray, near: float) -> bool:
    return bool(np.max(np.abs(a - b)) <= near * max(1.0, float(np.max(np.abs(b)))))


def _flow(field: MeanField, gain: Callable, inputs: np.ndarray, z: np.ndarray) -> np.ndarray:
    """(P, n) dz/dt where variances follow at once, at n points."""
    y = np.concatenate([z, np.repeat(inputs[:, None], z.shape[1], axis=1)])
    driven = np.maximum(field.onto @ ((field.covariance @ y) * y), 0.0) + field.bias**2
    return gain(driven)[field.source] * (field.overlaps @ y) - z


def _relaxed(field, gain, inputs, starts: np.ndarray) -> np.ndarray:
    """The starts after a time of relaxation, by Heun's steps, each until it hardly moves."""
    z = starts.T.copy()
    moving = np.arange(z.shape[1])
    for _ in range(FLOW_STEPS):
        slope = _flow(field, gain, inputs, z[:, moving])
        ahead = _flow(field, gain, inputs, z[:, moving] + FLOW_STEP * slope)
        z[:, moving] += FLOW_STEP * (slope + ahead) / 2
        moving = moving[np.max(np.abs(slope), axis=0, initial=0.0) > NEARLY]
        if not moving.size:
            break
    return z.T


def largest_currents(field: MeanField) -> np.ndarray:
    """(P,) bounds |S_p| <= |n_p| |phi| of the currents, n_p in the span of the m, phi bounded."""
    sent = np.einsum("pq,qr,pr->p", field.overlaps, np.linalg.pinv(field.covariance),
                     field.overlaps)
    return np.sqrt(np.maximum(sent, 0.0)) * np.max(np.abs(field.phi(np.array([-1e4, 1e4]))))


def _gain_function(field: MeanField, inputs: np.ndarray, starts: np.ndarray) -> Callable:
    """psi (R, n) as a function of the drives (R, n); interpolated, to find candidates with."""
    if shared_disorder(field):
        return _coupled_gain(field)
    # as far as any current can go, not only as far as the starts are
    far = np.concatenate([np.maximum(np.max(np.abs(starts), axis=0), largest_currents(field)),
                          np.abs(inputs)])
    largest = float(np.max(field.onto @ (np.sqrt(np.diag(field.covariance)) * far)))
    from scipy.interpolate import PchipInterpolator

    # the nodes are closest where gains change most
    amplitude = (1.1 * largest + field.bias + 0.1) * np.linspace(0.0, 1.0, GRID) ** 1.5
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


def _coupled_gain(field: MeanField) -> Callable:
    """The same where regions share disorder: solved for each drive, from its last neighbour."""
    last: list[RegionalProcess] = []

    def gain(driven: np.ndarray) -> np.ndarray:
        out = np.empty_like(driven)
        for k in range(driven.shape[1]):
            try:
                process = regional_process(field, driven[:, k], last[-1] if last else None, ROUGH)
            except ConvergenceError as error:  # of a candidate: what was reached will do
                process = error.solution
            last[:] = [process]
            out[:, k] = process.psi
        return out

    return gain


def _polished(field: MeanField, inputs: np.ndarray,
              z: np.ndarray) -> tuple[np.ndarray, RegionalProcess, float] | None:
    """Newton's method with the exact process; None where it does not end at a fixed point."""
    for _ in range(NEWTON_STEPS):
        y = np.concatenate([z, inputs])
        try:
            process = regional_process(field, drive(field, y))
        except ConvergenceError:
            return None
        residual = field.driven(process.psi, y) - z
        size = float(np.max(np.abs(residual))) / max(1.0, float(np.max(np.abs(z))))
        if size < 1e-13:
            break
        matrix = current_jacobian(field, process, y, 0.0).real
        # least squares: along a continuous set of fixed points nothing is to be moved
        step = np.linalg.lstsq(matrix, -residual, rcond=1e-8)[0]
        longest = LONGEST_STEP * max(1.0, float(np.max(np.abs(z))))
        z = z + step * min(1.0, longest / max(float(np.max(np.abs(step))), 1e-300))
    return (z, process, size) if size < RESIDUAL else None


def current_jacobian(field: MeanField, process: RegionalProcess, y: np.ndarray,
                     growth: complex) -> np.ndarray:
    """(P, P) matrix J(growth): exp(growth t) perturbations of the currents have growth dz = J dz.

    J = -1 + psi T + (T y) dpsi/dDelta X(growth) 2 (M y): the last part is the gain's answer to the
    variance, which follows the currents with the region's own delay, X of `breathing`.
    """
    P = field.currents
    driven = field.overlaps @ y
    slope = gain_slope(field.phi, process.total)
    matrix = process.psi[field.source][:, None] * field.overlaps[:, :P] - np.eye(P)
    weight = current_weight(field, y)
    if not np.any(weight):
        return matrix.astype(complex)
    follow = slope[:, None] * breathing(field, process, growth) @ weight
    return matrix + driven[:, None] * follow[field.source]


def long_lags(field: MeanField, process: RegionalProcess) -> float:
    """Rate at which a change of correlations at long lags decays, in regions that move.

    C' at infinite lag returns gains C' of it: below this rate perturbations are no modes of their
    own but a continuum, and their rate cannot be told apart.
    """
    moving = np.array([one in MOVING for one in process.branch])
    return _returned(field, process, moving) - 1.0


def inside(field: MeanField, process: RegionalProcess) -> float:
    """Rate at which a variance returns after the units inside the regions have been perturbed.

    Away from equal times (1 + d/dt)(1 + d/ds) of a perturbation is gains C' of it, C' at infinite
    lag: exp(rate (t + s)/2) with (1 + rate/2)^2 = gains C'. It is negative where a state exists.
    """
    return 2.0 * (np.sqrt(_returned(field, process, np.ones(field.regions))) - 1.0)


def _returned(field: MeanField, process: RegionalProcess, of: np.ndarray) -> float:
    """Largest eigenvalue of gains C' at infinite lag, for some of the regions."""
    slopes = np.array([float(averages.slope(min(static, total))) if averages.variance else
                       field.phi.slope_at_zero**2 for averages, static, total in zip(
                           process.averages, process.static, process.total, strict=True)])
    return float(np.max(np.abs(np.linalg.eigvals(field.gains * slopes * of))))


def _with_stability(field, inputs, z, process, residual) -> FixedCurrents:
    """The fixed point with its fastest perturbation.

    Where no region moves, an eigenvalue of a matrix; else the root of det(J(growth) - growth).
    """
    y = np.concatenate([z, inputs])
    if not any(one in MOVING for one in process.branch):
        values, vectors = np.linalg.eig(resting(field, process, y))
        k = int(np.argmax(values.real))
        vector = vectors[:len(z), k] / max(float(np.linalg.norm(vectors[:len(z), k])), 1e-300)
        return FixedCurrents(z, process, _clean(complex(values[k])), vector,
                             inside(field, process), int(np.sum(np.abs(values) < MARGINAL)),
                             residual)
    instant = np.linalg.eigvals(current_jacobian(field, process, y, 0.0))
    marginal = int(np.sum(np.abs(instant) < MARGINAL))
    coupled = np.any(field.overlaps @ y) and np.any(field.covariance @ y)
    slowest = max(FASTEST, long_lags(field, process)) if coupled else FASTEST
    best, vector = complex(slowest), np.zeros(len(z))
    for guess in sorted(instant, key=lambda one: -one.real)[:4]:
        growth, direction = _self_consistent(field, process, y, complex(guess), slowest)
        if growth.real > best.real or not np.any(vector):
            best, vector = growth, direction
    return FixedCurrents(z, process, _clean(best), vector, inside(field, process), marginal,
                         residual)


def _clean(growth: complex) -> complex:
    """Without what rounding leaves of a rate, or of its imaginary part."""
    return complex(growth.real if abs(growth) >= MARGINAL else 0.0,
                   growth.imag if abs(growth.imag) >= 1e-10 else 0.0)


def _self_consistent(field, process, y, growth: complex,
                     slowest: float) -> tuple[complex, np.ndarray]:
    """growth with growth = an eigenvalue of J(growth), from a guess, by the secant method.

    `slowest` where it decays faster than that, which is not followed.
    """
    def nearest(at: complex) -> tuple[complex, np.ndarray]:
        values, vectors = np.linalg.eig(current_jacobian(field, process, y, at))
        k = int(np.argmin(np.abs(values - at)))
        return complex(values[k]), vectors[:, k]

    at = complex(max(growth.real, slowest), growth.imag)
    value, vector = nearest(at)
    before, off_before = at, value - at
    for _ in range(40):
        if abs(off_before) < 1e-10 * max(1.0, abs(at)):
            return at, vector
        at = value if before == at else at
        if at.real < slowest:
            return complex(slowest), vector
        value, vector = nearest(at)
        off = value - at
        step = off if off == off_before else -off * (at - before) / (off - off_before)
        if not np.isfinite(step) or abs(step) > 1.0:
            step = off
        before, off_before = at, off
        at, value = at + step, at + step
        if abs(step) < 1e-11 * max(1.0, abs(at)):
            return at, vector
    raise ConvergenceError("the growth rate of a perturbation of the currents was not found from "
                           f"{growth:.4g}")
