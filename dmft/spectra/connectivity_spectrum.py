"""Spectrum of the connectivity: the bulk of random couplings, and outliers of low-rank ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize
from scipy.sparse import csgraph

from ..base import checks
from ..base.array_data import ArrayData, read_only
from ..ensembles.properties import (
    directions,
    drift_of,
    driving_means,
    kinds,
    noise_gains,
    random_modes,
    reciprocity,
)
from ..network.gains import unit_gains
from ..network.network import AnyNetwork
from ..network.nonlinearity import Nonlinearity
from ..network.structure import check_network
from ..plots.plane import ShownInPlane
from ..units.leaky import LEAKY, Leaky
from ..units.unit import Unit
from .contour_spectrum import ContourSpectrum, slope_at_rest
from .tuning import EDGE_ANGLES, EDGE_ROUNDING, OUTLIER_DISTANCE


def edge_growth(unit: Unit, half_axes: np.ndarray) -> float:
    """Largest growth rate of the modes of feedbacks z on an ellipse with these half-axes."""
    a, b = half_axes

    def rates(angles: np.ndarray) -> np.ndarray:
        return unit.fastest_modes(a * np.cos(angles) + 1j * b * np.sin(angles)).real

    angles = np.linspace(0.0, 2 * np.pi, EDGE_ANGLES, endpoint=False)
    best, width = angles[int(np.argmax(rates(angles)))], 2 * np.pi / EDGE_ANGLES
    found = optimize.minimize_scalar(lambda angle: -float(rates(np.array([angle]))[0]),
                                     bounds=(best - width, best + width), method="bounded",
                                     options={"xatol": 1e-9})
    return max(-float(found.fun), float(rates(np.array([best]))[0]))


@dataclass(frozen=True, eq=False)
class ConnectivitySpectrum(ArrayData, ShownInPlane):
    """Eigenvalues of a connectivity matrix J at large N: an elliptic bulk, and outliers.

    Parameters
    ----------
    radius : float
        The bulk is the ellipse with semi-axes radius (1 + reciprocity) along the real axis and
        radius (1 - reciprocity) along the imaginary axis: a disc without reciprocity.
    radii : (R,) array
        Radius of the disc filled by the couplings of each region, together with the regions to
        which it is mutually connected. The bulk is the largest of these discs.
    outliers : (n,) complex array
        Eigenvalues outside the bulk, largest real part first.
    hidden : (m,) complex array
        Eigenvalues of the structured part that lie within the bulk and give no outlier.
    reciprocity : float
        Correlation of J_ij and J_ji, from -1 to 1.
    """

    radius: float
    radii: np.ndarray
    outliers: np.ndarray
    hidden: np.ndarray
    reciprocity: float = 0.0

    def contains(self, lam) -> np.ndarray:
        """Whether each complex number lies in the bulk (its edge included, to rounding)."""
        lam = np.asarray(lam, dtype=complex)
        a, b = self._half_axes
        x, y, scale = np.abs(lam.real), np.abs(lam.imag), 1 + EDGE_ROUNDING
        # Without division, so that an ellipse of zero height (r = 1) is a line segment.
        inside = (x * b) ** 2 + (y * a) ** 2 <= (a * b * scale) ** 2
        return inside & (x <= a * scale) & (y <= b * scale)

    def boundary(self, n: int = 200) -> np.ndarray:
        """(n,) complex points of the edge of the bulk, anticlockwise from the real axis."""
        angle = 2 * np.pi * np.arange(checks.whole("n", n)) / n
        a, b = self._half_axes
        return a * np.cos(angle) + 1j * b * np.sin(angle)

    @property
    def abscissa(self) -> float:
        """Largest real part, over the bulk and the outliers."""
        return float(max([self._half_axes[0], *self.outliers.real]))

    def growth_rate(self, phi: Nonlinearity, unit: Unit = LEAKY) -> float:
        """Growth rate at quiescence; for the leaky unit, of the Jacobian -1 + phi'(0) J.

        Its modes exp(s t) are those with phi'(0) lambda H(s) = 1, where lambda is an eigenvalue of
        J and H the response of the unit. It is negative where x = 0 is stable. (x = 0 is a fixed
        point if phi(0) = 0.)
        """
        slope = slope_at_rest(phi)
        if isinstance(unit, Leaky):
            return float(max([abs(slope) * self._half_axes[0],
                              *(slope * self.outliers.real)])) - 1
        outliers = unit.fastest_modes(slope * self.outliers).real
        return max(edge_growth(unit, slope * np.array(self._half_axes)),
                   float(np.max(outliers, initial=-np.inf)))

    @property
    def _half_axes(self) -> tuple[float, float]:
        return self.radius * (1 + self.reciprocity), self.radius * (1 - self.reciprocity)


def connectivity_spectrum(network: AnyNetwork, gain=None,
                          mean_square_gain=None) -> ConnectivitySpectrum | ContourSpectrum:
    """Spectrum of J, or of J with its columns scaled; see `dmft.jacobian_spectrum`."""
    if _overlapping(network):
        if gain is not None or mean_square_gain is not None:
            checks.reject("gain", gain, "given for modes with overlaps, whose scaled columns have "
                          "no spectrum of this form", "leave out the gain")
        return ContourSpectrum(tuple(network.ensembles))
    variances, symmetry, source, overlaps = _gather(network)
    gains = unit_gains(network)
    variances = variances * (1.0 if gains is None else gains.square)
    R = len(variances)
    if gain is not None or mean_square_gain is not None:
        mean, square = _gains(gain, mean_square_gain, R)
        if symmetry:
            checks.reject("gain", gain, "given for couplings with reciprocity, whose scaled "
                          "columns have no elliptic spectrum",
                          "set reciprocity=0, or leave out the gain")
        variances, overlaps = variances * square, mean[source][:, None] * overlaps
    radii = _radii(variances)
    radius = float(np.max(radii))
    values = linalg.eigvals(overlaps).astype(complex) if len(source) else np.zeros(0, complex)
    values = values[np.lexsort((-values.imag, -values.real))]
    outside = np.abs(values) > radius + OUTLIER_DISTANCE * np.max(np.abs(values), initial=0.0)
    outliers = values[outside] + symmetry * radius**2 / values[outside]
    return ConnectivitySpectrum(radius, read_only(radii), read_only(outliers),
                                read_only(values[~outside]), symmetry)


def _overlapping(network) -> bool:
    """Whether a network has modes with overlaps, and besides them only iid couplings or modes."""
    ensembles = getattr(network, "ensembles", ())
    return any(one.has_memory for one in random_modes(ensembles)) and all(
        random_modes((one,)) or reciprocity(one) is not None for one in ensembles)


def _gather(network: AnyNetwork) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """(R, R) matrix of N <J_ij^2>, reciprocity, (P,) sources and (P, P) overlaps of currents."""
    check_network(network)
    if drift_of(network.ensembles) is not None or driving_means(network.ensembles):
        checks.reject("ensembles", network.ensembles, "have means, whose outliers are not built in",
                      "give the disorder alone, or compute numpy.linalg.eigvals of a drawn matrix")
    R = kinds(network.ensembles[0])
    variances, symmetric = np.zeros((R, R)), 0.0
    source, blocks = [np.zeros(0, dtype=np.int64)], [np.zeros((0, 0))]
    for one in network.ensembles:
        own = noise_gains(one)
        if own is None or (one.has_memory and (R > 1 or reciprocity(one) is None)):
            checks.reject("ensembles", one, "the bulk of its spectrum is not known",
                          "draw the matrix, and compute numpy.linalg.eigvals of it")
        variances += own
        symmetric += (reciprocity(one) or 0.0) * own[0, 0]
        for low in directions((one,)):
            source.append(low.source)
            blocks.append(low.overlaps[:, :len(low.source)])  # without external inputs, at the end
    share = symmetric / variances[0, 0] if symmetric else 0.0
    return variances, float(share), np.concatenate(source), linalg.block_diag(*blocks)


def _radii(variances: np.ndarray) -> np.ndarray:
    """For each region, the radius of the disc of the regions that are mutually connected to it."""
    _, group = csgraph.connected_components(variances > 0, connection="strong")
    radii = np.zeros(len(variances))
    for one in range(np.max(group) + 1):
        own = group == one
        radii[own] = np.sqrt(np.max(np.abs(linalg.eigvals(variances[np.ix_(own, own)]))))
    return radii


def _gains(gain, mean_square_gain, R: int) -> tuple[np.ndarray, np.ndarray]:
    for name, value in (("gain", gain), ("mean_square_gain", mean_square_gain)):
        if value is None:
            checks.reject(name, value, "missing: the outliers depend on <f>, the bulk on <f^2>",
                          "give both (mean_square_gain=gain**2 for identical units)")
        shape = checks.finite_array(name, value).shape
        if shape not in ((), (R,)):
            checks.reject(name, shape, f"not of shape ({R},)", "give one number per region")
    mean, square = np.broadcast_to(gain, R).astype(float), np.broadcast_to(mean_square_gain, R)
    checks.bounded("gain", mean)
    if np.any(square < mean**2 * (1 - 1e-12)):
        checks.reject("mean_square_gain", mean_square_gain, "below the square of the mean gain",
                      "give <f^2>, at least gain**2")
    return mean, checks.bounded("mean_square_gain", square.astype(float))
