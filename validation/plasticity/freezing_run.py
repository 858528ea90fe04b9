"""One network simulated, halted and released, for `freeze` and `freeze_traces`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..couplings.operators import matrix_of
from ..settings.settings import Settings
from ..simulation.running_network import (
    RunningNetwork,
    mean_squares,
    overlaps,
    relative_speeds,
)
from ..simulation.transfer32 import transfer
from ..simulation.tuning import FIXED_POINT_SPEED
from .tuning import FIXED_POINT_CHECK_TIME


class HaltedNetwork(RunningNetwork):
    """A running network that can be run until it is at a fixed point."""

    def run_to_fixed_point(self, time: float, watched: HaltedAverages | None = None) -> np.ndarray:
        """Run until all trajectories are at fixed points, or the time is over.

        Parameters
        ----------
        time : float
        watched : HaltedAverages, optional
            Averages to which the states of the second half of the time are added.

        Returns
        -------
        (B,) array
            Time at which each trajectory reached its fixed point; NaN if it did not.
        """
        dt, trials = self.settings.dt, self.settings.trials
        reached = np.full(trials, np.nan)
        every, before = max(2, round(FIXED_POINT_CHECK_TIME / dt)), None
        for number, (_, x, phi) in enumerate(self.run(time), 1):
            if watched is not None and 2 * number * dt > time:
                watched.add(phi)
            if number % every == every - 1:
                before = x.copy()
            elif number % every == 0 and before is not None:
                at_rest = relative_speeds(before, x, dt) < FIXED_POINT_SPEED
                reached[~at_rest] = np.nan  # it was only slow for a time
                reached[at_rest & np.isnan(reached)] = number * dt
                if np.all(at_rest):
                    break
        return reached


class HaltedAverages:
    """Averages of halted activity over time, of B trajectories that were at phi (N, B) at the halt.

    Parameters
    ----------
    start : (N, B) array
        phi at the halt.
    """

    def __init__(self, start: np.ndarray):
        self.start, self.count = start, 0
        self.total = np.zeros(start.shape)
        self.square = np.zeros(start.shape[1])
        self.overlap = np.zeros(start.shape[1])

    def add(self, phi: np.ndarray) -> None:
        """Add one state."""
        self.count += 1
        self.total += phi
        self.square += mean_squares(phi)
        self.overlap += overlaps(self.start, phi)

    def results(self, last: np.ndarray, rested: np.ndarray) -> dict[str, np.ndarray]:
        """Overlap with the state at the halt, and static share of <phi^2>, averaged over time.

        Those at a fixed point are static, with the overlap of the last phi.
        """
        count = max(self.count, 1)
        square = np.maximum(self.square / count, np.finfo(float).tiny)
        return {"halted_overlap": np.where(rested, overlaps(self.start, last),
                                           self.overlap / count),
                "static_share": np.where(rested, 1.0, mean_squares(self.total / count) / square)}


def freeze_and_release(settings: Settings, neurons: int, network: int, after: float,
                       abscissa: bool) -> dict[str, np.ndarray]:
    """Halt and release the plasticity of one network: the arrays of `Freezes`, (F,) each."""
    one = HaltedNetwork(settings, neurons, network)
    for _ in one.run((settings.first + 1) * settings.dt):
        pass
    start = one.phi
    one.halt()
    watched = HaltedAverages(start)
    time = one.run_to_fixed_point(settings.duration, watched)
    converged = np.isfinite(time)
    result: dict[str, Any] = {
        "converged": converged.astype(float), "time": time,
        "C_before": mean_squares(start), "overlap": overlaps(start, one.phi),
        "C": mean_squares(one.phi), "q": _squared_spectral_radius(settings, one.x),
        "abscissa": np.full(settings.trials, np.nan)}
    if abscissa:
        result["abscissa"] = np.array([_abscissa(settings, one, b) if converged[b] else np.nan
                                       for b in range(settings.trials)])
    for name in ("overlap", "C", "q"):
        result[name] = np.where(converged, result[name], np.nan)
    result |= watched.results(one.phi, converged)
    return result | _measure_after_release(one, after)


def _measure_after_release(one: HaltedNetwork, after: float) -> dict[str, np.ndarray]:
    """Measurements after plasticity is resumed."""
    trials, dt = one.settings.trials, one.settings.dt
    if round(after / dt) < 2:
        return {name: np.full(trials, np.nan) for name in ("C_after", "overlap_after", "moving")}
    one.release()
    start, counted, total, before = one.phi, 0, np.zeros(trials), one.x
    steps = round(after / dt)
    for number, (_, x, phi) in enumerate(one.run(after), 1):
        if number == steps - 1:
            before = x.copy()
        if 2 * number > steps:
            total += mean_squares(phi)
            counted += 1
    return {"C_after": total / counted, "overlap_after": overlaps(start, one.phi),
            "moving": (relative_speeds(before, one.x, dt) > FIXED_POINT_SPEED).astype(float)}


def _squared_spectral_radius(settings: Settings, x: np.ndarray) -> np.ndarray:
    """(B,) q = g^2 mean of phi'^2: the squared spectral radius of J phi'."""
    gain = sum(ensemble.noise_gain or 0.0 for ensemble in settings.network.ensembles)
    return gain * mean_squares(settings.network.phi.derivative(x.astype(float)))


def _abscissa(settings: Settings, one: HaltedNetwork, trajectory: int) -> float:
    """Largest real part of the eigenvalues of -1 + W phi'."""
    slope = transfer(settings.network.phi.derivative, float)(one.x[:, trajectory].astype(float))
    W = matrix_of(one.couplings, one.phi, trajectory).astype(float)
    return float(np.linalg.eigvals(W * slope).real.max() - 1)
