"""compare: a theory's curves held against simulated networks."""

from __future__ import annotations

import numpy as np

from dmft import Estimate
from dmft.checks import one_of, reject, within

from .extrapolation import extrapolate
from .power import detectable, holm, two_sided
from .runs import CURVES, Runs
from .verdict import Verdict

FEWEST = 8  # networks of a size: fewer give no standard error worth the name
COARSE = 1e-4  # largest error of interpolating the theory, over C(0)


def compare(solution, runs: Runs, *, quantity=CURVES, alpha=1e-3, power=0.9) -> Verdict:
    """Test a solution's correlations against simulated networks.

    The unit of replication is the quenched network. At each lag of the runs and for each quantity,
    t = (simulation - theory)/stderr is tested two-sided; with several sizes the simulation's value
    is the intercept of a fit a + b/N, with one size it is the mean at that size, of which a
    deviation of order 1/N is part. The p values are adjusted by Holm for all tests together. The
    lags are those the runs were made with: choose them before looking.

    Parameters
    ----------
    solution : Solution
        Anything with `lags`, and the quantities as Estimates on them; its own standard error is
        added to the simulation's.
    runs : Runs
        Eight networks or more of each size.
    quantity : str or tuple of str
        "C_x", "C_phi" or both.
    alpha : float
        Level of the test, all lags and quantities together; from 1e-12 to 0.5.
    power : float
        Probability of catching a deviation of the size of the resolution; from 0.5 to 0.999.

    Returns
    -------
    Verdict
        `.p_value`, `.z`, `.resolution`, `.agrees`; printed, one table.

    Raises
    ------
    ModelError
        For fewer than eight networks, lags beyond the theory's, a theory without activity, or one
        of the arguments out of range.
    """
    if not isinstance(runs, Runs):
        reject("runs", runs, "not simulated runs", "give what validation.simulate returned")
    quantities = _quantities(solution, quantity)
    alpha, power = within("alpha", alpha, 1e-12, 0.5), within("power", power, 0.5, 0.999)
    _check_networks(runs)

    theories = [theory_at(solution, name, runs.lags) for name in quantities]
    fits = [extrapolate(runs.neurons, [runs.samples(name, n) for n in runs.neurons])
            for name in quantities]
    theory = np.array([t.value for t in theories])
    simulated = np.array([fit.intercept.value for fit in fits])
    own = np.array([t.stderr for t in theories]) ** 2
    scatter = np.array([fit.intercept.stderr for fit in fits]) ** 2
    stderr = np.sqrt(own + scatter)
    # Satterthwaite: the theory's error is taken as known, so it has no share in the denominator
    dof = np.array([fit.dof for fit in fits])
    dof = dof * np.divide(stderr**2, scatter, out=np.ones_like(scatter), where=scatter > 0) ** 2
    z, p = two_sided(simulated - theory, stderr, dof)
    scale = np.array([abs(float(getattr(solution, name)[0])) for name in quantities])
    smallest = detectable(dof, alpha / p.size, power) * stderr / scale[:, None]
    return Verdict(
        quantities=quantities, lags=runs.lags, theory=theory, simulation=simulated, stderr=stderr,
        dof=dof, z=z, p=p, p_adjusted=holm(p), resolutions=smallest, alpha=alpha, power=power,
        neurons=runs.neurons, networks=tuple(int(n) for n in runs.kept.sum(axis=1)),
        notes=_notes(solution, runs))


def theory_at(solution, name: str, lags: np.ndarray) -> Estimate:
    """A solution's curve at given lags, by a cubic spline on its grid.

    Raises
    ------
    ModelError
        If a lag lies outside the grid, the grid is so coarse that leaving out every second point
        changes the result by more than 16e-4 C(0) (the error is then above 1e-4), or C(0) is 0.
    """
    from scipy.interpolate import CubicSpline

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
    if len(tau) < 8:
        reject("solution", solution, f"has {len(tau)} lags only", "solve with a shorter step")
    at = np.minimum(lags, tau[-1])
    fine = CubicSpline(tau, values)(at)
    inside = at <= tau[::2][-1]
    coarse = CubicSpline(tau[::2], values[::2])(at[inside])
    if np.max(np.abs(coarse - fine[inside]), initial=0.0) > 16 * COARSE * scale:
        reject("solution", solution, f"its step {tau[1] - tau[0]:g} is too long to interpolate "
               f"{name}", "solve with a shorter step")
    return Estimate(fine, np.interp(at, tau, errors))


def _quantities(solution, quantity) -> tuple[str, ...]:
    names = (quantity,) if isinstance(quantity, str) else quantity
    if not isinstance(names, (tuple, list)) or not names:
        reject("quantity", quantity, "not the name of a curve", "give 'C_x', 'C_phi' or both")
    for name in names:
        one_of("quantity", name, CURVES)
    if len(set(names)) < len(names):
        reject("quantity", quantity, "holds one twice", "give each once")
    for field in ("lags", *names):
        if not hasattr(solution, field):
            reject("solution", solution, f"has no {field}", "give what dmft.solve returned")
    return tuple(names)


def _check_networks(runs: Runs) -> None:
    for size, kept in zip(runs.neurons, runs.kept.sum(axis=1), strict=True):
        if kept < FEWEST:
            reject("networks", int(kept), f"too few of {size} neurons to compare",
                   f"simulate {FEWEST} or more, better 20")


def _notes(solution, runs: Runs) -> tuple[str, ...]:
    notes = []
    if getattr(solution, "network", None) != runs.network:
        notes.append(f"the theory is of {getattr(solution, 'network', None)!r}, the runs are of "
                     f"{runs.network!r}")
    convergence = getattr(solution, "convergence", None)
    if convergence is not None and not convergence.success:
        notes.append("the theory did not converge")
    if len(runs.neurons) == 1:
        notes.append("one size only: a deviation of order 1/N is not told apart from a wrong "
                     "theory; give several sizes to extrapolate")
    if runs.discarded:
        notes.append(f"{runs.discarded} networks discarded by the rule {runs.discard!r}")
    return tuple(notes)
