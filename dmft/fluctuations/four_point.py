"""four_point: fluctuations of covariances over pairs of neurons, at any two lags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..base import checks
from ..base.annotations import Observable
from ..base.estimate import Estimate
from ..base.long_call import show_step
from ..stationary.solution import Solution
from .pair_quadrature import check_solution, equal_lag_integral, pair_quadrature
from .site_spectra import OBSERVABLES, autocorrelations
from .tuning import SAMPLED_QUADRATURE_TOL


@dataclass(frozen=True, eq=False)
class FourPoint:
    """The four-point function of a solution; made by `dmft.four_point`.

    Parameters
    ----------
    solution : Solution
        Stationary solution.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.four_point(dmft.solve(dmft.RandomNetwork(g=2.0, phi=dmft.erf)))
    >>> round(float(found.psi(0.0, 0.0)), 6)
    13.020237
    """

    solution: Solution

    def psi(self, tau1, tau2, of: Observable = "phi", tol: float = 1e-7) -> Estimate:
        """Psi(tau1, tau2) = N <C_ij(tau1) C_ij(tau2)> over pairs i != j.

        C_ij(tau) = <phi_i(t) phi_j(t + tau)>, or the same of x, is zero on average and of order
        N^(-1/2) for each pair (Clark, Abbott & Litwin-Kumar 2023, the four-point function of two
        sites).

        Parameters
        ----------
        tau1, tau2 : array_like
            Lags of either sign, in neuronal time constants; broadcast against one another. At most
            the span of the solution.
        of : "phi" or "x"
            The observable.
        tol : float
            Tolerance of the quadrature, relative to the value at zero lags; from 1e-12 to 1e-2.

        Returns
        -------
        Estimate
            With the shape of the lags; with a standard error if the solution was sampled.

        Raises
        ------
        ModelError
            For lags beyond the span of the solution, or an argument out of range.
        ConvergenceError
            If the quadrature does not converge.
        """
        checks.one_of("of", of, OBSERVABLES)
        first, second = self._lags(tau1, tau2)
        tol = checks.within("tol", tol, 1e-12, 1e-2)

        def of_pairs(solution: Solution, tol: float, size: int | None) -> tuple[np.ndarray, int]:
            found = pair_quadrature(solution, of, first, second, tol=tol, size=size)
            return found.value, found.size

        value, stderr, _ = over_replicates(self.solution, of_pairs, tol)
        return Estimate(value.reshape(first.shape), np.reshape(stderr, first.shape))

    def decay(self, tau, of: Observable = "phi") -> Estimate:
        """Psi(tau, tau) / Psi(0, 0): decay of the covariances of pairs with the lag.

        The corresponding quantity for single neurons is (C(tau)/C(0))^2, which decays faster.
        """
        checks.one_of("of", of, OBSERVABLES)
        lags, _ = self._lags(tau, tau)
        both = np.append(np.ravel(lags), 0.0)

        def ratios(solution: Solution, tol: float, size: int | None) -> tuple[np.ndarray, int]:
            found = pair_quadrature(solution, of, both, both, tol=tol, size=size)
            return found.value[:-1] / found.value[-1], found.size

        # Errors of a sampled solution are those of the ratio: numerator and denominator share most.
        value, stderr, _ = over_replicates(self.solution, ratios, 1e-7)
        return Estimate(value.reshape(lags.shape), np.reshape(stderr, lags.shape))

    def collective_time(self, of: Observable = "phi") -> float:
        """int_0^inf Psi(tau, tau) dtau / Psi(0, 0), in neuronal time constants."""
        checks.one_of("of", of, OBSERVABLES)
        covariance = float(self.psi(0, 0, of))
        if covariance == 0:
            checks.reject("network", self.solution.network, "pairs of units have no covariance",
                          "give a network with couplings that vary (g > 0)")
        return equal_lag_integral(self.solution, of) / covariance

    def single_time(self, of: Observable = "phi") -> float:
        """int_0^inf C(tau)^2 dtau / C(0)^2 of single neurons, in neuronal time constants."""
        checks.one_of("of", of, OBSERVABLES)
        share, curves = autocorrelations(self.solution, of)
        square = share @ curves**2
        return float(np.trapezoid(square, self.solution.lags.tau)) / float(square[0])

    def _lags(self, tau1, tau2) -> tuple[np.ndarray, np.ndarray]:
        """Both lags, broadcast; refused beyond the span of the solution."""
        first, second = checks.finite_array("tau1", tau1), checks.finite_array("tau2", tau2)
        try:
            first, second = np.broadcast_arrays(first, second)
        except ValueError:
            checks.reject("tau2", second.shape, f"does not fit tau1 of shape {first.shape}",
                          "give lags that broadcast")
        longest = max(float(np.max(np.abs(first))), float(np.max(np.abs(second))))
        if longest > self.solution.lags.span:
            checks.reject("tau1, tau2", longest, "beyond the solution's longest lag "
                          f"{self.solution.lags.span:g}", "solve with a longer span")
        return first, second


def four_point(solution: Solution) -> FourPoint:
    """The four-point function of a stationary solution, for any sum of ensembles.

    It follows from the second derivatives W'' of the ensembles: F = (Q - W'')^{-1}, with the bare
    kernel Q of the sites, is the covariance of the order parameters, and Psi_phi(w1, w2) + C1 C2 is
    its first entry (Clark et al. 2025, fluctuations around the saddle point; equal to the two-site
    cavity method of Clark, Abbott & Litwin-Kumar 2023). White noise, overlaps, reciprocity, gains
    and plastic couplings are included.

    Parameters
    ----------
    solution : Solution
        Stationary solution with activity and without a static part (no bias, odd phi).

    Returns
    -------
    FourPoint
        `.psi(tau1, tau2, of="phi"|"x")`, `.decay(tau)`, `.collective_time()`, `.single_time()`.

    Raises
    ------
    ModelError
        For any other solution, and for ensembles that do not define W''.

    Examples
    --------
    >>> import dmft
    >>> pairs = dmft.four_point(dmft.solve(dmft.RandomNetwork(g=3.0, phi=dmft.erf)))
    >>> [round(float(pairs.psi(4.0, tau)), 3) for tau in (4.0, -4.0)]
    [7.706, 4.659]
    """
    check_solution(solution)
    return FourPoint(solution)


def over_replicates(solution: Solution, function: Callable, tol: float
                    ) -> tuple[np.ndarray, np.ndarray, int]:
    """Value, standard error and size of function(solution, tol, size), exact or sampled.

    A sampled solution is a mean over replicates. The jackknife, which leaves out one replicate
    after the other, propagates the error of the curves to the value, and removes its bias.
    """
    replicates = solution.replicates
    if replicates is None:
        value, size = function(solution, tol, None)
        return value, np.zeros_like(value), size
    value, size = function(solution, max(tol, SAMPLED_QUADRATURE_TOL), None)
    count = len(replicates)

    def without(k: int) -> Solution:
        def mean(curves: np.ndarray) -> Estimate:
            return Estimate(np.mean(np.delete(curves, k, axis=0), axis=0))

        return replace(solution, replicates=None, C_x=mean(replicates.C_x),
                       C_phi=mean(replicates.C_phi), R_phi=mean(replicates.R_phi),
                       gain=mean(replicates.gain))

    rows = []
    for k in range(count):
        rows.append(function(without(k), tol, size)[0])
        show_step(k)
    others = np.array(rows)
    spread = (count - 1) / count * np.sum((others - others.mean(axis=0)) ** 2, axis=0)
    return count * value - (count - 1) * others.mean(axis=0), np.sqrt(spread), size
