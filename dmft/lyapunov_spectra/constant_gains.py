"""The spectrum at a fixed point, where gains are constant in time: frequencies decouple."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..equations import lyapunov_spectra as equations
from .tangent_kernels import Functional
from .tuning import BISECTIONS, FREQUENCIES

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(FREQUENCIES)


@dataclass(frozen=True, eq=False)
class ConstantGains:
    """Gains d (k,) that are constant in time, in fractions `weights` of the sites.

    At each frequency, with |L|^2 = a^2 + w^2, x = BP solves
    1 = w'(x) <d^2 / (|L|^2 + w'(x)^2 x d^2)>; it is 0 where |L|^2 exceeds w'(0) <d^2>. One gain d
    and independent couplings give a semicircle of radius g d around -1.
    """

    d: np.ndarray
    weights: np.ndarray
    functional: Functional

    @property
    def edge(self) -> float:
        """Largest a inside the spectrum, sqrt(w'(0) <d^2>)."""
        slope = float(self.functional(np.zeros(1))[1][0])
        return float(np.sqrt(slope * (self.weights @ self.d**2)))

    def values(self, a: float) -> tuple[float, float]:
        """psi = (Omega - a)/2 and 1 - F at s = a - 1, for a above 0 and below the edge."""
        # w = a sinh(t) resolves |L|^2 at small a
        top = float(np.arccosh(self.edge / a))
        t = top * (1 + _NODES) / 2
        L2 = (a * np.cosh(t)) ** 2
        dw = a * np.cosh(t) * top / 2 * _WEIGHTS / np.pi  # both signs of w, over 2 pi
        x = self._product(L2)
        value, slope = self.functional(x)
        share = equations.tangent_share(slope[:, None], x[:, None], self.d, L2[:, None])
        log_det = np.log1p(share) @ self.weights
        fraction = (share / (1 + share)) @ self.weights
        return (float(dw @ (log_det + value - 2 * slope * x)) / 2, float(dw @ (a / L2 * fraction)))

    def _product(self, L2: np.ndarray) -> np.ndarray:
        """x at each |L|^2, by bisection of log x."""
        d2 = self.d**2
        low, high = np.full(len(L2), -60.0), np.full(len(L2), 60.0)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            x = np.exp(middle)
            slope = self.functional(x)[1]
            right = slope * ((d2 / (L2[:, None] + (slope**2 * x)[:, None] * d2)) @ self.weights)
            above = right > 1
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return np.exp((low + high) / 2)
