"""Modes: couplings that are a sum of many random modes, whose left and right vectors overlap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..equations import random_modes as equations
from ..grids.order_parameters import Frequencies, OrderParameters
from .causal_matrix import CausalMatrix
from .overlap_matrix import OverlapMatrix
from .spectrum import Spectrum
from .tuning import OVERLAP_ROUNDING


@dataclass(frozen=True, eq=False)
class Modes(ArrayData):
    """J = sum over a of D_a l_a r_a^T, entries of l_a and r_a Gaussian of variance 1/N.

    <l_ia r_ia> = rho_a / N, so that left and right vector have the overlap r_a . l_a = rho_a. The
    average over each mode gives W = -(1/N) sum_a log det(1 + Y_a B_a). Its first derivatives are,
    with <.> = (1/N) sum_a, the noise <D^2 / abs(1 - D rho S)^2> C and the memory
    <D rho / (1 - D rho S)>. The value of the memory at high frequency, <D rho>, is a delta
    function in time: the mean of J_ii (Clark, Marschall, van Meegen & Litwin-Kumar 2025, random
    modes with overlaps).

    Parameters
    ----------
    spectrum : Spectrum
        Strengths D_a.
    overlaps : float, (q,) or (q, q) array
        rho of all modes, of each value of the spectrum, or r_a . l_b of each pair of them.
        Numbers from -1 to 1; a matrix with singular values of at most 1.

    Raises
    ------
    ModelError
        For overlaps out of range, or not as many as there are strengths.

    Examples
    --------
    >>> modes = Modes(Spectrum.flat(g=1.5, modes_per_neuron=0.5), overlaps=0.4)
    >>> modes.has_memory, round(modes.mean_diagonal, 6)
    (True, 0.424264)
    """

    spectrum: Spectrum
    overlaps: float | np.ndarray = 0.0

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, spectrum: Spectrum, overlaps: ArrayLike = 0.0) -> None: ...

    def __post_init__(self):
        if not isinstance(self.spectrum, Spectrum):
            checks.reject("spectrum", self.spectrum, "not a Spectrum",
                          "give dmft.Spectrum.flat(g=2.0, modes_per_neuron=0.5)")
        overlaps = checks.finite_array("overlaps", self.overlaps)
        q = len(self.spectrum.values)
        if overlaps.ndim and self.spectrum.smooth:
            checks.reject("overlaps", overlaps.shape, "one for each mode of a smooth spectrum, "
                          "which has no list of modes", "give Spectrum.from_values(D)")
        if overlaps.ndim and overlaps.shape not in ((q,), (q, q)):
            checks.reject("overlaps", overlaps.shape, f"do not fit the {q} strengths: one is "
                          "needed for each of them, or for each pair", "give a number, one overlap "
                          "for each strength, or a square matrix of them")
        largest = np.linalg.norm(overlaps, 2) if overlaps.ndim == 2 else np.max(np.abs(overlaps))
        if largest > 1 + OVERLAP_ROUNDING:
            checks.reject("overlaps", self.overlaps, "outside [-1, 1]"
                          if overlaps.ndim < 2 else f"a matrix of norm {largest:.3g}, above 1",
                          "give smaller overlaps: those of vectors of unit length are at most 1")
        if overlaps.ndim == 2 and np.ptp(self.spectrum.weights) > 1e-12 * self.spectrum.weights[0]:
            checks.reject("overlaps", overlaps.shape, "a matrix for modes of unequal weights",
                          "give Spectrum.from_values(D)")
        object.__setattr__(self, "overlaps", overlaps if overlaps.ndim else float(overlaps))

    @property
    def noise_gain(self) -> float | None:
        """g_eff^2 without overlaps; None with overlaps, where noise depends on S."""
        return None if self.has_memory else self.spectrum.g_eff**2

    @property
    def has_memory(self) -> bool:
        """Whether any overlap is not zero."""
        return bool(np.any(self.overlaps))

    @property
    def modes(self) -> Modes:
        """These couplings themselves: what `properties.random_modes` returns."""
        return self

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, float]:
        """Spectrum (n,) and static variance of the noise."""
        static = Frequencies(np.zeros(1), np.full(1, order.C_static), order.S[:1])
        return self._noise(order), float(self._noise(static)[0])

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transfer function (n,) of the memory kernel."""
        if self._matrix is not None:
            return self._matrix.memory(order.S)
        each = equations.mode_memory(self.spectrum.values, self.overlaps, order.S[:, None])
        return self.spectrum.mean(each)

    def _noise(self, at: Frequencies | OrderParameters) -> np.ndarray:
        if self._matrix is not None:
            return at.C_spectrum * self._matrix.noise_gain(at.S)
        return self.spectrum.mean(equations.mode_noise(
            self.spectrum.values, self.overlaps, at.C_spectrum[:, None], at.S[:, None]))

    @property
    def mean_diagonal(self) -> float:
        """<D rho>: the mean of J_ii, and the memory at high frequency."""
        rho = np.diag(self.overlaps) if np.ndim(self.overlaps) == 2 else self.overlaps
        return float(self.spectrum.mean(equations.mean_diagonal(self.spectrum.values, rho)))

    @property
    def mean_feedback(self) -> float:
        """<D^3 rho> / <D^2>: D rho averaged over modes, weighted with the noise D^2 of each."""
        values = self.spectrum.values
        rho = np.diag(self.overlaps) if np.ndim(self.overlaps) == 2 else self.overlaps
        return float(self.spectrum.mean(values**3 * rho)) / self.spectrum.g_eff**2

    def largest_feedback(self, S: float) -> float:
        """Largest D rho S, or real part of an eigenvalue of S D O: at 1 a mode sustains itself."""
        if self._matrix is not None:
            return float(np.max((self._matrix.eigenvalues * S).real))
        return float(np.max(self.spectrum.values * self.overlaps * S))

    def tangent_functional(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """w(x) = <log(1 + D^2 x)> and its derivative, for the spectrum of Lyapunov exponents.

        x = B P is the product, at each frequency, of the two bilinears of the tangent dynamics.
        Not with overlaps.
        """
        square = self.spectrum.values**2
        each = 1 + square * np.asarray(x)[..., None]
        return self.spectrum.mean(np.log(each)), self.spectrum.mean(square / each)

    def hessian(self, one: Frequencies, two: Frequencies) -> CausalMatrix:
        """W'' at all pairs of the frequencies one (n1,) and two (n2,).

        W''_{ab,cd} = (1/N) sum over modes of rho_ab rho_cd (P1)_{da} (P2)_{bc}, P the mode's
        propagator and rho_ab = 1 for a = b (second derivatives of the log-determinant).
        """
        if self._matrix is not None:
            return self._matrix.hessian(one, two)
        rho, w = self.overlaps, self.spectrum.weights
        a_b, b_a, both = zip(*(self._propagators(at) for at in (one, two)), strict=True)

        def over_modes(left: np.ndarray, right: np.ndarray) -> np.ndarray:
            return (left * w) @ right.T

        return CausalMatrix(
            k03=over_modes(b_a[0], a_b[1]), k30=over_modes(a_b[0], b_a[1]),
            k11=over_modes(b_a[0] * rho, b_a[1] * rho), k22=over_modes(a_b[0] * rho, a_b[1] * rho),
            k13=over_modes(b_a[0] * rho, both[1]), k31=over_modes(both[0], b_a[1] * rho),
            k23=over_modes(both[0] * rho, a_b[1]), k32=over_modes(a_b[0], both[1] * rho),
            k33=over_modes(both[0], both[1]))

    def _propagators(self, at: Frequencies) -> tuple[np.ndarray, ...]:
        """(n, q) propagators (phi, s), (s, phi) and (s, s) of each mode."""
        D, rho, C, S = self.spectrum.values, self.overlaps, at.C_spectrum[:, None], at.S[:, None]
        entries = (equations.propagator_phi_s(D, rho, S), equations.propagator_s_phi(D, rho, S),
                   equations.propagator_s_s(D, rho, C, S))
        return tuple(np.broadcast_to(entry, (len(S), len(D))) for entry in entries)

    def at(self, neurons: int) -> tuple[np.ndarray, np.ndarray]:
        """Strengths (n,) and overlaps (n,) or (n, n) of the modes of a network of this size.

        n = alpha N, rounded to the nearest integer. With a matrix of overlaps, n must be a
        multiple of its size: every mode has the same number of copies, which do not overlap.

        Raises
        ------
        ModelError
            If a network of this size has no mode, or not the same number for each row of the
            matrix.
        """
        count = round(self.spectrum.modes_per_neuron * neurons)
        if count < 1:
            checks.reject("neurons", neurons, "so few that the network has not one mode",
                          f"give {int(np.ceil(1 / self.spectrum.modes_per_neuron))} or more")
        overlaps = np.asarray(self.overlaps)
        strengths = self.spectrum.strengths(count)
        if overlaps.ndim < 2:
            where = self.spectrum.places(count)
            return strengths, overlaps[where] if overlaps.ndim else np.full(count, float(overlaps))
        q = len(overlaps)
        if count % q:
            checks.reject("neurons", neurons, f"gives {count} modes, not a multiple of the {q} in "
                          "the matrix of overlaps", "give a multiple of "
                          f"{q / self.spectrum.modes_per_neuron:g}")
        return strengths, np.kron(overlaps, np.eye(count // q))

    def __repr__(self) -> str:
        return f"Modes({self.spectrum!r}, overlaps={abbreviated(self.overlaps)})"

    @cached_property
    def _matrix(self) -> OverlapMatrix | None:
        if np.ndim(self.overlaps) < 2:
            return None
        return OverlapMatrix(self.spectrum.values, np.asarray(self.overlaps),
                             float(self.spectrum.weights[0]))


def abbreviated(overlaps: float | np.ndarray) -> str:
    """Overlaps for a repr: a number, up to four of them, or shape and root mean square."""
    values = np.asarray(overlaps)
    if values.ndim == 0:
        return f"{float(values):g}"
    if values.size <= 4:
        return repr(values)
    root_mean_square = float(np.sqrt(np.mean(values**2)))
    return f"<{'x'.join(map(str, values.shape))}, rms {root_mean_square:.3g}>"
