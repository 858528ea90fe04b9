"""timescales: how long a correlation lasts, and whether and how it oscillates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..base.crossings import first_crossing
from ..base.estimate import Estimate
from .solution import Solution, require_converged

RESOLVED = 5.0  # standard errors: of eight groups, at the lowest of many lags


@dataclass(frozen=True, eq=False)
class Timescales:
    """Lags and frequencies that describe a correlation C(tau); each NaN where there is none.

    Parameters
    ----------
    half_life : Estimate ()
        Lag at which C(tau) - C(inf) is half of what it is at zero lag.
    first_zero : Estimate ()
        Lag at which it first crosses zero.
    minimum : Estimate ()
        Its most negative value over that at zero lag.
    minimum_lag : Estimate ()
        Lag of this value.
    peak : Estimate ()
        Angular frequency, above 0, at which the spectrum C(omega) is largest.
    peak_height : Estimate ()
        Spectrum there over that at frequency zero; one where zero is the largest.
    """

    half_life: Estimate
    first_zero: Estimate
    minimum: Estimate
    minimum_lag: Estimate
    peak: Estimate
    peak_height: Estimate

    @property
    def oscillates(self) -> bool:
        """Whether the correlation is negative somewhere, by more than five standard errors."""
        return bool(float(self.minimum) < -RESOLVED * float(self.minimum.stderr) - 1e-6)

    @property
    def peak_resolved(self) -> bool:
        """Whether the spectrum's peak at a frequency above zero is beyond five standard errors."""
        return bool(float(self.peak_height) > 1 + RESOLVED * float(self.peak_height.stderr) + 1e-6)


def timescales(solution: Solution) -> Timescales:
    """Half-life, first zero and minimum of C_phi(tau), and the peak of its spectrum.

    Hebbian plasticity slows the activity, anti-Hebbian plasticity makes it oscillate (Clark &
    Abbott 2024, autocorrelations of coupled neuronal-synaptic dynamics). A first zero and a
    minimum are there long before the spectrum has a peak: `oscillates` asks for the former,
    `peak_resolved` for the latter.

    Parameters
    ----------
    solution : Solution
        Stationary solution with activity that moves.

    Returns
    -------
    Timescales
        With the standard errors of a sampled solution.

    Raises
    ------
    ModelError
        If nothing moves.

    Examples
    --------
    >>> from dmft import RandomNetwork, solve
    >>> times = timescales(solve(RandomNetwork(g=2.0)))
    >>> bool(4 < times.half_life < 5), times.oscillates
    (True, False)
    """
    require_converged(solution)
    static, lags = float(solution.C_phi_static), solution.lags
    if float(solution.C_phi[0]) - static <= 1e-12 * max(static, 1e-300):
        reject("solution", solution, "does not move: it has no time scale",
               "give a chaotic or driven solution")
    rows = None if solution.replicates is None else solution.replicates.C_phi - static
    curve = solution.C_phi.value - static
    lowest = int(np.argmin(curve))
    near = slice(lowest // 2, lowest + lowest // 2 + 1)  # in repeats: not lows of late noise
    spectrum = lags.spectrum(curve)
    highest = int(np.argmax(spectrum))
    known = {
        "half_life": lambda C: first_crossing(lags.tau, C - C[0] / 2),
        "first_zero": lambda C: first_crossing(lags.tau, C),
        "minimum": lambda C: min(C[lowest], 0.0) / C[0],
        "minimum_lag": lambda C: lags.tau[near.start + int(np.argmin(C[near]))],
        "peak": lambda C: float(lags.omega[int(np.argmax(lags.spectrum(C)))]),
        "peak_height": lambda C: lags.spectrum(C)[highest] / lags.spectrum(C)[0],
    }
    found = {name: _estimate(of, curve, rows) for name, of in known.items()}
    if rows is not None:
        # The lowest of many lags is likely to be one whose error came out small: that of all lags
        # near it is taken.
        each = np.asarray(solution.C_phi.stderr)[near] / curve[0]
        found["minimum"] = Estimate(found["minimum"].value, float(np.sqrt(np.mean(each**2))))
    nothing = Estimate(np.asarray(np.nan), np.nan)
    if float(found["minimum"]) >= 0 or lowest == 0:
        found["minimum"], found["minimum_lag"] = Estimate(np.asarray(0.0)), nothing
    if highest == 0:
        found["peak"] = nothing
    return Timescales(**found)


def _estimate(of: Callable, curve: np.ndarray, rows: np.ndarray | None) -> Estimate:
    value = np.asarray(of(curve))
    if rows is None:
        return Estimate(value)
    each = np.array([of(row) for row in rows])
    each = each[np.isfinite(each)]
    error = float(np.std(each, ddof=1) / np.sqrt(len(each))) if len(each) > 1 else np.nan
    return Estimate(value, error)
