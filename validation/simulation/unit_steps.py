"""UnitSteps: the states of a batch of units, stepped exactly by the response of the unit."""

from __future__ import annotations

from collections import deque

import numpy as np

from dmft.base.checks import reject
from dmft.units.unit import Unit

from .tuning import DELAY_ROUNDING


class UnitSteps:
    """x (N, B) of a batch of units, and the rest of their state where a unit has more of it.

    X(t+dt) = decay X(t) + now F(t) + before F(t-dt) + noise, the exponential Adams-Bashforth scheme
    of second order: the response of the unit is exact, the input F is extrapolated linearly, and
    the noise has the exact covariance over one step. The weights are plain floats, so that float32
    arrays stay float32. A delayed unit receives the input of an earlier time, which is
    interpolated instead.

    Parameters
    ----------
    unit : Unit
    dt : float
        Step, in neuronal time constants.
    noise : float
        Strength of the white noise.
    x : (N, B) array
        Initial x; it is updated in place. The rest of the state starts where a constant input
        holds it at this x, or where H(0) = 0 at the value of smallest norm.
    """

    def __init__(self, unit: Unit, dt: float, noise: float, x: np.ndarray):
        own = unit.step(dt)
        self.x, self.noise, self.scratch = x, noise, np.empty_like(x)
        # a single variable is x itself
        scale = float(own.output[0]) if len(own.output) == 1 else 1.0
        self.decay, self.output = own.decay.tolist(), own.output.tolist()
        self.now, self.before, self.end = ((scale * w).tolist()
                                           for w in (own.now, own.before, own.end))
        self.kick = (scale * noise * own.noise).tolist()
        self.states = [x] if len(own.output) == 1 else [
            (x * weight).astype(x.dtype) for weight in own.held.tolist()]
        self.last: np.ndarray | None = None  # the input one step ago
        steps = unit.delay / dt
        if abs(steps - round(steps)) > DELAY_ROUNDING:
            reject("dt", dt, f"not a part of the delay {unit.delay:g}",
                   f"give dt={unit.delay / np.ceil(steps):.6g}")
        self.delayed = round(steps)
        self.queue: deque[np.ndarray] = deque(maxlen=self.delayed + 1)

    def advance(self, drive: np.ndarray, extrapolated: bool = True,
                constant: np.ndarray | None = None) -> None:
        """One step of the deterministic part, in place.

        Without a predecessor, or if it is not to be `extrapolated`, the input is that of the
        beginning of the step. `constant` is a further input, constant over the step. The delay
        applies to both.
        """
        if self.delayed:
            self._advance_delayed(drive if constant is None else drive + constant)
            return
        before = drive if self.last is None or not extrapolated else self.last
        self._apply(((self.now, drive), (self.before, before)))
        if constant is not None:
            for state, now, earlier in zip(self.states, self.now, self.before, strict=True):
                state += (now + earlier) * constant
        self.last = drive
        self._measure()

    def correct(self, change: np.ndarray) -> None:
        """Correct the step by the change of the input over it."""
        for state, end in zip(self.states, self.end, strict=True):
            state += end * change
        self._measure()

    def add_noise(self, rng: np.random.Generator, columns: slice = slice(None)) -> None:
        """Add the white noise of a step to some of the trajectories.

        It is drawn in float32 for every dtype of the run, so that the noise is the same.
        """
        shape = self.x[:, columns].shape
        draws = [rng.standard_normal(shape, dtype=np.float32) for _ in self.states]
        for state, row in zip(self.states, self.kick, strict=True):
            for weight, draw in zip(row, draws, strict=True):
                if weight:
                    state[:, columns] += np.float32(weight) * draw
        self._measure()

    def transform(self, columns: slice, by) -> None:
        """Replace these columns of the state, and of the inputs that are kept, by a function of
        them that is linear in the columns.
        """
        kept = [*self.queue] if self.delayed else [] if self.last is None else [self.last]
        for array in {id(one): one for one in (*self.states, *kept)}.values():
            array[:, columns] = by(array[:, columns])
        self._measure()

    def _advance_delayed(self, drive: np.ndarray) -> None:
        self.queue.append(drive)
        full = len(self.queue) > self.delayed
        start = self.queue[0] if full else np.zeros_like(drive)
        end = self.queue[1] if full else self.queue[0] if (
            len(self.queue) == self.delayed) else np.zeros_like(drive)
        constant = [now + before for now, before in zip(self.now, self.before, strict=True)]
        self._apply(((constant, start), (self.end, end - start)))
        self._measure()

    def _apply(self, inputs: tuple[tuple[list[float], np.ndarray], ...]) -> None:
        """X = decay X + weights times inputs."""
        if len(self.states) == 1:
            state = self.states[0]
            state *= self.decay[0][0]
            for weights, values in inputs:
                np.multiply(values, weights[0], out=self.scratch)
                state += self.scratch
            return
        new = []
        for j, row in enumerate(self.decay):
            total = row[0] * self.states[0]
            for factor, state in zip(row[1:], self.states[1:], strict=True):
                total += factor * state
            for weights, values in inputs:
                total += weights[j] * values
            new.append(total)
        self.states = new

    def _measure(self) -> None:
        """x = output . X."""
        if len(self.states) == 1:
            return
        np.multiply(self.states[0], self.output[0], out=self.x)
        for weight, state in zip(self.output[1:], self.states[1:], strict=True):
            if weight:
                self.x += weight * state
