"""Synapses of an ensemble of your own: its mean, computed from the past activity of the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dmft import DerivedEnsemble
from dmft.base.checks import reject
from dmft.own.synapse_rules import Rule, synapse_rules

from .tuning import LONGEST_MEMORY, MEMORY_TAIL


@dataclass(frozen=True, eq=False)
class _OnGrid:
    """One rule at a step: weights of pairs of steps of the past, and steps of delay."""

    rule: Rule
    weights: np.ndarray  # (T,), or (T, T) where the two units are taken at different instants
    delay_i: int
    delay_j: int


def memory_steps(ensemble: DerivedEnsemble, dt: float) -> int:
    """Number of past steps that matter."""
    rules = synapse_rules(ensemble)
    return max(_horizon(one, dt) + max(_steps(one.delay_i, dt), _steps(one.delay_j, dt))
               for one in rules) + 1


class Synapses:
    """The current sum_j J_ij(t) phi_j(t), with J_ij(t) an integral over the past of both units.

    J itself is never formed: the current of unit i is its own past activity, weighted with the
    overlaps of the past activities of the network with the present one. Integrals are trapezoidal
    sums over the steps. The past is zero at the start.
    """

    memoryless = False

    def __init__(self, ensemble: DerivedEnsemble, neurons: int):
        self.ensemble, self.neurons = ensemble, neurons
        self.rules: tuple[_OnGrid, ...] = ()
        self.past: np.ndarray | None = None  # (B, 2 T, N): the last T steps, newest first
        self.place = self.length = 0

    def apply(self, phi: np.ndarray) -> np.ndarray:
        if self.past is None:
            return np.zeros_like(phi)
        now = np.ascontiguousarray(phi.T)  # (B, N): trajectory by trajectory
        self.past[:, self.place - 1] = now
        return sum(self._current(one, now) for one in self.rules).T  # type: ignore[union-attr]

    def _current(self, one: _OnGrid, now: np.ndarray) -> np.ndarray:
        """(B, N) currents by one rule."""
        weights, T = one.weights.astype(now.dtype), len(one.weights)
        if one.rule.has_j:
            overlaps = np.matmul(self._window(one.delay_j, T), now[:, :, None])[..., 0]
            overlaps /= now.dtype.type(now.shape[1])
        else:
            overlaps = np.broadcast_to(now.mean(axis=1, keepdims=True), (len(now), T))
        factors = overlaps @ weights.T if weights.ndim == 2 else overlaps * weights
        if not one.rule.has_i:
            return np.broadcast_to(factors.sum(axis=1, keepdims=True), now.shape)
        return np.matmul(factors[:, None], self._window(one.delay_i, T))[:, 0]

    def _window(self, delay: int, T: int) -> np.ndarray:
        """(B, T, N) activities `delay` steps ago, and at the T - 1 steps before."""
        assert self.past is not None
        first = self.place - 1 + delay
        return self.past[:, first:first + T]

    def advance(self, phi: np.ndarray, dt: float) -> None:
        if self.past is None:
            self.rules = tuple(_on_grid(one, dt) for one in synapse_rules(self.ensemble))
            self.length = memory_steps(self.ensemble, dt) + 1
            self.past = np.zeros((phi.shape[1], 3 * self.length, len(phi)), dtype=phi.dtype)
            self.place = 2 * self.length
        if self.place == 1:
            self.past[:, -self.length:] = self.past[:, 1:self.length + 1]
            self.place = len(self.past[0]) - self.length
        self.place -= 1
        self.past[:, self.place] = phi.T


def _steps(delay: float, dt: float) -> int:
    return round(delay / dt)


def _horizon(rule: Rule, dt: float) -> int:
    """Steps of the past until the weights have decayed."""
    span = max(1.0, 20 * dt)
    while True:
        lags = dt * np.arange(int(np.ceil(span / dt)) + 1)
        size = np.abs(rule.weight(lags, lags) if not rule.pairs else
                      rule.weight(lags[:, None], lags[None]))
        own = size if size.ndim == 1 else np.maximum(size.sum(axis=0), size.sum(axis=1))
        tail = own[-max(len(own) // 4, 1):].sum()
        if tail <= MEMORY_TAIL * own.sum():
            last = np.flatnonzero(np.cumsum(own[::-1])[::-1] > MEMORY_TAIL * own.sum())
            return int(last[-1]) + 2 if len(last) else 2
        span *= 2
        if span > LONGEST_MEMORY:
            reject("ensembles", rule, f"its kernel has not decayed at a lag of {span:g}",
                   "give a kernel that decays")


def _on_grid(rule: Rule, dt: float) -> _OnGrid:
    T = _horizon(rule, dt)
    lags = dt * np.arange(T)
    rule_of_steps = np.full(T, dt)
    rule_of_steps[0] /= 2
    if rule.pairs:
        weights = rule.weight(lags[:, None], lags[None]) * np.outer(rule_of_steps, rule_of_steps)
    else:
        weights = rule.weight(lags, lags) * rule_of_steps
    return _OnGrid(rule, weights, _steps(rule.delay_i, dt), _steps(rule.delay_j, dt))
