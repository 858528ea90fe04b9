"""Enumeration of the fixed points of small plastic networks, starting from all sign patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmft import Estimate
from dmft.base.annotations import Seed
from dmft.base.checks import reject, whole
from dmft.network.network import AnyNetwork, require_leaky
from dmft.network.structure import structure

from ..couplings.draw import draw_sum
from ..execution.threads import cores, each
from ..settings.settings import Sizes, checked_sizes, seed_of
from .fixed_point_roots import find_fixed_points
from .joint_jacobian import joint_matrix, plastic_part
from .tuning import LARGEST_SIZE


@dataclass(frozen=True, eq=False)
class FixedPointCounts:
    """Fixed points of K networks of each of S sizes; a point and its mirror image count as two.

    Parameters
    ----------
    network : Network
        The network whose fixed points are counted.
    neurons : (S,) tuple of int
        Sizes N.
    stable, unstable : (S, K) arrays
        Numbers of fixed points without and with an unstable mode of the joint dynamics, except
        x = 0. Stable ones attract states with the same signs, and are all found (except for a few
        with a small basin of attraction); unstable ones are found only if Newton's method reaches
        them.
    C : (S, K) array
        Mean of phi^2 over the stable points of a network; NaN if it has none.

    Examples
    --------
    >>> from dmft import PlasticNetwork, validation
    >>> found = validation.enumerate_fixed_points(PlasticNetwork(0.0, 3.0, 2.5), 4, 2, rng=1)
    >>> found.neurons, found.stable
    ((4,), array([[16, 16]]))
    """

    network: Any
    neurons: tuple[int, ...]
    stable: np.ndarray
    unstable: np.ndarray
    C: np.ndarray

    @property
    def growth(self) -> Estimate:
        """(S,) log <number of stable points> / N; minus infinity if there are none."""
        mean = self.stable.mean(axis=1)
        stderr = self.stable.std(axis=1, ddof=1) / np.sqrt(self.stable.shape[1])
        N = np.array(self.neurons, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return Estimate(np.log(mean) / N, stderr / (mean * N))


def enumerate_fixed_points(network: AnyNetwork, neurons: Sizes, networks: int = 100, *,
                           rng: Seed = None, progress: bool | None = None) -> FixedPointCounts:
    """Count the fixed points x = J phi + k C phi, C the mean of phi^2, of small networks.

    The dynamics with instantaneous synapses, A = (k/N) phi phi^T, has the same fixed points as the
    plastic network. It is relaxed from each of the 2^(N-1) sign patterns (half of all, since phi is
    odd), and Newton's method starts from the relaxed states and from the sign patterns. The
    stability of a point is determined by the joint Jacobian of units and synapses, with the time
    constant of the synapses (Clark & Abbott 2024, the stable fixed points of Hebbian networks).

    Parameters
    ----------
    network : Network
        A network with one plastic ensemble, without noise, bias or gains, and with an odd phi.
    neurons : int or tuple of int
        N, from 2 to 18.
    networks : int
        Networks drawn of each size, 2 or more.
    rng, progress
        As for `simulate`.

    Returns
    -------
    FixedPointCounts

    Raises
    ------
    ModelError
        For an argument outside its range, or a network of another kind.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> enumerate_fixed_points(PlasticNetwork(0.0, 3.0, 2.5), 4, 2, rng=1).stable
    array([[16, 16]])
    """
    structure(network)  # rejects what is not a network
    require_leaky(network, "the list of fixed points", "give unit=dmft.Leaky()")
    if plastic_part(network) is None:
        reject("network", network, "has no plastic couplings", "give a PlasticNetwork with k != 0")
    if network.noise > 0 or network.bias > 0:
        reject("network", network, "has noise or a bias", "give a network without")
    if not np.allclose(network.phi(-np.ones(1)), -network.phi(np.ones(1))):
        reject("phi", network.phi, "not odd", "give tanh, erf, or another odd function")
    counts, networks = checked_sizes(neurons), whole("networks", networks, 2)
    if counts[-1] > LARGEST_SIZE:
        reject("neurons", neurons, f"2^{counts[-1] - 1} starts", f"give at most {LARGEST_SIZE}")
    seed = seed_of(rng)
    tasks = [(network, *seed, size, index) for size in counts for index in range(networks)]
    found = dict(each(_count_fixed_points, tasks, cores(), progress))
    table = np.reshape([found[task] for task in tasks], (len(counts), networks, 3))
    stable, unstable, C = np.moveaxis(table, 2, 0)
    arrays = (stable.astype(int), unstable.astype(int), C.copy())
    for array in arrays:
        array.flags.writeable = False
    return FixedPointCounts(network, counts, *arrays)


def _count_fixed_points(network, entropy, spawn_key, neurons: int,
                        index: int) -> tuple[float, float, float]:
    """Numbers of stable and unstable points of one network, and the mean C of the stable ones."""
    points, eigenvalues = fixed_points_of(network, entropy, spawn_key, neurons, index)
    stable = points[eigenvalues.real.max(axis=1) < 0]
    C = float(np.mean(network.phi(stable) ** 2)) if len(stable) else np.nan
    return 2.0 * len(stable), 2.0 * (len(points) - len(stable)), C


def fixed_points_of(network, entropy, spawn_key, neurons: int,
                    index: int) -> tuple[np.ndarray, np.ndarray]:
    """Fixed points (F, N) of one network without x = 0, and the joint eigenvalues (F, 2N) at each.

    One of each pair x, -x. The network is number `index` of `enumerate_fixed_points` at this seed.
    """
    seed = np.random.SeedSequence(entropy, spawn_key=(*spawn_key, neurons, index)).spawn(1)[0]
    couplings = draw_sum(network.ensembles, neurons, seed, np.dtype(float))
    J = couplings.apply(np.eye(neurons))  # plastic couplings are zero before the first step
    plastic = plastic_part(network)
    assert plastic is not None
    points = find_fixed_points(J, plastic.k, network.phi, network.phi.derivative)
    eigenvalues = np.empty((len(points), 2 * neurons), dtype=complex)
    for row, x in zip(eigenvalues, points, strict=True):
        phi = network.phi(x)
        W = J + plastic.k / neurons * np.outer(phi, phi)
        row[:] = np.linalg.eigvals(joint_matrix(W, phi, network.phi.derivative(x), plastic))
    return points, eigenvalues
