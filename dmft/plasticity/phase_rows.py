"""Rows of a phase diagram: points of one k, each solved from the solution of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..base.annotations import Seed
from ..base.checks import generator
from ..base.errors import ConvergenceError
from ..network.nonlinearity import Nonlinearity
from ..sampled.sampling_options import SamplingOptions
from .phases import Phase, located_phase, unresolved_phase
from .plastic_network import PlasticNetwork
from .tuning import FAST_PATHS, ROW_POINTS, SLOW_PATHS

SLOW = SamplingOptions(pilot_paths=SLOW_PATHS, first_paths=SLOW_PATHS)
FAST = SamplingOptions(first_paths=FAST_PATHS, tries=2)


@dataclass(frozen=True)
class PhaseRow:
    """Neighbouring points of a phase diagram, which are solved in one task.

    Parameters
    ----------
    network : PlasticNetwork
        The first point.
    couplings : tuple of float
        g of all points, decreasing, in the order in which they are solved.
    """

    network: PlasticNetwork
    couplings: tuple[float, ...]

    @property
    def phi(self) -> Nonlinearity:
        """The nonlinearity, which a file of results may need."""
        return self.network.phi

    @property
    def networks(self) -> list[PlasticNetwork]:
        """The points."""
        return [replace(self.network, g=g) for g in self.couplings]


def rows_of(g: np.ndarray, k: np.ndarray, p: float, phi: Nonlinearity
            ) -> tuple[list[PhaseRow], list[list[int]]]:
    """Rows that cover a grid, and the index of each of their points, with k the fastest.

    A row goes from strong coupling downward, along the upper branch of activity. It has ROW_POINTS
    points, so that little is lost where a task is interrupted; the last one goes on to the weakest
    coupling from one at which rest is unstable, so that it reaches Hebbian-induced chaos.
    """
    last = len(g) - 1
    begins = [i for i in range(last, -1, -ROW_POINTS)
              if i == last or g[i] * phi.slope_at_zero > 1]
    rows, indices = [], []
    for first, end in zip(begins, [*begins[1:], -1], strict=True):
        places = list(range(first, end, -1))
        for j, strength in enumerate(k):
            couplings = tuple(float(g[i]) for i in places)
            rows.append(PhaseRow(PlasticNetwork(couplings[0], strength, p, phi), couplings))
            indices.append([i * len(k) + j for i in places])
    return rows, indices


def phases_of_row(row: PhaseRow, *, tol: float, freeze_tol: float | None,
                  options: SamplingOptions | None, rng: Seed = None) -> tuple[Phase, ...]:
    """The phases of a row, each from the last chaotic solution; a failure is "unresolved"."""
    draws, last, found = generator(rng), None, []
    own = options or (SLOW if row.network.k > 0 else FAST)
    for network in row.networks:
        try:
            one, searched = located_phase(network, tol, freeze_tol, last, draws, own)
        except (ConvergenceError, np.linalg.LinAlgError) as error:
            found.append(unresolved_phase(network, str(error)))
            continue
        found.append(one)
        last = searched.solution if searched.verdict == "chaotic" and network.k != 0 else None
    return tuple(found)


def in_order(rows: Sequence[Sequence[Phase]], indices: Sequence[Sequence[int]]
             ) -> tuple[Phase, ...]:
    """The phases of all rows, in the order of the grid."""
    flat = {at: one for phases, places in zip(rows, indices, strict=True)
            for at, one in zip(places, phases, strict=True)}
    return tuple(flat[at] for at in range(len(flat)))
