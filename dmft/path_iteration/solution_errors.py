"""Errors of a self-consistent solution from those of one evaluation of its map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .path_map import PathMap
from .surrogate import SurrogateDerivative
from .tuning import (
    ARNOLDI_STEPS,
    EXTRA_DIRECTIONS,
    FIRST_PROBES,
    MODE_STEP,
    MORE_PROBES,
    MOST_PROBES,
    PROBE_PATHS,
    PROBE_STEP,
    PROBE_SWEEPS,
    PROBED_CHANGE,
    SETTLING_SWEEPS,
)


class StatisticsMap(Protocol):
    """A map of statistics that can be probed: `PathMap`, also extended by a parameter."""

    @property
    def driving(self) -> np.ndarray: ...

    @property
    def observed(self) -> np.ndarray: ...

    def scale(self, u: np.ndarray, /) -> np.ndarray: ...

    def trial(self, part: slice = ...) -> StatisticsMap: ...

    def __call__(self, u: np.ndarray, /, sweeps: int = ...) -> np.ndarray: ...


class Derivative(Protocol):
    """The derivative of the surrogate, as `SurrogateDerivative` has it."""

    def solve(self, vectors: np.ndarray) -> np.ndarray: ...

    def times(self, vectors: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class LinearResponse:
    """(1 - G')^-1 of a path map: that of the surrogate, corrected along its slowest directions.

    With probes Q (orthonormal) of the paths' own G', Y = (1 - J)^-1 (G' Q - J Q), it is
    (1 + Y (1 - Q'Y)^-1 Q') (1 - J)^-1, J the derivative of the surrogate. All vectors are in units
    of `scale` (len,), in which the components count alike.
    """

    derivative: Derivative
    Q: np.ndarray
    Y: np.ndarray
    scale: np.ndarray

    def solve(self, vectors: np.ndarray) -> np.ndarray:
        """(1 - G')^-1 times vectors (len, ...)."""
        scale = self.scale.reshape(-1, *(1,) * (np.ndim(vectors) - 1))
        first = self.derivative.solve(vectors) / scale
        inner = np.linalg.solve(np.eye(self.Q.shape[1]) - self.Q.T @ self.Y, self.Q.T @ first)
        return scale * (first + self.Y @ inner)

    def step(self, change: np.ndarray) -> np.ndarray:
        """Newton's step for a change (len,) of the map."""
        return self.solve(change)

    @property
    def largest_eigenvalue(self) -> float:
        """Largest real part of the eigenvalues of G' in the directions that were probed.

        They are found from those of (1 - G')^-1 there.
        """
        inverse = self.Q.T @ (self.solve(self.scale[:, None] * self.Q) / self.scale[:, None])
        values = 1 - 1 / np.linalg.eigvals(inverse)
        return float(values.real.max())


def linear_response(path_map: StatisticsMap, u: np.ndarray, derivative: Derivative,
                    residuals: np.ndarray, settled_change: float = PROBED_CHANGE
                    ) -> LinearResponse:
    """The response to errors like the `residuals` (len, P), probed along its slowest directions.

    The first probes are those along which the surrogate amplifies the residuals most; each round
    adds directions into which the last ones are mapped, until the errors change by less than
    `settled_change`, relative to the largest one.
    """
    driving, observed = path_map.driving[:, None], path_map.observed
    start = path_map.trial(slice(0, PROBE_PATHS))
    start(u, sweeps=SETTLING_SWEEPS)
    scale = path_map.scale(u)

    def probed(direction: np.ndarray) -> np.ndarray:
        step = PROBE_STEP / max(float(np.max(np.abs(direction / scale))), 1e-300)
        each = [start.trial()(u + move * direction, sweeps=PROBE_SWEEPS)
                for move in (step, -step)]  # from the same paths, which may still settle slowly
        return (each[0] - each[1]) / (2 * step)

    def scaled(vectors: np.ndarray) -> np.ndarray:
        return np.where(driving, vectors / scale[:, None], 0)

    Q = _leading(scaled(derivative.solve(residuals)), FIRST_PROBES)
    found, errors, images = None, None, np.zeros((len(u), 0))
    while True:
        images = np.concatenate(
            [images, np.stack([probed(scale * q) for q in Q.T[images.shape[1]:]], axis=1)], axis=1)
        Y = derivative.solve(images - derivative.times(scale[:, None] * Q)) / scale[:, None]
        found = LinearResponse(derivative, Q, Y, scale)
        solved = found.solve(residuals)
        new = (np.sqrt(np.mean(solved**2, axis=1)) / scale)[observed]
        settled = errors is not None and np.max(np.abs(new - errors)) < settled_change * new.max()
        if settled or Q.shape[1] >= MOST_PROBES:
            return found
        errors = new
        amplified = _leading(scaled(solved), 2)
        fresh = np.concatenate([np.where(driving, Y[:, -MORE_PROBES:], 0), amplified], axis=1)
        fresh -= Q @ (Q.T @ fresh)
        fresh -= Q @ (Q.T @ fresh)
        left, size, _ = np.linalg.svd(fresh, full_matrices=False)
        left = left[:, size > 1e-8 * max(size[0], 1e-300)][:, :MORE_PROBES]
        if not left.shape[1]:
            return found
        Q = np.concatenate([Q, left], axis=1)


def _leading(vectors: np.ndarray, count: int) -> np.ndarray:
    """(len, count) directions with the largest mean square of vectors (len, P), by random sampling.

    A singular value decomposition of thousands of vectors would take longer than the probes.
    """
    draws = np.random.default_rng(0).standard_normal((vectors.shape[1], count + EXTRA_DIRECTIONS))
    span = np.linalg.qr(vectors @ draws)[0]
    span = np.linalg.qr(vectors @ (vectors.T @ span))[0]
    left = np.linalg.svd(span.T @ vectors, full_matrices=False)[0]
    return span @ left[:, :count]


def slowest_mode(path_map: PathMap, u: np.ndarray, derivative: SurrogateDerivative
                 ) -> tuple[float, np.ndarray]:
    """The largest real eigenvalue of G' and its direction, by Arnoldi's method.

    It starts from the slowest mode of the surrogate. Power iteration would need many more steps
    where several modes are about as slow. The component of C(0) in the direction is positive, and
    its largest one is C(0) of u.
    """
    driving, level = path_map.driving, float(u[0] + u[path_map.unknowns.static])
    scale = path_map.scale(u)
    start = path_map.trial()
    start(u, sweeps=SETTLING_SWEEPS)
    base = start.trial()(u, sweeps=PROBE_SWEEPS)
    Q, images = np.zeros((0, len(u))), np.zeros((0, len(u)))
    fresh = np.where(driving, derivative.slowest_mode() / scale, 0)
    for _ in range(ARNOLDI_STEPS):
        size = np.linalg.norm(fresh)
        for _ in range(2):
            fresh = fresh - (Q @ fresh) @ Q
        if not np.linalg.norm(fresh) > 1e-8 * size:
            break
        Q = np.vstack([Q, fresh / np.linalg.norm(fresh)])
        step = MODE_STEP / np.max(np.abs(Q[-1]))
        image = start.trial()(u + step * scale * Q[-1], sweeps=PROBE_SWEEPS) - base
        fresh = np.where(driving, image / scale, 0) / step
        images = np.vstack([images, fresh])
    values, vectors = np.linalg.eig(Q @ images.T)
    first = int(np.argmax(np.where(values.imag == 0, values.real, -np.inf)))
    mode = scale * (vectors[:, first].real @ Q)
    mode = mode * (level / np.max(np.abs(mode)))
    return float(values[first].real), mode if mode[0] > 0 else -mode
