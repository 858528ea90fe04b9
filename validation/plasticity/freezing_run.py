"""One network run, halted and released: what `freeze` and its traces look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..couplings.operators import Operator, halt, matrix_of, release
from ..measurements.correlator import mean_product
from ..settings.settings import Settings
from ..simulation.task import STILL, diverged, drawn, initial_states, trajectory
from ..simulation.transfer32 import transfer

LOOK = 1.0  # time from one look at whether the states still move to the next

Step = tuple[int, np.ndarray, np.ndarray]  # number of the step, x and phi (N, B)


class HaltedNetwork:
    """A network of B trajectories whose plasticity can be halted and released.

    Parameters
    ----------
    settings : Settings
        What to run.
    neurons, network : int
        Its size and number.
    """

    def __init__(self, settings: Settings, neurons: int, network: int):
        self.couplings: Operator
        self.settings = settings
        self.couplings, seeds = drawn(settings, neurons, network)
        x = initial_states(settings, neurons, np.random.default_rng(seeds.start))
        self._path = trajectory(settings, neurons, self.couplings, x, seeds)
        self._step = -1
        self.x = self.phi = x
        self.halted = False

    def run(self, time: float) -> Iterator[Step]:
        """The states while a time goes by; x is overwritten by the next step, phi is not."""
        for _ in range(round(time / self.settings.dt)):
            with np.errstate(over="ignore", invalid="ignore"):
                self.x, self.phi = next(self._path)
            self._step += 1
            if self._step % 100 == 0 and not np.isfinite(mean_product(self.x, self.x)):
                diverged(self.settings)
            yield self._step, self.x, self.phi

    def halt(self) -> None:
        """From the present state on, couplings stay as they are."""
        halt(self.couplings, self.phi)
        self.halted = True

    def release(self) -> None:
        """From the present state on, plasticity goes on."""
        release(self.couplings)
        self.halted = False

    def until_rest(self, time: float) -> np.ndarray:
        """Run until all trajectories rest, or a time is over; when each did (B,), or NaN."""
        dt, trials = self.settings.dt, self.settings.trials
        rested = np.full(trials, np.nan)
        every, before = max(2, round(LOOK / dt)), None
        for number, (_, x, _) in enumerate(self.run(time), 1):
            if number % every == every - 1:
                before = x.copy()
            elif number % every == 0 and before is not None:
                resting = speeds(before, x, dt) < STILL
                rested[~resting] = np.nan  # it only passed a slow place
                rested[resting & np.isnan(rested)] = number * dt
                if np.all(resting):
                    break
        return rested


def speeds(before: np.ndarray, now: np.ndarray, dt: float) -> np.ndarray:
    """(B,) |dx/dt| / |x|."""
    moved, size = (np.linalg.norm(one.astype(float), axis=0) for one in (now - before, now))
    return moved / (dt * np.maximum(size, np.finfo(float).tiny))


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(B,) a . b / (|a| |b|) of each trajectory."""
    a, b = a.astype(float), b.astype(float)
    norms = np.linalg.norm(a, axis=0) * np.linalg.norm(b, axis=0)
    return np.einsum("ib,ib->b", a, b) / np.maximum(norms, np.finfo(float).tiny)


def frozen_run(settings: Settings, neurons: int, network: int, after: float,
               abscissa: bool) -> dict[str, np.ndarray]:
    """What halting and releasing did in one network: see `Freezes`, (F,) each."""
    one = HaltedNetwork(settings, neurons, network)
    for _ in one.run((settings.first + 1) * settings.dt):
        pass
    start = one.phi
    one.halt()
    time = one.until_rest(settings.duration)
    rests = np.isfinite(time)
    result: dict[str, Any] = {
        "converged": rests.astype(float), "time": time,
        "C_before": mean_squares(start), "overlap": overlaps(start, one.phi),
        "C": mean_squares(one.phi), "q": _spread_of_slopes(settings, one.x),
        "abscissa": np.full(settings.trials, np.nan)}
    if abscissa:
        result["abscissa"] = np.array([_abscissa(settings, one, b) if rests[b] else np.nan
                                       for b in range(settings.trials)])
    for name in ("overlap", "C", "q"):
        result[name] = np.where(rests, result[name], np.nan)
    return result | _after(one, after)


def _after(one: HaltedNetwork, after: float) -> dict[str, np.ndarray]:
    """States once plasticity goes on."""
    trials, dt = one.settings.trials, one.settings.dt
    if round(after / dt) < 2:
        return {name: np.full(trials, np.nan) for name in ("C_after", "overlap_after", "moving")}
    one.release()
    start, seen, total, before = one.phi, 0, np.zeros(trials), one.x
    steps = round(after / dt)
    for number, (_, x, phi) in enumerate(one.run(after), 1):
        if number == steps - 1:
            before = x.copy()
        if 2 * number > steps:
            total += mean_squares(phi)
            seen += 1
    return {"C_after": total / seen, "overlap_after": overlaps(start, one.phi),
            "moving": (speeds(before, one.x, dt) > STILL).astype(float)}


def mean_squares(phi: np.ndarray) -> np.ndarray:
    """(B,) |phi|^2/N."""
    return np.einsum("ib,ib->b", phi, phi, dtype=float) / len(phi)


def _spread_of_slopes(settings: Settings, x: np.ndarray) -> np.ndarray:
    """(B,) q = g^2 mean of phi'^2: the squared radius of the spectrum of J phi'."""
    gain = sum(ensemble.noise_gain or 0.0 for ensemble in settings.network.ensembles)
    return gain * mean_squares(settings.network.phi.derivative(x.astype(float)))


def _abscissa(settings: Settings, one: HaltedNetwork, trajectory: int) -> float:
    """Largest real part of the eigenvalues of -1 + W phi'."""
    slope = transfer(settings.network.phi.derivative, float)(one.x[:, trajectory].astype(float))
    W = matrix_of(one.couplings, one.phi, trajectory).astype(float)
    return float(np.linalg.eigvals(W * slope).real.max() - 1)
