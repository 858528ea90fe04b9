"""attractor_manifold: the stable fixed points of currents with symmetric interactions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..base.array_data import ArrayData
from ..base.checks import finite_array, generator, reject
from ..network.nonlinearity import Nonlinearity
from .energy import require_zero, symmetric_strengths
from .fixed_point_gains import fixed_point_gains
from .matching_polytope import MatchingPolytope
from .multiregion_network import MultiregionNetwork
from .tuning import MARGINAL_LOG_GAIN


@dataclass(frozen=True, eq=False)
class AttractorManifold(ArrayData):
    """All fixed points of the currents at which no vanishing current can grow.

    The weights w_{mu nu} = psi^mu (z^{mu nu})^2 are symmetric, and their row sums are the loads of
    the regions, so that they form a `MatchingPolytope`. Each of its points stands for a set of
    fixed points, which differ in the signs of the currents.

    Parameters
    ----------
    c : (R, R) array
        The symmetric strengths.
    g : (R,) array
        Disorder within the regions.
    phi : Nonlinearity
    gains : (R,) array
        psi of each region, the same at every point of the manifold.
    loads : (R,) array
        psi A of each region, A the sum of its squared currents; 0 in one without currents.

    Examples
    --------
    >>> import dmft
    >>> c = [[0.0, 1.5, 1.5], [1.5, 0.0, 1.5], [1.5, 1.5, 0.0]]
    >>> manifold = dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(0.0, c))
    >>> manifold.dimension, manifold.gains.round(3).tolist()
    (0, [0.667, 0.667, 0.667])
    """

    c: np.ndarray
    g: np.ndarray
    phi: Nonlinearity
    gains: np.ndarray
    loads: np.ndarray

    @property
    def current_power(self) -> np.ndarray:
        """(R,) A of each region, constant on the manifold; the variance of x without disorder."""
        return self.loads / self.gains

    @property
    def active(self) -> np.ndarray:
        """(R,) whether each region receives currents."""
        return self.loads > 0

    @cached_property
    def polytope(self) -> MatchingPolytope:
        """Polytope of the weights w, over the pairs whose currents neither grow nor decay."""
        size = np.abs(self.c) * np.sqrt(np.outer(self.gains, self.gains))
        balanced = np.abs(np.log(np.maximum(size, 1e-300))) < MARGINAL_LOG_GAIN
        np.fill_diagonal(balanced, balanced.diagonal() & (self.c.diagonal() > 0))
        return MatchingPolytope(self.loads, balanced & np.outer(self.active, self.active))

    @property
    def least(self) -> np.ndarray:
        """(R, R) smallest w_{mu nu} on the manifold.

        max(0, y_mu + y_nu - Y/2) where K regions of loads y, with sum Y, all exchange currents.
        """
        return self._square(self.polytope.ranges[0])

    @property
    def greatest(self) -> np.ndarray:
        """(R, R) largest w_{mu nu} on the manifold."""
        return self._square(self.polytope.ranges[1])

    @property
    def currents(self) -> np.ndarray:
        """(R, R) whether each current is nonzero somewhere on the manifold."""
        return self.greatest > 0

    @property
    def forced(self) -> np.ndarray:
        """(R, R) whether each current is nonzero everywhere, so that its sign is constant."""
        return self.least > 0

    @property
    def dimension(self) -> int:
        """Dimension of the manifold: K(K-3)/2 where K regions all exchange currents.

        0 for isolated fixed points.
        """
        return self.polytope.dimension

    @property
    def components(self) -> int:
        """Number of connected components, 2^f with f forced pairs and self-currents.

        (A current that vanishes somewhere can change its sign there.) For isolated fixed points,
        this is their number.
        """
        return 2 ** int(np.sum(np.triu(self.forced)))

    def point(self, rng=None) -> np.ndarray:
        """(R, R) currents z at a random point of the manifold, with random signs.

        Parameters
        ----------
        rng : int, SeedSequence or Generator, optional
            Seed of the weights and signs; 0 by default.
        """
        random = generator(rng)
        signs = random.choice([-1.0, 1.0], self.c.shape)
        return self.z(self._square(self.polytope.random_point(random)), signs)

    def vertices(self) -> np.ndarray:
        """(n, R, R) weights w at the vertices of the polytope, for few regions.

        (Up to 7 regions where all exchange currents.)

        Raises
        ------
        ModelError
            If there are too many candidates to enumerate.
        """
        return np.array([self._square(one) for one in self.polytope.vertices()])

    def z(self, w, signs=1.0) -> np.ndarray:
        """(R, R) currents of weights w: z^{mu nu} = +-sqrt(w_{mu nu} / psi^mu).

        Parameters
        ----------
        w : (R, R) array
            Symmetric weights, 0 or above.
        signs : (R, R) array or float
            Signs of the currents z^{mu nu} with mu <= nu; the sign of the reciprocal current
            z^{nu mu} is that times the sign of c_{mu nu}.
        """
        w = finite_array("w", w, 2)
        if w.shape != self.c.shape or np.any(w < 0) or not np.allclose(w, w.T):
            reject("w", w, f"not a symmetric ({len(self.c)}, {len(self.c)}) matrix of numbers of "
                   "0 or above", "give one of .vertices(), or a convex combination of them")
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
    """The stable fixed points of the currents in a network of symmetric effective interactions.

    At a fixed point z^{mu nu} = c_{mu nu} psi^nu z^{nu mu}. A pair of nonzero currents requires
    c_{mu nu}^2 psi^mu psi^nu = 1, a self-current c_{mu mu} psi^mu = 1, and vanishing currents must
    not grow; these conditions determine the gain psi of every region. For c = u u^T + diag(a - b)
    with u_mu^2 = b_mu, psi = 1/max(a, b, 1), unless the load of one region exceeds the sum of those
    of the others (then the currents form a star, and fixed points are isolated). K regions with
    b > a share a continuum of fixed points of dimension K(K-3)/2 (Clark & Beiran 2025, the
    attractor manifold). For any other symmetric c the conditions determine the gains too, and
    fixed points are isolated as a rule.

    Disorder within a region contributes to its variance, which reduces its load and leaves its gain
    unchanged; the currents are then constant even where x fluctuates chaotically around them.
    Whether the delayed response of the variance destabilises nonzero currents is not tested here;
    see `dmft.fixed_points`.

    Parameters
    ----------
    network : MultiregionNetwork
        With symmetric effective interactions and U = 1, without cross_g, input, noise or bias; phi
        odd with a mean gain that decreases with the variance (erf, tanh).

    Returns
    -------
    AttractorManifold

    Raises
    ------
    ModelError
        For any other network; the message names the condition that it violates.

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
    require_zero(network, ("cross_g", "input", "noise", "bias"),
                 "the manifold is known only without it")
    if np.any(np.asarray(network.U) != np.eye(len(c))):
        reject("U", network.U, "not the identity: received directions overlap",
               "leave out U, or use dmft.energy or dmft.solve(network, times=...), which allow it")
    gains, loads = fixed_point_gains(c, network.g, network.phi)
    for array in (gains, loads):
        array.flags.writeable = False
    return AttractorManifold(c, network.g, network.phi, gains, loads)
