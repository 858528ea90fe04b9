"""Eigenvalues of the joint Jacobian of units and synapses, at states of simulated networks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from dmft import Hebbian
from dmft.base.allocation import require
from dmft.base.annotations import Seed
from dmft.base.checks import reject
from dmft.equations import plasticity
from dmft.network.gains import unit_gains
from dmft.network.network import AnyNetwork, require_leaky
from dmft.network.structure import structure

from ..couplings.operators import matrix_of
from ..execution.threads import each
from ..settings.settings import Settings, checked_settings
from ..simulation.task import check_memory
from .freezing_run import HaltedNetwork


def jacobian_eigenvalues(network: AnyNetwork, neurons: int, networks: int = 1, *, trials: int = 1,
                         dt: float = 0.1, burn_in: float | None = None,
                         prepare: ArrayLike | None = None, rng: Seed = None,
                         dtype: str = "float32", progress: bool | None = None) -> np.ndarray:
    """Eigenvalues of the dynamics linearised at stationary states of simulated networks.

    Units and synapses together have N + N^2 eigenvalues: those of a 2N x 2N matrix (see
    `joint_matrix`), and -1/p for all others (Clark & Abbott 2024, the joint Jacobian). Without
    plasticity they are the N eigenvalues of -1 + J phi'.

    Parameters
    ----------
    network : Network
        A network of one region, without gains.
    neurons : int
        N, 2 or above.
    networks, trials : int
        Networks drawn, and states of each, from independent initial states.
    dt, burn_in, prepare, rng, dtype, progress
        As for `simulate`; the state is the one at the end of the burn-in.

    Returns
    -------
    complex array (networks, trials, 2N)
        With N instead of 2N without plasticity. In inverse neuronal time constants; computed in
        float64.

    Raises
    ------
    ModelError
        For an argument outside its range, a network with several regions, gains, or more than one
        plastic ensemble.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> jacobian_eigenvalues(PlasticNetwork(2.0, 1.0, 2.5), 30, burn_in=20.0, rng=1).shape
    (1, 1, 60)
    """
    settings = checked_settings(network, neurons, networks, trials, dt, dt, burn_in, [0.0], rng,
                                dtype, prepare=prepare)
    if len(settings.neurons) > 1:
        reject("neurons", neurons, "several sizes", "give one")
    size = settings.neurons[0]
    plastic_part(network)
    require_leaky(network, "the Jacobian of a state", "give unit=dmft.Leaky()")
    require(6 * (2 * size) ** 2 * 8.0, "neurons", size, "give fewer neurons")
    workers = check_memory(settings)
    tasks = [(settings, size, index) for index in range(settings.networks)]
    found = dict(each(_eigenvalues, tasks, workers, progress))
    eigenvalues = np.array([found[task] for task in tasks])
    eigenvalues.flags.writeable = False
    return eigenvalues


def plastic_part(network) -> Hebbian | None:
    """The plastic ensemble of a network, or None; rejects networks that cannot be linearised."""
    if structure(network).kinds > 1:
        reject("network", network, "has several regions", "give one region")
    if unit_gains(network) is not None:
        reject("network", network, "has gains", "give a network without")
    plastic = [one for one in network.ensembles if isinstance(one, Hebbian) and one.k != 0]
    if len(plastic) > 1:
        reject("network", network, "has several plastic ensembles", "give one")
    return plastic[0] if plastic else None


def joint_matrix(W: np.ndarray, phi: np.ndarray, slope: np.ndarray,
                 plastic: Hebbian | None) -> np.ndarray:
    """The matrix [[-1 + W Phi', 1], [(k C Phi' + (k/N) phi phi^T Phi')/p, -1/p]], (2N, 2N).

    With v = delta A phi the linearised dynamics is closed: (1 + lambda) u = W Phi' u + v and
    (1 + p lambda) v = k C Phi' u + (k/N) phi phi^T Phi' u, C = |phi|^2/N.

    Parameters
    ----------
    W : (N, N) array
        All couplings, including plastic ones.
    phi, slope : (N,) arrays
        phi and phi' at the state.
    plastic : Hebbian or None
        The plastic ensemble; for None the result is the (N, N) block of the units.
    """
    N = len(phi)
    units = W * slope - np.eye(N)
    if plastic is None:
        return units
    k, p = plastic.k, plastic.p
    C = float(phi @ phi) / N
    synaptic_block = np.diag(plasticity.joint_synaptic_block_diagonal(slope, C, k, p))
    synaptic_block += plasticity.joint_synaptic_block_rank_one(phi[:, None], phi, slope, k, p) / N
    return np.block([[units, np.eye(N)], [synaptic_block, -np.eye(N) / p]])


def _eigenvalues(settings: Settings, neurons: int, network: int) -> np.ndarray:
    """Eigenvalues (B, 2N) of one network."""
    net = settings.network
    one = HaltedNetwork(settings, neurons, network)
    for _ in one.run((settings.first + 1) * settings.dt):
        pass
    found = []
    for trajectory in range(settings.trials):
        W = matrix_of(one.couplings, one.phi, trajectory).astype(float)
        x = one.x[:, trajectory].astype(float)
        matrix = joint_matrix(W, net.phi(x), net.phi.derivative(x), plastic_part(net))
        found.append(np.linalg.eigvals(matrix))
    return np.array(found, dtype=complex)
