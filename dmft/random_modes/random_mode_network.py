"""RandomModeNetwork: couplings that are a sum of many random modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..ensembles.ensemble import Ensemble
from ..ensembles.iid import IID
from ..ensembles.modes import Modes, abbreviated
from ..ensembles.spectrum import Spectrum
from ..network.network import check_unit
from ..network.nonlinearity import Nonlinearity, tanh
from ..network.site_derivation import Derivable
from ..plots.equation_shown import ShownNetwork
from .connectivity_check import warn_if_modes_differ
from .connectivity_modes import AnyConnectivity, measured_modes


@dataclass(frozen=True, eq=False)
class RandomModeNetwork(Derivable, ArrayData, ShownNetwork):
    """(1 + d/dt) x_i = sum_j J_ij phi(x_j) + xi_i(t), J = sum over a of D_a l_a r_a^T.

    There are alpha N modes. Entries of l_a and r_a are Gaussian with variance 1/N and
    <l_ia r_ia> = rho_a / N. Without overlaps the single-neuron statistics depend on g_eff alone,
    whatever the spectrum, and the effective rank affects the dimension of activity (Clark,
    Marschall, van Meegen & Litwin-Kumar 2025). Overlaps give each unit a memory kernel, by which
    its own past feeds back to it, and make x non-Gaussian.

    Parameters
    ----------
    D : Spectrum, array or float
        Strengths of the modes: `dmft.Spectrum.flat`, `.exponential`, `.power_law`; or an array of
        strengths, each shared by an equal part of the modes; or one strength for all modes.
    overlaps : float, (M,) or (M, M) array
        rho from -1 to 1, for all modes or for each strength in D; or r_a . l_b for every pair.
    modes_per_neuron : float, optional
        alpha, above 0; 1 by default. Not for a Spectrum, which has its own.
    phi : Nonlinearity
        Transfer function.
    noise : float
        Strength sigma of the white noise, <xi xi> = 2 sigma^2 delta(t - t'); 0 or above.
    unstructured : float
        Strength g of independent couplings that are added to the modes; 0 or above.

    Raises
    ------
    ModelError
        For a field outside its range, by name: strengths that are negative or all zero, and
        overlaps outside [-1, 1] or of another number than the strengths.

    Examples
    --------
    >>> network = RandomModeNetwork(Spectrum.flat(g=2.0, modes_per_neuron=0.5))
    >>> round(network.g_eff, 12), round(network.effective_rank, 12)
    (2.0, 0.5)
    """

    D: Spectrum | np.ndarray | float
    overlaps: float | np.ndarray = 0.0
    modes_per_neuron: float | None = None
    phi: Nonlinearity = tanh
    noise: float = 0.0
    unstructured: float = 0.0

    bias = 0.0

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, D: Spectrum | ArrayLike, overlaps: ArrayLike = 0.0,
                     modes_per_neuron: float | None = None, phi: Nonlinearity = tanh,
                     noise: float = 0.0, unstructured: float = 0.0) -> None: ...

    def __post_init__(self):
        alpha = self.modes_per_neuron
        if isinstance(self.D, Spectrum):
            own = self.D.modes_per_neuron
            if alpha is not None and abs(checks.positive("modes_per_neuron", alpha) - own) > 1e-12:
                checks.reject("modes_per_neuron", alpha, f"given twice: the spectrum has {own:g}",
                              "leave it out")
            spectrum = self.D
        else:
            strengths = checks.finite_array("D", self.D)
            if strengths.ndim > 1:
                checks.reject("D", strengths.shape, "not a one-dimensional array of strengths",
                              "give a Spectrum, an array or a number; for a connectivity matrix "
                              "use RandomModeNetwork.from_connectivity")
            if np.any(strengths < 0) or not np.any(strengths > 0):
                checks.reject("D", self.D, "holds a negative strength" if np.any(strengths < 0)
                              else "sums to zero: all modes have strength zero",
                              "give strengths of 0 or above, not all 0")
            spectrum = Spectrum.from_values(
                np.atleast_1d(strengths),
                1.0 if alpha is None else checks.positive("modes_per_neuron", alpha))
        modes = Modes(spectrum, self.overlaps)
        object.__setattr__(self, "D", spectrum)
        object.__setattr__(self, "overlaps", modes.overlaps)
        object.__setattr__(self, "modes_per_neuron", spectrum.modes_per_neuron)
        object.__setattr__(self, "unstructured",
                           checks.nonnegative("unstructured", self.unstructured))
        check_unit(self)

    def __repr__(self) -> str:
        rest = f", unstructured={self.unstructured:g}" if self.unstructured else ""
        return (f"RandomModeNetwork({self.spectrum!r}, overlaps={abbreviated(self.overlaps)}, "
                f"phi={self.phi!r}, noise={self.noise:g}{rest})")

    @classmethod
    def from_connectivity(cls, J: AnyConnectivity, phi: Nonlinearity = tanh, noise: float = 0.0,
                          g: float | None = None, overlaps: bool = True,
                          remove_mean: bool = True) -> RandomModeNetwork:
        """The network of random modes with the statistics of a given connectivity matrix.

        Strengths and overlaps are measured by `dmft.measure_connectivity`, which documents the
        estimates and tests their significance. Each left mode has an overlap with its own right
        mode only. That is appropriate for modes of well separated strengths; a ResolutionWarning
        is given where it does not account for the noise or the memory of the matrix.

        Parameters
        ----------
        J : (N, N) array, Connectivity, scipy.sparse matrix or ConnectivityModes
            Couplings from neuron j (column) to neuron i (row), or their measured modes.
        phi, noise
            As for the class.
        g : float, optional
            Rescale the matrix to this g_eff, above 0.
        overlaps : bool
            Include the overlaps of left and right modes (default), or set them to zero.
        remove_mean : bool
            Subtract the mean coupling, which is a single uniform mode with a strength that grows
            with N; without effect on ConnectivityModes.

        Raises
        ------
        ModelError
            For a matrix that is not square, holds NaN or infinity, or is constant.

        Warns
        -----
        ResolutionWarning
            Where overlaps of single modes do not account for the matrix (modes of nearly equal
            strengths, or reciprocity). `dmft.rotated_network(J)` does.
        """
        found = measured_modes(J, remove_mean)
        factor = found.scale(g)
        checks.flag("overlaps", overlaps)
        kept = found.strengths > 0
        network = cls(
            found.strengths[kept] * factor, found.overlaps[kept] if overlaps else 0.0,
            float(np.sum(kept)) / found.neurons, phi, noise, found.unstructured * factor)
        if overlaps:
            warn_if_modes_differ(found.matrix * factor, network)
        return network

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The coupling ensembles: Modes, and IID if there are unstructured couplings."""
        modes = Modes(self.spectrum, self.overlaps)
        return (modes, IID(self.unstructured)) if self.unstructured else (modes,)

    @property
    def spectrum(self) -> Spectrum:
        """D as a Spectrum, in whichever form it was given."""
        return cast(Spectrum, self.D)

    @property
    def g_eff(self) -> float:
        """Total coupling strength, g_eff^2 = (1/N) sum D^2 + unstructured^2."""
        return float(np.hypot(self.spectrum.g_eff, self.unstructured))

    @property
    def effective_rank(self) -> float:
        """g_eff^4 / ((1/N) sum D^4), per neuron; alpha for a flat spectrum alone."""
        share = self.spectrum.g_eff / self.g_eff
        return self.spectrum.effective_rank / share**4
