"""Hebbian, RegionalHebbian: plastic couplings, driven by the activity of the units they connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..equations import plasticity as equations
from ..grids.lag_transforms import causal_transform
from ..grids.order_parameters import Frequencies, OrderParameters
from .causal_matrix import CausalMatrix


@dataclass(frozen=True)
class Hebbian:
    """Plastic couplings, (1 + p d/dt) A_ij = (k/N) phi_i phi_j.

    A_ij(t) is (k/pN) times the integral of exp(-(t-s)/p) phi_i(s) phi_j(s) over the past s. Its
    current couples a unit to its own past, with the memory kernel (k/p) exp(-tau/p) C(tau). It
    makes no noise, and the reaction through the presynaptic unit vanishes by causality (Clark &
    Abbott 2024, the single-site process of the coupled neuronal-synaptic dynamics).

    Parameters
    ----------
    k : float
        Strength: Hebbian above 0, anti-Hebbian below; any finite number.
    p : float
        Synaptic time constant, in units of the neuronal one, above 0.

    Raises
    ------
    ModelError
        For a field outside its range.

    Examples
    --------
    >>> Hebbian(k=-1.0, p=2.5).has_memory
    True
    """

    k: float
    p: float

    noise_gain = 0.0

    def __post_init__(self):
        object.__setattr__(self, "k", checks.finite("k", self.k))
        object.__setattr__(self, "p", checks.positive("p", self.p))

    def within(self, regions: int) -> RegionalHebbian:
        """These couplings within each of several regions, and none between them."""
        return RegionalHebbian(np.full(regions, self.k), self.p)

    @property
    def has_memory(self) -> bool:
        """True unless k = 0."""
        return self.k != 0

    @property
    def synapses(self) -> Hebbian:
        """These couplings themselves, as `properties.synapses` requires."""
        return self

    def noise(self, order: OrderParameters | Frequencies) -> tuple[np.ndarray, float]:
        """Spectrum (n,) and static variance of the noise: none."""
        return np.zeros(len(order.omega)), 0.0

    def memory(self, order: OrderParameters | Frequencies) -> np.ndarray:
        """Transform (n,) of (k/p) exp(-tau/p) C(tau) over positive lags.

        On the grid of the lags, parts of C that decay slowly with frequency are transformed in
        closed form: the corner kink exp(-tau) of white noise, and C(0) (1 + a tau) exp(-a tau),
        which has the value and the curvature of the rest of C at zero lag. The remainder starts as
        tau^3, so that its sum over lags is exact to fourth order in the step.
        """
        if self.k == 0:
            return np.zeros_like(order.S)
        if isinstance(order, Frequencies):
            return self._memory_at(order)
        lags, k, p = order.lags, self.k, self.p
        smooth = order.C - order.kink * np.exp(-lags.tau)
        rate = _rate(lags.spectrum(smooth), lags)
        fitted = (1 + rate * lags.tau) * np.exp(-rate * lags.tau)
        remainder = equations.memory(lags.tau, k, p, smooth - smooth[0] * fitted)
        padded = np.concatenate([remainder, np.zeros(len(lags) - 2)])
        return (lags.dt * np.fft.rfft(padded)
                + order.C_static * equations.memory_static(lags.omega, k, p)
                + order.kink * self._exponential(lags.omega, 1.0)
                + smooth[0] * self._critically_damped(lags.omega, rate))

    def _memory_at(self, at: Frequencies) -> np.ndarray:
        if at.lags is None or at.C is None:
            checks.reject("order", at, "has no C at lags, with which the memory is a product",
                          "give lags and C to Frequencies")
        kernel = equations.memory(at.lags.tau, self.k, self.p, at.C)
        return causal_transform(at.lags, kernel, at.omega)

    def hessian(self, one: Frequencies, two: Frequencies) -> CausalMatrix:
        """W'' between times far apart, which determines covariances of pairs: zero.

        W is a sum over two times t > s of exp(-(t-s)/p) times two order parameters at these times,
        so that its second derivatives vanish with exp(-(t-s)/p). Order parameters between close
        times do not mix with these: by the symmetry phi -> -phi (docs/equations/plasticity.md).
        """
        return CausalMatrix()

    def tangent_memory(self, order: OrderParameters, rate: float) -> np.ndarray:
        """Memory of a perturbation that grows as exp(rate t), (k/p) exp(-(rate + 1/p) tau) C(tau).

        It equals the memory of synapses whose strength k and time constant p are divided by
        1 + p rate. C has no first-order perturbation, because a perturbation and its negative
        have the same effect on it.

        Raises
        ------
        ModelError
            If rate is at most -1/p: the integral over the past diverges.
        """
        shorter = 1 + self.p * rate
        if shorter <= 0:
            checks.reject("rate", rate, "a perturbation that decays faster than the synapses, "
                          "so that their memory of it diverges",
                          f"give a rate above -1/p={-1 / self.p:g}")
        return Hebbian(self.k / shorter, self.p / shorter).memory(order)

    def _exponential(self, omega: np.ndarray, rate: float) -> np.ndarray:
        """The transform for C = exp(-rate tau): that of C = 1 with k and p over 1 + p rate."""
        shorter = 1 + self.p * rate
        return equations.memory_static(omega, self.k / shorter, self.p / shorter)

    def _critically_damped(self, omega: np.ndarray, rate: float) -> np.ndarray:
        """The transform for C = (1 + rate tau) exp(-rate tau)."""
        one = self._exponential(omega, rate)
        return one + rate * one * one * self.p / self.k


def _rate(spectrum: np.ndarray, lags) -> float:
    """a with C''(0) = -a^2 C(0), at least 10/span so that exp(-a tau) decays within the window."""
    power = np.maximum(spectrum, 0.0)
    total = float(power.sum())
    square = float(power @ lags.omega**2) / total if total > 0 else 0.0
    return max(np.sqrt(square), 10 / lags.span)


@dataclass(frozen=True, eq=False)
class RegionalHebbian(ArrayData):
    """Plastic couplings of R regions, (1 + p d/dt) A_ij = (k_{mu nu}/N_nu) phi_i phi_j.

    From unit j of region nu to unit i of region mu. The current couples a unit to its own past,
    with the memory kernel (1/p) exp(-tau/p) sum_nu k_{mu nu} C^nu(tau); there is no noise (Clark &
    Abbott 2024, the single-site process of the coupled neuronal-synaptic dynamics, in regions).

    Parameters
    ----------
    k : (R, R) or (R,) array
        Strength from region nu (column) to region mu (row): Hebbian above 0, anti-Hebbian below. A
        vector is the diagonal.
    p : float
        Synaptic time constant, in units of the neuronal one, above 0.

    Raises
    ------
    ModelError
        For a wrong shape, or a value outside its range.

    Examples
    --------
    >>> RegionalHebbian([[0.5, 0.0], [0.0, -1.0]], p=2.5).has_memory
    True
    """

    k: np.ndarray
    p: float

    noise_gain = None

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, k: ArrayLike, p: float) -> None: ...

    def __post_init__(self):
        object.__setattr__(self, "k", checks.square("k", self.k, vector=True))
        object.__setattr__(self, "p", checks.positive("p", self.p))

    @property
    def kinds(self) -> int:
        """R, the number of regions."""
        return len(self.k)

    @property
    def has_memory(self) -> bool:
        """True unless all k are 0."""
        return bool(np.any(self.k))

    @property
    def noise_gains(self) -> np.ndarray:
        """(R, R) zeros: these couplings make no noise."""
        return np.zeros_like(self.k)

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, np.ndarray]:
        """Spectrum (R, n) and static variance (R,) of the noise: none."""
        return np.zeros_like(order.C_spectrum), np.zeros(len(self.k))

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transform (R, n) of (1/p) exp(-tau/p) sum_nu k_{mu nu} C^nu(tau) over positive lags."""
        static, kink = (np.broadcast_to(one, self.kinds) for one in (order.C_static, order.kink))
        of_each = [Hebbian(1.0, self.p).memory(OrderParameters(
            order.lags, order.C[nu], float(static[nu]), order.S[nu], float(kink[nu])))
            for nu in range(self.kinds)]
        return np.asarray(self.k @ np.array(of_each))
