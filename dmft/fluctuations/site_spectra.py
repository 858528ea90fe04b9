"""SiteSpectra: single-site spectra that enter the four-point theory, at any frequencies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..base.annotations import Observable
from ..equations import fluctuations, linear_response
from ..grids.lag_transforms import even_transform
from ..grids.order_parameters import Frequencies
from ..network.gains import unit_gains
from ..network.network import AnyNetwork, unit_of
from ..paths.impulse_of_site import response_transform
from ..stationary.solution import Solution

OBSERVABLES: tuple[Observable, ...] = get_args(Observable)


@dataclass(frozen=True, eq=False)
class SiteSpectra:
    """Spectra of q kinds of sites at n frequencies: of their output, and of one observable X.

    Parameters
    ----------
    share : (q,) array
        Share of each kind among the sites; their sum is 1.
    C, S : (q, n) arrays
        Spectrum of the output that enters the couplings, and its response to their input.
    X_phi, X_s : (q, n) arrays
        <X phi*> and <X s*>, cross spectra of the observable with the output and with the response
        field.
    variance : (q,) array
        <X^2> at equal times.
    """

    share: np.ndarray
    C: np.ndarray
    S: np.ndarray
    X_phi: np.ndarray
    X_s: np.ndarray
    variance: np.ndarray

    def part(self, rows: slice) -> SiteSpectra:
        """The spectra at some of these frequencies."""
        return SiteSpectra(self.share, self.C[:, rows], self.S[:, rows],
                           self.X_phi[:, rows], self.X_s[:, rows], self.variance)

    def with_mirror(self) -> SiteSpectra:
        """The spectra at these frequencies and their negatives, where they are conjugates."""
        def both(a: np.ndarray) -> np.ndarray:
            return np.concatenate([a, np.conj(a)], axis=1)

        return SiteSpectra(self.share, both(self.C), both(self.S), both(self.X_phi),
                           both(self.X_s), self.variance)


Sites = Callable[[np.ndarray], tuple[Frequencies, SiteSpectra]]


def site_spectra_at(solution: Solution, of: str) -> Sites:
    """A function of frequencies (n,) -> order parameters C and S of the couplings, and spectra."""
    make = _homogeneous if unit_gains(solution.network) is None else _with_gains
    return make(solution, of)


def autocorrelations(solution: Solution, of: str) -> tuple[np.ndarray, np.ndarray]:
    """Shares (q,) and autocorrelations (q, n) of each kind of sites, at the solution's lags."""
    curve = (solution.C_phi if of == "phi" else solution.C_x).value
    both = unit_gains(solution.network)
    if both is None:
        return np.ones(1), curve[None]
    gains = both.input_kinds
    if of == "x":
        return gains.weights, gains.values[:, None] ** 2 / gains.moment(2) * curve
    return gains.weights, _outputs(solution)[1]


def noise_and_memory(network: AnyNetwork, at: Frequencies) -> tuple[np.ndarray, np.ndarray]:
    """Spectrum of a site's noise, white noise included, and transfer function of its memory."""
    noises = [one.noise(at)[0] for one in network.ensembles]  # type: ignore[arg-type]
    memories = [one.memory(at) for one in network.ensembles]  # type: ignore[arg-type]
    white = linear_response.white_noise_spectrum(at.omega, network.noise)
    return np.sum(noises, axis=0) + white, np.sum(memories, axis=0)


def _homogeneous(solution: Solution, of: str) -> Sites:
    lags, network = solution.lags, solution.network
    unit = unit_of(network)
    has_memory = any(one.has_memory for one in network.ensembles)
    variance = (solution.C_phi if of == "phi" else solution.C_x).value[:1]

    def at(omega: np.ndarray) -> tuple[Frequencies, SiteSpectra]:
        C = even_transform(lags, solution.C_phi.value, omega, corner=network.noise * unit.kink > 0)
        H = unit.response(omega)
        S = (response_transform(lags, solution.R_phi.value, unit, omega) if has_memory
             else float(solution.gain) * H)
        fields = Frequencies(omega, C, S, lags, solution.C_phi.value)
        X_phi, X_s = C.astype(complex), -S
        if of == "x":
            C_eta, K = noise_and_memory(network, fields)
            X_phi = fluctuations.x_phi(H, S, K, C, C_eta)
            X_s = fluctuations.x_response(H, S, K)
        return fields, SiteSpectra(np.ones(1), C[None], S[None], X_phi[None], X_s[None], variance)

    return at


def _with_gains(solution: Solution, of: str) -> Sites:
    """Sites with gains: output v phi(u y), input scaled by u; y = x / u has the same law for all.

    Only the moments up to the fourth of the output gains enter, so that a quadrature of three nodes
    is exact.
    """
    gains = solution.network.gains  # type: ignore[attr-defined]
    inputs, outputs = gains.input_kinds, gains.output.quadrature(3)
    Delta = solution.C_x.value / inputs.moment(2)
    slope, curves = _outputs(solution)
    unit = unit_of(solution.network)
    u, v = inputs.values[:, None], outputs.values[:, None, None]
    share = np.outer(outputs.weights, inputs.weights)
    own = curves[:, 0] if of == "phi" else inputs.values**2 * float(Delta[0])
    variance = np.tile(own, len(outputs.values))

    def at(omega: np.ndarray) -> tuple[Frequencies, SiteSpectra]:
        C, H = even_transform(solution.lags, curves.T, omega).T, (
            unit.response(omega))
        S = u * slope * H
        X_phi, X_s = C.astype(complex), -S
        if of == "x":
            y = even_transform(solution.lags, Delta, omega)
            X_phi, X_s = u**2 * slope * y.astype(complex), -u * H

        def each(spectra: np.ndarray) -> np.ndarray:
            shape = (*share.shape, len(omega))
            return np.broadcast_to(spectra, shape).reshape(share.size, -1)

        sites = SiteSpectra(share.ravel(), each(v**2 * C), each(v * S), each(v * X_phi), each(X_s),
                            variance)
        return Frequencies(omega, sites.share @ sites.C, sites.share @ sites.S), sites

    return at


def _outputs(solution: Solution) -> tuple[np.ndarray, np.ndarray]:
    """<phi'> (q, 1) and C_phi (q, n) of neurons with each of the input gains."""
    gains = solution.network.gains.input_kinds  # type: ignore[attr-defined]
    Delta = solution.C_x.value / gains.moment(2)
    kinds = [
        averages_at(solution.network.phi, float(u) ** 2 * float(Delta[0]))
        for u in gains.values
    ]
    curves = [kind.correlation(u**2 * Delta) for u, kind in zip(gains.values, kinds, strict=True)]
    return np.array([[kind.mean_slope] for kind in kinds]), np.array(curves)
