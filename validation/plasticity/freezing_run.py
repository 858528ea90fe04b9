"""One network simulated, halted and released, for `freeze` and `freeze_traces`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..couplings.operators import Operator, halt, matrix_of, release, synapses
from ..measurements.correlator import mean_product
from ..settings.settings import Settings
from ..simulation.task import draw_network, initial_states, reject_diverged, trajectory
from ..simulation.transfer32 import transfer
from ..simulation.tuning import DIVERGENCE_CHECK_STEPS, FIXED_POINT_SPEED
from .tuning import FIXED_POINT_CHECK_TIME

Step = tuple[int, np.ndarray, np.ndarray]  # number of the step, x and phi (N, B)


class HaltedNetwork:
    """A network of B trajectories whose plasticity can be halted and released.

    Parameters
    ----------
    settings : Settings
        Settings of the simulation.
    neurons, network : int
        Size and number of the network.
    """

    def __init__(self, settings: Settings, neurons: int, network: int):
        self.couplings: Operator
        self.settings = settings
        self.couplings, seeds = draw_network(settings, neurons, network)
        x = initial_states(settings, neurons, np.random.default_rng(seeds.start))
        self._path = trajectory(settings, neurons, self.couplings, x, seeds)
        self._step = -1
        self.x = self.phi = x
        self.halted = False

    def run(self, time: float) -> Iterator[Step]:
        """Generate the states during a time; x is overwritten by the next step, phi is not."""
        for _ in range(round(time / self.settings.dt)):
            with np.errstate(over="ignore", invalid="ignore"):
                self.x, self.phi = next(self._path)
            self._step += 1
            if (self._step % DIVERGENCE_CHECK_STEPS == 0
                    and not np.isfinite(mean_product(self.x, self.x))):
                reject_diverged(self.settings)
            yield self._step, self.x, self.phi

    def halt(self) -> None:
        """Hold all couplings fixed from the present state on."""
        halt(self.couplings, self.phi)
        self.halted = True

    def release(self) -> None:
        """Resume plasticity from the present state on."""
        release(self.couplings)
        self.halted = False

    def synapses(self, units: int) -> np.ndarray:
        """Plastic couplings (units, units) among the first units, in the first trajectory."""
        return synapses(self.couplings, self.phi, 0, units)

    def run_to_fixed_point(self, time: float) -> np.ndarray:
        """Run until all trajectories are at fixed points, or the time is over.

        Returns
        -------
        (B,) array
            Time at which each trajectory reached its fixed point; NaN if it did not.
        """
        dt, trials = self.settings.dt, self.settings.trials
        reached = np.full(trials, np.nan)
        every, before = max(2, round(FIXED_POINT_CHECK_TIME / dt)), None
        for number, (_, x, _) in enumerate(self.run(time), 1):
            if number % every == every - 1:
                before = x.copy()
            elif number % every == 0 and before is not None:
                at_rest = relative_speeds(before, x, dt) < FIXED_POINT_SPEED
                reached[~at_rest] = np.nan  # it was only slow for a time
                reached[at_rest & np.isnan(reached)] = number * dt
                if np.all(at_rest):
                    break
        return reached


def relative_speeds(before: np.ndarray, now: np.ndarray, dt: float) -> np.ndarray:
    """(B,) |dx/dt| / |x|."""
    moved, size = (np.linalg.norm(one.astype(float), axis=0) for one in (now - before, now))
    return moved / (dt * np.maximum(size, np.finfo(float).tiny))


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(B,) a . b / (|a| |b|) of each trajectory."""
    a, b = a.astype(float), b.astype(float)
    norms = np.linalg.norm(a, axis=0) * np.linalg.norm(b, axis=0)
    return np.einsum("ib,ib->b", a, b) / np.maximum(norms, np.finfo(float).tiny)


def freeze_and_release(settings: Settings, neurons: int, network: int, after: float,
                       abscissa: bool) -> dict[str, np.ndarray]:
    """Halt and release the plasticity of one network: the arrays of `Freezes`, (F,) each."""
    one = HaltedNetwork(settings, neurons, network)
    for _ in one.run((settings.first + 1) * settings.dt):
        pass
    start = one.phi
    one.halt()
    time = one.run_to_fixed_point(settings.duration)
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


def mean_squares(phi: np.ndarray) -> np.ndarray:
    """(B,) |phi|^2/N."""
    return np.einsum("ib,ib->b", phi, phi, dtype=float) / len(phi)


def _squared_spectral_radius(settings: Settings, x: np.ndarray) -> np.ndarray:
    """(B,) q = g^2 mean of phi'^2: the squared spectral radius of J phi'."""
    gain = sum(ensemble.noise_gain or 0.0 for ensemble in settings.network.ensembles)
    return gain * mean_squares(settings.network.phi.derivative(x.astype(float)))


def _abscissa(settings: Settings, one: HaltedNetwork, trajectory: int) -> float:
    """Largest real part of the eigenvalues of -1 + W phi'."""
    slope = transfer(settings.network.phi.derivative, float)(one.x[:, trajectory].astype(float))
    W = matrix_of(one.couplings, one.phi, trajectory).astype(float)
    return float(np.linalg.eigvals(W * slope).real.max() - 1)
