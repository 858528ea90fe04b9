"""compare: test the predictions of a theory against simulated networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from dmft import (
    Estimate,
    LyapunovSpectrum,
    PopulationState,
    PopulationStates,
    RegionalState,
    StationaryStates,
)
from dmft.base.checks import reject

from ..lyapunov.lyapunov_spectrum import LyapunovSpectrum as MeasuredSpectrum
from ..runs.finite_size_fit import Extrapolation, extrapolate
from ..runs.runs import CURVES, Runs
from ..runs.time_runs import TimeRuns
from .compare_pairs import checked_pair_quantities, compare_pairs
from .compare_populations import compare_populations
from .compare_spectra import compare_spectra, spectra_of
from .compare_states import compare_states
from .compare_times import compare_times
from .deviation_tests import (
    check_networks,
    checked_quantities,
    deviation_statistics,
    interpolated,
    verdict_notes,
)
from .verdict import Verdict


class OnLags(Protocol):
    """A theory on a grid of lags, such as a `Solution`; its quantities are Estimates."""

    @property
    def lags(self) -> Any: ...


class InTime(Protocol):
    """A theory on a grid of times, such as a `TimeSolution`; its quantities are arrays."""

    @property
    def times(self) -> Any: ...


def compare(solution: OnLags | InTime | StationaryStates | LyapunovSpectrum,
            runs: Runs | TimeRuns | MeasuredSpectrum | Sequence[MeasuredSpectrum], *,
            quantity: str | Sequence[str] | None = None, at: ArrayLike | None = None,
            alpha: float = 1e-3, power: float = 0.9) -> Verdict:
    """Test a solution against simulated networks.

    The unit of replication is the quenched network. For each quantity, at each lag or time, the
    test statistic is t = (simulation - theory)/stderr, two-sided. With several sizes the value of
    the simulation is the intercept of a fit a + b/N; with one size it is the mean at that size,
    which includes a deviation of order 1/N. The p values are adjusted for all tests by Holm's
    method.

    A stationary state of regions (`states[i]` of a solution, or the states of which one is stable,
    or is the one at whose currents the runs were started) is compared in every region, by its
    correlations, and by the currents. A finite network settles at one of several states: start the
    runs at the state, with simulate(..., currents=state.z). Networks that are elsewhere, or leave
    the state, are not compared, and the notes say how many they are. Runs that started without
    currents are matched with the state or, where phi is odd and there is no input, with the state
    of reversed currents, whichever is nearer.

    Runs without `times` are compared by their correlations at the simulated lags; runs with `times`
    by every current, variance, ... at a few of their times. Choose lags, times and quantities
    before the results are known, and few of them: with ten times as many tests, a deviation must be
    about half a standard error larger to be detected. Times should lie where the theory could be
    wrong (during a transient, before and after a switch), and before chaotic currents of different
    networks have diverged from one another. Currents that are zero by symmetry are tested too,
    relative to the scale of the others.

    A Lyapunov spectrum is compared with the exponents of networks by F(s), the fraction below s, at
    a few thresholds. Finite networks lack some of the largest exponents: by default eight of each
    network lie above the highest threshold. Standard errors of F are those over networks, and not
    below the rounding error of counts, 1/(N sqrt(12 K)) for K networks; two networks or more are
    accepted, but with few the resolution is poor. Give a tuple of spectra of several sizes to
    extrapolate.

    Parameters
    ----------
    solution : Solution, RegionalState(s), PopulationState(s), TimeSolution, LyapunovSpectrum, ...
        An object with `lags`, and the quantities as Estimates on them, whose standard errors are
        added to those of the simulation; for runs in time one with `times`, and the quantities as
        arrays.
    runs : Runs, TimeRuns or validation.LyapunovSpectrum
        Runs of eight or more networks of each size; exponents of two or more networks, or a tuple
        with those of several sizes.
    quantity : str or tuple of str, optional
        "C_x", "C_phi" or both (default); for runs with `dimension` also "dimension_phi",
        "dimension_x", "Psi_phi", "Psi_x" at the runs' cross_lags, and for those with `zscore`
        "dimension_phi_z", "dimension_x_z". Of a state of regions "C_x", "C_phi", the currents "S"
        (default, where there are some), and "psi"; of populations "rates", "C_x", "C_phi" (all by
        default). In time "S", "z", "variance" (default), "mean", "rates" (default with mean
        couplings), "power", "psi", and for runs with pairs "Delta", "C_phi", at all pairs of the
        compared times. Of exponents "F".
    at : array_like, optional
        Times at which to compare, a subset of `runs.at`; by default six or fewer, nearest to equal
        fractions of the last one. Between times of the theory's grid a cubic spline is used; pairs
        of times must be kept by the theory. For exponents the thresholds s: by default six, above
        -0.9 and where F is known both in theory and in all networks, with equal fractions of the
        exponents between them.
    alpha : float
        Level of all tests together, from 1e-12 to 0.5.
    power : float
        Probability of detecting a deviation of the size of the resolution, from 0.5 to 0.999.

    Returns
    -------
    Verdict
        With `.p_value`, `.z`, `.resolution`, `.agrees`; it prints as a table.

    Raises
    ------
    ModelError
        For fewer than eight networks, lags, times or thresholds beyond those of the theory, a
        theory without activity, or an argument outside its range.

    Examples
    --------
    >>> import dmft
    >>> from dmft import validation
    >>> network = dmft.RandomNetwork(2.0, dmft.erf)
    >>> runs = validation.simulate(network, 200, 8, trials=2, duration=20.0, rng=1)
    >>> 0 <= compare(dmft.solve(network), runs).p_value <= 1
    True
    """
    spectra = spectra_of(runs)
    if spectra:
        if not isinstance(solution, LyapunovSpectrum):
            reject("solution", solution, "not a Lyapunov spectrum, and the runs are exponents",
                   "give the result of dmft.lyapunov_spectrum")
        return compare_spectra(solution, spectra, quantity, at, alpha, power)
    if not isinstance(runs, (Runs, TimeRuns)):
        reject("runs", runs, "not simulated runs", "give the result of validation.simulate, or of "
               "validation.lyapunov_spectrum")
    if isinstance(solution, LyapunovSpectrum):
        reject("runs", runs, "no Lyapunov exponents, and the theory is a Lyapunov spectrum",
               "give the result of validation.lyapunov_spectrum")
    if isinstance(runs, TimeRuns):
        check_networks(runs)
        return compare_times(solution, runs, quantity, at, alpha, power)
    if at is not None:
        reject("at", at, "the runs have lags, not times", "omit it: all lags are compared")
    if isinstance(solution, (PopulationState, PopulationStates)):
        check_networks(runs)
        return compare_populations(solution, runs, quantity, alpha, power)
    if isinstance(solution, (RegionalState, StationaryStates)):
        check_networks(runs)
        return compare_states(solution, runs, quantity, alpha, power)
    pairs = checked_pair_quantities(quantity, runs)
    if pairs is not None:
        check_networks(runs)
        checked_quantities(solution, CURVES, CURVES, "lags")
        curves = {name: theory_at(solution, name, runs.lags) for name in CURVES if name in pairs}
        return compare_pairs(solution, runs, pairs, curves, alpha, power)
    quantities = checked_quantities(solution, CURVES if quantity is None else quantity, CURVES,
                                  "lags")
    check_networks(runs)
    theories = [theory_at(solution, name, runs.lags) for name in quantities]
    fits = [extrapolate(runs.neurons, [runs.samples(name, n) for n in runs.neurons])
            for name in quantities]
    scale = np.array([[abs(float(getattr(solution, name)[0]))] for name in quantities])
    found = deviation_statistics(
        np.array([t.value for t in theories]), np.array([t.stderr for t in theories]),
        _stacked(fits), scale, alpha, power)
    tests = tuple((name, f"{lag:.4g}") for name in quantities for lag in runs.lags)
    return Verdict(quantities=quantities, lags=runs.lags, tests=tests, neurons=runs.neurons,
                   networks=tuple(int(n) for n in runs.kept.sum(axis=1)),
                   notes=verdict_notes(solution, runs), **found)


def _stacked(fits: list[Extrapolation]) -> Extrapolation:
    """Fits of several quantities stacked in one, one row each."""
    value, stderr, slope, dof = (np.array(rows) for rows in zip(*(
        (fit.intercept.value, fit.intercept.stderr, fit.slope, fit.dof) for fit in fits),
        strict=True))
    return Extrapolation(Estimate(value, stderr), slope, dof)


def theory_at(solution, name: str, lags: np.ndarray) -> Estimate:
    """A curve of a solution at given lags (L,), by a cubic spline on its grid.

    Raises
    ------
    ModelError
        If a lag lies outside the grid, the grid is so coarse that omitting every second point
        changes the result by more than 16e-4 C(0) (the error is then above 1e-4), or C(0) is 0.
    """
    tau, curve = np.asarray(solution.lags.tau), getattr(solution, name)
    values, errors = np.asarray(curve.value), np.asarray(curve.stderr)
    scale = abs(values[0])
    if not (np.all(np.isfinite(values)) and np.all(np.isfinite(errors))):
        reject("solution", solution, f"{name} is not finite", "give a solution that converged")
    if lags[-1] > tau[-1] * (1 + 1e-9):
        reject("lags", float(lags[-1]), f"beyond the theory's longest lag {tau[-1]:g}",
               "simulate shorter lags, or solve on a longer span")
    if scale == 0:
        reject("solution", solution, f"{name}(0) is 0: no deviation can be measured relative to it",
               "compare a network that is active")
    at = np.minimum(lags, tau[-1])
    return Estimate(interpolated(solution, name, tau, values, at, scale),
                    np.interp(at, tau, errors))
