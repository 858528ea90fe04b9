"""One task in time: one network of one size, drawn, prepared, simulated and observed."""

from __future__ import annotations

from typing import Any

import numpy as np

from dmft.network.populations import populations
from dmft.network.structure import region_sizes

from ..couplings.draw import loadings_of
from ..settings.time_settings import TimeSettings
from .observer import AVERAGES, Observer
from .population_steps import by_population
from .task import diverged, draw_network, prepared_states, reject_diverged, trajectory
from .tuning import DIVERGENCE_CHECK_STEPS


def run_in_time(settings: TimeSettings, neurons: int, network: int) -> dict[str, Any]:
    """Simulate one network of one size from its prepared initial state on.

    Returns
    -------
    dict
        "z", "S", of the shape (m, *current_shape), "variance", "mean", "rates", "power", "psi"
        (m, R) at the m times of observation; with `pairs` also "Delta", "C_phi" (R, m, m).

    Raises
    ------
    ModelError
        If the activity diverges.
    """
    couplings, seeds = draw_network(settings, neurons, network)
    loadings = loadings_of(couplings)
    x = prepared_states(settings, neurons, loadings, np.random.default_rng(seeds.start))
    sizes = region_sizes(settings.network, neurons)
    slope = by_population(populations(settings.network), sizes, np.dtype(settings.dtype),
                          derivative=True)
    observer = Observer(settings.steps, sizes, loadings, slope, settings.currents, settings.dt,
                        settings.pairs)
    path = trajectory(settings, neurons, couplings, x, seeds)
    with np.errstate(over="ignore", invalid="ignore"):  # overflow raises ModelError below
        for step, (now, phi) in zip(range(observer.last + 1), path, strict=False):
            observer.record(step, now, phi)
            if step % DIVERGENCE_CHECK_STEPS == 0 and diverged(now):
                reject_diverged(settings)
    if not (np.all(np.isfinite(observer.variance)) and np.all(np.isfinite(observer.S))):
        reject_diverged(settings)
    shape = (len(settings.at), *settings.current_shape)
    result = {"z": observer.z.reshape(shape), "S": observer.S.reshape(shape),
              **{name: getattr(observer, name) for name in AVERAGES}}
    if observer.correlations is not None:
        result["Delta"], result["C_phi"] = observer.correlations
    return result
