"""freeze: halt plasticity in simulated networks, and release it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dmft import Estimate, Hebbian
from dmft.base.annotations import Seed
from dmft.base.checks import nonnegative, reject, whole
from dmft.network.network import AnyNetwork
from dmft.network.structure import structure

from ..execution.threads import each
from ..settings.settings import Settings, Sizes, checked_settings
from ..simulation.task import check_memory
from .freezing_run import freeze_and_release


@dataclass(frozen=True, eq=False)
class Freezes:
    """Effects of halting plasticity: K networks of each of S sizes, F freezes of each network.

    Parameters
    ----------
    settings : Settings
        Settings of the simulation: `duration` is the time allowed to reach a fixed point.
    per_freeze : dict of arrays (S, K, F)
        "converged", 1 if the halted network reached a fixed point, otherwise 0. The following are
        NaN without a fixed point: "time", when it was reached; "overlap" of phi at the halt with
        phi at the fixed point, phi0 . phi* over the product of their norms; "C", mean of phi*^2;
        "q", g^2 times the mean of phi'^2 there; "abscissa", the largest real part of the
        eigenvalues of -1 + W phi' there, if requested. Of all freezes, also of those that keep
        moving: "halted_overlap", the overlap of phi with phi at the halt, and "static_share", the
        share of the mean of phi^2 that is constant, over the second half of the halt (1 at a fixed
        point). "C_before" is the mean of phi0^2; "C_after"
        that of phi^2 over the second half of the time after the release; "overlap_after" that of
        phi at its end with phi at the release; "moving" is 1 if the states were time-dependent at
        its end.

    Examples
    --------
    >>> from dmft import PlasticNetwork, validation
    >>> found = validation.freeze(PlasticNetwork(1.5, 2.0, 2.5), 100, 2, burn_in=50.0, after=20.0,
    ...                           rng=1)
    >>> found.neurons, found.q.shape
    ((100,), (1,))
    """

    settings: Settings
    per_freeze: dict[str, np.ndarray]

    @property
    def neurons(self) -> tuple[int, ...]:
        """The S sizes, ascending."""
        return self.settings.neurons

    @property
    def converged(self) -> Estimate:
        """(S,) fraction f of the n freezes that reached a fixed point.

        Its standard error is the binomial one, for (n f + 1) of n + 2 freezes, so that it is not
        zero if all or none converged; or the scatter over networks, if that is larger.
        """
        rows = self.per_freeze["converged"].mean(axis=2)
        freezes = rows.shape[1] * self.settings.trials
        fraction = rows.mean(axis=1)
        mild = (freezes * fraction + 1) / (freezes + 2)
        binomial = np.sqrt(mild * (1 - mild) / (freezes + 2))
        scatter = (rows.std(axis=1, ddof=1) / np.sqrt(rows.shape[1]) if rows.shape[1] > 1
                   else np.zeros(len(rows)))
        return Estimate(fraction, np.maximum(binomial, scatter if self.settings.trials > 1 else 0))

    @property
    def moving(self) -> Estimate:
        """(S,) mean over networks of the fraction of freezes that are active after the release."""
        return self.mean("moving")

    @property
    def overlap(self) -> Estimate:
        """(S,) overlap of phi at the halt with phi at the fixed point."""
        return self.mean("overlap")

    @property
    def halted_overlap(self) -> Estimate:
        """(S,) overlap of phi with phi at the halt, over its second half; moving states too."""
        return self.mean("halted_overlap")

    @property
    def static_share(self) -> Estimate:
        """(S,) share of the mean of phi^2 that is constant while halted; 1 at a fixed point."""
        return self.mean("static_share")

    @property
    def C(self) -> Estimate:
        """(S,) mean square of phi at the fixed point."""
        return self.mean("C")

    @property
    def q(self) -> Estimate:
        """(S,) g^2 times the mean of phi'^2 at the fixed point: stable below 1."""
        return self.mean("q")

    def mean(self, quantity: str) -> Estimate:
        """(S,) mean over networks of the mean over freezes, of those that have the quantity.

        The standard error is over networks; NaN if fewer than two have the quantity.
        """
        values, errors = [], []
        for size in self.per_freeze[quantity]:
            rows = np.array([np.mean(row[np.isfinite(row)]) for row in size
                             if np.any(np.isfinite(row))])
            values.append(rows.mean() if len(rows) else np.nan)
            errors.append(rows.std(ddof=1) / np.sqrt(len(rows)) if len(rows) > 1 else np.nan)
        return Estimate(values, errors)

    def __repr__(self) -> str:
        kind = f"{self.settings.networks} networks of {self.neurons} neurons"
        return (f"Freezes({self.settings.network!r}: {kind}, {self.settings.trials} freezes each, "
                f"converged={self.converged.value}, overlap={self.overlap.value}, "
                f"C={self.C.value}, q={self.q.value})")


