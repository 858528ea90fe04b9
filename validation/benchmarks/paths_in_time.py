"""Benchmarks of the theory in time with memory: against a plain script, and against networks."""

from __future__ import annotations

import numpy as np

import dmft

from ..simulation.simulate import simulate
from .measure import Row, cpu_seconds, timing
from .plain import paths_in_time as plain
from .tuning import (
    MEMORY_DT,
    MEMORY_G,
    MEMORY_ITERATIONS,
    MEMORY_NETWORKS,
    MEMORY_NEURONS,
    MEMORY_P,
    MEMORY_PATHS,
    MEMORY_STOP,
    MEMORY_STRENGTHS,
    MEMORY_TRANSIENT,
)


def against_plain() -> list[Row]:
    """C(t, t) at one time to the standard error of dmft: the script, and simulated networks."""
    return [row for k in MEMORY_STRENGTHS for row in _rows(k)]


def _rows(k: float) -> list[Row]:
    network = dmft.PlasticNetwork(MEMORY_G, k, MEMORY_P)
    times = dmft.Times(MEMORY_STOP, 0.2)
    found = dmft.solve(network, times=times, schedule=dmft.Schedule(), rng=0)
    exact, error = float(found.power[-1, 0]), float(found.power[-1, 0].stderr)
    ours = cpu_seconds(lambda: dmft.solve(network, times=times, rng=0), 3)
    course: list[np.ndarray] = []

    def script() -> None:
        course.append(plain.iterate(MEMORY_G, k, MEMORY_P, np.tanh, np.random.default_rng(1),
                                    stop=MEMORY_STOP, dt=MEMORY_DT, paths=MEMORY_PATHS,
                                    iterations=MEMORY_ITERATIONS))

    seconds = cpu_seconds(script, 1)
    late = course[0][MEMORY_TRANSIENT:]
    scatter, off = float(late.std(ddof=1)), float(late.mean()) / exact - 1
    needed = MEMORY_PATHS * (scatter / error) ** 2
    whole = seconds * (scatter / error) ** 2
    samples: list[np.ndarray] = []

    def networks() -> None:
        runs = simulate(network, MEMORY_NEURONS, MEMORY_NETWORKS, trials=1, times=times,
                        at=[MEMORY_STOP], pairs=True, dt=0.1, rng=0)
        samples.append(runs.samples("C_phi")[:, 0, 0, 0])

    spent = cpu_seconds(networks, 1) / MEMORY_NETWORKS
    spread = float(samples[0].std(ddof=1))
    simulated = spent * (spread / error) ** 2
    case = f"k={k:g}, p={MEMORY_P:g}, g={MEMORY_G:g}, t={MEMORY_STOP:g}"
    return [
        Row(f"memory in time, k={k:g}", f"C_phi(t, t) to a standard error of {error / exact:.2%}: "
            f"{case}; against iterated histories",
            f"{timing(whole)} ({needed:.0f} paths)", timing(ours), whole / ours, "times faster",
            f"Plain: {MEMORY_PATHS} paths, Euler's steps of {MEMORY_DT:g}, fresh "
            "noise, eigenvectors and the whole history in each of "
            f"{MEMORY_ITERATIONS} iterations, damping 0.5; its last values scatter by "
            f"{scatter / exact:.1%} and are {off:+.1%} off on average. Paths needed follow from "
            "1/sqrt(paths). dmft: median of 3 whole solves, eight sets of 1000 paths.", least=300),
        Row(f"memory in time, k={k:g}, networks", "the same, against simulated networks of "
            f"{MEMORY_NEURONS} units", timing(simulated), timing(ours), simulated / ours,
            "times faster", f"Simulated: {MEMORY_NETWORKS} networks with one trajectory each, "
            f"dt=0.1, {timing(spent)} each; they scatter by {spread / exact:.1%}. Their number "
            "follows from 1/sqrt(networks); their own error of order 1/N stays.", least=30),
    ]
