"""LowRank: structured couplings, a sum of finitely many outer products of Gaussian loadings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..grids.order_parameters import OrderParameters
from .tuning import LOADING_ROUNDING, NULL_OVERLAP


@dataclass(frozen=True, eq=False)
class LowRank(ArrayData):
    """J = sum over p of m^p (n^p)^T / N, with loadings that are jointly Gaussian across units.

    The loadings m^q are defined on the units of region target[q], n^p on those of region
    source[p]. A direction q < P carries the current (1/N) n^q . phi; the directions q >= P carry
    external inputs. On average the couplings make neither noise nor memory, but a drift: the sum
    over q of m^q times the current (Clark & Beiran 2025, the currents as order parameters).

    Parameters
    ----------
    source : (P,) array of int
        Region from which each current comes, 0 to kinds - 1.
    target : (Q,) array of int
        Region of each direction m^q, Q >= P.
    overlaps : (P, Q) array
        <n^p m^q>: how strongly activity along m^q drives the current p; zero unless
        target[q] = source[p].
    covariance : (Q, Q) array
        <m^q m^q'>; zero unless both belong to one region.
    kinds : int
        Number of regions.

    Raises
    ------
    ModelError
        For a wrong shape or region, or statistics that no jointly Gaussian loadings have (the
        message names the region).

    Examples
    --------
    >>> import dmft
    >>> one = dmft.LowRank([0], [0], overlaps=[[1.5]], covariance=[[1.5]], kinds=1)
    >>> states = dmft.solve(dmft.Network((one, dmft.IID(0.5)), dmft.erf))
    >>> len(states), len(states.stable)
    (3, 2)
    """

    source: np.ndarray
    target: np.ndarray
    overlaps: np.ndarray
    covariance: np.ndarray
    kinds: int

    noise_gain = None
    has_memory = False

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, source: ArrayLike, target: ArrayLike, overlaps: ArrayLike,
                     covariance: ArrayLike, kinds: int) -> None: ...

    def __post_init__(self):
        kinds = checks.whole("kinds", self.kinds)
        source, target = _regions("source", self.source, kinds), _regions("target", self.target,
                                                                          kinds)
        if len(target) < len(source):
            checks.reject("target", self.target, f"fewer than the {len(source)} sources",
                          "give a direction for every current")
        overlaps = checks.finite_array("overlaps", self.overlaps, 2)
        covariance = checks.finite_array("covariance", self.covariance, 2)
        shape = (len(source), len(target))
        if overlaps.shape != shape:
            checks.reject("overlaps", overlaps.shape, f"not of shape {shape}",
                          "give one overlap for each current and direction")
        if covariance.shape != 2 * shape[1:]:
            checks.reject("covariance", covariance.shape, f"not of shape {2 * shape[1:]}",
                          "give a covariance for each pair of directions")
        if np.any(overlaps[source[:, None] != target]):
            checks.reject("overlaps", overlaps, "not zero between regions",
                          "set it to zero: only loadings of the same units overlap")
        if np.any(covariance[target[:, None] != target]):
            checks.reject("covariance", covariance, "not zero between regions",
                          "set it to zero: only loadings of the same units overlap")
        for name, value in (("kinds", kinds), ("source", source), ("target", target),
                            ("overlaps", overlaps), ("covariance", covariance)):
            object.__setattr__(self, name, value)
        for region in range(kinds):
            problem = self.realisability_problem(region)
            if problem is not None:
                checks.reject(*problem)

    def realisability_problem(self, region: int) -> tuple[str, object, str, str] | None:
        """Why no Gaussian loadings of a region can have these statistics; None if some can.

        The loadings m of a region need a positive semidefinite covariance. A loading n may have
        any overlaps with them that vanish along the combinations of m that are zero.

        Returns
        -------
        tuple or None
            Field, value, problem and advice of the error.
        """
        own = np.flatnonzero(self.target == region)
        M = self.covariance[np.ix_(own, own)]
        if M.size == 0:
            return None
        if not np.allclose(M, M.T, rtol=1e-12, atol=0):
            return ("covariance", M, f"not symmetric in region {region}",
                    "give <m m'> = <m' m>")
        values, vectors = np.linalg.eigh(M)
        scale = max(float(np.max(np.abs(values))), 1e-300)
        if values[0] < -LOADING_ROUNDING * scale:
            return ("covariance", M, f"has the eigenvalue {values[0]:.3g} in region {region}: no "
                    "loadings have such a covariance", "make it positive semidefinite")
        null = vectors[:, values <= LOADING_ROUNDING * scale]
        rows = self.overlaps[np.ix_(np.flatnonzero(self.source == region), own)]
        along = rows @ null
        if along.size and (np.max(np.abs(along))
                           > NULL_OVERLAP * max(float(np.max(np.abs(rows))), 1e-300)):
            return ("overlaps", rows, f"not realisable in region {region}: they do not vanish "
                    "along a combination of its directions that is zero",
                    "give its directions a covariance of full rank, or overlaps that vanish there")
        return None

    @property
    def directions(self) -> LowRank:
        """These couplings themselves, as `properties.directions` requires."""
        return self

    @property
    def noise_gains(self) -> np.ndarray:
        """(kinds, kinds) zeros: these couplings make no noise."""
        return np.zeros((self.kinds, self.kinds))

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, np.ndarray]:
        """Spectrum (kinds, n) and static variance (kinds,) of the noise: none."""
        return np.zeros_like(order.C_spectrum), np.zeros_like(order.C_static)

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transfer function (kinds, n) of the memory kernel: none."""
        return np.zeros_like(order.S)


def _regions(name: str, value, kinds: int) -> np.ndarray:
    array = checks.finite_array(name, value, 1)
    if np.any(array != np.floor(array)) or np.any(array < 0) or np.any(array >= kinds):
        checks.reject(name, value, "not numbers of regions",
                      f"give integers from 0 to {kinds - 1}")
    out = array.astype(np.int64)
    out.flags.writeable = False
    return out
