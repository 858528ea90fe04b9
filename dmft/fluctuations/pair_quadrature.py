"""Integrals of the four-point function over pairs of frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..base.errors import ConvergenceError
from ..ensembles.ensemble import Ensemble
from ..network.gains import unit_gains
from ..stationary.solution import Solution
from .pair_kernel import fluctuation_kernel
from .site_spectra import Sites, sites_of

# Frequencies, in turn, half as many again each time; that gains a factor 3 at least.
SIZES = (24, 36, 54, 81, 122, 183, 274, 411, 617, 925, 1388, 2082, 3123)
GAIN = 3.0
ROWS = 128  # frequencies taken together with all others: a block fits the cache


@dataclass(frozen=True, eq=False)
class PairQuadrature:
    """(1/N) sum over i != j of W_i W_j C_ij(tau1) C_ij(tau2), by a quadrature.

    Parameters
    ----------
    value : (m,) array
        At the pairs of lags that were asked for.
    own : float
        (1/N) sum of W_i^2 C_ii(0)^2, the pairs i = j.
    error : float
        A third of the largest change when frequencies were added last, over the value at lag 0,
        i = j included.
    size : int
        Number of frequencies above zero.
    mean : float
        (1/N) sum of W_i C_ii(0).
    """

    value: np.ndarray
    own: float
    error: float
    size: int
    mean: float


def pair_quadrature(solution: Solution, of: str, tau1, tau2, *, z_scored: bool = False,
                    tol: float = 1e-7, size: int | None = None) -> PairQuadrature:
    """Integrate int int dw1 dw2 / (2 pi)^2 exp(i w1 tau1 - i w2 tau2) over the kernel of pairs.

    Midpoints in theta with w = L tan(theta), L a multiple of the width of phi's spectrum: the
    integrand is smooth and periodic in theta, so that the sum converges geometrically whether the
    spectrum falls off exponentially or, with white noise, as a power. Frequencies are added until
    the result is known to `tol` of the value at lag zero.

    Raises
    ------
    ConvergenceError
        If that is not so at the largest number of frequencies (lags too long for it).
    """
    tau1, tau2 = np.broadcast_arrays(np.ravel(tau1).astype(float), np.ravel(tau2).astype(float))
    all1, all2 = np.append(tau1, 0.0), np.append(tau2, 0.0)  # the scale behind
    sites, ensembles = sites_of(solution, of), solution.network.ensembles
    # Waves of the lag oscillate where the spectrum is small too: nodes reach further out there.
    stretch = 4.0 if np.any(tau1) or np.any(tau2) else 1.0
    width = stretch * _width(solution, sites)
    before = None
    for n in SIZES if size is None else (size,):
        total, own, mean = _sum(ensembles, sites, all1, all2, width, n, z_scored)
        change = np.inf if before is None else float(np.max(np.abs(total - before)))
        error = change / GAIN / abs(own + total[-1])
        if error <= tol or size is not None:
            return PairQuadrature(total[:-1], own, error, n, mean)
        before = total
    raise ConvergenceError(f"the four-point function is known to {error:.1e} only, tol={tol:.1e}, "
                           f"at lags up to {np.max(np.abs([tau1, tau2])):g}: solve with a longer "
                           "span and a smaller dt, or give a larger tol; close to the transition "
                           "collective modes last too long for it")


def _sum(ensembles: Sequence[Ensemble], sites_at: Sites, tau1: np.ndarray, tau2: np.ndarray,
         width: float, n: int, z_scored: bool) -> tuple[np.ndarray, float, float]:
    omega, measure = _nodes(width, n)
    fields, sites = sites_at(omega)
    silent = sites.variance == 0  # neurons without input have nothing to be scored by
    weight = ~silent / (sites.variance + silent) if z_scored else np.ones(len(silent))
    wave1 = measure * np.exp(1j * tau1[:, None] * omega)
    wave2 = measure * np.exp(-1j * tau2[:, None] * omega)
    # The second frequency has both signs. Reversing both frequencies gives the complex conjugate.
    wave2 = np.concatenate([wave2, np.conj(wave2)], axis=1)
    fields2, sites2 = fields.with_mirror(), sites.with_mirror()
    total = np.zeros(len(tau1))
    for k in range(0, n, ROWS):
        rows = slice(k, k + ROWS)
        kernel = fluctuation_kernel(ensembles, (fields.part(rows), fields2),
                                    (sites.part(rows), sites2), weight)
        total += 2 * np.einsum("mk,mk->m", wave1[:, rows] @ kernel, wave2).real
    scored = weight * sites.variance
    return total, float(np.sum(sites.share * scored**2)), float(np.sum(sites.share * scored))


def equal_lag_integral(solution: Solution, of: str, tol: float = 1e-7) -> float:
    """int_0^inf dtau of (1/N) sum over i != j of C_ij(tau)^2: an integral over equal frequencies.

    Raises
    ------
    ConvergenceError
        If it is not known to `tol`, relative, at the largest number of frequencies.
    """
    sites_at, ensembles = sites_of(solution, of), solution.network.ensembles
    width, before = _width(solution, sites_at), np.inf
    for n in SIZES:
        omega, measure = _nodes(width, n)
        fields, sites = sites_at(omega)
        ones = np.ones(len(sites.share))
        each = [fluctuation_kernel(ensembles, 2 * (fields.part(slice(k, k + 1)),),
                                   2 * (sites.part(slice(k, k + 1)),), ones)[0, 0].real
                for k in range(n)]
        total = float(measure @ each)  # twice, for negative frequencies; half, for tau above 0
        if abs(total - before) <= tol * abs(total):
            return total
        before = total
    raise ConvergenceError("the collective time scale is not resolved by "
                           f"{SIZES[-1]} frequencies: the network is too close to its transition")


def _nodes(width: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies above zero, and dw / (2 pi) of each."""
    theta = (np.arange(n) + 0.5) * np.pi / (2 * n)
    return width * np.tan(theta), width / np.cos(theta) ** 2 / (4 * n)


def _width(solution: Solution, sites: Sites) -> float:
    """Of the spectrum of what couplings see: its integral over its height at zero, halved."""
    gains = unit_gains(solution.network)
    square = 1.0 if gains is None else gains.output.moment(2)
    height = float(sites(np.zeros(1))[0].C_spectrum[0])
    return float(np.pi * float(solution.C_phi[0]) * square / height)


def check_solution(solution: Solution) -> None:
    """Refuse what the four-point theory does not speak of: rest, static parts, a bad grid."""
    if not isinstance(solution, Solution):
        reject("solution", solution, "not a stationary Solution", "give what dmft.solve returned")
    variance = float(solution.C_phi[0])
    if variance == 0 or solution.branch in ("quiescent", "static"):
        reject("solution", solution, f"is {solution.branch}: nothing fluctuates",
               "give a network that is active: larger g, or noise")
    if abs(float(solution.C_phi_static)) > 1e-6 * variance or not solution.network.phi.odd:
        reject("solution", solution, "has a static part (a bias, or a phi that is not odd), whose "
               "covariances the theory of fluctuations does not treat",
               "set bias=0 with an odd phi, or measure by validation.simulate(..., dimension=True)")
    coarse = [c for c in solution.convergence.checks if c.resolution and not c.passed]
    if coarse:
        reject("solution.lags", solution.lags, f"{coarse[0].name} {coarse[0].value:.1e}: "
               f"{coarse[0].says}", "or solve without lags, which chooses them")
