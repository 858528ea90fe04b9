"""Paths whose C_phi(0) is held, while one parameter of the network is found that fits it.

A solution that an iteration at fixed parameters leaves, because it is the lower one of two that
end at a fold, is reached at fixed amplitude: the parameter is then a single-valued function.
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
from ..paths.path_averages import Measured
from ..paths.site_statistics import SiteStatistics
from ..paths.waveform_relaxation import sweep
from ..sampled.joint_iteration import Iterated

GUARD = 5e-2  # residual above which nothing is extrapolated
PROBE, DAMPED = 1e-2, 0.5  # change of the parameter that tells its effect; share of a step taken
LARGEST = 0.1  # step of the parameter, over its scale
Family = Callable[[float], AnyNetwork]


@dataclass(eq=False)
class _Site:
    """One set of paths with its own value of the parameter."""

    paths: Paths
    statistics: SiteStatistics
    value: float
    effect: float  # d log C(0) / d value of one sweep
    sequence: AcceleratedSequence
    measured: Measured | None = None
    residual: float = np.inf


def iterate_pinned(family: Family, sites: list[Paths], start: SiteStatistics, value: float,
                   scale: float, *, tol: float, max_iter: int) -> tuple[Iterated, np.ndarray]:
    """Iterate x, C, S and the parameter of independent sites, at the C(0) of `start`.

    Parameters
    ----------
    family : callable
        family(value) -> network.
    sites : list of Paths
        Moved in place.
    start : SiteStatistics
        Where all begin, with the amplitude C(0) that is held.
    value, scale : float
        First value of the parameter, and the size of its natural changes.
    tol : float
        Bound on the change of C and of log C(0), relative.
    max_iter : int

    Returns
    -------
    Iterated, values (len(sites),)
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
        ending = Ending(Outcome.DIVERGED, "the paths diverged")
    elif not residual <= tol:
        ending = Ending(Outcome.MAX_ITER, f"max_iter={max_iter} reached at residual {residual:.1e}")
    measured: list[Any] = [one.measured for one in all_sites]
    return (Iterated(measured, iterations, residual, ending, False),
            np.array([one.value for one in all_sites]))


def _step(family: Family, one: _Site, held: float, scale: float) -> None:
    """Move the paths once; then the parameter against the change of C(0)."""
    network = family(one.value)
    resting = network.bias > 0 or not network.phi.odd
    found = sweep(one.paths, drive(network, one.statistics), max(one.statistics.slope, 0.0),
                  network.phi, True, resting)
    new = found.statistics
    grown = float(np.log(new.C[0] / held)) if new.C[0] > 0 else np.nan
    shape = new.C / new.C[0] - one.statistics.C / held
    one.residual = max(float(np.max(np.abs(shape))), abs(grown), found.change / 50)
    step = -DAMPED * grown / one.effect
    one.value += float(np.clip(step, -LARGEST * scale, LARGEST * scale))
    one.statistics = replace(new, C=new.C * held / new.C[0])
    one.measured = replace(found, statistics=one.statistics)
    limit = one.sequence.limit(
        np.concatenate([one.statistics.C, new.S.real, new.S.imag, [one.value]]))
    if limit is not None and one.residual < GUARD:
        _leap(one, limit, held, scale)


def _leap(one: _Site, limit: np.ndarray, held: float, scale: float) -> None:
    """The limit of the last steps, where it can be a solution near them."""
    n = len(one.statistics.C)
    C, S, value = limit[:n], limit[n:2 * n] + 1j * limit[2 * n:-1], float(limit[-1])
    near = np.max(np.abs(C - one.statistics.C)) < 0.2 * held
    if near and abs(value - one.value) < 2 * LARGEST * scale and np.max(C) <= C[0] * (1 + 1e-12):
        one.statistics = replace(one.statistics, C=C * held / C[0], S=S)
        one.value = value


def _effect(family: Family, own: Paths, start: SiteStatistics, value: float,
            scale: float) -> float:
    """d log C(0) / d value in one sweep from the start, by two of them; not below 1/scale."""
    grown = []
    for at in (value, value + PROBE * scale):
        network = family(at)
        trial = Paths(own.lags, own.window, own.z, own.x.copy(), own.phi.copy(), own.begun)
        for _ in range(3):  # the memory answers after a sweep
            found = sweep(trial, drive(network, start), max(start.slope, 0.0), network.phi)
        grown.append(float(np.log(found.statistics.C[0])))
    effect = (grown[1] - grown[0]) / (PROBE * scale)
    return float(np.sign(effect) * max(abs(effect), 0.5 / scale)) if effect else 1 / scale
