"""Ensemble: what a solver requires of couplings, the first derivatives of their functional W."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np

from ..grids.order_parameters import OrderParameters


@runtime_checkable
class Ensemble(Protocol):
    """What a solver requires of a coupling ensemble: noise and memory, the first derivatives of W.

    Optional properties are in `properties.py`.
    """

    @property
    def noise_gain(self) -> float | None:
        """The number G with noise(tau) = G C(tau) at every lag, or None if there is none."""

    @property
    def has_memory(self) -> bool:
        """Whether the couplings return the past of a unit to it (a memory kernel)."""

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, Any]:
        """Spectrum (n,) of the decaying part of the effective noise, and its static variance.

        With R kinds of sites, as in `order`: (R, n) and (R,).
        """

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transfer function (n,) of the memory kernel at `order.omega`; (R, n) with R kinds."""
