"""energy: the function that currents descend where effective interactions are symmetric."""

from __future__ import annotations

import numpy as np

from ..base import checks
from .mean_gain import mean_gain
from .multiregion_network import MultiregionNetwork
from .symmetric_strengths import symmetric_strengths


def energy(network: MultiregionNetwork, z) -> np.ndarray:
    """Energy of currents z in a network of symmetric effective interactions without disorder.

    With T[mu, nu, rho] = c_{mu nu} U^nu_{mu rho}, Delta^nu = sum_{rho rho'} z^{nu rho}
    U^nu_{rho rho'} z^{nu rho'}, F(Delta) = <int_0^x phi> over a Gaussian x of variance Delta, and
    v^{nu rho} = dF/dz^{nu rho} = psi^nu (U^nu z^nu)_rho,

        E = -1/2 sum c_{mu nu} v^{mu nu} v^{nu mu} + sum z^{nu rho} v^{nu rho} - sum F(Delta^nu).

    Along the theory's dz/dt = -z + S it changes as dE/dt = -(dz/dt)^T F'' (dz/dt), with
    F'' = <phi' m m^T>: never up for a phi that does not fall, to a fixed point of the currents
    (Clark & Beiran 2025, the energy of symmetric effective interactions). For erf
    F = (2/pi) (sqrt(1 + pi Delta/2) - 1). With disorder no function of the currents alone falls
    always: a single current (R = 1, T = 2, g = 1.7) rises from 0.3 to 0.83 and comes back to
    0.60, as the disorder's variance follows it late.

    Parameters
    ----------
    network : MultiregionNetwork
        With g = 0, no cross_g, input, noise or bias; any phi.
    z : (..., R, R) array
        Filtered currents; z[mu, nu] goes from nu to mu. A trajectory (nt, R, R) as well.

    Returns
    -------
    (...) array
        E, exact to about 1e-14 of its largest term for erf and tanh.

    Raises
    ------
    ModelError
        For a network that has no energy (the message says why), and z of a wrong shape.

    Warns
    -----
    ResolutionWarning
        If phi is not smooth enough for its mean gain to be known to 1e-9.

    Examples
    --------
    >>> import dmft
    >>> net = dmft.MultiregionNetwork.symmetric(0.0, [[2.0]])
    >>> round(float(energy(net, [[1.38197660]])), 9)  # at its fixed point, psi = 1/2
    -0.159154943
    """
    c = symmetric_strengths(network)
    refuse(network, ("g", "cross_g", "input", "noise", "bias"), "no energy is known with it")
    R = network.regions
    z = checks.bounded("z", checks.finite_array("z", z))
    if z.ndim < 2 or z.shape[-2:] != (R, R):
        checks.reject("z", z.shape, f"does not end in ({R}, {R})",
                      "give currents z[mu, nu] from nu to mu")
    along = np.einsum("nrs,...ns->...nr", np.asarray(network.U), z)
    # U may have an eigenvalue of -1e-17 for directions that depend on one another
    Delta = np.maximum(np.sum(z * along, axis=-1), 0.0)
    averages = mean_gain(network.phi, float(np.max(Delta)) or 1.0)
    v = averages.gain(Delta)[..., None] * along
    answered = np.sum(c * v * np.swapaxes(v, -1, -2), axis=(-1, -2))
    passed = np.sum(z * v, axis=(-1, -2))
    return -answered / 2 + passed - np.sum(averages.potential(Delta), axis=-1)


def refuse(network: MultiregionNetwork, names: tuple[str, ...], why: str) -> None:
    """Refuse a network of which one of these fields moves the units."""
    for name in names:
        value = getattr(network, name)
        if value is not None and (name == "input" or np.any(value)):
            checks.reject(name, value, f"not zero: {why}", f"give a network without {name}")
