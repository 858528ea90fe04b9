"""Benchmarks of the sampled single site against a plain script."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import dmft

from .measure import Row, cpu_seconds, timing
from .plain import sampled_solve as plain
from .tuning import (
    PLAIN_DT,
    PLAIN_ITERATIONS,
    PLAIN_PATHS,
    PLAIN_SPAN,
    PLAIN_TRANSIENT,
    PLASTIC_ITERATIONS,
    PLASTIC_SPAN,
    SITE_G,
    SITE_K,
    SITE_P,
    SITE_RECIPROCITY,
)


def against_plain() -> list[Row]:
    """Couplings with reciprocity, to a standard error of 0.2 %."""
    return _rows("single site", "reciprocity 0.3, erf, g=2", 2e-3, 100,
                 dmft.RandomNetwork(SITE_G, dmft.erf, reciprocity=SITE_RECIPROCITY), runs=2,
                 memory=plain.reciprocal(SITE_G, SITE_RECIPROCITY), span=PLAIN_SPAN,
                 iterations=PLAIN_ITERATIONS)


def plastic() -> list[Row]:
    """Plastic couplings, to a standard error of 0.15 %."""
    return _rows("plastic single site", "plasticity k=0.5, p=2.5, tanh, g=2", 1.5e-3, 300,
                 dmft.PlasticNetwork(SITE_G, SITE_K, SITE_P), runs=1,
                 memory=plain.hebbian(SITE_K, SITE_P), span=PLASTIC_SPAN,
                 iterations=PLASTIC_ITERATIONS, respond=False)


def _rows(name: str, case: str, error: float, least: float, network, *, runs: int,
          memory: Callable, **settings) -> list[Row]:
    """Time to a standard error of C_phi(0), and to the standard error that dmft reaches."""
    found = dmft.solve(network, tol=error)
    exact, own_error = float(found.C_phi[0]), float(found.C_phi[0].stderr)
    ours = cpu_seconds(lambda: dmft.solve(network, tol=error), 3)
    course: list[np.ndarray] = []

    def script() -> None:
        rng = np.random.default_rng(len(course))
        course.append(plain.iterate(network.g, memory, network.phi, rng, dt=PLAIN_DT,
                                    paths=PLAIN_PATHS, **settings))

    seconds = cpu_seconds(script, runs)
    late = np.array(course)[:, PLAIN_TRANSIENT:]
    scatter = float(np.sqrt(np.mean(late.var(axis=1, ddof=1))))
    off = float(late.mean()) / exact - 1
    needed = PLAIN_PATHS * (scatter / (error * exact)) ** 2
    whole = seconds * needed / PLAIN_PATHS
    equal = whole * (error * exact / own_error) ** 2
    how = (f"Plain: {PLAIN_PATHS} paths of {settings['span']:g} time constants, Euler's steps of "
           f"{PLAIN_DT:g}, fresh noise and the whole history in each of {settings['iterations']} "
           "iterations, damping 0.5; "
           f"its C(0) scatters by {scatter / exact:.1%} from iteration to iteration (measured) and "
           f"is {off:+.1%} off on average. Paths needed follow from 1/sqrt(paths), the time from "
           "their number. dmft: median of 3 whole solves, with the search for window and step, the "
           f"check by halving the step and eight replicates; its standard error is "
           f"{own_error / exact:.2%}.")
    return [
        Row(name, f"time to a standard error of {error:.2%} in C_phi(0): {case}",
            f"{timing(whole)} ({needed:.0f} paths)", timing(ours), whole / ours,
            "times faster", how, least=least),
        Row(f"{name}, equal error", "the same, to the standard error that dmft has then",
            timing(equal), timing(ours), equal / ours, "times faster",
            "As above; the time of the plain script goes with the inverse square of the error. Its "
            "bias stays."),
    ]
