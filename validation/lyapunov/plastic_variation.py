"""Small changes of plastic couplings kept entry by entry, for many tangent vectors at once."""

from __future__ import annotations

import numpy as np

from dmft.base.checks import reject

from ..couplings.operators import Operator, Sum
from ..couplings.plastic import Plastic
from ..couplings.plastic_memory import weights
from ..settings.preparation import Staged


class PlasticVariation:
    """A of one trajectory with M small changes of it, acting on (N, 1 + M): phi, then changes.

    (1 + p d/dt) delta A = (k/N)(delta phi phi^T + phi delta phi^T), the derivative of the step of
    `Plastic`. `matrix` and `changes` are without the present outer product, as its memory is.

    Parameters
    ----------
    k, p : float
        Strength and time constant of the plasticity.
    neurons : int
        N.
    changes : (M, N, N) array
        delta A at the start.
    """

    memoryless = False

    def __init__(self, k: float, p: float, neurons: int, changes: np.ndarray):
        self.k, self.p, self.neurons = k, p, neurons
        self.matrix = np.zeros((neurons, neurons))
        self.changes = changes
        self.end = 0.0

    def apply(self, both: np.ndarray) -> np.ndarray:
        """A phi, and its changes A delta phi + delta A phi."""
        phi, changed = both[:, 0], both[:, 1:]
        now = self.end * self.k / self.neurons
        out = self.matrix @ both + now * phi[:, None] * (phi @ both)
        out[:, 1:] += (self.changes.reshape(-1, self.neurons) @ phi).reshape(-1, self.neurons).T
        out[:, 1:] += now * (changed * (phi @ phi) + phi[:, None] * (phi @ changed))
        return out

    def advance(self, both: np.ndarray, dt: float) -> None:
        """Move A and its changes on by dt."""
        decay, start, end = weights(dt / self.p)
        gain = (decay * self.end + start) * self.k / self.neurons
        self.matrix *= decay
        self.matrix += gain * np.outer(both[:, 0], both[:, 0])
        self.changes *= decay
        self.changes += _outer(both, gain)
        self.end = end

    def matrix_of(self, both: np.ndarray, trajectory: int) -> np.ndarray:
        """A, given phi and its changes (N, 1 + M); there is one trajectory."""
        phi = both[:, 0]
        return self.matrix + self.end * self.k / self.neurons * np.outer(phi, phi)

    def whole(self, both: np.ndarray) -> np.ndarray:
        """(M, N^2) delta A with the present part."""
        present = _outer(both, self.end * self.k / self.neurons)
        present += self.changes
        return present.reshape(len(present), -1)

    def put(self, both: np.ndarray, whole: np.ndarray) -> None:
        """Take M other changes, given as `whole` gives them."""
        self.changes = whole.reshape(self.changes.shape).copy()
        self.changes -= _outer(both, self.end * self.k / self.neurons)


def _outer(both: np.ndarray, gain: float) -> np.ndarray:
    """(M, N, N) gain (delta phi phi^T + phi delta phi^T)."""
    phi, changed = both[:, 0], np.ascontiguousarray(gain * both[:, 1:].T)
    out = changed[:, :, None] * phi
    out += phi[:, None] * changed[:, None, :]
    return out


def varied(couplings: Operator, count: int,
           rng: np.random.Generator) -> tuple[Operator, PlasticVariation | None]:
    """Couplings that act on phi and on `count` changes side by side, and their plastic part.

    Its changes start at random. Fixed couplings treat all columns alike; of others nothing is
    known, and they are refused.
    """
    if isinstance(couplings, Plastic):
        N = couplings.neurons
        changes = rng.standard_normal((count, N, N)) / np.sqrt(N)
        part = PlasticVariation(couplings.k, couplings.p, N, changes)
        return part, part
    if isinstance(couplings, Sum):
        pairs = [varied(term, count, rng) for term in couplings.terms]
        parts = [part for _, part in pairs if part is not None]
        return Sum(tuple(term for term, _ in pairs)), parts[0] if parts else None
    if not (couplings.memoryless or isinstance(couplings, Staged)):
        reject("network", couplings, "its couplings have memory, and their tangent is not known",
               "give a network with plastic or fixed couplings only")
    return couplings, None
