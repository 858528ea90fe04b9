"""attractor_manifold: where the currents of symmetric interactions come to rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..base.array_data import ArrayData
from ..base.checks import finite_array, generator, reject
from ..network.nonlinearity import Nonlinearity
from .energy import refuse
from .matching_polytope import MatchingPolytope
from .multiregion_network import MultiregionNetwork
from .resting_gains import resting_gains
from .symmetric_strengths import symmetric_strengths

TIGHT = 1e-9  # distance of ln(c^2 psi psi) from zero at which a pair of currents may flow


@dataclass(frozen=True, eq=False)
class AttractorManifold(ArrayData):
    """All fixed points of the currents at which no current that is not there can grow.

    w_{mu nu} = psi^mu (z^{mu nu})^2 is symmetric, its row sums are the regions' loads: a
    `MatchingPolytope`. Every one of its points is a set of fixed points, which differ in signs.

    Parameters
    ----------
    c : (R, R) array
        The symmetric strengths.
    g : (R,) array
        Disorder within the regions.
    phi : Nonlinearity
    gains : (R,) array
        psi of each region, the same all over the manifold.
    loads : (R,) array
        psi A of each region, A the sum of its squared currents; 0 in one without currents.
    """

    c: np.ndarray
    g: np.ndarray
    phi: Nonlinearity
    gains: np.ndarray
    loads: np.ndarray

    @property
    def current_power(self) -> np.ndarray:
        """(R,) A of each region, fixed too; without disorder it is the variance of x."""
        return self.loads / self.gains

    @property
    def active(self) -> np.ndarray:
        """(R,) regions that receive currents."""
        return self.loads > 0

    @cached_property
    def polytope(self) -> MatchingPolytope:
        """Of w, over the currents that neither grow nor decay."""
        size = np.abs(self.c) * np.sqrt(np.outer(self.gains, self.gains))
        balanced = np.abs(np.log(np.maximum(size, 1e-300))) < TIGHT
        np.fill_diagonal(balanced, balanced.diagonal() & (self.c.diagonal() > 0))
        return MatchingPolytope(self.loads, balanced & np.outer(self.active, self.active))

    @property
    def least(self) -> np.ndarray:
        """(R, R) smallest w_{mu nu} over the manifold.

        max(0, y_mu + y_nu - Y/2) where K regions of loads y, of sum Y, all exchange currents.
        """
        return self._square(self.polytope.ranges[0])

    @property
    def greatest(self) -> np.ndarray:
        """(R, R) largest w_{mu nu} over the manifold."""
        return self._square(self.polytope.ranges[1])

    @property
    def currents(self) -> np.ndarray:
        """(R, R) currents that flow somewhere on the manifold."""
        return self.greatest > 0

    @property
    def forced(self) -> np.ndarray:
        """(R, R) currents that never vanish on it, and so keep their sign along it."""
        return self.least > 0

    @property
    def dimension(self) -> int:
        """K(K-3)/2 where K regions all exchange currents; 0 for isolated points."""
        return self.polytope.dimension

    @property
    def components(self) -> int:
        """Number of connected components, 2^f of f forced pairs and self-currents.

        (A current that can reach zero can change its sign there.) The number of points where
        they are isolated.
        """
        return 2 ** int(np.sum(np.triu(self.forced)))

    def point(self, rng=None) -> np.ndarray:
        """(R, R) currents z at a random point of it, signs included.

        Parameters
        ----------
        rng : int, SeedSequence or Generator, optional
            0 by default.
        """
        random = generator(rng)
        signs = random.choice([-1.0, 1.0], self.c.shape)
        return self.z(self._square(self.polytope.random(random)), signs)

    def vertices(self) -> np.ndarray:
        """(n, R, R) vertices of the polytope, as w; for few regions (6 or 7 that all exchange).

        Raises
        ------
        ModelError
            If there are too many to enumerate.
        """
        return np.array([self._square(one) for one in self.polytope.vertices()])

    def z(self, w, signs=1.0) -> np.ndarray:
        """(R, R) currents of weights w: z^{mu nu} = +-sqrt(w_{mu nu} / psi^mu).

        Parameters
        ----------
        w : (R, R) array
            Symmetric, 0 or above.
        signs : (R, R) array or float
            Of the currents z^{mu nu} with mu <= nu; their answers have that of c besides.
        """
        w = finite_array("w", w, 2)
        if w.shape != self.c.shape or np.any(w < 0) or not np.allclose(w, w.T):
            reject("w", w, "not a symmetric matrix of numbers of 0 or above",
                   "give a vertex, or a mixture of vertices")
        upper = np.triu(np.broadcast_to(signs, w.shape))
        lower = np.tril(upper.T * np.sign(self.c), -1)
        return np.sqrt(w / self.gains[:, None]) * (upper + lower)

    def _square(self, weights: np.ndarray) -> np.ndarray:
        w = np.zeros(self.c.shape)
        first, second = self.polytope.pairs
        w[first, second] = w[second, first] = weights
        return w

    def __repr__(self) -> str:
        return (f"AttractorManifold({int(np.sum(self.active))} of {len(self.c)} regions active, "
                f"dimension {self.dimension}, components {self.components})")


def attractor_manifold(network: MultiregionNetwork) -> AttractorManifold:
    """The fixed points at which symmetric currents come to rest.

    z^{mu nu} = c_{mu nu} psi^nu z^{nu mu}. A pair of currents rests where c_{mu nu}^2 psi^mu
    psi^nu = 1, a self-current where c_{mu mu} psi^mu = 1, and what does not flow must not grow:
    these conditions fix every region's gain psi. Of c = u u^T + diag(a - b), u_mu^2 = b_mu, it is
    psi = 1/max(a, b, 1), unless one region has more to carry than the others can answer (a star,
    isolated points); K regions with b > a then share a continuum of fixed points of dimension
    K(K-3)/2 (Clark & Beiran 2025, the attractor manifold). Any other symmetric c has its gains
    too, and as a rule isolated points.

    Disorder within the regions takes its part of the variance, from the loads and not from the
    gains; currents are constant then also where x is chaotic about them. Whether the variance's
    delayed answer upsets currents that flow is not looked at here: `dmft.fixed_points` tells.

    Parameters
    ----------
    network : MultiregionNetwork
        Of symmetric effective interactions and U = 1, without cross_g, input, noise or bias; phi
        odd with a gain that falls with the variance (erf, tanh).

    Returns
    -------
    AttractorManifold

    Raises
    ------
    ModelError
        For another network; the message says what is in the way.

    Examples
    --------
    >>> import dmft
    >>> import numpy as np
    >>> manifold = attractor_manifold(dmft.MultiregionNetwork.symmetric(
    ...     0.0, 1.5 * (np.ones((5, 5)) - np.eye(5))))
    >>> manifold.dimension, manifold.components, len(manifold.vertices())
    (5, 1, 22)
    """
    c = symmetric_strengths(network)
    refuse(network, ("cross_g", "input", "noise", "bias"), "no such manifold is known with it")
    if np.any(np.asarray(network.U) != np.eye(len(c))):
        reject("U", network.U, "not the identity: received directions overlap",
               "leave out U; dmft.energy serves such a network, and a time-dependent solve")
    gains, loads = resting_gains(c, network.g, network.phi)
    for array in (gains, loads):
        array.flags.writeable = False
    return AttractorManifold(c, network.g, network.phi, gains, loads)
