"""The integrator: the states of a batch of trajectories, one step after the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from dmft.units.leaky import LEAKY
from dmft.units.unit import Unit

from ..couplings.operators import Operator
from ..execution.threads import check_stop
from .population_steps import PopulationSteps
from .unit_steps import UnitSteps


def states(x: np.ndarray, phi: Callable[[np.ndarray], np.ndarray], couplings: Operator,
           bias: np.ndarray | None, dt: float, noise: float, rng: np.random.Generator,
           unit: Unit = LEAKY, external: Callable[[int], np.ndarray] | None = None,
           corrected: bool = False, steps: UnitSteps | PopulationSteps | None = None
           ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Generate the states of a batch of trajectories, one step after the other, without end.

    Parameters
    ----------
    x : (N, B) array
        Initial states; overwritten by every step.
    phi : callable
        Transfer function, returning x's dtype.
    couplings : Operator
        One network's couplings, shared by all B trajectories.
    bias : (N, 1) array or None
        Quenched bias of the network.
    dt, noise : float
        Step, in neuronal time constants, and strength of the white noise.
    rng : Generator
        Generator of the white noise.
    unit : Unit
        Response of a unit to its input.
    external : callable, optional
        external(k) is the (N, 1) external input in the middle of step k, held constant over the
        step. This is of second order like the scheme, and exact across jumps at whole steps, over
        which values before the step must not be extrapolated.
    corrected : bool
        Correct each step by the drive at its end, noise included (two products per step). Where
        couplings feed the noise of a unit back to it, extrapolation is of second order too, but
        its errors are several times larger, since the drive is extrapolated along the noise of the
        last step.
    steps : UnitSteps or PopulationSteps, optional
        How x is stepped, where populations differ; by default all units are `unit`, with `noise`.

    Yields
    ------
    x, phi(x) : (N, B) arrays
        At times 0, dt, 2 dt, ...; x is overwritten by the next step, phi(x) is not.
    """
    steps = steps or UnitSteps(unit, dt, noise, x)
    corrected = corrected and not steps.delayed
    for step in itertools.count():
        check_stop()
        rates = phi(x)
        yield x, rates
        drive = couplings.apply(rates)
        couplings.advance(rates, dt)
        if bias is not None:
            drive += bias
        # The first step has no predecessor and is of first order: one local error of order dt^2.
        steps.advance(drive, not corrected, None if external is None else external(step))
        if noise > 0:
            steps.add_noise(rng)
        if corrected:
            end = couplings.apply(phi(x))
            if bias is not None:
                end += bias
            end -= drive
            steps.correct(end)
