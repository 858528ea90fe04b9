"""compare: a theory's curves held against simulated networks."""

from __future__ import annotations

import numpy as np

from dmft import Estimate
from dmft.base.checks import reject

from ..runs.finite_size_fit import Extrapolation, extrapolate
from ..runs.runs import CURVES, Runs
from ..runs.time_runs import TimeRuns
from .compare_pairs import compare_pairs, named_pairs
from .compare_times import compare_times
from .judgement import check_networks, interpolated, named_quantities, noted, tested
from .verdict import Verdict


def compare(solution, runs, *, quantity=None, at=None, alpha=1e-3, power=0.9) -> Verdict:
    """Test a solution against simulated networks.

    The unit of replication is the quenched network. For each quantity, at each lag or time,
    t = (simulation - theory)/stderr is tested two-sided; with several sizes the simulation's value
    is the intercept of a fit a + b/N, with one size it is the mean at that size, of which a
    deviation of order 1/N is part. The p values are adjusted by Holm for all tests together.

    Runs without `times` are compared by their correlations at the lags they were made with; runs
    with `times` by every current, variance, ... at a few of their times. Choose lags, times and
    quantities before looking at the results, and few of them: with ten times as many tests each
    must deviate about half a standard error more to be seen. Times should lie where the theory
    could be wrong (during a transient, before and after a switch) and before chaotic currents of
    different networks have come apart. Currents that are zero by symmetry are tested too, against
    the scale of the others.

    Parameters
    ----------
    solution : Solution or TimeSolution
        Anything with `lags`, and the quantities as Estimates on them (its own standard error is
        added to the simulation's); with `times`, and the quantities as arrays, for runs in time.
    runs : Runs or TimeRuns
        Eight networks or more of each size.
    quantity : str or tuple of str, optional
        "C_x", "C_phi" or both (default), and of runs with `dimension` also "dimension_phi",
        "dimension_x", "Psi_phi", "Psi_x" at the runs' cross_lags, and of those with `zscore`
        "dimension_phi_z", "dimension_x_z"; in time "S", "z", "variance" (default), "psi", and for
        runs with pairs "Delta", "C_phi", at all pairs of the times compared.
    at : array_like, optional
        Times to compare at, some of `runs.at`; by default six or fewer, those nearest to equal
        parts of the last one. Between times of the theory's grid a cubic spline is taken; pairs
        of times must be kept by the theory.
    alpha : float
        Level of the test, all together; from 1e-12 to 0.5.
    power : float
        Probability of catching a deviation of the size of the resolution; from 0.5 to 0.999.

    Returns
    -------
    Verdict
        `.p_value`, `.z`, `.resolution`, `.agrees`; printed, one table.

    Raises
    ------
    ModelError
        For fewer than eight networks, lags or times beyond the theory's, a theory without
        activity, or one of the arguments out of range.
    """
    if not isinstance(runs, (Runs, TimeRuns)):
        reject("runs", runs, "not simulated runs", "give what validation.simulate returned")
    if isinstance(runs, TimeRuns):
        check_networks(runs)
        return compare_times(solution, runs, quantity, at, alpha, power)
    if at is not None:
        reject("at", at, "the runs have lags, not times", "leave it out: all lags are compared")
    pairs = named_pairs(quantity, runs)
    if pairs is not None:
        check_networks(runs)
        named_quantities(solution, CURVES, CURVES, "lags")
        curves = {name: theory_at(solution, name, runs.lags) for name in CURVES if name in pairs}
        return compare_pairs(solution, runs, pairs, curves, alpha, power)
    quantities = named_quantities(solution, CURVES if quantity is None else quantity, CURVES,
                                  "lags")
    check_networks(runs)
    theories = [theory_at(solution, name, runs.lags) for name in quantities]
    fits = [extrapolate(runs.neurons, [runs.samples(name, n) for n in runs.neurons])
            for name in quantities]
    scale = np.array([[abs(float(getattr(solution, name)[0]))] for name in quantities])
    found = tested(np.array([t.value for t in theories]), np.array([t.stderr for t in theories]),
                   _together(fits), scale, alpha, power)
    tests = tuple((name, f"{lag:.4g}") for name in quantities for lag in runs.lags)
    return Verdict(quantities=quantities, lags=runs.lags, tests=tests, neurons=runs.neurons,
                   networks=tuple(int(n) for n in runs.kept.sum(axis=1)),
                   notes=noted(solution, runs), **found)


def _together(fits: list[Extrapolation]) -> Extrapolation:
    """Fits of several quantities as one, a row each."""
    value, stderr, slope, dof = (np.array(rows) for rows in zip(*(
        (fit.intercept.value, fit.intercept.stderr, fit.slope, fit.dof) for fit in fits),
        strict=True))
    return Extrapolation(Estimate(value, stderr), slope, dof)


def theory_at(solution, name: str, lags: np.ndarray) -> Estimate:
    """A solution's curve at given lags, by a cubic spline on its grid.

    Raises
    ------
    ModelError
        If a lag lies outside the grid, the grid is so coarse that leaving out every second point
        changes the result by more than 16e-4 C(0) (the error is then above 1e-4), or C(0) is 0.
    """
    tau, curve = np.asarray(solution.lags.tau), getattr(solution, name)
    values, errors = np.asarray(curve.value), np.asarray(curve.stderr)
    scale = abs(values[0])
    if not (np.all(np.isfinite(values)) and np.all(np.isfinite(errors))):
        reject("solution", solution, f"{name} is not finite", "solve again")
    if lags[-1] > tau[-1] * (1 + 1e-9):
        reject("lags", float(lags[-1]), f"beyond the theory's longest lag {tau[-1]:g}",
               "simulate shorter lags, or solve on a longer span")
    if scale == 0:
        reject("solution", solution, f"{name}(0) is 0: no deviation can be measured relative to it",
               "compare a network that is active")
    at = np.minimum(lags, tau[-1])
    return Estimate(interpolated(solution, name, tau, values, at, scale),
                    np.interp(at, tau, errors))
