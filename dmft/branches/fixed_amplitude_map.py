"""The map of statistics and one parameter, whose fixed points have a given amplitude C(0).

Of the two solutions that meet at a fold, the lower one is unstable to an iteration at fixed
parameters. At fixed amplitude both are regular, because there the parameter is a single-valued
function of the amplitude.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import linalg

from ..network.network import AnyNetwork
from ..path_iteration.path_features import Features
from ..path_iteration.path_map import PathMap
from ..path_iteration.surrogate import (
    SurrogateDerivative,
    away_from_zero,
    own_surrogate,
    surrogate_moments,
)
from ..path_iteration.tuning import PRECISE_SLOPE_TOL
from ..path_iteration.unknowns import Unknowns
from ..paths.noise_and_memory import drive
from .tuning import PARAMETER_STEP

Family = Callable[[float], AnyNetwork]


class FixedAmplitudeMap:
    """(u, v) -> (G(u; v), v + A - C(0)): the statistics u and the parameter v, as one vector.

    At a fixed point u = G(u; v), and C(0) of u is A. It stands for a `PathMap` wherever only the
    vectors matter.

    Parameters
    ----------
    family : callable
        family(v) -> network.
    path_map : PathMap
        Its network is that of the last value.
    amplitude : float
        A.
    scale : float
        Typical scale of the parameter.
    """

    def __init__(self, family: Family, path_map: PathMap, amplitude: float, scale: float):
        self.family, self.path_map = family, path_map
        self.amplitude, self.value_scale = amplitude, scale

    @property
    def unknowns(self) -> Unknowns:
        return self.path_map.unknowns

    @property
    def paths(self):
        return self.path_map.paths

    @property
    def driving(self) -> np.ndarray:
        """(len,) whether each component of a vector drives the paths: the parameter does."""
        return np.append(self.path_map.driving, True)

    @property
    def observed(self) -> np.ndarray:
        """Components whose errors matter: C and the parameter."""
        return np.append(self.path_map.observed, len(self.unknowns))

    def scale(self, w: np.ndarray) -> np.ndarray:
        """(len,) changes of the components that count alike."""
        return np.append(self.path_map.scale(w[:-1]), self.value_scale)

    def trial(self, part: slice = slice(None)) -> FixedAmplitudeMap:
        """The same map of copies of some of the paths."""
        return FixedAmplitudeMap(self.family, self.path_map.trial(part), self.amplitude,
                                 self.value_scale)

    def __call__(self, w: np.ndarray, sweeps: int = 1) -> np.ndarray:
        """The vector after a sweep."""
        own, off = self._at(w), self.amplitude - level(self.unknowns, w)
        return np.append(own(w[:-1], sweeps), w[-1] + off)

    def each(self, w: np.ndarray, features: Features) -> tuple[np.ndarray, np.ndarray]:
        """Vectors of each path (len, P), and its features; the parameter is that of all."""
        values, controls = self._at(w).each(w[:-1], features)
        own = np.full((1, values.shape[1]), w[-1] + self.amplitude - level(self.unknowns, w))
        return np.concatenate([values, own]), controls

    def rebase(self, w: np.ndarray) -> np.ndarray:
        """Take the basis of the response around the surrogate at w; returns w in this basis."""
        return np.append(self._at(w).rebase(w[:-1]), w[-1])

    def derivative(self, w: np.ndarray) -> BorderedDerivative:
        """The derivative of the surrogate's map."""
        return BorderedDerivative(self.family, self.unknowns, w, self.value_scale)

    def _at(self, w: np.ndarray) -> PathMap:
        self.path_map.network = self.family(float(w[-1]))
        return self.path_map


class BorderedDerivative:
    """The derivative of the surrogate's map at fixed amplitude: that of `SurrogateDerivative`, J,
    with a column d, the derivative by the parameter, and a row l, that of C(0).

    1 - G' is (1 - J, -d; l, 0). Of du = J du + d dv + r with l du = c, the latter determines dv,
    and du = P (J du + r) + d c/(l d) with P = 1 - d l/(l d). 1 - PJ is regular at a fold, where
    1 - J is not.
    """

    def __init__(self, family: Family, unknowns: Unknowns, w: np.ndarray, scale: float):
        self.unknowns = unknowns
        self.own = SurrogateDerivative(family(float(w[-1])), unknowns, w[:-1])
        self.by_value = _by_value(family, unknowns, w, PARAMETER_STEP * scale)
        self.effect = float(level(unknowns, self.by_value))
        self.columns = self._projected(self.own.columns)
        places = self.own.places
        bare = np.eye(len(places)) - self.columns[places]
        self.lu, self.bounded_lu = linalg.lu_factor(bare), linalg.lu_factor(away_from_zero(bare))

    def times(self, vectors: np.ndarray) -> np.ndarray:
        """G' times vectors (len, ...)."""
        u, value = vectors[:-1], vectors[-1]
        first = self.own.times(u) + np.multiply.outer(self.by_value, value)
        return np.concatenate([first, (value - level(self.unknowns, u))[None]])

    def solve(self, vectors: np.ndarray) -> np.ndarray:
        """(1 - G')^-1 times vectors (len, ...)."""
        return self._solved(self.lu, vectors)

    def step(self, change: np.ndarray) -> np.ndarray:
        """The step for a change (len,) of the map: `solve`, with a bound on slow modes of P J."""
        return self._solved(self.bounded_lu, change)

    def _solved(self, lu, vectors: np.ndarray) -> np.ndarray:
        change, off = vectors[:-1], vectors[-1]
        first = self._projected(change) + np.multiply.outer(self.by_value, off / self.effect)
        at_places = linalg.lu_solve(lu, first[self.own.places])
        moved = level(self.unknowns, change) + level(self.unknowns, self.own.columns) @ at_places
        value = (off - moved) / self.effect
        return np.concatenate([first + self.columns @ at_places, value[None]])

    def _projected(self, vectors: np.ndarray) -> np.ndarray:
        """P times vectors (len, ...)."""
        return vectors - np.multiply.outer(self.by_value,
                                           level(self.unknowns, vectors) / self.effect)


def level(unknowns: Unknowns, vectors: np.ndarray) -> np.ndarray:
    """C(0) of vectors (len, ...)."""
    return vectors[0] + vectors[unknowns.static]


def _by_value(family: Family, unknowns: Unknowns, w: np.ndarray, step: float) -> np.ndarray:
    """(len,) change of the surrogate's vector with the parameter, at given statistics."""
    statistics, both = unknowns.statistics(w[:-1]), []
    for value in (w[-1] + step, w[-1] - step):
        network = family(float(value))
        now = drive(network, statistics)
        linear, _ = own_surrogate(now, statistics.slope, network.phi, PRECISE_SLOPE_TOL)
        both.append(unknowns.vector(surrogate_moments(now, linear), np.sqrt(now.V)))
    return (both[0] - both[1]) / (2 * step)
