"""What is checked of a sampled solution: its step, its decay, and its equation of motion."""

from __future__ import annotations

import numpy as np

from ..base.convergence import Check
from ..equations import linear_response
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.noise_and_memory import drive
from ..paths.path_averages import Measured
from ..paths.window import (
    high_share,
    lag_window,
)
from .path_iteration import iterate_paths
from .pilot import Found
from .replicates import Repeats
from .starting_statistics import on_grid


def step_check(network: AnyNetwork, found: Found, seed: int, size: int, repeats: Repeats,
                tol: float, own: dict) -> Check:
    """C_phi(0) of the first group at half the step, with the same noise at all frequencies."""
    coarse = repeats.each.measured[0].statistics
    finer = Lags(found.lags.span, found.lags.dt / 2)
    paths = Paths.draw([seed], size, finer, lag_window(finer, found.time))
    end = iterate_paths(network, [paths], on_grid(coarse, finer), **own)
    off = abs(end.statistics[0].C[0] / coarse.C[0] - 1) if end.converged else np.inf
    return Check("step", float(off), max(tol, 1e-3), "halving the step changes C_phi(0): give a "
                 "smaller dt")


def path_checks(network: AnyNetwork, repeats: Repeats, lags: Lags, window: np.ndarray,
                 tol: float) -> list[Check]:
    """Decay in the window, the spectrum at its end, and the equation of motion."""
    ramp = (window > 0) & (window < 1)

    def late(one: Measured) -> np.ndarray:
        moving = one.C - one.statistics.static
        return np.asarray(np.mean(moving[ramp]) / one.C[0] if np.any(ramp) else 0.0)

    def motion(one: Measured) -> np.ndarray:
        return np.asarray(_variance_by_motion(network, one) / one.C_x[0] - 1)

    decay, _ = repeats.corrected(late)
    moved, _ = repeats.corrected(motion)
    whole = repeats.together.measured[0].statistics
    spectrum = whole.order(network.noise).C_spectrum
    smooth = spectrum if network.noise == 0 else spectrum[:len(spectrum) // 2]
    return [
        Check("decay", abs(float(decay)), 5e-3 + 4 * float(decay.stderr),
              f"the correlation has not decayed at span={lags.span:g}: give a longer span; if it "
              "never does, the activity is frozen (a static solution of an odd phi)"),
        Check("motion", abs(float(moved)), 2 * tol + 4 * float(moved.stderr),
              "the variance of x is not what response and memory make it: give a smaller tol"),
        Check("high frequencies", high_share(smooth, 0.5) if network.noise == 0 else 0.0, 1e-3,
              f"the spectrum has not decayed at pi/dt, dt={lags.dt:g}: give a smaller dt"),
    ]


def _variance_by_motion(network: AnyNetwork, one: Measured) -> float:
    """<x^2> of x = H (input + K phi) from C, S and K alone, <phi input*> = S times its spectrum."""
    now = drive(network, one.statistics)
    H = linear_response.lowpass(now.lags.omega)
    returned = now.returned
    spectrum = (now.V * (1 + 2 * (returned * one.statistics.S / H).real)
                + np.abs(returned) ** 2 * now.lags.spectrum(one.statistics.C))
    return float(now.lags.correlation(spectrum)[0])
