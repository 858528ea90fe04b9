"""Growth of many tangent vectors along one trajectory, with repeated orthonormalisation."""

from __future__ import annotations

import numpy as np
from scipy.linalg import solve_triangular

from dmft.network.network import unit_of

from ..couplings.external_input import external_input
from ..couplings.operators import Operator, matrix_of
from ..settings.settings import Settings
from ..simulation.task import draw_network, initial_states, quenched_bias, reject_diverged
from ..simulation.transfer32 import transfer
from ..simulation.unit_steps import UnitSteps
from .plastic_variation import PlasticVariation, with_tangents


def growth(settings: Settings, neurons: int, network: int, count: int, every: float,
           synapse_weight: float) -> dict[str, np.ndarray]:
    """Exponents (M,), fractions in the synapses (M,) and mean trace () of one network."""
    net = settings.network
    couplings, seeds = draw_network(settings, neurons, network)
    start = np.random.default_rng(seeds.start)
    x = initial_states(settings, neurons, start)
    acting, plastic = with_tangents(couplings, count, start)
    both = np.hstack([x, start.standard_normal((neurons, count))])
    between = max(1, round(every / settings.dt))
    first = -(-settings.first // between)
    measured = max(1, round(settings.duration / settings.dt) // between)
    logs, shares, trace = np.zeros(count), np.zeros(count), 0.0
    run = Tangents(settings, acting, plastic, both, quenched_bias(net, neurons, seeds.bias, float),
                   np.random.default_rng(seeds.noise), synapse_weight)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for turn in range(first + measured):
            traces = [run.step() for _ in range(between)]
            if not np.all(np.isfinite(run.both)):
                reject_diverged(settings)
            grown, share = run.orthonormalise()
            if turn >= first:
                logs += np.log(grown)
                shares += share
                trace += float(np.mean(traces))
    time = measured * between * settings.dt
    return {"exponents": logs / time, "share": shares / measured,
            "trace": np.array(trace / measured)}


class Tangents:
    """x and M tangent vectors of the units, side by side in (N, 1 + M), and those of the synapses.

    The squared norm of a tangent vector is |delta x|^2 + synapse_weight |delta A|^2.
    """

    def __init__(self, settings: Settings, couplings: Operator,
                 plastic: PlasticVariation | None, both: np.ndarray, bias: np.ndarray | None,
                 rng: np.random.Generator, synapse_weight: float = 1.0):
        self.root = np.sqrt(synapse_weight)
        self.settings, self.couplings, self.plastic = settings, couplings, plastic
        self.both, self.bias, self.rng = both, bias, rng
        net = settings.network
        self.phi, self.slope = transfer(net.phi, float), transfer(net.phi.derivative, float)
        self.unit_steps = UnitSteps(unit_of(net), settings.dt, net.noise, both)
        self.external = external_input(net, couplings, settings.dt, float)
        self.steps = 0

    def rates(self) -> np.ndarray:
        """phi, and phi' times the tangent vectors."""
        x = self.both[:, :1]
        return np.hstack([self.phi(x), self.slope(x) * self.both[:, 1:]])

    def step(self) -> float:
        """Advance by one step; return the trace of the joint Jacobian before it."""
        rates, dt = self.rates(), self.settings.dt
        drive, trace = self.couplings.apply(rates), self.trace(rates)
        self.couplings.advance(rates, dt)
        if self.bias is not None:
            drive[:, :1] += self.bias
        constant = None
        if self.external is not None:  # acts on the states, not on the tangent vectors
            constant = np.zeros_like(self.both)
            constant[:, :1] = self.external(self.steps)
        self.unit_steps.advance(drive, constant=constant)
        if self.settings.network.noise > 0:
            self.unit_steps.add_noise(self.rng, slice(0, 1))
        self.steps += 1
        return trace

    def trace(self, rates: np.ndarray) -> float:
        """Trace of the joint Jacobian: -1 + W_ii phi'_i for each unit, -1/p for each synapse.

        NaN in discrete time, where the exponents sum to the logarithm of a determinant.
        """
        if unit_of(self.settings.network).time_step is not None:
            return np.nan
        N = len(rates)
        own = np.diagonal(matrix_of(self.couplings, rates, 0))
        synapses = 0.0 if self.plastic is None else N * N / self.plastic.p
        return float(own @ self.slope(self.both[:, 0])) - N - synapses

    def orthonormalise(self) -> tuple[np.ndarray, np.ndarray]:
        """Growth factor (M,) of each vector orthogonal to the ones before, and synaptic fraction.

        The fraction (M,) is that of its squared norm in the synapses.
        """
        N, rates = len(self.both), self.rates()
        rows = self.both[:, 1:].T
        if self.plastic is not None:
            rows = np.hstack([rows, self.root * self.plastic.full_tangents(rates)])
        vectors, R = np.linalg.qr(rows.T)
        # the previous drive belongs to the old vectors too
        self.unit_steps.transform(slice(1, None),
                                  lambda old: solve_triangular(R, old.T, trans="T").T)
        self.both[:, 1:] = vectors[:N]
        if self.plastic is not None:
            self.plastic.set_tangents(self.rates(), vectors[N:].T / self.root)
        return np.abs(np.diagonal(R)), np.sum(vectors[N:] ** 2, axis=0)
