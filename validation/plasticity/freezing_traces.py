"""Traces of a few units and synapses, with plasticity halted for a time and released."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dmft.base.annotations import Seed
from dmft.base.checks import nonnegative, reject, whole
from dmft.network.network import AnyNetwork

from ..simulation.task import check_memory
from .freezing import freezing_settings
from .freezing_run import HaltedNetwork


@dataclass(frozen=True, eq=False)
class Traces:
    """Traces x (m, units) of a few units at times t (m,), which start at 0.

    A (m, units, units) has the plastic couplings among these units, of order 1/N: A_ij is the input
    to unit i from unit j per phi_j. It is constant while plasticity is halted.

    Plasticity is halted at time `halted`, and released at time `released`; times are in neuronal
    time constants.

    Examples
    --------
    >>> from dmft import PlasticNetwork, validation
    >>> traces = validation.freeze_traces(PlasticNetwork(1.5, 1.0, 2.5), 50, 3, before=5.0,
    ...                                   during=10.0, after=5.0, burn_in=20.0, rng=1)
    >>> traces.x.shape, traces.A.shape, float(traces.t[-1])
    ((201, 3), (201, 3, 3), 20.0)
    """

    t: np.ndarray
    x: np.ndarray
    A: np.ndarray
    halted: float
    released: float


def freeze_traces(network: AnyNetwork, neurons: int, units: int = 5, *, before: float = 50.0,
                  during: float = 100.0, after: float = 50.0, dt: float = 0.1,
                  burn_in: float | None = None, prepare: ArrayLike | None = None,
                  rng: Seed = None, dtype: str = "float32") -> Traces:
    """Traces of the first `units` of one network, and of the plastic couplings among them.

    Plasticity is halted after a time, and released.

    Parameters
    ----------
    network, neurons, dt, burn_in, prepare, rng, dtype
        As for `freeze`, for one size; the network is the first one of `freeze` with this rng.
    units : int
        Number of units.
    before, during, after : float
        Recorded times before the halt, while plasticity is halted, and after its release.

    Returns
    -------
    Traces

    Raises
    ------
    ModelError
        For an argument outside its range, or a network that `freeze` rejects.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> traces = freeze_traces(PlasticNetwork(1.5, 1.0, 2.5), 50, 3, before=5.0, during=10.0,
    ...                        after=5.0, burn_in=20.0, rng=1)
    >>> traces.x.shape, traces.halted, traces.released
    ((201, 3), 5.0, 15.0)
    """
    neurons, units = whole("neurons", neurons, 2), whole("units", units)
    if units > neurons:
        reject("units", units, f"more than the {neurons} neurons", "give fewer")
    spans = [nonnegative(name, time) for name, time in
             (("before", before), ("during", during), ("after", after))]
    settings = freezing_settings(network, neurons, 1, 1, max(spans[1], dt), dt, burn_in, prepare,
                                 rng, dtype)
    check_memory(settings)
    one = HaltedNetwork(settings, neurons, 0)
    for _ in one.run((settings.first + 1) * settings.dt):
        pass
    shown, plastic = [one.x[:units, 0].copy()], [one.synapses(units)]
    for span, then in zip(spans, (one.halt, one.release, None), strict=True):
        for _, x, _ in one.run(span):
            shown.append(x[:units, 0].copy())
            plastic.append(one.synapses(units))
        if then is not None:
            then()
    t = np.arange(len(shown)) * settings.dt
    x, A = np.array(shown, dtype=float), np.array(plastic, dtype=float)
    t.flags.writeable = x.flags.writeable = A.flags.writeable = False
    return Traces(t, x, A, round(spans[0] / settings.dt) * settings.dt,
                  round((spans[0] + spans[1]) / settings.dt) * settings.dt)
