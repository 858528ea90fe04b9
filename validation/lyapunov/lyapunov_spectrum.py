"""lyapunov_spectrum: many exponents of finite networks, units and synapses together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dmft import Estimate
from dmft.base.allocation import require
from dmft.base.annotations import Seed
from dmft.base.checks import finite_array, positive, reject, whole
from dmft.network.network import AnyNetwork, unit_of
from dmft.network.populations import require_alike
from dmft.plots.axes import EXPONENT, axes_for, finished
from dmft.plots.style import ORANGE

from ..execution.threads import cores, each
from ..plasticity.joint_jacobian import plastic_part
from ..settings.settings import checked_settings
from .tangent_growth import growth


@dataclass(frozen=True, eq=False)
class LyapunovSpectrum:
    """The first M exponents of K networks of N neurons.

    Parameters
    ----------
    network : Network
        The network that was simulated.
    neurons : int
        N.
    per_network : dict of arrays
        "exponents" (K, M), in descending order up to sampling errors, in inverse neuronal time
        constants; "share" (K, M), time average of w dA^2 / (dx^2 + w dA^2) of the
        orthonormal vectors, with sums of squares over all entries, N and N^2, and w the
        `synapse_weight`; "trace" (K,), time average of the trace of the joint Jacobian, which
        equals the sum of all N + N^2 exponents.

    Examples
    --------
    >>> from dmft import PlasticNetwork, validation
    >>> found = validation.lyapunov_spectrum(PlasticNetwork(2.0, 1.0, 2.5), 10, 2, count=3,
    ...                                      duration=5.0, burn_in=5.0, rng=1)
    >>> found.neurons, found.per_network["exponents"].shape
    (10, (2, 3))
    """

    network: Any
    neurons: int
    per_network: dict[str, np.ndarray]

    @property
    def exponents(self) -> Estimate:
        """(M,) exponents, with their standard errors over networks."""
        return _over_networks(self.per_network["exponents"])

    @property
    def lowest(self) -> float:
        """Threshold from which on all exponents of every network are known; -inf if M is complete.

        It is the highest of the last exponents of the networks.
        """
        rows, N = self.per_network["exponents"], self.neurons
        complete = N if plastic_part(self.network) is None else N + N * N
        return -np.inf if rows.shape[1] == complete else float(rows.min(axis=1).max())

    def fractions(self, s: ArrayLike) -> np.ndarray:
        """1 minus the number of exponents above s over N, one row for each network: (K, ...).

        Without plasticity it is the fraction below s; with it, the N^2 exponents of synapses are
        not counted.

        Raises
        ------
        ModelError
            For s below the lowest exponents that were computed.
        """
        s = finite_array("s", s)
        if np.any(s < self.lowest):
            reject("s", float(np.min(s)), f"below {self.lowest:.4g}, from where on exponents were "
                   "computed", "give larger values, or simulate with a larger count")
        return np.array([1 - np.sum(row > s[..., None], axis=-1) / self.neurons
                         for row in self.per_network["exponents"]])

    @property
    def rounding(self) -> float:
        """Standard error of F by the rounding of counts to whole numbers, 1/(N sqrt(12 K))."""
        return 1 / (self.neurons * np.sqrt(12 * len(self.per_network["exponents"])))

    def F(self, s: ArrayLike) -> Estimate:
        """Mean of the `fractions` over networks, to be compared with F of `dmft.lyapunov_spectrum`.

        Standard errors are over networks, and not below `rounding`, since the counts may be equal
        in all networks.
        """
        found = _over_networks(self.fractions(s))
        return Estimate(found.value, np.maximum(found.stderr, self.rounding))

    @property
    def entropy_rate(self) -> Estimate:
        """Sum of the positive exponents over N; NaN if all that were computed are positive."""
        rows = self.per_network["exponents"]
        sums = np.sum(np.maximum(rows, 0), axis=1) / self.neurons
        return _over_networks(np.where(rows.min(axis=1) > 0, np.nan, sums))

    @property
    def share(self) -> Estimate:
        """(M,) fraction of the squared norm of each vector that is in the synapses."""
        return _over_networks(self.per_network["share"])

    def plot(self, axes: Any = None) -> Any:
        """Draw the exponents against their rank over N, with standard errors over networks.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw, for example over the `plot` of `dmft.lyapunov_spectrum`, the fraction of
            exponents above s; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes = axes_for(axes)
        found = self.exponents
        rank = (np.arange(len(found)) + 0.5) / self.neurons
        axes.errorbar(found.value, rank, xerr=found.stderr, fmt="o", color=ORANGE, capsize=2.0,
                      markersize=3.0, label=f"networks, N = {self.neurons}")
        return finished(axes, EXPONENT, "fraction of exponents above $s$")

    @property
    def dimension(self) -> Estimate:
        """Kaplan-Yorke dimension per neuron: j + (sum of the first j) / abs(the next), over N.

        j is the largest number of exponents whose sum is 0 or above. NaN if the sum of all M
        exponents is not negative.
        """
        return _over_networks(np.array([kaplan_yorke(row) / self.neurons
                                        for row in self.per_network["exponents"]]))


