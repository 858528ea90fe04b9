"""Properties that an ensemble may have beyond `Ensemble`, each with its value where it has not.

A solver asks here, and never for the ensemble's class: `kinds` and `noise_gains` of couplings
between several kinds of units, `directions` of low-rank couplings, `synapses` of plastic ones,
`hessian` where fluctuations are known, `tangent_memory` where perturbations are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base import checks
from ..grids.order_parameters import Frequencies, OrderParameters
from .causal_matrix import CausalMatrix
from .ensemble import Ensemble

if TYPE_CHECKING:
    from .hebbian import Hebbian
    from .low_rank import LowRank


def kinds(ensemble: Ensemble) -> int:
    """Kinds of sites that an ensemble couples: 1 unless it says otherwise."""
    return int(getattr(ensemble, "kinds", 1))


def directions(ensembles: Iterable[Ensemble]) -> tuple[LowRank, ...]:
    """The low-rank couplings among ensembles: directions that carry currents and inputs."""
    found = (getattr(one, "directions", None) for one in ensembles)
    return tuple(one for one in found if one is not None)


def synapses(ensembles: Iterable[Ensemble]) -> tuple[Hebbian, ...]:
    """The plastic couplings among ensembles, with their strengths k and time constants p."""
    found = (getattr(one, "synapses", None) for one in ensembles)
    return tuple(one for one in found if one is not None)


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


def plastic_strengths(ensembles: Iterable[Ensemble]) -> tuple[float, float]:
    """(g, k): strengths of the random and of the plastic couplings, each summed.

    Raises
    ------
    ModelError
        Where the rest is more than independent couplings: with other couplings the fixed points
        and spectra of plastic networks are not known.
    """
    square = k = 0.0
    for one in ensembles:
        if synapses((one,)):
            k += synapses((one,))[0].k
        elif one.noise_gain is None or one.has_memory:
            checks.reject("ensembles", one, "beside plastic couplings its fixed points and spectra "
                          "are not known here", "give independent couplings without reciprocity")
        else:
            square += one.noise_gain
    return float(np.sqrt(square)), float(k)
