"""Benchmark of the simulation of plastic networks, against a plain script."""

from __future__ import annotations

import numpy as np

import dmft

from ..simulation.simulate import simulate
from .measure import Row, per_step, timing
from .plain import plastic, simulation
from .tuning import PLASTIC_DT, PLASTIC_NEURONS, PLASTIC_TRIALS

NETWORK = dmft.PlasticNetwork(2.0, 1.0, 2.5)


def step() -> list[Row]:
    """Time of one step of one trajectory."""
    rng = np.random.default_rng(0)
    J, x = simulation.draw(NETWORK.g, PLASTIC_NEURONS, rng), rng.normal(size=PLASTIC_NEURONS)
    script, *own_times = per_step(
        [lambda steps: plastic.trajectory(J, NETWORK.k, NETWORK.p, np.tanh, x, PLASTIC_DT, steps),
         *(lambda steps, b=trials: _simulate(b, steps) for trials in PLASTIC_TRIALS)],
        [(2, 12), *((300, 500) for _ in PLASTIC_TRIALS)], repeats=5)
    rows = []
    for trials, time in zip(PLASTIC_TRIALS, own_times, strict=True):
        own = time / trials
        rows.append(Row(
            f"plastic simulation, {trials} trial{'s' if trials > 1 else ''}",
            f"one step of one trajectory of a plastic network, N={PLASTIC_NEURONS}: "
            f"validation.simulate with trials={trials} against a plain Euler script with an "
            "outer product a step",
            timing(script), timing(own), script / own, "times faster",
            f"Both at dt={PLASTIC_DT:g}, p={NETWORK.p:g}, in turns; time of more steps less time "
            "of fewer. dmft's steps start when the memory of past states is full, and include "
            "correlations at three lags. The script changes the whole matrix of plastic couplings "
            "in every step, in float64.", least=10.0))
    return rows


def _simulate(trials: int, steps: int) -> None:
    simulate(NETWORK, PLASTIC_NEURONS, 1, trials=trials, dt=PLASTIC_DT,
             duration=(steps - 0.5) * PLASTIC_DT, burn_in=0.0, lags=[0.0, 2.0, 8.0], rng=1)
