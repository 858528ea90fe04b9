"""energy: Lyapunov function of the currents where effective interactions are symmetric."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from .mean_gain import mean_gain
from .multiregion_network import MultiregionNetwork
from .tuning import OVERLAP_ROUNDING

NO_ENERGY = ("its currents have no energy: see their attractor with dmft.solution_class(network, "
             "currents=...), or give a network from dmft.MultiregionNetwork.symmetric(g, c)")


def energy(network: MultiregionNetwork, z: ArrayLike) -> np.ndarray:
    """Energy of currents z in a network of symmetric effective interactions without disorder.

    With T[mu, nu, rho] = c_{mu nu} U^nu_{mu rho}, Delta^nu = sum_{rho rho'} z^{nu rho}
    U^nu_{rho rho'} z^{nu rho'}, F(Delta) = <int_0^x phi> over a Gaussian x of variance Delta, and
    v^{nu rho} = dF/dz^{nu rho} = psi^nu (U^nu z^nu)_rho,

        E = -1/2 sum c_{mu nu} v^{mu nu} v^{nu mu} + sum z^{nu rho} v^{nu rho} - sum F(Delta^nu).

    Along the mean-field dynamics dz/dt = -z + S it changes as dE/dt = -(dz/dt)^T F'' (dz/dt), with
    F'' = <phi' m m^T>: for a nondecreasing phi it never increases, and the currents converge to a
    fixed point (Clark & Beiran 2025, the energy of symmetric effective interactions). For erf
    F = (2/pi) (sqrt(1 + pi Delta/2) - 1). With disorder no function of the currents alone always
    decreases: a single current (R = 1, T = 2, g = 1.7) rises from 0.3 to 0.83 and returns to 0.60,
    because the variance due to disorder follows it with a delay.

    Parameters
    ----------
    network : MultiregionNetwork
        With g = 0, no cross_g, input, noise or bias; any phi.
    z : (..., R, R) array
        Filtered currents; z[mu, nu] goes from nu to mu. May be a trajectory, (nt, R, R).

    Returns
    -------
    (...) array
        E, exact to about 1e-14 of its largest term for erf and tanh.

    Raises
    ------
    ModelError
        For a network without an energy (the message gives the reason), and for z of a wrong shape.

    Warns
    -----
    ResolutionWarning
        If phi is not smooth enough for its mean gain to be accurate to 1e-9.

    Examples
    --------
    >>> import dmft
    >>> net = dmft.MultiregionNetwork.symmetric(0.0, [[2.0]])
    >>> round(float(energy(net, [[1.38197660]])), 9)  # at its fixed point, psi = 1/2
    -0.159154943
    """
    c = symmetric_strengths(network)
    require_zero(network, ("g", "cross_g", "input", "noise", "bias"),
                 "an energy is known only without it")
    R = network.regions
    z = checks.bounded("z", checks.finite_array("z", z))
    if z.ndim < 2 or z.shape[-2:] != (R, R):
        checks.reject("z", z.shape, f"does not end in ({R}, {R})",
                      "give currents z[mu, nu] from nu to mu")
    along = np.einsum("nrs,...ns->...nr", np.asarray(network.U), z)
    # U has an eigenvalue of about -1e-17, for zero, where directions are linearly dependent
    Delta = np.maximum(np.sum(z * along, axis=-1), 0.0)
    averages = mean_gain(network.phi, float(np.max(Delta)) or 1.0)
    v = averages.gain(Delta)[..., None] * along
    interaction = np.sum(c * v * np.swapaxes(v, -1, -2), axis=(-1, -2))
    decay = np.sum(z * v, axis=(-1, -2))
    return -interaction / 2 + decay - np.sum(averages.potential(Delta), axis=-1)


def require_zero(network: MultiregionNetwork, names: tuple[str, ...], why: str) -> None:
    """Reject a network in which one of these fields is not zero (or is given, for an input)."""
    for name in names:
        value = getattr(network, name)
        if value is not None and (name == "input" or np.any(value)):
            problem = "given" if name == "input" else "not zero"
            checks.reject(name, value, f"{problem}: {why}", f"give a network without {name}")


def symmetric_strengths(network: MultiregionNetwork) -> np.ndarray:
    """The symmetric c of effective interactions T[mu, nu, rho] = c[mu, nu] U[nu, mu, rho].

    Each current drives the reciprocal one along the direction by which it is received, and both
    with the same strength (Clark & Beiran 2025, symmetric effective interactions). With U = 1
    these are the T for which the matrix delta_{nu rho} T^{mu nu sigma} of the currents' dynamics
    is symmetric.

    Parameters
    ----------
    network : MultiregionNetwork
        Network such as `MultiregionNetwork.symmetric(g, c)`.

    Returns
    -------
    (R, R) array
        c. Where the direction in which nu receives from mu is zero, c[mu, nu] has no effect, and
        the value c[nu, mu] of the reciprocal interaction is returned for it.

    Raises
    ------
    ModelError
        If T is not of this form to within 1e-9; the message names the entry that violates it.

    Examples
    --------
    >>> import dmft
    >>> network = dmft.MultiregionNetwork.symmetric(0.0, [[0.0, 1.2], [1.2, 0.0]])
    >>> dmft.symmetric_strengths(network)
    array([[0. , 1.2],
           [1.2, 0. ]])
    """
    if not isinstance(network, MultiregionNetwork):
        checks.reject("network", network, "not a MultiregionNetwork",
               "give dmft.MultiregionNetwork.symmetric(0.0, c)")
    if network.T.ndim == 5:
        checks.reject("network", network, "has the form of rank K: the energy is derived for one "
                      "current between two regions", NO_ENERGY)
    T = network.T
    received = np.transpose(np.asarray(network.U), (1, 0, 2))  # [mu, nu, rho] = U[nu, mu, rho]
    square = np.sum(received**2, axis=2)
    known = square > 0
    c = np.sum(T * received, axis=2) / np.where(known, square, 1.0)
    error = np.abs(T - c[:, :, None] * received)
    if np.max(error) > OVERLAP_ROUNDING * np.max(np.abs(T)):
        mu, nu, rho = np.unravel_index(np.argmax(error), error.shape)
        checks.reject("T", float(T[mu, nu, rho]),
               f"T[{mu}, {nu}, {rho}] is not c[{mu}, {nu}] U[{nu}, {mu}, {rho}] with "
               f"c[{mu}, {nu}]={c[mu, nu]:.6g} fitted to T[{mu}, {nu}, :]: the effective "
               "interactions are not symmetric", NO_ENERGY)
    c = np.where(known, c, c.T)
    error = np.abs(c - c.T)
    if np.max(error) > OVERLAP_ROUNDING * np.max(np.abs(c)):
        mu, nu = np.unravel_index(np.argmax(error), error.shape)
        checks.reject("T", float(T[mu, nu, mu]),
               f"the current from {nu} to {mu} is driven with c[{mu}, {nu}]={c[mu, nu]:.6g} and "
               f"the reciprocal one with c[{nu}, {mu}]={c[nu, mu]:.6g}: the effective interactions "
               "are not symmetric", NO_ENERGY)
    c = (c + c.T) / 2
    c.flags.writeable = False
    return c
