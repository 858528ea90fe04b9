"""Optional properties of ensembles beyond `Ensemble`, with their defaults.

Solvers use these functions and never test the class of an ensemble: `kinds` and `noise_gains` are
of couplings between several kinds of units, `directions` of low-rank couplings, `synapses` of
plastic ones, `random_modes` of sums of modes, `reciprocity` of independent couplings; `hessian`
exists where the theory of fluctuations is derived, `tangent_memory` where that of perturbations is,
`tangent_functional` where that of the Lyapunov spectrum is.
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
    from .modes import Modes


def kinds(ensemble: Ensemble) -> int:
    """Number of kinds of sites that an ensemble couples, 1 by default."""
    return int(getattr(ensemble, "kinds", 1))


def within_each(ensemble: Ensemble, regions: int) -> Ensemble:
    """An ensemble of one kind of units as couplings within each of several regions.

    Raises
    ------
    ModelError
        For couplings whose theory in several regions is not built.
    """
    if kinds(ensemble) == regions:
        return ensemble
    if getattr(ensemble, "within", None) is None:
        checks.reject("ensembles", ensemble, f"acts on one kind of units, and is not built within "
                      f"each of the {regions} regions of the others", "give dmft.IID, "
                      "dmft.RegionalIID or dmft.LowRank couplings")
    return ensemble.within(regions)  # type: ignore[attr-defined]


def directions(ensembles: Iterable[Ensemble]) -> tuple[LowRank, ...]:
    """The low-rank couplings among ensembles, whose directions carry currents and inputs."""
    found = (getattr(one, "directions", None) for one in ensembles)
    return tuple(one for one in found if one is not None)


def drift_of(ensembles: Iterable[Ensemble]) -> np.ndarray | None:
    """(R, R) mean input per mean output, summed over ensembles; None where none has a mean."""
    found = [one.mean for one in ensembles if hasattr(one, "drift")]  # type: ignore[attr-defined]
    return np.sum(found, axis=0) if found else None


def driving_means(ensembles: Iterable[Ensemble]) -> tuple[Any, ...]:
    """The ensembles whose input to the mean of x is a functional of the activity."""
    return tuple(one for one in ensembles if getattr(one, "drives_means", False))


def synapses(ensembles: Iterable[Ensemble]) -> tuple[Hebbian, ...]:
    """The plastic couplings among ensembles, with their strengths k and time constants p."""
    found = (getattr(one, "synapses", None) for one in ensembles)
    return tuple(one for one in found if one is not None)


def synaptic_rate(ensembles: Iterable[Ensemble]) -> float:
    """Growth rate -1/p of perturbations of plastic synapses alone; -inf without plasticity."""
    return max((-1 / one.p for one in synapses(ensembles) if one.k), default=-np.inf)


def random_modes(ensembles: Iterable[Ensemble]) -> tuple[Modes, ...]:
    """The sums of random modes among ensembles, with their strengths and overlaps."""
    found = (getattr(one, "modes", None) for one in ensembles)
    return tuple(one for one in found if one is not None)


def reciprocity(ensemble: Ensemble) -> float | None:
    """Correlation of J_ij with J_ji; None unless the bulk of the spectrum is an ellipse by it."""
    found = getattr(ensemble, "reciprocity", None)
    return None if found is None or kinds(ensemble) > 1 else float(found)


def memory_advice(*ensembles: Ensemble) -> str:
    """How to change ensembles so that they have no memory; "" if none of them has one."""
    advice = {"set k=0" if synapses((one,)) else "set overlaps=0" if random_modes((one,)) else
             "set reciprocity=0" if hasattr(one, "reciprocity") else
             "set k=0" if hasattr(one, "k") else "give couplings without memory"
             for one in ensembles if one.has_memory}
    return " and ".join(sorted(advice))


def noise_gains(ensemble: Ensemble) -> np.ndarray | None:
    """(R, R) matrix G with noise^mu = sum over nu of G[mu, nu] C^nu, or None if there is none."""
    gains = getattr(ensemble, "noise_gains", None)
    if gains is None and ensemble.noise_gain is not None:
        gains = [[ensemble.noise_gain]]
    return None if gains is None else np.asarray(gains, dtype=float)


def check_hessian(ensemble: Ensemble) -> None:
    """Refuse an ensemble without second derivatives of W: its fluctuations are not derived."""
    if getattr(ensemble, "hessian", None) is None:
        checks.reject("ensembles", ensemble, "has no second derivatives of W: the four-point "
                      "function of these couplings is not known", "use dmft.validation.simulate "
                      "with dimension=True")
    if hasattr(ensemble, "check_hessian"):
        ensemble.check_hessian()


def hessian(ensemble: Ensemble, one: Frequencies, two: Frequencies) -> CausalMatrix:
    """W'' of an ensemble at all pairs of frequencies one (n1,) and two (n2,).

    Raises
    ------
    ModelError
        If the ensemble has none: the fluctuations of its couplings are not derived.
    """
    check_hessian(ensemble)
    return ensemble.hessian(one, two)  # type: ignore[attr-defined]


def tangent_memory(ensemble: Ensemble, order: OrderParameters, rate: float) -> np.ndarray:
    """Transfer function (n,) of the memory of perturbations that grow as exp(rate t).

    Raises
    ------
    ModelError
        If the ensemble has none, or its noise mixes lags: the growth of perturbations is not
        known then.
    """
    check_tangent_memory(ensemble)
    return ensemble.tangent_memory(order, rate)  # type: ignore[attr-defined]


def check_tangent_memory(ensemble: Ensemble) -> None:
    """Refuse couplings for which the growth of perturbations is not derived."""
    if getattr(ensemble, "tangent_memory", None) is None or ensemble.noise_gain is None:
        checks.reject("ensembles", ensemble, "the memory of perturbations is not derived, nor the "
                      "Lyapunov exponent of these couplings",
                      "use dmft.validation.lyapunov_exponent")


def check_tangent_functional(ensembles: Iterable[Ensemble]) -> None:
    """Refuse ensembles for which the theory of the Lyapunov spectrum is not built.

    Raises
    ------
    ModelError
        For couplings with a memory that is neither of synapses nor of reciprocity, and for those
        without a `tangent_functional`.
    """
    for one in ensembles:
        if one.has_memory and not synapses((one,)) and reciprocity(one) is None:
            checks.reject("ensembles", one, "these couplings have memory, and the Lyapunov "
                          "spectrum with this memory is not built", f"{memory_advice(one)}, or use "
                          "dmft.validation.lyapunov_spectrum(network, neurons)")
        if one.noise_gain != 0 and getattr(one, "tangent_functional", None) is None:
            checks.reject("ensembles", one, "has no tangent_functional: the Lyapunov spectrum of "
                          "these couplings is not derived",
                          "use dmft.validation.lyapunov_spectrum(network, neurons)")


def tangent_functional(ensembles: Iterable[Ensemble],
                       x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """w(x) and w'(x), summed over ensembles: W at the two bilinears B and P of the tangent, x = BP.

    w = g^2 x for independent couplings, <log(1 + D^2 x)> for random modes.
    """
    value, slope = np.zeros_like(x), np.zeros_like(x)
    for one in ensembles:
        if one.noise_gain != 0:
            more, steeper = one.tangent_functional(x)  # type: ignore[attr-defined]
            value, slope = value + more, slope + steeper
    return value, slope


def tangent_feedback(ensembles: Iterable[Ensemble]) -> float:
    """r g^2, summed over ensembles: the memory of the tangent over its own response S."""
    return float(sum((reciprocity(one) or 0.0) * one.noise_gain for one in ensembles
                     if one.has_memory and one.noise_gain))


def total_gain(network: Any) -> float:
    """The number G with noise(tau) = G C(tau), summed over the ensembles of a network.

    Raises
    ------
    ModelError
        If the noise of one of them mixes lags.
    """
    gains = [one.noise_gain for one in network.ensembles]
    if any(gain is None for gain in gains):
        checks.reject("ensembles", network.ensembles, "the noise of one of them mixes lags (its "
                      "noise_gain is None)", "give ensembles with a noise_gain")
    return float(sum(gains))


def plastic_strengths(ensembles: Iterable[Ensemble]) -> tuple[float, float]:
    """(g, k): total strengths of the random and of the plastic couplings.

    Raises
    ------
    ModelError
        If the other couplings are not independent: the fixed points and spectra of plastic
        networks are known for independent couplings only.
    """
    square = k = 0.0
    for one in ensembles:
        if synapses((one,)):
            k += synapses((one,))[0].k
        elif one.noise_gain is None or one.has_memory:
            checks.reject("ensembles", one, "fixed points and spectra are not known for these "
                          "couplings together with plastic ones",
                          "give independent couplings without reciprocity")
        else:
            square += one.noise_gain
    return float(np.sqrt(square)), float(k)
