"""Coupling ensembles: frozen data with the derivatives of their functional W.

An ensemble is anything with the attributes of `Ensemble`; independent ensembles add, and no
solver asks which one it serves. `ENSEMBLES` names one example of each: the contract's tests run
over all of them and over all pairs.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from ..order_parameters import OrderParameters
from .iid import IID


@runtime_checkable
class Ensemble(Protocol):
    """What a solver asks of a coupling ensemble (first derivatives of W)."""

    @property
    def noise_gain(self) -> float | None:
        """The number G with noise(tau) = G C(tau) at every lag, or None where lags mix."""

    @property
    def has_memory(self) -> bool:
        """Whether a unit's own past returns to it through the couplings."""

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, float]:
        """Spectrum (n,) of the effective noise's decaying part, and its static variance."""

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transfer function (n,) of the memory kernel at `order.lags.omega`."""


ENSEMBLES: tuple[Ensemble, ...] = (IID(1.5), IID(1.5, reciprocity=0.3))

__all__ = ["ENSEMBLES", "IID", "Ensemble"]
