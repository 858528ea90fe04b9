"""Couplings of your own as units meet them at a given mean output: noise and memory, no drift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..grids.order_parameters import OrderParameters
from .own_ensemble import DerivedEnsemble


@dataclass(frozen=True)
class FixedMean:
    """The part of an ensemble that does not drive means, and no noise of the mean output.

    Parameters
    ----------
    own : DerivedEnsemble

    Examples
    --------
    >>> import dmft
    >>> FixedMean(dmft.ensemble(mean=0.5 / dmft.notation.N)).noise_gain
    0.0
    """

    own: DerivedEnsemble

    @property
    def noise_gain(self) -> float:
        """G of the noise G C."""
        return self.own.correlation_gain

    @property
    def has_memory(self) -> bool:
        return self.own.has_memory

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, float]:
        """G C."""
        return self.noise_gain * order.C_spectrum, self.noise_gain * float(order.C_static)

    def memory(self, order: OrderParameters) -> np.ndarray:
        """That of the ensemble."""
        return self.own.memory(order)
