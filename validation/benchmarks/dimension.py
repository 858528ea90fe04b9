"""Benchmarks of the dimension of activity, and of reading a connectivity matrix."""

from __future__ import annotations

import time

import numpy as np

import dmft

from ..comparison.compare import theory_at
from .measure import Row, cpu_seconds, spoken
from .plain import dimension as plain

G, SIZE = 1.5, 4096
NEURONS = 5000


def against_transform() -> list[Row]:
    """dimension to 1e-6 against a two-dimensional FFT on 4096 x 4096 frequencies."""
    solution = dmft.solve(dmft.RandomNetwork(G, dmft.erf))
    exact = float(dmft.dimension(solution, tol=1e-11))
    gain = float(solution.gain)
    found = {}
    for span in (100.0, 200.0, 400.0):  # whole windows: the best of several is compared with
        dt = span / SIZE
        lags = np.abs(np.arange(SIZE) - SIZE // 2) * dt
        inside = lags <= float(solution.lags.span)
        C = np.zeros(SIZE)
        C[inside] = theory_at(solution, "C_phi", np.unique(lags[inside])).value[
            np.unique(lags[inside], return_inverse=True)[1]]
        found[span] = (abs(plain.dimension(C, gain, G, dt) / exact - 1), C, dt)
    span = min(found, key=lambda one: found[one][0])
    error, C, dt = found[span]
    whole = cpu_seconds(lambda: plain.dimension(C, gain, G, dt), 3)
    ours = cpu_seconds(lambda: dmft.dimension(solution, tol=1e-6), 31)
    own = abs(float(dmft.dimension(solution, tol=1e-6)) / exact - 1)
    return [
        Row("dimension", f"dimension(solution, tol=1e-6), g={G:g}, erf, against a two-dimensional "
            f"FFT on {SIZE} x {SIZE} frequencies", f"{spoken(whole)}, error {error:.1e}",
            f"{spoken(ours)}, error {own:.1e}", whole / ours, "times faster",
            f"Plain: kernel and inverse FFT, windows of {', '.join(f'{s:g}' for s in found)} tried "
            f"and the most accurate ({span:g}) taken (median of 3). dmft: median of 31 calls, each "
            "with its refinement. Errors against dmft at tol=1e-11, which a second quadrature "
            "confirms to 2e-8 (tests/fluctuations/test_dimension.py).", least=300),
        Row("dimension accuracy", "relative error of PR/N", f"{error:.1e}", f"{own:.1e}", own,
            "(relative error)", "As above.", most=1e-6),
    ]


def connectivity() -> list[Row]:
    """from_connectivity at 5000 neurons against one singular value decomposition."""
    J = np.random.default_rng(0).standard_normal((NEURONS, NEURONS)) / np.sqrt(NEURONS)
    start = time.process_time()
    np.linalg.svd(J - np.mean(J))
    one = time.process_time() - start
    start = time.process_time()
    dmft.RandomModeNetwork.from_connectivity(J)
    ours = time.process_time() - start
    return [Row("connectivity", f"from_connectivity of {NEURONS} neurons against one singular "
                "value decomposition", spoken(one), spoken(ours), ours / one, "times its time",
                "numpy.linalg.svd of the same matrix; both once, in one process.", most=1.2)]
