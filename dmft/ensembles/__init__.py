"""Coupling ensembles: frozen data with the derivatives of their functional W.

An ensemble is anything with the attributes of `Ensemble`; independent ensembles add, and no
solver asks which one it serves. One that couples several kinds of sites (regions) has `kinds` and
`noise_gains` besides; without them it is of one kind. One of which fluctuations are known has
`hessian`, the second derivatives of W. `ENSEMBLES` names one example of each: the
contract's tests run over all of them and over all pairs.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np

from ..base import checks
from ..grids.order_parameters import Frequencies, OrderParameters
from .causal_matrix import CausalMatrix
from .hebbian import Hebbian
from .iid import IID
from .low_rank import LowRank
from .matrix import Matrix
from .modes import Modes
from .regional_iid import RegionalIID
from .spectrum import Spectrum


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


def kinds(ensemble: Ensemble) -> int:
    """Kinds of sites that an ensemble couples: 1 unless it says otherwise."""
    return int(getattr(ensemble, "kinds", 1))


def noise_gains(ensemble: Ensemble) -> np.ndarray | None:
    """(R, R) matrix G with noise^mu = sum over nu of G[mu, nu] C^nu, or None where times mix."""
    gains = getattr(ensemble, "noise_gains", None)
    if gains is None and ensemble.noise_gain is not None:
        gains = [[ensemble.noise_gain]]
    return None if gains is None else np.asarray(gains, dtype=float)


def hessian(ensemble: Ensemble, one: Frequencies, two: Frequencies) -> CausalMatrix:
    """W'' of an ensemble at all pairs of frequencies one (n1,) and two (n2,).

    Raises
    ------
    ModelError
        If the ensemble does not say it: fluctuations of its couplings are not derived.
    """
    second = getattr(ensemble, "hessian", None)
    if second is None:
        checks.reject("ensembles", ensemble, "does not say its second derivatives: the four-point "
                      "function of these couplings is not known", "use dmft.validation.simulate "
                      "with dimension=True")
    return second(one, two)


def tangent_memory(ensemble: Ensemble, order: OrderParameters, rate: float) -> np.ndarray:
    """Transfer function (n,) of the memory of perturbations that grow as exp(rate t).

    Raises
    ------
    ModelError
        If the ensemble does not say it, or its noise mixes lags: perturbations are not known then.
    """
    remembered = getattr(ensemble, "tangent_memory", None)
    if remembered is None or ensemble.noise_gain is None:
        checks.reject("ensembles", ensemble, "does not say what perturbations remember: the "
                      "Lyapunov exponent of these couplings is not known by theory",
                      "use dmft.validation.lyapunov_exponent")
    return remembered(order, rate)


def total_gain(network: Any) -> float:
    """The number G with noise(tau) = G C(tau), of all ensembles of a network.

    Raises
    ------
    ModelError
        If lags mix in one of them.
    """
    gains = [one.noise_gain for one in network.ensembles]
    if any(gain is None for gain in gains):
        checks.reject("ensembles", network.ensembles, "their noise mixes lags", "give ensembles "
                      "with a noise_gain")
    return float(sum(gains))


ENSEMBLES: tuple[Ensemble, ...] = (
    IID(1.5), IID(1.5, reciprocity=0.3), RegionalIID(np.array([[1.5, 0.4], [0.0, 1.8]])),
    LowRank(np.array([0, 1]), np.array([1, 0]), np.array([[0.0, 1.5], [1.2, 0.0]]),
            np.diag([1.0, 0.8]), 2),
    Hebbian(-1.0, 2.5),
    Modes(Spectrum.flat(1.5, 0.5)), Modes(Spectrum.from_values([1.2, 1.6, 2.0], 0.6), 0.4),
)

__all__ = ["ENSEMBLES", "IID", "Ensemble", "Hebbian", "LowRank", "Matrix", "Modes", "RegionalIID",
           "hessian", "kinds", "noise_gains", "tangent_memory", "total_gain"]
