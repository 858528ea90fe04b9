"""symmetric_strengths: the strengths of symmetric effective interactions, after a check."""

from __future__ import annotations

import numpy as np

from ..base.checks import reject
from .multiregion_network import MultiregionNetwork
from .tuning import OVERLAP_ROUNDING

NO_ENERGY = ("its currents have no energy: see their attractor with dmft.solution_class(network, "
             "currents=...), or give a network from dmft.MultiregionNetwork.symmetric(g, c)")


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
    """
    if not isinstance(network, MultiregionNetwork):
        reject("network", network, "not a MultiregionNetwork",
               "give dmft.MultiregionNetwork.symmetric(0.0, c)")
    T = network.T
    received = np.transpose(np.asarray(network.U), (1, 0, 2))  # [mu, nu, rho] = U[nu, mu, rho]
    square = np.sum(received**2, axis=2)
    known = square > 0
    c = np.sum(T * received, axis=2) / np.where(known, square, 1.0)
    error = np.abs(T - c[:, :, None] * received)
    if np.max(error) > OVERLAP_ROUNDING * np.max(np.abs(T)):
        mu, nu, rho = np.unravel_index(np.argmax(error), error.shape)
        reject("T", float(T[mu, nu, rho]),
               f"T[{mu}, {nu}, {rho}] is not c[{mu}, {nu}] U[{nu}, {mu}, {rho}] with "
               f"c[{mu}, {nu}]={c[mu, nu]:.6g} fitted to T[{mu}, {nu}, :]: the effective "
               "interactions are not symmetric", NO_ENERGY)
    c = np.where(known, c, c.T)
    error = np.abs(c - c.T)
    if np.max(error) > OVERLAP_ROUNDING * np.max(np.abs(c)):
        mu, nu = np.unravel_index(np.argmax(error), error.shape)
        reject("T", float(T[mu, nu, mu]),
               f"the current from {nu} to {mu} is driven with c[{mu}, {nu}]={c[mu, nu]:.6g} and "
               f"the reciprocal one with c[{nu}, {mu}]={c[nu, mu]:.6g}: the effective interactions "
               "are not symmetric", NO_ENERGY)
    c = (c + c.T) / 2
    c.flags.writeable = False
    return c