def lyapunov_spectrum(network: AnyNetwork, neurons: int, networks: int = 4, *,
                      count: int | None = None, duration: float = 100.0, every: float = 2.0,
                      dt: float | None = None, burn_in: float | None = None,
                      prepare: ArrayLike | None = None, rng: Seed = None,
                      synapse_weight: float = 1.0, progress: bool | None = None
                      ) -> LyapunovSpectrum:
    """The first Lyapunov exponents of simulated networks, in descending order.

    M tangent vectors in the space of units and synapses, of dimension N + N^2, follow the
    derivative of the step, and are orthonormalised every few time constants (Benettin et al. 1980);
    the growth rate of each is an exponent. Operations per step are of order M N^2, and with
    plasticity memory is too. On one core a network of 1000 neurons with all its exponents takes two
    and a half minutes, 60 exponents of a plastic network of 200 neurons half a minute.

    Parameters
    ----------
    network : Network
        A network of one region, without gains, and with at most one plastic ensemble.
    neurons : int
        N.
    networks : int
        Networks drawn, 2 or more.
    count : int, optional
        M, at most N, and N + N^2 with plasticity; by default N, and 2N with plasticity. Most of
        the N + N^2 exponents are near -1/p: those below it are obtained only with all of them.
    duration : float
        Time over which growth is averaged, after the burn-in, in which the vectors align.
    every : float
        Time between two orthonormalisations, from dt to the duration.
    dt, burn_in, prepare, rng, progress
        As for `simulate`. Computed in float64.
    synapse_weight : float
        Weight w of dA^2 in the norm dx^2 + w dA^2. Exponents do not depend on it, but shares do:
        with w = 1 those of leading vectors decrease like 1/N, since their delta A is the product of
        delta phi with phi over N; with w = N they are comparable between sizes.

    Returns
    -------
    LyapunovSpectrum

    Raises
    ------
    ModelError
        For an argument outside its range, a network of another kind, or activity that diverges.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> found = lyapunov_spectrum(PlasticNetwork(2.0, 1.0, 2.5), 10, 2, count=3, duration=5.0,
    ...                           burn_in=5.0, rng=1)
    >>> found.exponents.shape
    (3,)
    """
    settings = checked_settings(network, neurons, networks, 1, duration, dt, burn_in, [0.0], rng,
                                "float64", prepare=prepare)
    if len(settings.neurons) > 1:
        reject("neurons", neurons, "several sizes", "give one")
    if settings.networks < 2:
        reject("networks", networks, "one network has no standard error", "give 2 or more")
    require_alike(network)
    unit = unit_of(network)
    if unit.delay or len(unit.rates) > 1:
        reject("unit", unit, "has a state beyond x, whose tangent vectors are not orthonormalised",
               "give dmft.Leaky() or dmft.Map(a), or use dmft.validation.lyapunov_exponent")
    N, plastic = settings.neurons[0], plastic_part(network)
    directions = N if plastic is None else N + N * N
    if count is None:
        count = N if plastic is None else 2 * N
    count = whole("count", count)
    if count > directions:
        reject("count", count, f"more than the {directions} directions", "give fewer")
    every = positive("every", every)
    if every < settings.dt or every > settings.duration:
        reject("every", every, "shorter than a step or longer than the duration", "give 2")
    synapse_weight = positive("synapse_weight", synapse_weight)
    fitting = require(8.0 * 6 * count * directions, "count", count, "give fewer, or fewer neurons")
    tasks = [(settings, N, index, count, every, synapse_weight)
             for index in range(settings.networks)]
    found = dict(each(growth, tasks, int(min(cores(), fitting)), progress))
    names = ("exponents", "share", "trace")
    arrays = {name: np.array([found[task][name] for task in tasks]) for name in names}
    for array in arrays.values():
        array.flags.writeable = False
    return LyapunovSpectrum(network, N, arrays)


def kaplan_yorke(exponents: np.ndarray) -> float:
    """j + (sum of the first j) / |the next| for exponents (M,); 0 if the first is negative."""
    sums = np.cumsum(np.sort(exponents)[::-1])
    below = np.flatnonzero(sums < 0)
    if not below.size:
        return np.nan
    j = int(below[0])
    return j + (sums[j - 1] if j else 0.0) / abs(np.sort(exponents)[::-1][j])


def _over_networks(rows: np.ndarray) -> Estimate:
    return Estimate(rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(len(rows)))
