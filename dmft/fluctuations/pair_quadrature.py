"""Integrals of the four-point function over pairs of frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..base.errors import ConvergenceError
from ..ensembles.ensemble import Ensemble
from ..ensembles.properties import check_hessian
from ..network.gains import unit_gains
from ..network.network import AnyNetwork, unit_of
from ..network.structure import structure
from ..stationary.solution import Solution, require_solution
from .pair_kernel import fluctuation_kernel
from .site_spectra import Sites, site_spectra_at
from .tuning import (
    BLOCK_ROWS,
    FREQUENCY_COUNTS,
    LAG_STRETCH,
    LARGEST_MISSED_POWER,
    LARGEST_STATIC_SHARE,
    REFINEMENT_GAIN,
)

HAS_STATIC_PART = ("has a static part (a bias, or a phi that is not odd), whose covariances the "
                   "theory of fluctuations does not treat")
WITHOUT_STATIC_PART = ("set bias=0 with an odd phi, or measure by "
                       "validation.simulate(..., dimension=True)")


@dataclass(frozen=True, eq=False)
class PairQuadrature:
    """(1/N) sum over i != j of W_i W_j C_ij(tau1) C_ij(tau2), by a quadrature.

    Parameters
    ----------
    value : (m,) array
        At the requested pairs of lags.
    own : float
        (1/N) sum of W_i^2 C_ii(0)^2, the terms i = j.
    error : float
        A third of the largest change in the last refinement, over the value at lag 0 (including
        the terms i = j).
    size : int
        Number of positive frequencies.
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
    """Integrate the kernel of pairs times exp(i w1 tau1 - i w2 tau2) dw1 dw2 / (2 pi)^2.

    Midpoint rule in theta with w = L tan(theta), or tan(w/2) in discrete time, L a multiple of the
    width of the spectrum of phi. The integrand is smooth and periodic in theta, so that the sum
    converges geometrically whether the spectrum decays exponentially or, with white noise, as a
    power. The number of frequencies is
    increased until the error is below `tol` times the value at lag zero.

    Raises
    ------
    ConvergenceError
        If the tolerance is not met at the largest number of frequencies, because the lags are too
        long.
    """
    tau1, tau2 = np.broadcast_arrays(np.ravel(tau1).astype(float), np.ravel(tau2).astype(float))
    all1, all2 = np.append(tau1, 0.0), np.append(tau2, 0.0)  # the value at zero is the scale
    sites, ensembles = site_spectra_at(solution, of), solution.network.ensembles
    stretch = LAG_STRETCH if np.any(tau1) or np.any(tau2) else 1.0
    width = stretch * _width(solution, sites)
    discrete, before = unit_of(solution.network).time_step is not None, None
    for n in FREQUENCY_COUNTS if size is None else (size,):
        total, own, mean, power = _sum(ensembles, sites, all1, all2, width, n, discrete, z_scored)
        change = np.inf if before is None else float(np.max(np.abs(total - before)))
        error = change / REFINEMENT_GAIN / abs(own + total[-1])
        missed = abs(power / _total(solution) - 1)  # of the spectrum of the sites, by the nodes
        error = max(error, missed) if missed > LARGEST_MISSED_POWER else error
        if error <= tol or size is not None:
            return PairQuadrature(total[:-1], own, error, n, mean)
        before = total
    raise ConvergenceError(f"the four-point function has an error of {error:.1e}, above "
                           f"tol={tol:.1e}, at lags up to {np.max(np.abs([tau1, tau2])):g}: solve "
                           "with a longer span and a smaller dt, or give a larger tol; close to "
                           "the transition collective modes decay too slowly for this quadrature")


def _sum(ensembles: Sequence[Ensemble], sites_at: Sites, tau1: np.ndarray, tau2: np.ndarray,
         width: float, n: int, discrete: bool, z_scored: bool
         ) -> tuple[np.ndarray, float, float, float]:
    """The integral, the sums over single sites of `PairQuadrature`, and the integral of C."""
    omega, measure = _nodes(width, n, discrete)
    fields, sites = sites_at(omega)
    silent = sites.variance == 0  # neurons without input cannot be z-scored
    weight = ~silent / (sites.variance + silent) if z_scored else np.ones(len(silent))
    wave1 = measure * np.exp(1j * tau1[:, None] * omega)
    wave2 = measure * np.exp(-1j * tau2[:, None] * omega)
    # The second frequency takes both signs. Reversing both frequencies conjugates the kernel.
    wave2 = np.concatenate([wave2, np.conj(wave2)], axis=1)
    fields2, sites2 = fields.with_mirror(), sites.with_mirror()
    total = np.zeros(len(tau1))
    for k in range(0, n, BLOCK_ROWS):
        rows = slice(k, k + BLOCK_ROWS)
        kernel = fluctuation_kernel(ensembles, (fields.part(rows), fields2),
                                    (sites.part(rows), sites2), weight)
        total += 2 * np.einsum("mk,mk->m", wave1[:, rows] @ kernel, wave2).real
    scored = weight * sites.variance
    return (total, float(np.sum(sites.share * scored**2)), float(np.sum(sites.share * scored)),
            2 * float(measure @ fields.C_spectrum))


