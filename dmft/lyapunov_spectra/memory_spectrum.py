"""Thresholds of couplings with memory: plastic ones, and independent ones with reciprocity.

The tangent of a unit has a memory of its own past, K = L - M D, where M is exp(-s tau) times the
memory of the unit for plastic couplings, and r g^2 S for reciprocal ones, with the response
S = <D R^vv> of the tangent itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..base.errors import ConvergenceError
from ..ensembles.properties import synapses, tangent_feedback, tangent_functional
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork
from ..path_iteration.anderson_mixing import AndersonMixing
from .closure import active, closure, critical_gain
from .gain_modes import DressedGains
from .site_with_memory import SiteSample
from .tangent_kernels import GainSample, Kernels, KernelSolution
from .thresholds import SampledSpectrum
from .tuning import (
    ANDERSON_DEPTH,
    CAUSAL_PLACES,
    CAUSAL_STEP,
    EXTRAPOLATION_SHARE,
    RESPONSE_SWEEPS,
    RESPONSE_TOL,
    SLOPE_STEP,
)


@dataclass(frozen=True, eq=False)
class MemorySpectrum(SampledSpectrum):
    """Sampled gains with a memory of the tangent, from which every threshold is solved.

    With reciprocity psi is half the difference of Omega to its value at the causal solution,
    A = P = 0, where Omega = a exactly: most of the error of the grid cancels, and of the sampling.
    Where that solution is not found, its error of the grid is extrapolated linearly in a.

    Parameters
    ----------
    edge : float
        Rough value of a at the edge of the spectrum, for the start of the kernels.
    errors : callable
        a -> (e, h) parts of the errors of the memory of plastic couplings.
    """

    edge: float
    errors: Callable[[float], np.ndarray]

    @property
    def dressed(self) -> DressedGains:
        assert isinstance(self.gains, DressedGains)
        return self.gains

    def start(self, a: float) -> tuple[Kernels, np.ndarray]:
        """Kernels of averaged gains, at a coupling strength that puts their edge in its place."""
        critical = critical_gain(self.window, self._averaged(self.edge)[0], self.slopes)
        boost = critical / float(self.functional(np.zeros(1))[1][0])

        def boosted(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            value, slope = self.functional(x)
            return boost * value, boost * slope

        L2, S = self._averaged(a)
        start = closure(self.window, L2, self.slopes, boosted)
        return Kernels(start.B, start.P, S), active(L2, start)

    def _averaged(self, a: float) -> tuple[np.ndarray, np.ndarray | None]:
        """|L - M <D>|^2, and the response of averaged gains with reciprocity."""
        L, r, mean = a + 1j * self.window.omega, self.dressed.feedback, self.mean_gain
        S = None
        if r:  # S = mean/(L - r S mean), the root that vanishes at high frequency
            S = 2 * mean / (L * (1 + np.sqrt(1 - 4 * r * mean**2 / L**2)))
        return np.abs(L - self.dressed.symbol(a, S) * mean) ** 2, S

    @cached_property
    def mean_gain(self) -> float:
        return float(self.weights @ self.dressed.d.mean(axis=1))

    @cached_property
    def _causal(self) -> dict[float, np.ndarray | None]:
        return {}

    def causal(self, a: float) -> np.ndarray | None:
        """S where A = P = 0: the transform of exp(-s tau) R_phi(tau), on the window.

        None where the iteration does not find it: perturbations of single units grow there.
        """
        if a not in self._causal:
            self._causal[a] = self._find_causal(a)
        return self._causal[a]

    def _find_causal(self, a: float) -> np.ndarray | None:
        select = self.dressed.select(np.zeros(1, dtype=int), self.weights)
        S = self._averaged(a)[1]
        assert S is not None
        unit, half = float(np.max(np.abs(S))), len(S)
        mixing = AndersonMixing(np.ones(2 * half), ANDERSON_DEPTH)
        for _ in range(RESPONSE_SWEEPS):
            new = select(a, S).response
            assert new is not None
            change = (new - S) / unit
            if np.max(np.abs(change)) < RESPONSE_TOL:
                return S
            u = np.concatenate([S.real, S.imag]) / unit
            u = u + mixing.next(u, np.concatenate([change.real, change.imag]), lambda one: one)
            S = unit * (u[:half] + 1j * u[half:])
        return None

    def causal_excess(self, a: float, S: np.ndarray) -> float:
        """Omega - a at the causal solution: the error of the grid."""
        select = self.dressed.select(np.zeros(1, dtype=int), self.weights)
        mean, _ = self.features.regress(self.weights, 2 * select(a, S).log_det[:, None])
        return float(mean[0]) + self._square(S)

    @cached_property
    def grid_error(self) -> tuple[float, float, float]:
        """a, Omega - a of the causal solution there, and its slope, which changes little with a.

        At s = 0, or at the first higher place where the causal solution is found.
        """
        for a in CAUSAL_PLACES:
            one, two = self.causal(a), self.causal(a + CAUSAL_STEP)
            if one is not None and two is not None:
                value = self.causal_excess(a, one)
                return a, value, (self.causal_excess(a + CAUSAL_STEP, two) - value) / CAUSAL_STEP
        raise ConvergenceError(
            "lyapunov_spectrum: the response of single units to perturbations was not found, with "
            "which the error of the window is removed; give a smaller reciprocity, or use "
            "dmft.validation.lyapunov_spectrum")

    def _square(self, S: np.ndarray) -> float:
        """r g^2 int dw/2pi S^2."""
        count = self.window.multiplicity / self.window.length
        return self.dressed.feedback * float(count @ (S**2).real)

    def path_values(self, sample: GainSample, a: float, found: KernelSolution
                    ) -> tuple[np.ndarray, float]:
        """log det of each path, and its derivative in a at fixed kernels, which gives 1 - F."""
        S = found.kernels.S
        causal = self.causal(a) if S is not None else None

        def log_det(at: float) -> np.ndarray:
            whole = sample.sweep(at, found.kernels, self.functional).log_det
            return whole if causal is None else whole - 2 * sample.dressed(at, causal).log_det

        fraction = (log_det(a - SLOPE_STEP) - log_det(a + SLOPE_STEP)) / (4 * SLOPE_STEP)
        constant = 0.0
        if S is not None and causal is not None:
            constant = self._square(S) - self._square(causal)
        elif S is not None:
            place, offset, slope = self.grid_error
            constant = self._square(S) - offset - slope * (a - place)
            fraction = fraction + slope / 2
        return np.stack([log_det(a), fraction], axis=1), constant

    def explicit_influence(self, sample: GainSample, a: float, found: KernelSolution) -> np.ndarray:
        """dOmega = -2 int dw/2pi (S - <D>/L) dM, by errors of the memory.

        Or, with reciprocity, what is uncertain of the error of the grid where it is extrapolated.
        """
        if self.dressed.feedback:
            extrapolated = 0.0
            if self.causal(a) is None:
                place, _, slope = self.grid_error
                extrapolated = EXTRAPOLATION_SHARE * slope * (a - place) / 2
            return np.array([extrapolated])
        at = sample.harmonics
        S = found.values.S - self.mean_gain / (a + 1j * self.window.omega[at])
        count = self.window.multiplicity[at] / self.window.length
        return -(self.errors(a)[:, at] * S).real @ count


def memory_spectrum(network: AnyNetwork, site: SiteSample, edge: float) -> MemorySpectrum:
    """The spectrum of sampled paths, with the memory at their statistics."""
    plastic = synapses(network.ensembles)
    order = site.statistics.order_parameters(network.noise)
    lags = order.lags

    def at(a: float, order: OrderParameters) -> np.ndarray:
        return np.sum([one.tangent_memory(order, a - 1) for one in plastic], axis=0,
                      initial=0.0) + np.zeros(len(lags), dtype=complex)

    def errors(a: float) -> np.ndarray:
        """M is linear in C."""
        return np.stack([at(a, OrderParameters(lags, one, 0.0, order.S)) for one in site.curves])

    d = np.asarray(network.phi.derivative(site.x), dtype=float)
    gains = DressedGains(site.window, d, lambda a: at(a, order),
                         tangent_feedback(network.ensembles))

    def functional(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return tangent_functional(network.ensembles, x)

    return MemorySpectrum(gains, site.features, site.features.weights(), site.slopes, functional,
                          edge, errors)
