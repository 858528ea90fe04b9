"""Joint spectrum of a state from the distribution of x, given as samples or as a density."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..ensembles.properties import plastic_strengths, synapses
from ..network.network import AnyNetwork, require_leaky
from ..network.structure import check_network
from .joint_density import smoothed_density
from .joint_spectrum import JointSpectrum
from .tuning import QUIESCENT_WIDTH


def quiescent_units() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and density of abs(x) at the quiescent state x = 0: a narrow box."""
    return np.array([0.0, QUIESCENT_WIDTH]), np.full(2, 1 / QUIESCENT_WIDTH)


def quiescent_spectrum(network: AnyNetwork) -> JointSpectrum:
    """The joint spectrum of the quiescent state."""
    return joint_spectrum(*quiescent_units(), 0.0, network, resting=True)


def joint_spectrum(x: ArrayLike, weight: ArrayLike | None, C: ArrayLike, network: AnyNetwork, *,
                   bandwidth: float | None = None, resting: bool = False) -> JointSpectrum:
    """Joint spectrum of neurons and plastic synapses, from the distribution of x over the units.

    Its support is g^2 <phi'^2/abs(1 + lambda - k C phi'/(1 + p lambda))^2> > 1 (Clark & Abbott
    2024, the joint Jacobian; see `JointSpectrum`).

    Parameters
    ----------
    x : (m,), (r, m) or (n,) array
        Samples of x, one row for each of r independent replicates; or, with `weight`, ascending
        nodes.
    weight : None or (n,) array
        Density at the nodes (of abs(x) where phi is odd); it is normalised to integral one.
    C : float or (r,) array
        Mean square of phi at equal times: for each replicate, or for all.
    network : Network
        With plastic couplings.
    bandwidth : float, optional
        Standard deviation of the Gaussian that smooths samples, above 0; Silverman's rule by
        default.
    resting : bool
        Whether the state is a fixed point, whose isolated eigenvalues are then computed.

    Returns
    -------
    JointSpectrum

    Raises
    ------
    ModelError
        For a network without plastic couplings, arrays of a wrong shape, or a negative density.

    Examples
    --------
    >>> import numpy as np
    >>> from dmft import PlasticNetwork
    >>> x = np.linspace(0.0, 6.0, 400)
    >>> spectrum = joint_spectrum(x, np.exp(-x**2 / 2), 0.39, PlasticNetwork(2.0, -1.0, 2.5))
    >>> spectrum.contains([-1.0, 3.0])
    array([ True, False])
    """
    check_network(network)
    if not synapses(network.ensembles):
        checks.reject("network", network, "has no plastic couplings",
                      "give dmft.PlasticNetwork(...), or use dmft.jacobian_spectrum")
    require_leaky(network, "the joint spectrum of units and synapses")
    plastic_strengths(network.ensembles)
    each = np.atleast_1d(checks.finite_array("C", C))
    if np.any(each < 0) or each.ndim > 1:
        checks.reject("C", C, "negative, or of more than one dimension",
                      "give <phi^2>, one number or one for each replicate")
    given = checks.finite_array("x", x)
    odd = network.phi.odd
    if weight is None:
        if given.ndim not in (1, 2) or given.size < 10:
            checks.reject("x", given.shape, "not ten samples or more in one or two dimensions",
                          "give (m,) or (replicates, m) samples")
        rows = np.atleast_2d(given)
        if len(each) not in (1, len(rows)):
            checks.reject("C", C, "not one for each replicate", f"give {len(rows)} numbers")
        if bandwidth is not None:
            checks.positive("bandwidth", bandwidth)
        if not np.any(rows):
            checks.reject("x", given, "all zero", "for the quiescent state give dmft.solve's "
                          "solution to dmft.jacobian_spectrum, or nodes with a weight")
        grid, density = smoothed_density(rows, odd, bandwidth)
        groups = density if len(rows) > 1 else np.zeros((0, len(grid)))
        return JointSpectrum(network, float(each.mean()), grid, density.mean(axis=0), groups,
                             np.broadcast_to(each, len(groups)).copy(), resting)
    density = checks.finite_array("weight", weight)
    if given.ndim != 1 or density.shape != given.shape or np.any(np.diff(given) < 0):
        checks.reject("x", given.shape, "not ascending nodes with a density at each",
                      "give x (n,) and weight (n,)")
    total = float(np.trapezoid(density, given))
    if np.any(density < 0) or total <= 0:
        checks.reject("weight", weight, "negative somewhere, or zero everywhere", "give a density")
    return JointSpectrum(network, float(each.mean()), given, density / total,
                         np.zeros((0, len(given))), np.zeros(0), resting)
