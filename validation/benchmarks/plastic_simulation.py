"""Benchmark of the simulation of plastic networks, against a plain script."""

from __future__ import annotations

import numpy as np

import dmft

from ..simulation.simulate import simulate
from .measure import Row, per_step, spoken
from .plain import plastic, simulation

NETWORK = dmft.PlasticNetwork(2.0, 1.0, 2.5)
NEURONS, DT = 2000, 0.1
TRIALS = (1, 8)  # one as the script has, and simulate's default


def step() -> list[Row]:
    """Time of one step of one trajectory."""
    rng = np.random.default_rng(0)
    J, x = simulation.draw(NETWORK.g, NEURONS, rng), rng.normal(size=NEURONS)
    script, *own_times = per_step(
        [lambda steps: plastic.trajectory(J, NETWORK.k, NETWORK.p, np.tanh, x, DT, steps),
         *(lambda steps, b=trials: _simulate(b, steps) for trials in TRIALS)],
        [(2, 12), *((300, 500) for _ in TRIALS)], repeats=5)
    rows = []
    for trials, time in zip(TRIALS, own_times, strict=True):
        own = time / trials
        rows.append(Row(
            f"plastic simulation, {trials} trial{'s' if trials > 1 else ''}",
            f"one step of one trajectory of a plastic network, N={NEURONS}: validation.simulate "
            f"with trials={trials} against a plain Euler script with an outer product a step",
            spoken(script), spoken(own), script / own, "times faster",
            f"Both at dt={DT:g}, p={NETWORK.p:g}, in turns; time of more steps less time of fewer. "
            "dmft's steps are those after the memory of past states is full; correlations at "
            "three lags are in them. The script changes the whole matrix of plastic couplings in "
            "every step, in float64.", least=10.0))
    return rows


def _simulate(trials: int, steps: int) -> None:
    simulate(NETWORK, NEURONS, 1, trials=trials, dt=DT, duration=(steps - 0.5) * DT, burn_in=0.0,
             lags=[0.0, 2.0, 8.0], rng=1)
