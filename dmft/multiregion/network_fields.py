"""Fields of a MultiregionNetwork: their checks, and the low-rank couplings that they define."""

from __future__ import annotations

import numpy as np

from ..base import checks
from ..base.errors import ModelError
from ..ensembles.low_rank import LowRank
from ..network.inputs import Input, signal_at
from .measured.regional_weights import RegionalWeights


def overlaps_of_rank(T) -> tuple[np.ndarray, tuple[int, ...]]:
    """T as given, checked, and the shape (R, R) or (R, R, K) of the currents."""
    array = checks.finite_array("T", T)
    R = len(array) if array.ndim else 0
    if array.ndim == 5:
        K = array.shape[2]
        if array.shape != (R, R, K, R, K):
            checks.reject("T", array.shape, "not of shape (R, R, K, R, K)",
                          "give T[mu, nu, k, rho, l] for R regions and rank K")
        return checks.bounded("T", array), (R, R, K)
    if array.ndim != 3 or array.shape != (R, R, R):
        checks.reject("T", array.shape, "not of shape (R, R, R)",
                      "give T[mu, nu, rho] for R regions, or T[mu, nu, k, rho, l] for rank K")
    return checks.bounded("T", array), (R, R)


def region_strengths(g, R: int) -> np.ndarray:
    """(R,) strengths of the disorder within regions; a number applies to all."""
    array = checks.finite_array("g", g)
    if array.ndim == 0:
        array = np.full(R, float(array))
    if array.shape != (R,):
        checks.reject("g", array.shape, f"not of shape ({R},)", "give one strength per region")
    if np.any(array < 0):
        checks.reject("g", array.tolist(), "holds a negative strength",
                      "give strengths of 0 or above")
    checks.bounded("g", array)
    array.flags.writeable = False
    return array


def cross_strengths(cross_g, R: int) -> np.ndarray:
    """(R, R) strengths of the disorder between regions."""
    array = checks.finite_array("cross_g", cross_g, 2)
    if array.shape != (R, R):
        checks.reject("cross_g", array.shape, f"not of shape ({R}, {R})",
                      "give one strength per pair of regions")
    if np.any(array < 0) or np.any(np.diag(array)):
        checks.reject("cross_g", array.tolist(), "holds a negative strength, or is not zero on "
                      "the diagonal", "give strengths of 0 or above between regions; those within "
                      "regions are g")
    checks.bounded("cross_g", array)
    return array


def region_shares(share, R: int) -> np.ndarray:
    """(R,) shares of the units, which sum to 1."""
    array = np.atleast_1d(checks.finite_array("share", share))
    if array.shape != (R,):
        checks.reject("share", array.shape, f"not of shape ({R},)", "give one number per region")
    if np.any(array <= 0):
        checks.reject("share", array.tolist(), "holds a number that is not positive",
                      "give the relative sizes of the regions, each above 0")
    checks.bounded("share", array)
    array = array / np.sum(array)
    array.flags.writeable = False
    return array


def receiving_overlaps(U, shape: tuple[int, ...]) -> np.ndarray:
    """Overlaps of the receiving directions, for currents of this shape; the identity for None."""
    R, rank = shape[0], shape[2:]
    wanted = (R, R, *rank, R, *rank)
    if U is None:
        own = R * int(np.prod(rank))
        U = np.broadcast_to(np.eye(own), (R, own, own)).reshape(wanted)
    array = checks.finite_array("U", U)
    if array.shape != wanted:
        checks.reject("U", array.shape, f"not of shape {wanted}", "give "
                      + ("U[nu, rho, k, rho', l]" if rank else "U[nu, rho, rho']")
                      + " for every region")
    checks.bounded("U", array)
    return array


def check_input(given, shape: tuple[int, ...]) -> None:
    """Check an external input against the shape of the currents."""
    if not isinstance(given, Input):
        checks.reject("input", given, "not an Input", "give dmft.Input(signal, V)")
    for name in ("V", "W"):
        value = getattr(given, name)
        if value is not None and value.shape != shape:
            checks.reject("input", value.shape, f"{name} is not of shape {shape}",
                          "give one overlap per pair of regions"
                          + (", and per current between them" if len(shape) > 2 else ""))
    if isinstance(given.signal, np.ndarray) and given.signal.shape != shape[:1]:
        checks.reject("input", given.signal.shape, f"the signal is not of shape ({shape[0]},)",
                      "give one number per region")
    signal_at(given.signal, 0.0, shape[0])


def check_weights(network) -> None:
    """Check that given weights are those of the network's T, but for currents left out."""
    weights, T = network.weights, network.T
    if not isinstance(weights, RegionalWeights):
        checks.reject("weights", weights, "not the measurement of a weight matrix",
                      "use dmft.MultiregionNetwork.from_weights(W, regions)")
    same = weights.T.shape == T.shape and np.all((weights.T == T) | (T == 0.0))
    disorder = network.disorder
    if not same or not np.all((weights.g == disorder) | (disorder == 0.0)):
        checks.reject("weights", weights, "have other overlaps or disorder than the network",
                      "give weights=None, so that networks are drawn")


def low_rank_couplings(T: np.ndarray, U: np.ndarray, external: Input | None,
                       shape: tuple[int, ...]) -> LowRank:
    """The low-rank ensemble of these overlaps; errors name the network's fields.

    Current p = (mu R + nu) K + k arrives along direction p of region mu; the directions of the
    external inputs come last.
    """
    R, K = shape[0], int(np.prod(shape[2:]))
    T, U = T.reshape(R, R, K, R * K), U.reshape(R, R * K, R * K)
    source, target = np.tile(np.repeat(np.arange(R), K), R), np.repeat(np.arange(R), R * K)
    inputs = 0 if external is None else R
    target = np.concatenate([target, np.arange(inputs)])
    P = R * R * K
    overlaps, covariance = np.zeros((P, P + inputs)), np.eye(P + inputs)
    for nu in range(R):
        own = nu * R * K + np.arange(R * K)  # what nu receives
        sent = np.flatnonzero(source == nu)
        overlaps[np.ix_(sent, own)] = T[:, nu].reshape(R * K, R * K)
        covariance[np.ix_(own, own)] = U[nu]
        if external is not None:
            last = P + nu
            overlaps[sent, last] = external.V[:, nu].ravel()
            if external.W is not None:
                covariance[own, last] = covariance[last, own] = external.W[nu].ravel()
    try:
        return LowRank(source, target, overlaps, covariance, R)
    except ModelError as error:
        crossed = external is not None and external.W is not None
        message = str(error).replace("covariance=", "U with input.W=" if crossed else "U=", 1)
        raise ModelError(message.replace("overlaps=", "T=", 1)) from None
