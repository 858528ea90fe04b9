"""rotated_network: a given connectivity matrix in a random basis, with all pairs of its modes."""

from __future__ import annotations

from ..base import checks
from ..ensembles.matrix import Matrix
from ..network.network import Network
from ..network.nonlinearity import Nonlinearity, tanh
from .connectivity_modes import AnyConnectivity, measured_modes
from .tuning import MAX_NEURONS


def rotated_network(J: AnyConnectivity, phi: Nonlinearity = tanh, noise: float = 0.0,
                    g: float | None = None, remove_mean: bool = True) -> Network:
    """The network of a connectivity matrix, up to a random rotation of neuronal space.

    J = Q A Q^T with the given matrix A and a random rotation Q. The singular values, and the
    overlaps of all pairs of left and right modes, are those of A (`dmft.Matrix`).

    Parameters
    ----------
    J : (N, N) array, Connectivity, scipy.sparse matrix or ConnectivityModes
        The matrix A: couplings from neuron j (column) to neuron i (row), or their measured modes;
        at most 1500 neurons.
    phi : Nonlinearity
        Transfer function.
    noise : float
        Strength sigma of the white noise, <xi xi> = 2 sigma^2 delta(t - t'); 0 or above.
    g : float, optional
        Rescale the matrix to this g_eff, above 0.
    remove_mean : bool
        Subtract the mean coupling first; without effect on ConnectivityModes.

    Returns
    -------
    Network

    Raises
    ------
    ModelError
        For more than 1500 neurons, and as for `dmft.measure_connectivity`.

    Examples
    --------
    >>> import numpy as np
    >>> J = np.random.default_rng(1).standard_normal((40, 40)) / np.sqrt(40)
    >>> rotated_network(J, g=0.5).ensembles[0].matrix.shape
    (40, 40)
    """
    found = measured_modes(J, remove_mean)
    if found.neurons > MAX_NEURONS:
        checks.reject("J", found.matrix.shape, "too large to include all pairs of modes",
                      f"use at most {MAX_NEURONS} neurons, or "
                      "dmft.RandomModeNetwork.from_connectivity")
    return Network((Matrix(found.matrix * found.scale(g)),), phi, noise)
