"""IID: independent Gaussian couplings, with correlated reciprocal pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base import checks
from ..equations import iid as equations
from ..grids.impulse_response import impulse_response
from ..grids.lag_transforms import causal_transform
from ..grids.lags import Lags
from ..grids.order_parameters import Frequencies, OrderParameters
from .causal_matrix import CausalMatrix
from .regional_iid import RegionalIID


@dataclass(frozen=True)
class IID:
    """Gaussian couplings, <J_ij^2> = g^2/N and <J_ij J_ji> = reciprocity g^2/N.

    W[B] = -g^2 tr(B_phiphi B_ss) + (r g^2/2) tr(B_phis B_phis + B_sphi B_sphi); its first
    derivatives are the noise g^2 C and the memory r g^2 S (Sompolinsky, Crisanti & Sommers
    1988, the self-consistent equation of the local field).

    Parameters
    ----------
    g : float
        Coupling strength, 0 or above.
    reciprocity : float
        Correlation of J_ij with J_ji, from -1 (antisymmetric) to 1 (symmetric).

    Raises
    ------
    ModelError
        For a field outside its range.

    Examples
    --------
    >>> IID(2.0).noise_gain, IID(2.0, reciprocity=0.5).has_memory
    (4.0, True)
    """

    g: float
    reciprocity: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "g", checks.nonnegative("g", self.g))
        r = checks.within("reciprocity", self.reciprocity, -1.0, 1.0)
        object.__setattr__(self, "reciprocity", r)

    def within(self, regions: int) -> RegionalIID:
        """These couplings within each of several regions, and none between them."""
        return RegionalIID(np.full(regions, self.g), self.reciprocity)

    @property
    def noise_gain(self) -> float:
        """g^2."""
        return float(equations.noise_gain(self.g))

    @property
    def has_memory(self) -> bool:
        """Whether neither g nor the reciprocity is zero."""
        return self.reciprocity != 0 and self.g != 0

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, float]:
        """Spectrum (n,) and static variance of the noise, g^2 C."""
        return (equations.noise_covariance(order.C_spectrum, self.g),
                float(equations.noise_covariance(order.C_static, self.g)))

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transfer function (n,) of the memory kernel, r g^2 S."""
        return equations.memory_kernel(order.S, self.g, self.reciprocity)

    def tangent_memory(self, order: OrderParameters, rate: float) -> np.ndarray:
        """Memory of a perturbation that grows as exp(rate t), r g^2 exp(-rate tau) R(tau)."""
        if not self.has_memory:
            return np.zeros_like(order.S)
        finer = Lags(order.lags.span, order.lags.dt / 4)
        slope = float(((1 + 1j * order.omega) * order.S)[-2].real)
        R = impulse_response(order.S, slope, order.lags, finer)
        grown = causal_transform(finer, R * np.exp(-rate * finer.tau), order.omega)
        return equations.memory_kernel(grown, self.g, self.reciprocity)

    def tangent_functional(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """w(x) = g^2 x and its derivative, for the spectrum of Lyapunov exponents.

        x = B P is the product, at each frequency, of the two bilinears of the tangent dynamics.
        Not with reciprocity.
        """
        return self.noise_gain * x, np.full_like(x, self.noise_gain)

    def hessian(self, one: Frequencies, two: Frequencies) -> CausalMatrix:
        """W'', the same at all pairs of frequencies (W is quadratic)."""
        noise = float(equations.hessian_noise(self.g))
        memory = float(equations.hessian_memory(self.g, self.reciprocity))
        return CausalMatrix(k03=noise, k30=noise, k11=memory, k22=memory)