def freeze(network: AnyNetwork, neurons: Sizes, networks: int = 20, *, freezes: int = 1,
           duration: float = 300.0, after: float = 100.0, dt: float = 0.1,
           burn_in: float | None = None, prepare: ArrayLike | None = None, rng: Seed = None,
           dtype: str = "float32", abscissa: bool = False, progress: bool | None = None) -> Freezes:
    """Halt plasticity in simulated networks, find the fixed points reached, and release it.

    A network runs to its stationary state, and plasticity is halted: W = J + A(t0) from then on. If
    the network with fixed W reaches a fixed point, its chaos is freezable (Clark & Abbott 2024,
    freezable chaos): the plastic part of its couplings stores the state at the halt. Then
    plasticity is resumed, starting from A(t0).

    Parameters
    ----------
    network : Network
        A network with plastic couplings.
    neurons : int or tuple of int
        N, 2 or above.
    networks : int
        Networks drawn of each size.
    freezes : int
        Freezes of each network, from independent initial states.
    duration : float
        Time allowed for the halted network to reach a fixed point, where states change by less
        than 1e-4 of their norm per time constant. Close to q = 1 the relaxation is slow.
    after : float
        Time after the release; 0 for none.
    dt, burn_in, prepare, rng, dtype, progress
        As for `simulate`; `burn_in` is the time before the halt.
    abscissa : bool
        Compute the eigenvalues of the frozen Jacobian at the fixed points: of order N^3.

    Returns
    -------
    Freezes

    Raises
    ------
    ModelError
        For an argument outside its range, a network without plastic couplings, with noise, or of
        several regions.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> found = freeze(PlasticNetwork(1.5, 2.0, 2.5), 100, 2, burn_in=50.0, after=20.0, rng=1)
    >>> found.converged.shape
    (1,)
    """
    after = nonnegative("after", after)
    settings = freezing_settings(network, neurons, networks, freezes, duration, dt, burn_in,
                                 prepare, rng, dtype)
    workers = check_memory(settings)
    tasks = [(settings, size, index, after, abscissa) for size in settings.neurons
             for index in range(settings.networks)]
    found: dict[tuple, dict[str, Any]] = dict(each(freeze_and_release, tasks, workers, progress))
    results = [found[task] for task in tasks]
    shape = (len(settings.neurons), settings.networks, settings.trials)
    arrays = {name: np.reshape([one[name] for one in results], shape) for name in results[0]}
    for array in arrays.values():
        array.flags.writeable = False
    return Freezes(settings, arrays)


def freezing_settings(network, neurons, networks, freezes, duration, dt, burn_in, prepare, rng,
                      dtype) -> Settings:
    """Checked settings; rejects networks that have no plasticity to halt, or no fixed point."""
    freezes = whole("freezes", freezes)
    settings = checked_settings(network, neurons, networks, freezes, duration, dt, burn_in, [0.0],
                                rng, dtype, prepare=prepare)
    if not any(isinstance(one, Hebbian) for one in network.ensembles):
        reject("network", network, "has no plastic couplings to halt", "give a PlasticNetwork")
    if network.noise > 0:
        reject("network", network, "has noise, and reaches no fixed point", "give noise=0")
    if structure(network).kinds > 1:
        reject("network", network, "has several regions", "give one region")
    return settings
