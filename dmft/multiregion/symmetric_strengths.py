"""symmetric_strengths: whether the effective interactions are symmetric, and how strong."""

from __future__ import annotations

import numpy as np

from ..base.checks import reject
from .multiregion_network import MultiregionNetwork

ROUNDING = 1e-9  # of overlaps, relative to the largest


def symmetric_strengths(network: MultiregionNetwork) -> np.ndarray:
    """The symmetric c of effective interactions T[mu, nu, rho] = c[mu, nu] U[nu, mu, rho].

    Each current is answered along the direction that it came by, and equally strongly (Clark &
    Beiran 2025, symmetric effective interactions). With U = 1 they are the T for which the matrix
    delta_{nu rho} T^{mu nu sigma} of the currents' dynamics is symmetric.

    Parameters
    ----------
    network : MultiregionNetwork
        Such as `MultiregionNetwork.symmetric(g, c)`.

    Returns
    -------
    (R, R) array
        c. Where the direction from mu in nu is zero, c[mu, nu] acts on nothing and is that of
        the answer, c[nu, mu].

    Raises
    ------
    ModelError
        If T is not of this form, to 1e-9: the message names the entry that breaks it.
    """
    if not isinstance(network, MultiregionNetwork):
        reject("network", network, "not a MultiregionNetwork",
               "give dmft.MultiregionNetwork.symmetric(g, c)")
    T = network.T
    received = np.transpose(np.asarray(network.U), (1, 0, 2))  # [mu, nu, rho] = U[nu, mu, rho]
    square = np.sum(received**2, axis=2)
    known = square > 0
    c = np.sum(T * received, axis=2) / np.where(known, square, 1.0)
    error = np.abs(T - c[:, :, None] * received)
    if np.max(error) > ROUNDING * np.max(np.abs(T)):
        mu, nu, rho = np.unravel_index(np.argmax(error), error.shape)
        reject("T", float(T[mu, nu, rho]),
               f"T[{mu}, {nu}, {rho}] is not c[{mu}, {nu}] U[{nu}, {mu}, {rho}] with the "
               f"c[{mu}, {nu}]={c[mu, nu]:.6g} of its neighbours: the effective interactions are "
               "not symmetric", "build the network with MultiregionNetwork.symmetric(g, c)")
    c = np.where(known, c, c.T)
    error = np.abs(c - c.T)
    if np.max(error) > ROUNDING * np.max(np.abs(c)):
        mu, nu = np.unravel_index(np.argmax(error), error.shape)
        reject("T", float(T[mu, nu, mu]),
               f"the current from {nu} to {mu} is passed on with c[{mu}, {nu}]={c[mu, nu]:.6g} "
               f"and its answer with c[{nu}, {mu}]={c[nu, mu]:.6g}: the effective interactions "
               "are not symmetric", "build the network with MultiregionNetwork.symmetric(g, c)")
    c = (c + c.T) / 2
    c.flags.writeable = False
    return c
