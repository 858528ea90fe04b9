"""Ensemble: what a solver asks of couplings, the first derivatives of their functional W."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np

from ..grids.order_parameters import OrderParameters


@runtime_checkable
class Ensemble(Protocol):
    """What a solver asks of a coupling ensemble (first derivatives of W)."""

    @property
    def noise_gain(self) -> float | None:
        """The number G with noise(tau) = G C(tau) at every lag, or None where lags mix."""

    @property
    def has_memory(self) -> bool:
        """Whether a unit's own past returns to it through the couplings."""

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, Any]:
        """Spectrum (n,) of the effective noise's decaying part, and its static variance.

        With several kinds of sites a row for each, as `order` has.
        """

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transfer function (n,) of the memory kernel at `order.lags.omega`."""
