"""Benchmark of the sampled single site against a plain script."""

from __future__ import annotations

import numpy as np

import dmft

from . import plain_single_site as plain
from .measure import Row, cpu_seconds, spoken

G, RECIPROCITY, ERROR = 2.0, 0.3, 2e-3
SPAN, DT, PATHS, ITERATIONS, SETTLED = 80.0, 0.1, 200, 60, 30


def against_plain() -> list[Row]:
    """Time to a standard error of 0.2 % in C_phi(0), and at the standard error that dmft has."""
    network = dmft.RandomNetwork(G, dmft.erf, reciprocity=RECIPROCITY)
    found = dmft.solve(network, tol=ERROR)
    exact, own_error = float(found.C_phi[0]), float(found.C_phi[0].stderr)
    ours = cpu_seconds(lambda: dmft.solve(network, tol=ERROR), 3)
    course: list[np.ndarray] = []

    def script() -> None:
        rng = np.random.default_rng(len(course))
        course.append(plain.iterate(G, RECIPROCITY, dmft.erf, rng, span=SPAN, dt=DT, paths=PATHS,
                                    iterations=ITERATIONS))

    seconds = cpu_seconds(script, 2)
    late = np.array(course)[:, SETTLED:]
    scatter = float(np.sqrt(np.mean(late.var(axis=1, ddof=1))))
    off = float(late.mean()) / exact - 1
    needed = PATHS * (scatter / (ERROR * exact)) ** 2
    whole = seconds * needed / PATHS
    equal = whole * (ERROR * exact / own_error) ** 2
    how = (f"Plain: {PATHS} paths of {SPAN:g} time constants, Euler's steps of {DT:g}, fresh noise "
           f"and the whole history in each of {ITERATIONS} iterations, damping 0.5; its C(0) "
           f"scatters by {scatter / exact:.1%} from iteration to iteration (measured) and is "
           f"{off:+.1%} off on average. Paths needed follow from 1/sqrt(paths), the time from "
           "their number. dmft: median of 3 whole solves, with the search for window and step, the "
           f"check by halving the step and eight repeats; its standard error is "
           f"{own_error / exact:.2%}.")
    return [
        Row("single site", "time to a standard error of 0.2 % in C_phi(0): reciprocity 0.3, erf, "
            "g=2", f"{spoken(whole)} ({needed:.0f} paths)", spoken(ours), whole / ours,
            "times faster", how, least=100),
        Row("single site, equal error", "the same, to the standard error that dmft has then",
            spoken(equal), spoken(ours), equal / ours, "times faster",
            "As above; the time of the plain script goes with the inverse square of the error. Its "
            "bias stays."),
    ]
