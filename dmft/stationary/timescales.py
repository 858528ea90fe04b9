"""timescales: decay time and oscillation of a stationary autocorrelation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..base.crossings import first_crossing
from ..base.estimate import Estimate
from .solution import Solution, require_converged
from .tuning import RESOLVED_ERRORS


@dataclass(frozen=True, eq=False)
class Timescales:
    """Lags and frequencies that characterise a correlation C(tau); NaN where one does not exist.

    Parameters
    ----------
    half_life : Estimate ()
        Lag at which C(tau) - C(inf) is half of its value at zero lag.
    first_zero : Estimate ()
        Lag of the first zero of C(tau) - C(inf).
    minimum : Estimate ()
        Most negative value of C(tau) - C(inf), relative to its value at zero lag; 0 where it is
        never negative.
    minimum_lag : Estimate ()
        Lag of this minimum.
    peak : Estimate ()
        Angular frequency, above 0, at which the spectrum of C(tau) - C(inf) is largest; NaN where
        it is largest at frequency zero.
    peak_height : Estimate ()
        Spectrum at the peak, relative to that at frequency zero; 1 where it is largest at zero.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.timescales(dmft.solve(dmft.RandomNetwork(g=2.0)))
    >>> round(float(found.half_life), 3), found.oscillates, float(found.first_zero)
    (4.914, False, nan)
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
        return bool(float(self.minimum) < -RESOLVED_ERRORS * float(self.minimum.stderr) - 1e-6)

    @property
    def peak_resolved(self) -> bool:
        """Whether the peak of the spectrum exceeds its value at zero by five standard errors."""
        threshold = 1 + RESOLVED_ERRORS * float(self.peak_height.stderr)
        return bool(float(self.peak_height) > threshold + 1e-6)


def timescales(solution: Solution) -> Timescales:
    """Half-life, first zero and minimum of C_phi(tau), and the peak of its spectrum.

    The static part C_phi(inf) is subtracted first. Hebbian plasticity slows the activity,
    anti-Hebbian plasticity makes C_phi(tau) oscillate (Clark & Abbott 2024, autocorrelations of
    coupled neuronal-synaptic dynamics). The correlation can become negative long before its
    spectrum has a peak, so the two are tested separately: by `oscillates` and by `peak_resolved`.

    Parameters
    ----------
    solution : Solution
        Stationary solution with fluctuating activity (branch "chaotic" or "driven").

    Returns
    -------
    Timescales
        Lags in neuronal time constants, angular frequencies in their inverse; with standard errors
        where the solution was sampled.

    Raises
    ------
    ModelError
        If the solution did not converge, or is constant in time.

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
        reject("solution", solution, "is constant in time: it has no time scale",
               "give a chaotic or driven solution")
    rows = None if solution.replicates is None else solution.replicates.C_phi - static
    curve = solution.C_phi.value - static
    lowest = int(np.argmin(curve))
    # replicates are searched near the minimum only, not among minima of the noise at long lags
    near = slice(lowest // 2, lowest + lowest // 2 + 1)
    spectrum = lags.spectrum(curve)
    highest = int(np.argmax(spectrum))
    definitions = {
        "half_life": lambda C: first_crossing(lags.tau, C - C[0] / 2),
        "first_zero": lambda C: first_crossing(lags.tau, C),
        "minimum": lambda C: min(C[lowest], 0.0) / C[0],
        "minimum_lag": lambda C: lags.tau[near.start + int(np.argmin(C[near]))],
        "peak": lambda C: float(lags.omega[int(np.argmax(lags.spectrum(C)))]),
        "peak_height": lambda C: lags.spectrum(C)[highest] / lags.spectrum(C)[0],
    }
    found = {name: _estimate(of, curve, rows) for name, of in definitions.items()}
    if rows is not None:
        # The error at the minimum of many lags is likely to be underestimated: the root mean square
        # of the errors at all lags near it is used.
        each = np.asarray(solution.C_phi.stderr)[near] / curve[0]
        found["minimum"] = Estimate(found["minimum"].value, float(np.sqrt(np.mean(each**2))))
    missing = Estimate(np.asarray(np.nan), np.nan)
    if float(found["minimum"]) >= 0 or lowest == 0:
        found["minimum"], found["minimum_lag"] = Estimate(np.asarray(0.0)), missing
    if highest == 0:
        found["peak"] = missing
    return Timescales(**found)


def _estimate(of: Callable, curve: np.ndarray, rows: np.ndarray | None) -> Estimate:
    value = np.asarray(of(curve))
    if rows is None:
        return Estimate(value)
    each = np.array([of(row) for row in rows])
    each = each[np.isfinite(each)]
    error = float(np.std(each, ddof=1) / np.sqrt(len(each))) if len(each) > 1 else np.nan
    return Estimate(value, error)
