"""Tangent dynamics of plastic couplings, stored entry by entry, for many tangent vectors at once.
"""

from __future__ import annotations

import numpy as np

from dmft.base.checks import reject

from ..couplings.operators import Operator, Sum
from ..couplings.plastic import Plastic
from ..couplings.plastic_memory import weights
from ..settings.preparation import ScheduledCouplings


class PlasticVariation:
    """A of one trajectory and M tangents delta A, acting on (N, 1 + M): phi, then M delta phi.

    (1 + p d/dt) delta A = (k/N)(delta phi phi^T + phi delta phi^T), by the derivative of the step
    of `Plastic`. `matrix` and `changes` do not include the outer product of the present states,
    like the memory of `Plastic`.

    Parameters
    ----------
    k, p : float
        Strength and time constant of the plasticity.
    neurons : int
        N.
    changes : (M, N, N) array
        Initial delta A.
    """

    memoryless = False

    def __init__(self, k: float, p: float, neurons: int, changes: np.ndarray):
        self.k, self.p, self.neurons = k, p, neurons
        self.matrix = np.zeros((neurons, neurons))
        self.changes = changes
        self.end = 0.0

    def apply(self, both: np.ndarray) -> np.ndarray:
        """A phi, and its tangents A delta phi + delta A phi."""
        phi, changed = both[:, 0], both[:, 1:]
        now = self.end * self.k / self.neurons
        out = self.matrix @ both + now * phi[:, None] * (phi @ both)
        out[:, 1:] += (self.changes.reshape(-1, self.neurons) @ phi).reshape(-1, self.neurons).T
        out[:, 1:] += now * (changed * (phi @ phi) + phi[:, None] * (phi @ changed))
        return out

    def advance(self, both: np.ndarray, dt: float) -> None:
        """Advance A and its tangents by dt."""
        decay, start, end = weights(dt / self.p)
        gain = (decay * self.end + start) * self.k / self.neurons
        self.matrix *= decay
        self.matrix += gain * np.outer(both[:, 0], both[:, 0])
        self.changes *= decay
        self.changes += _outer(both, gain)
        self.end = end

    def matrix_of(self, both: np.ndarray, trajectory: int) -> np.ndarray:
        """A, given phi and its tangents (N, 1 + M); there is only one trajectory."""
        phi = both[:, 0]
        return self.matrix + self.end * self.k / self.neurons * np.outer(phi, phi)

    def full_tangents(self, both: np.ndarray) -> np.ndarray:
        """(M, N^2) delta A, including the outer product of the present states."""
        present = _outer(both, self.end * self.k / self.neurons)
        present += self.changes
        return present.reshape(len(present), -1)

    def set_tangents(self, both: np.ndarray, tangents: np.ndarray) -> None:
        """Replace the M tangents by others, in the form returned by `full_tangents`."""
        self.changes = tangents.reshape(self.changes.shape).copy()
        self.changes -= _outer(both, self.end * self.k / self.neurons)


def _outer(both: np.ndarray, gain: float) -> np.ndarray:
    """(M, N, N) gain (delta phi phi^T + phi delta phi^T)."""
    phi, changed = both[:, 0], np.ascontiguousarray(gain * both[:, 1:].T)
    out = changed[:, :, None] * phi
    out += phi[:, None] * changed[:, None, :]
    return out


def with_tangents(couplings: Operator, count: int,
                  rng: np.random.Generator) -> tuple[Operator, PlasticVariation | None]:
    """Couplings that act on phi and `count` tangents side by side, and their plastic part.

    Its initial tangents are random. Fixed couplings act on all columns in the same way. Other
    couplings with a state are rejected, since their tangent dynamics is not known.
    """
    if isinstance(couplings, Plastic):
        N = couplings.neurons
        changes = rng.standard_normal((count, N, N)) / np.sqrt(N)
        part = PlasticVariation(couplings.k, couplings.p, N, changes)
        return part, part
    if isinstance(couplings, Sum):
        pairs = [with_tangents(term, count, rng) for term in couplings.terms]
        parts = [part for _, part in pairs if part is not None]
        return Sum(tuple(term for term, _ in pairs)), parts[0] if parts else None
    if not (couplings.memoryless or isinstance(couplings, ScheduledCouplings)):
        reject("network", couplings, "its couplings have memory, and their tangent is not known",
               "give a network with plastic or fixed couplings only")
    return couplings, None