def equal_lag_integral(solution: Solution, of: str, tol: float = 1e-7) -> float:
    """int_0^inf dtau of (1/N) sum over i != j of C_ij(tau)^2, as an integral over one frequency.

    Raises
    ------
    ConvergenceError
        If the relative tolerance `tol` is not met at the largest number of frequencies.
    """
    sites_at, ensembles = site_spectra_at(solution, of), solution.network.ensembles
    width, before = _width(solution, sites_at), np.inf
    discrete = unit_of(solution.network).time_step is not None
    for n in FREQUENCY_COUNTS:
        omega, measure = _nodes(width, n, discrete)
        fields, sites = sites_at(omega)
        ones = np.ones(len(sites.share))
        each = [fluctuation_kernel(ensembles, 2 * (fields.part(slice(k, k + 1)),),
                                   2 * (sites.part(slice(k, k + 1)),), ones)[0, 0].real
                for k in range(n)]
        # Negative frequencies double the integral, and lags above zero are half of all.
        total = float(measure @ each)
        missed = abs(2 * float(measure @ fields.C_spectrum) / _total(solution) - 1)
        if abs(total - before) <= tol * abs(total) and missed < LARGEST_MISSED_POWER:
            return total
        before = total
    raise ConvergenceError("the collective time scale is not resolved by "
                           f"{FREQUENCY_COUNTS[-1]} frequencies: the network is too close to its "
                           "transition; give parameters farther from it")


def _nodes(width: float, n: int, discrete: bool) -> tuple[np.ndarray, np.ndarray]:
    """Positive frequencies, and the weight dw / (2 pi) of each.

    In discrete time they end at pi: tan(w/2) = L tan(theta), in which the integrand is periodic
    too.
    """
    theta = (np.arange(n) + 0.5) * np.pi / (2 * n)
    if discrete:
        L = np.tan(min(width, np.pi / 2) / 2)
        slope = 2 * L / (np.cos(theta) ** 2 + (L * np.sin(theta)) ** 2)
        return 2 * np.arctan(L * np.tan(theta)), slope / (4 * n)
    return width * np.tan(theta), width / np.cos(theta) ** 2 / (4 * n)


def _width(solution: Solution, sites: Sites) -> float:
    """Width of the spectrum of the units' outputs: its integral over twice its height at its peak.

    At least the frequency of the peak, so that a band around it is among the nodes.
    """
    lags, C = solution.lags, solution.C_phi.value
    peak = lags.omega[int(np.argmax(lags.spectrum(C)))]
    height = float(sites(np.array([peak]))[0].C_spectrum[0])
    return max(float(np.pi * _total(solution) / height), float(peak))


def _total(solution: Solution) -> float:
    """Equal-time correlation of the outputs that enter the couplings."""
    gains = unit_gains(solution.network)
    return float(solution.C_phi[0]) * (1.0 if gains is None else gains.output.moment(2))


def check_fluctuations(network: AnyNetwork) -> None:
    """Refuse networks without a four-point theory, whatever their solution.

    Raises
    ------
    ModelError
        For several regions or currents, couplings without second derivatives, or a static part.
    """
    if beyond := structure(network).beyond_one_site:
        reject("network", network, f"has {beyond}, which the theory of fluctuations does not "
               "treat", "give a network of one region without them")
    for one in network.ensembles:
        check_hessian(one)
    if network.bias > 0 or not network.phi.odd:
        reject("network", network, HAS_STATIC_PART, WITHOUT_STATIC_PART)


def check_solution(solution: Solution) -> None:
    """Refuse solutions outside the four-point theory: quiescent, with a static part, unresolved."""
    require_solution(solution, "give a solution of a network without regions, populations, "
                     "currents and means, such as dmft.RandomNetwork(g)")
    variance = float(solution.C_phi[0])
    if variance == 0 or solution.branch in ("quiescent", "static"):
        reject("solution", solution, f"is {solution.branch}, without fluctuations",
               "give a solution with time-dependent activity: larger g, or noise")
    static = abs(float(solution.C_phi_static)) > LARGEST_STATIC_SHARE * variance
    if static or not solution.network.phi.odd:
        reject("solution", solution, HAS_STATIC_PART, WITHOUT_STATIC_PART)
    coarse = [c for c in solution.convergence.checks if c.resolution and not c.passed]
    if coarse:
        reject("solution.lags", solution.lags, f"{coarse[0].name} {coarse[0].value:.1e}: "
               f"{coarse[0].says}", "or solve without lags, which chooses them")
