"""Checks of a sampled solution: its step, its decay, and its equation of motion."""

from __future__ import annotations

import numpy as np

from ..base.convergence import Check
from ..equations import linear_response
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.noise_and_memory import drive
from ..paths.path_averages import PathAverages
from ..paths.window import high_frequency_share, lag_window
from .path_iteration import iterate_paths
from .pilot import PilotResult
from .replicates import GroupedSolves
from .starting_statistics import on_grid
from .tuning import CUT_OFF_FACTOR, NOISE_OF_LAGS, STATIC_SHARE


def step_check(network: AnyNetwork, found: PilotResult, seed: int, size: int,
               groups: GroupedSolves, tol: float, own: dict) -> Check:
    """Change of C_phi(0) of the first group at half the step, with the same noise."""
    coarse = groups.each.measured[0].statistics
    finer = Lags(found.lags.span, found.lags.dt / 2)
    paths = Paths.draw([seed], size, finer, lag_window(finer, found.time))
    end = iterate_paths(network, [paths], on_grid(coarse, finer), **own)
    off = abs(end.statistics[0].C[0] / coarse.C[0] - 1) if end.converged else np.inf
    return Check("step", float(off), max(tol, 1e-3), "halving the step changes C_phi(0): give a "
                 "smaller dt")


def path_checks(network: AnyNetwork, groups: GroupedSolves, lags: Lags, window: np.ndarray,
                tol: float) -> list[Check]:
    """Checks of the decay in the window, the spectrum at high frequency, and the variance of x."""
    ramp = (window > 0) & (window < 1)

    def late(one: PathAverages) -> np.ndarray:
        decaying = one.C - one.statistics.static
        return np.asarray(np.mean(decaying[ramp]) / one.C[0] if np.any(ramp) else 0.0)

    def motion(one: PathAverages) -> np.ndarray:
        return np.asarray(_variance_by_motion(network, one) / one.C_x[0] - 1)

    decay, _ = groups.bias_corrected(late)
    variance, _ = groups.bias_corrected(motion)
    whole = groups.together.measured[0].statistics
    spectrum = whole.order_parameters(network.noise).C_spectrum
    constant = whole.C[0] - whole.static < STATIC_SHARE * whole.C[0]  # its spectrum is rounding
    high = (0.0 if network.noise > 0 or constant else high_frequency_share(spectrum, 0.5))
    return [
        Check("decay", abs(float(decay)), 5e-3 + 4 * float(decay.stderr),
              f"the correlation has not decayed at span={lags.span:g}: give a longer span; if it "
              "decays at no span, the activity is frozen (a static solution of an odd phi)"),
        Check("motion", abs(float(variance)), 2 * tol + 4 * float(variance.stderr),
              "the variance of x differs from the one that follows from response and memory: give "
              "a smaller tol"),
        Check("high frequencies", high, 1e-3,
              f"the spectrum has not decayed at pi/dt, dt={lags.dt:g}: give a smaller dt"),
    ]


def cut_off(groups: GroupedSolves, window: np.ndarray, static: float) -> float:
    """Error of the correlation of x, over its variance, by what the lag window removes.

    What is removed is missing from the drive of the units too: CUT_OFF_FACTOR allows for that.
    What stays below NOISE_OF_LAGS standard errors counts as sampling noise, which the window is
    meant to remove.
    """
    def removed(one: PathAverages) -> np.ndarray:
        return (1 - window) * (one.C_x - static) / one.C_x[0]

    found, _ = groups.bias_corrected(removed)
    beyond = np.abs(found.value) - NOISE_OF_LAGS * found.stderr
    return CUT_OFF_FACTOR * max(float(np.max(beyond)), 0.0)


def _variance_by_motion(network: AnyNetwork, one: PathAverages) -> float:
    """<x^2> of x = H (eta + K phi) from C, S and K alone, with <phi eta*> = S <eta eta*>."""
    now = drive(network, one.statistics)
    H = linear_response.lowpass(now.lags.omega)
    feedback = now.feedback
    spectrum = (now.V * (1 + 2 * (feedback * one.statistics.S / H).real)
                + np.abs(feedback) ** 2 * now.lags.spectrum(one.statistics.C))
    return float(now.lags.correlation(spectrum)[0])
