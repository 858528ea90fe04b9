"""Fixed-point iteration at fixed amplitude C_phi(0), with one parameter as an unknown.

Of the two solutions that meet at a fold, the lower one is unstable to an iteration at fixed
parameters. At fixed amplitude both are reached, because there the parameter is a single-valued
function of the amplitude.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..base.outcomes import Ending, Outcome
from ..base.sequence_acceleration import AcceleratedSequence
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.noise_and_memory import drive
from ..paths.path_averages import PathAverages
from ..paths.site_statistics import SiteStatistics
from ..paths.waveform_relaxation import sweep
from ..sampled.joint_iteration import Iterated
from ..sampled.tuning import EXTRAPOLATION_CHANGE, EXTRAPOLATION_RESIDUAL, PATH_CHANGE_FACTOR
from .tuning import LARGEST_PARAMETER_STEP, PARAMETER_DAMPING, PARAMETER_PROBE

Family = Callable[[float], AnyNetwork]


@dataclass(eq=False)
class _Site:
    """One set of paths with its own value of the parameter."""

    paths: Paths
    statistics: SiteStatistics
    value: float
    effect: float  # d log C(0) / d value in one sweep
    sequence: AcceleratedSequence
    measured: PathAverages | None = None
    residual: float = np.inf


def iterate_at_fixed_amplitude(family: Family, sites: list[Paths], start: SiteStatistics,
                               value: float, scale: float, *, tol: float, max_iter: int
                               ) -> tuple[Iterated, np.ndarray]:
    """Iterate x, C, S and the parameter of independent sites, at the fixed C(0) of `start`.

    Parameters
    ----------
    family : callable
        family(value) -> network.
    sites : list of Paths
        Updated in place.
    start : SiteStatistics
        Initial statistics of all sites, with the amplitude C(0) that is held fixed.
    value, scale : float
        Initial value of the parameter, and its typical scale.
    tol : float
        Bound on the relative changes of C and of C(0).
    max_iter : int

    Returns
    -------
    iterated : Iterated
    values : (len(sites),) array
        Value of the parameter for each site.
    """
    held = float(start.C[0])
    all_sites = [_Site(own, start, value, _effect(family, own, start, value, scale),
                       AcceleratedSequence())
                 for own in sites]
    iterations, diverged = 0, False
    while active := [one for one in all_sites if one.residual > tol]:
        if iterations == max_iter or diverged:
            break
        iterations += 1
        for one in active:
            _step(family, one, held, scale)
        diverged = not all(np.isfinite(one.residual) and np.isfinite(one.value) for one in active)
    residual = max(one.residual for one in all_sites)
    ending = Ending(Outcome.CONVERGED)
    if diverged:
        ending = Ending(Outcome.DIVERGED, "the variance of the paths grows without bound")
    elif not residual <= tol:
        ending = Ending(Outcome.MAX_ITER, f"max_iter={max_iter} reached at residual {residual:.1e}")
    measured: list[Any] = [one.measured for one in all_sites]
    return (Iterated(measured, iterations, residual, ending, False),
            np.array([one.value for one in all_sites]))


def _step(family: Family, one: _Site, held: float, scale: float) -> None:
    """Update the paths once, then the parameter, so as to cancel the change of C(0)."""
    network = family(one.value)
    may_be_static = network.bias > 0 or not network.phi.odd
    found = sweep(one.paths, drive(network, one.statistics), max(one.statistics.slope, 0.0),
                  network.phi, True, may_be_static)
    new = found.statistics
    grown = float(np.log(new.C[0] / held)) if new.C[0] > 0 else np.nan
    shape = new.C / new.C[0] - one.statistics.C / held
    one.residual = max(float(np.max(np.abs(shape))), abs(grown),
                       found.change / PATH_CHANGE_FACTOR)
    step, largest = -PARAMETER_DAMPING * grown / one.effect, LARGEST_PARAMETER_STEP * scale
    one.value += float(np.clip(step, -largest, largest))
    one.statistics = replace(new, C=new.C * held / new.C[0])
    one.measured = replace(found, statistics=one.statistics)
    limit = one.sequence.limit(
        np.concatenate([one.statistics.C, new.S.real, new.S.imag, [one.value]]))
    if limit is not None and one.residual < EXTRAPOLATION_RESIDUAL:
        _extrapolate(one, limit, held, scale)


def _extrapolate(one: _Site, limit: np.ndarray, held: float, scale: float) -> None:
    """Continue from the extrapolated limit, if it is near and a possible correlation."""
    n = len(one.statistics.C)
    C, S, value = limit[:n], limit[n:2 * n] + 1j * limit[2 * n:-1], float(limit[-1])
    near = (np.max(np.abs(C - one.statistics.C)) < EXTRAPOLATION_CHANGE * held
            and abs(value - one.value) < 2 * LARGEST_PARAMETER_STEP * scale)
    if near and np.max(C) <= C[0] * (1 + 1e-12):
        one.statistics = replace(one.statistics, C=C * held / C[0], S=S)
        one.value = value


def _effect(family: Family, own: Paths, start: SiteStatistics, value: float,
            scale: float) -> float:
    """d log C(0) / d value in one sweep from the start, by a finite difference.

    Its absolute value is at least 0.5/scale, so that the steps of the parameter are bounded.
    """
    grown = []
    for at in (value, value + PARAMETER_PROBE * scale):
        network = family(at)
        trial = Paths(own.lags, own.window, own.z, own.x.copy(), own.phi.copy(), own.initialized)
        for _ in range(3):  # the memory contributes from the second sweep on
            found = sweep(trial, drive(network, start), max(start.slope, 0.0), network.phi)
        grown.append(float(np.log(found.statistics.C[0])))
    effect = (grown[1] - grown[0]) / (PARAMETER_PROBE * scale)
    return float(np.sign(effect) * max(abs(effect), 0.5 / scale)) if effect else 1 / scale
