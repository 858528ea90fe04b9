"""The joint spectrum of a state whose units' x is known, as samples or as a density."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..ensembles.properties import plastic_strengths, synapses
from ..network.network import AnyNetwork
from .joint_density import smoothed_density
from .joint_spectrum import JointSpectrum

SPIKE = 1e-6  # width of the distribution of x at quiescence


def quiescent_units() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and density of abs(x) where every unit rests at zero: a narrow box."""
    return np.array([0.0, SPIKE]), np.full(2, 1 / SPIKE)


def quiescent_spectrum(network: AnyNetwork) -> JointSpectrum:
    """The joint spectrum of the quiescent state."""
    return joint_spectrum(*quiescent_units(), 0.0, network, resting=True)


def joint_spectrum(x: ArrayLike, weight: ArrayLike | None, C: ArrayLike, network: AnyNetwork, *,
                   bandwidth: float | None = None, resting: bool = False) -> JointSpectrum:
    """Support of the joint spectrum, from the distribution of x over the units.

    Parameters
    ----------
    x : (m,), (r, m) or (n,) array
        Samples of x, a row for each of r independent repeats; or, with `weight`, ascending nodes.
    weight : None or (n,) array
        Density at the nodes (of abs(x) where phi is odd), brought to integral one.
    C : float or (r,) array
        Mean square of phi at one time; of each repeat, or of all.
    network : Network
        With plastic couplings.
    bandwidth : float, optional
        Of the Gaussian that smooths samples.
    resting : bool
        Whether the state is a fixed point.

    Returns
    -------
    JointSpectrum

    Raises
    ------
    ModelError
        For a network without plastic couplings, arrays of a wrong shape, or a negative density.
    """
    if not synapses(network.ensembles):
        checks.reject("network", network, "has no plastic couplings",
                      "give dmft.PlasticNetwork(...), or use dmft.jacobian_spectrum")
    plastic_strengths(network.ensembles)
    each = np.atleast_1d(checks.finite_array("C", C))
    if np.any(each < 0) or each.ndim > 1:
        checks.reject("C", C, "negative, or no mean square per repeat", "give <phi^2>")
    given = checks.finite_array("x", x)
    odd = network.phi.odd
    if weight is None:
        if given.ndim not in (1, 2) or given.size < 10:
            checks.reject("x", given.shape, "not samples", "give (m,) or (repeats, m) samples")
        rows = np.atleast_2d(given)
        if len(each) not in (1, len(rows)):
            checks.reject("C", C, "not one for each repeat", f"give {len(rows)} numbers")
        if bandwidth is not None:
            checks.positive("bandwidth", bandwidth)
        if not np.any(rows):
            checks.reject("x", given, "all zero", "give the weight at nodes for a state at rest")
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
        checks.reject("weight", weight, "negative, or zero", "give a density")
    return JointSpectrum(network, float(each.mean()), given, density / total,
                         np.zeros((0, len(given))), np.zeros(0), resting)
