"""Integrals of the four-point function over pairs of frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import reject
from ..ensembles import Ensemble
from ..errors import ConvergenceError
from ..solution import Solution
from .kernel import fluctuation_kernel
from .site_spectra import Sites, sites_of

SIZES = (24, 48, 96, 192, 384, 768)  # frequencies, in turn


@dataclass(frozen=True, eq=False)
class PairQuadrature:
    """(1/N) sum over i, j of W_i W_j C_ij(tau1) C_ij(tau2), i = j included, by a quadrature.

    Parameters
    ----------
    value : (m,) array
        At the pairs of lags that were asked for.
    error : float
        Largest change when the number of frequencies was doubled last, over the value at lag 0.
    size : int
        Number of frequencies above zero.
    weight : (q,) array
        W of each kind of sites.
    mean : float
        (1/N) sum of W_i C_ii(0).
    """

    value: np.ndarray
    error: float
    size: int
    weight: np.ndarray
    mean: float


def pair_quadrature(solution: Solution, of: str, tau1, tau2, *, z_scored: bool = False,
                    tol: float = 1e-9, size: int | None = None) -> PairQuadrature:
    """Integrate int int dw1 dw2 / (2 pi)^2 exp(i w1 tau1 - i w2 tau2) over the kernel of pairs.

    Midpoints in theta with w = L tan(theta), L a multiple of the width of phi's spectrum: the
    integrand is smooth and periodic in theta, so that the sum converges geometrically whether the
    spectrum falls off exponentially or, with white noise, as a power. Frequencies are doubled until
    the result changes by less than `tol` of the value at lag zero.

    Raises
    ------
    ConvergenceError
        If that is not so at the largest number of frequencies (lags too long for it).
    """
    tau1, tau2 = np.broadcast_arrays(np.ravel(tau1).astype(float), np.ravel(tau2).astype(float))
    all1, all2 = np.append(tau1, 0.0), np.append(tau2, 0.0)  # the scale behind
    sites, ensembles = sites_of(solution, of), solution.network.ensembles
    at_zero = float(sites(np.zeros(1))[0].C_spectrum[0])
    # Waves of the lag oscillate where the spectrum is small too: nodes reach further out there.
    stretch = 4.0 if np.any(tau1) or np.any(tau2) else 1.0
    width = stretch * np.pi * float(solution.C_phi[0]) * _output_square(solution) / at_zero
    before = None
    for n in SIZES if size is None else (size,):
        total, weight, mean = _sum(ensembles, sites, all1, all2, width, n, z_scored)
        error = np.inf if before is None else float(np.max(np.abs(total - before))) / abs(total[-1])
        if error <= tol or size is not None:
            return PairQuadrature(total[:-1], error, n, weight, mean)
        before = total
    raise ConvergenceError(f"tau1, tau2 up to {np.max(np.abs([tau1, tau2])):g}: the four-point "
                           f"function is known to {error:.1e} only; give shorter lags, or a larger "
                           "tol")


def _sum(ensembles: Sequence[Ensemble], sites_at: Sites, tau1: np.ndarray, tau2: np.ndarray,
         width: float, n: int, z_scored: bool) -> tuple[np.ndarray, np.ndarray, float]:
    theta = (np.arange(n) + 0.5) * np.pi / (2 * n)
    omega = width * np.tan(theta)
    measure = width / np.cos(theta) ** 2 / (4 * n)  # dw / (2 pi)
    fields, sites = sites_at(omega)
    weight = 1 / sites.variance if z_scored else np.ones(len(sites.variance))
    wave1 = measure * np.exp(1j * tau1[:, None] * omega)
    wave2 = measure * np.exp(-1j * tau2[:, None] * omega)
    total = np.zeros(len(tau1))
    for second, wave in (((fields, sites), wave2),
                         ((fields.mirrored(), sites.mirrored()), np.conj(wave2))):
        kernel = fluctuation_kernel(ensembles, (fields, second[0]), (sites, second[1]), weight)
        # Twice the real part: both frequencies reversed give the complex conjugate.
        total += 2 * np.einsum("mk,mk->m", wave1 @ kernel, wave).real
    return total, weight, float(np.sum(sites.share * weight * sites.variance))


def _output_square(solution: Solution) -> float:
    """<v^2>: what the mean square of phi is multiplied by where couplings take it."""
    gain = getattr(solution.network, "output_gain", None)
    return 1.0 if gain is None else gain.moment(2)


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
