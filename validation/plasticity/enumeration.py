"""Fixed points of small plastic networks, enumerated from all patterns of signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmft import Estimate
from dmft.base.annotations import Seed
from dmft.base.checks import reject, whole
from dmft.network.network import AnyNetwork

from ..couplings.draw import draw_sum
from ..execution.threads import cores, each
from ..settings.settings import Sizes, check_network, checked_sizes, seed_of
from .fixed_point_roots import find_fixed_points
from .joint_jacobian import joint_matrix, plastic_part

LARGEST = 18  # units: 2^17 starts


@dataclass(frozen=True, eq=False)
class FixedPointCounts:
    """Fixed points of K networks of each of S sizes; a point and its mirror image count as two.

    Parameters
    ----------
    network : Network
        Whose points they are.
    neurons : (S,) tuple of int
        Sizes.
    stable, unstable : (S, K) arrays
        Points without, and with, a growing mode of the joint dynamics; rest at zero is not
        counted. Stable ones attract what starts near their signs, and are all found (but for a
        few with a narrow basin); of the unstable ones only those that Newton's method meets.
    C : (S, K) array
        Mean of phi^2 over a network's stable points; NaN where it has none.
    """

    network: Any
    neurons: tuple[int, ...]
    stable: np.ndarray
    unstable: np.ndarray
    C: np.ndarray

    @property
    def growth(self) -> Estimate:
        """(S,) log <number of stable points> / N; minus infinity where there are none."""
        mean = self.stable.mean(axis=1)
        stderr = self.stable.std(axis=1, ddof=1) / np.sqrt(self.stable.shape[1])
        N = np.array(self.neurons, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return Estimate(np.log(mean) / N, stderr / (mean * N))


def enumerate_fixed_points(network: AnyNetwork, neurons: Sizes, networks: int = 100, *,
                           rng: Seed = None, progress: bool = False) -> FixedPointCounts:
    """Count the fixed points x = J phi + k C phi, C the mean of phi^2, of small networks.

    The dynamics with synapses that follow at once, A = (k/N) phi phi^T, has the fixed points of
    the plastic network. It is relaxed from each of the 2^(N-1) patterns of signs (half of them:
    phi is odd), and Newton's method goes on from where that ends and from the patterns
    themselves. Whether a point is stable says the joint Jacobian of units and synapses, with the
    synapses' own time constant (Clark & Abbott 2024, the stable fixed points of Hebbian networks).

    Parameters
    ----------
    network : Network
        With one plastic ensemble, without noise, bias or gains, and with an odd phi.
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
    check_network(network)
    if plastic_part(network) is None:
        reject("network", network, "has no plastic couplings", "give a PlasticNetwork with k != 0")
    if network.noise > 0 or network.bias > 0:
        reject("network", network, "has noise or a bias", "give a network without")
    if not np.allclose(network.phi(-np.ones(1)), -network.phi(np.ones(1))):
        reject("phi", network.phi, "not odd", "give tanh, erf, or another odd function")
    counts, networks = checked_sizes(neurons), whole("networks", networks, 2)
    if counts[-1] > LARGEST:
        reject("neurons", neurons, f"2^{counts[-1] - 1} starts", f"give at most {LARGEST}")
    seed = seed_of(rng)
    tasks = [(network, *seed, size, index) for size in counts for index in range(networks)]
    found = dict(each(_counted, tasks, cores(), progress))
    table = np.reshape([found[task] for task in tasks], (len(counts), networks, 3))
    stable, unstable, C = np.moveaxis(table, 2, 0)
    arrays = (stable.astype(int), unstable.astype(int), C.copy())
    for array in arrays:
        array.flags.writeable = False
    return FixedPointCounts(network, counts, *arrays)


def _counted(network, entropy, spawn_key, neurons: int, index: int) -> tuple[float, float, float]:
    """Stable and unstable points of one network, and the mean C of the stable ones."""
    seed = np.random.SeedSequence(entropy, spawn_key=(*spawn_key, neurons, index)).spawn(1)[0]
    couplings = draw_sum(network.ensembles, neurons, seed, np.dtype(float))
    J = couplings.apply(np.eye(neurons))  # plastic couplings are zero before they are moved on
    plastic, stable = plastic_part(network), []
    assert plastic is not None
    points = find_fixed_points(J, plastic.k, network.phi, network.phi.derivative)
    for x in points:
        phi = network.phi(x)
        W = J + plastic.k / neurons * np.outer(phi, phi)
        growing = np.linalg.eigvals(joint_matrix(W, phi, network.phi.derivative(x), plastic))
        if growing.real.max() < 0:
            stable.append(phi @ phi / neurons)
    C = float(np.mean(stable)) if stable else np.nan
    return 2.0 * len(stable), 2.0 * (len(points) - len(stable)), C
