"""The result from solved thresholds: refinement at s_KY, change on a coarser window, checks."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError, ResolutionWarning
from ..base.estimate import Estimate
from ..network.network import AnyNetwork
from .spectrum_result import LyapunovSpectrum
from .thresholds import SampledSpectrum, Threshold
from .tuning import (
    COARSER_STEP,
    COARSER_WINDOW,
    ERROR_LIMIT,
    FEATURE_LIMIT,
    RESIDUAL_LIMIT,
    TANGENT_STEPS,
    TANGENT_TOL,
    WINDOW_DECAY,
)


def assembled(largest: Estimate, nodes: list[Threshold], atom: float, convergence: Convergence,
              network: AnyNetwork | None, symmetric: bool = True) -> LyapunovSpectrum:
    """The result with the edge as its last threshold."""
    edge = Threshold(float(largest) + 1, 0.0, 0.0, np.zeros_like(nodes[0].influence), 0.0, 0)
    every = [*nodes, edge]
    return LyapunovSpectrum(
        largest, np.array([one.a - 1 for one in every]), np.array([one.excess for one in every]),
        np.array([one.fraction for one in every]), np.array([one.influence for one in every]),
        atom, convergence, symmetric, network)


def finished(fine: SampledSpectrum, nodes: list[Threshold], found: LyapunovSpectrum,
             coarser: Callable[[float, float], SampledSpectrum], more: tuple[Check, ...] = ()
             ) -> LyapunovSpectrum:
    """The result refined at s_KY, with its checks; `coarser(length, dt)` samples another window.

    Raises
    ------
    ConvergenceError
        If the kernels do not converge; `.solution` is the spectrum that was reached.
    """
    for _ in range(TANGENT_STEPS if float(found.largest) > 0 else 0):
        s = float(found.s_ky)
        if np.isnan(s) or min(abs(one.a - 1 - s) for one in nodes) < TANGENT_TOL * abs(s):
            break
        nodes = sorted([*nodes, fine.at(1 + s)], key=lambda one: one.a)
        found = assembled(found.largest, nodes, found.atom, found.convergence, found.network,
                          found.symmetric)
    reference = min(nodes, key=lambda one: abs(one.a - 1))
    coarse = coarser(fine.window.length / COARSER_WINDOW, fine.window.dt * COARSER_STEP)
    change = abs(coarse.at(reference.a).excess - reference.excess)
    if fine.gains.has_memory:  # other paths: only what exceeds their errors is of the window
        change = max(0.0, change - 2 * float(np.linalg.norm(reference.influence)))
    error = change / reference.excess
    if np.isnan(float(found.s_ky)):
        more = (*more, Check("lowest s_KY that is covered, over s_KY", np.inf, 1.0, "the dimension "
                             "is NaN: its s_KY lies below the exponents that are derived",
                             resolution=True))
    return _delivered(replace(found, convergence=_convergence(fine, nodes, float(error), more)))


def _convergence(fine: SampledSpectrum, nodes: list[Threshold], error: float,
                 more: tuple[Check, ...]) -> Convergence:
    residual = max(one.residual for one in nodes)
    checks = (
        Check("decay of C_x in half of the window", fine.window.decay, 1.5 * WINDOW_DECAY,
              "give a longer window", resolution=True),
        Check("change on a coarser window", error, ERROR_LIMIT,
              "give a longer window and a smaller dt, or more paths", resolution=True),
        Check("distance of the features from their means", fine.feature_error, FEATURE_LIMIT,
              "give more paths", resolution=True), *more,
        Check("residual of the kernels", residual, RESIDUAL_LIMIT,
              "give more paths or a longer window"))
    return Convergence(bool(residual <= RESIDUAL_LIMIT), sum(one.sweeps for one in nodes), residual,
                       error, "sampled gains", f"{len(nodes)} thresholds", checks)


def _delivered(found: LyapunovSpectrum) -> LyapunovSpectrum:
    failed = [check for check in found.convergence.checks if not check.passed]
    for check in failed:
        message = (f"lyapunov_spectrum: {check.name} is {check.value:.2g}, above "
                   f"{check.limit:.2g}: {check.says}")
        if not check.resolution:
            raise ConvergenceError(message, found)
        warnings.warn(message, ResolutionWarning, stacklevel=5)
    return found
