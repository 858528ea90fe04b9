"""The largest Lyapunov exponent of finite networks, by the tangent dynamics."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from dmft import Estimate
from dmft.base.annotations import Seed
from dmft.base.checks import reject
from dmft.network.network import AnyNetwork, unit_of
from dmft.network.populations import require_alike

from ..couplings.draw import Operator
from ..couplings.external_input import external_input
from ..couplings.operators import perturb, perturbation, rescale, tangent_of
from ..execution.threads import each
from ..runs.finite_size_fit import extrapolate
from ..settings.settings import Settings, Sizes, checked_settings
from ..simulation.task import (
    check_memory,
    draw_network,
    initial_states,
    quenched_bias,
    reject_diverged,
)
from ..simulation.transfer32 import transfer
from ..simulation.unit_steps import UnitSteps

# Time between renormalisations, in neuronal time constants: the norm of the tangent vectors changes
# little during it.
RENORMALISATION_TIME = 1.0


def lyapunov_exponent(network: AnyNetwork, neurons: Sizes, networks: int = 20, *, trials: int = 8,
                      duration: float = 200.0, dt: float | None = None,
                      burn_in: float | None = None, rng: Seed = None, dtype: str = "float32",
                      progress: bool | None = None, prepare: ArrayLike | None = None) -> Estimate:
    """Largest Lyapunov exponent of simulated networks.

    A tangent vector u follows (1 + d/dt) u_i = sum_j J_ij phi'(x_j) u_j along each trajectory, by
    the exact derivative of the discrete step of x. Its growth, with a renormalisation once per time
    constant, gives lambda = lim (1/t) log(norm of u(t)). Neighbouring trajectories have the same
    white noise, which cancels. Plastic couplings change with the states, and their perturbations
    are part of the tangent vector: those that the units cause, and one of the synapses alone, which
    decays at the rate 1/p, so that the exponent is at least about -1/p.

    Parameters
    ----------
    network, neurons, networks, trials, duration, dt, burn_in, rng, dtype, progress, prepare
        As for `simulate`. During the burn-in the tangent vector aligns with the direction of
        fastest growth. With several sizes the exponent is extrapolated by a + b/N.

    Returns
    -------
    Estimate ()
        Mean over networks, in inverse neuronal time constants, with its standard error over
        networks.

    Raises
    ------
    ModelError
        For an argument outside its range, fewer than two networks, or couplings with a memory
        whose tangent is not known.

    Notes
    -----
    An external input acts on the states as in `simulate`; time starts at 0 before the burn-in.

    Examples
    --------
    >>> from dmft import RandomNetwork
    >>> float(lyapunov_exponent(RandomNetwork(g=0.5), 100, 4, duration=20.0, rng=1)) < 0
    True
    """
    settings = checked_settings(network, neurons, networks, trials, duration, dt, burn_in, [0.0],
                                rng, dtype, prepare=prepare)
    require_alike(network)
    if settings.networks < 2:
        reject("networks", networks, "one network has no standard error", "give 2 or more")
    workers = check_memory(settings, streams=2)
    tasks = [(settings, size, index) for size in settings.neurons
             for index in range(settings.networks)]
    found = dict(each(_exponent, tasks, workers, progress))
    values = np.reshape([found[task] for task in tasks], (-1, settings.networks))
    return extrapolate(settings.neurons, values).intercept


def _exponent(settings: Settings, neurons: int, index: int) -> float:
    """Mean exponent over the trials of one network."""
    net, dtype, trials = settings.network, np.dtype(settings.dtype), settings.trials
    couplings, seeds = draw_network(settings, neurons, index)
    tangents = tangent_of(couplings)
    if tangents is None:
        reject("network", net, "its couplings have memory, and their tangent is not known",
               "give their operator a method tangent (see dmft.validation.couplings.operators)")
    rng = np.random.default_rng(seeds.start)
    x = initial_states(settings, neurons, rng)
    tangent = initial_states(settings, neurons, rng)
    perturb(tangents, trials, rng)
    growth = _log_growth(settings, tangents, np.hstack([x, tangent]),
                         quenched_bias(net, neurons, seeds.bias, dtype),
                         np.random.default_rng(seeds.noise), trials)
    if not np.isfinite(growth):
        reject_diverged(settings)
    return growth


def _log_growth(settings: Settings, couplings: Operator, both: np.ndarray,
                bias: np.ndarray | None, rng: np.random.Generator, trials: int) -> float:
    """Growth rate of the right half of `both` (N, 2B), which is tangent to the left half.

    NaN if the states diverge.
    """
    phi = transfer(settings.network.phi, both.dtype)
    slope = transfer(settings.network.phi.derivative, both.dtype)
    every = max(1, round(RENORMALISATION_TIME / settings.dt))
    first = -(-settings.first // every)  # renormalisations before the measurement, and during it
    measured = max(1, round(settings.duration / settings.dt) // every)
    x, u = both[:, :trials], both[:, trials:]
    rates = np.empty_like(both)
    steps = UnitSteps(unit_of(settings.network), settings.dt, settings.network.noise, both)
    external = external_input(settings.network, couplings, settings.dt, both.dtype)
    total, tangents = 0.0, slice(trials, None)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # reported by the caller
        for step in range(1, every * (first + measured) + 1):
            rates[:, :trials] = phi(x)
            np.multiply(slope(x), u, out=rates[:, trials:])
            drive = couplings.apply(rates)
            couplings.advance(rates, settings.dt)
            if bias is not None:
                drive[:, :trials] += bias
            constant = None
            if external is not None:  # acts on the states, not on the tangent vectors
                constant = np.zeros_like(both)
                constant[:, :trials] = external(step - 1)
            steps.advance(drive, constant=constant)
            if settings.network.noise > 0:
                steps.add_noise(rng, slice(0, trials))
            if step % every == 0:
                norm = np.sqrt(np.einsum("ij,ij->j", u, u) + perturbation(couplings)**2)
                steps.transform(tangents, lambda old, norm=norm: old / norm)
                rescale(couplings, 1 / norm)
                if step > every * first:
                    total += float(np.sum(np.log(norm.astype(float))))
        if not np.all(np.isfinite(x)):
            return np.nan
    return total / (trials * measured * every * settings.dt)
