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
        self.past: np.ndarray | None = None  # (2 T, N, B): the last T steps, newest first
        self.place = self.length = 0

    def apply(self, phi: np.ndarray) -> np.ndarray:
        if self.past is None:
            return np.zeros_like(phi)
        window = self.past[self.place:self.place + self.length]
        current = np.zeros_like(phi)
        for one in self.rules:
            current += self._current(one, window, phi)
        return current

    def _current(self, one: _OnGrid, window: np.ndarray, phi: np.ndarray) -> np.ndarray:
        T = len(one.weights)
        of_j = _shifted(window, phi, one.delay_j, T) if one.rule.has_j else None
        overlaps = (phi.mean(axis=0, dtype=phi.dtype)[None] if of_j is None else
                    np.einsum("tnb,nb->tb", of_j, phi) / phi.dtype.type(len(phi)))
        weights = one.weights.astype(phi.dtype)
        if weights.ndim == 2:
            factors = weights @ overlaps
        else:
            factors = weights[:, None] * overlaps
        if not one.rule.has_i:
            return np.broadcast_to(factors.sum(axis=0), phi.shape).astype(phi.dtype)
        return np.einsum("tb,tnb->nb", factors, _shifted(window, phi, one.delay_i, T))

    def advance(self, phi: np.ndarray, dt: float) -> None:
        if self.past is None:
            self.rules = tuple(_on_grid(one, dt) for one in synapse_rules(self.ensemble))
            self.length = memory_steps(self.ensemble, dt)
            self.past = np.zeros((2 * self.length, *phi.shape), dtype=phi.dtype)
            self.place = self.length
        if self.place == 0:
            self.past[self.length:] = self.past[:self.length]
            self.place = self.length
        self.place -= 1
        self.past[self.place] = phi


def _shifted(window: np.ndarray, phi: np.ndarray, delay: int, T: int) -> np.ndarray:
    """(T, N, B) activities at the present step less `delay`, and at those before it."""
    if delay > 0:
        return window[delay - 1:delay - 1 + T]
    return np.concatenate([phi[None], window[:T - 1]])


def _steps(delay: float, dt: float) -> int:
    return int(round(delay / dt))


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
