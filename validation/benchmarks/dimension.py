"""Benchmarks of the dimension of activity, and of decomposing a connectivity matrix into modes."""

from __future__ import annotations

import time

import numpy as np

import dmft

from ..comparison.compare import theory_at
from .measure import Row, cpu_seconds, timing
from .plain import dimension as plain
from .tuning import CONNECTIVITY_NEURONS, DIMENSION_G, TRANSFORM_SIZE


def against_transform() -> list[Row]:
    """dimension to 1e-6 against a two-dimensional FFT on 4096 x 4096 frequencies."""
    solution = dmft.solve(dmft.RandomNetwork(DIMENSION_G, dmft.erf))
    exact = float(dmft.dimension(solution, tol=1e-11))
    gain = float(solution.gain)
    found = {}
    for span in (100.0, 200.0, 400.0):  # several windows; the comparison is with the most accurate
        dt = span / TRANSFORM_SIZE
        lags = np.abs(np.arange(TRANSFORM_SIZE) - TRANSFORM_SIZE // 2) * dt
        inside = lags <= float(solution.lags.span)
        C = np.zeros(TRANSFORM_SIZE)
        C[inside] = theory_at(solution, "C_phi", np.unique(lags[inside])).value[
            np.unique(lags[inside], return_inverse=True)[1]]
        found[span] = (abs(plain.dimension(C, gain, DIMENSION_G, dt) / exact - 1), C, dt)
    span = min(found, key=lambda one: found[one][0])
    error, C, dt = found[span]
    whole = cpu_seconds(lambda: plain.dimension(C, gain, DIMENSION_G, dt), 3)
    ours = cpu_seconds(lambda: dmft.dimension(solution, tol=1e-6), 31)
    own = abs(float(dmft.dimension(solution, tol=1e-6)) / exact - 1)
    return [
        Row("dimension", f"dimension(solution, tol=1e-6), g={DIMENSION_G:g}, erf, against a "
            f"two-dimensional FFT on {TRANSFORM_SIZE} x {TRANSFORM_SIZE} frequencies",
            f"{timing(whole)}, error {error:.1e}",
            f"{timing(ours)}, error {own:.1e}", whole / ours, "times faster",
            f"Plain: kernel and inverse FFT, windows of {', '.join(f'{s:g}' for s in found)} tried "
            f"and the most accurate ({span:g}) taken (median of 3). dmft: median of 31 calls, each "
            "with its refinement. Errors against dmft at tol=1e-11, which a second quadrature "
            "confirms to 2e-8 (tests/fluctuations/test_dimension.py).", least=300),
        Row("dimension accuracy", "relative error of PR/N", f"{error:.1e}", f"{own:.1e}", own,
            "(relative error)", "As above.", most=1e-6),
    ]


def connectivity() -> list[Row]:
    """from_connectivity at 5000 neurons against one singular value decomposition."""
    N = CONNECTIVITY_NEURONS
    J = np.random.default_rng(0).standard_normal((N, N)) / np.sqrt(N)
    start = time.process_time()
    np.linalg.svd(J - np.mean(J))
    one = time.process_time() - start
    start = time.process_time()
    dmft.RandomModeNetwork.from_connectivity(J)
    ours = time.process_time() - start
    return [Row("connectivity", f"from_connectivity of {N} neurons against one singular "
                "value decomposition", timing(one), timing(ours), ours / one, "times its time",
                "numpy.linalg.svd of the same matrix; both once, in one process.", most=1.2)]
