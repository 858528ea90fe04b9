"""Branch: solutions along one parameter, and where they end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.estimate import Estimate
from ..stationary.solution import Solution


@dataclass(frozen=True, eq=False)
class BranchPoint:
    """A solution whose amplitude was given, and the parameter at which it is one.

    Parameters
    ----------
    value : Estimate ()
        Value of the parameter.
    solution : Solution
        Of the network at that value; its C_phi(0) was held and has no error.
    """

    value: Estimate
    solution: Solution


@dataclass(frozen=True, eq=False)
class Branch:
    """Solutions of one family of networks, each continued from the one before.

    Parameters
    ----------
    name : str
        The parameter.
    values : (m,) array
        Its values at which the branch exists, in the order given.
    solutions : tuple of Solution
        One for each of them.
    message : str
        How far the branch goes, and why it ends.
    end : Estimate () or None
        Where it ends: at a fold, with its standard error; or the middle of the last value with a
        solution and the next one, half their distance standing for the error, where the
        correlation time outgrows every window. None if it does not end within the values.
    fold : bool
        Whether `end` is a fold, at which this branch meets another.
    points : tuple of BranchPoint
        Solutions by amplitude around the fold and beyond, where each is unstable to an iteration
        at fixed parameters: the branch that separates this one from quiescence.
    """

    name: str
    values: np.ndarray
    solutions: tuple[Solution, ...]
    message: str
    end: Estimate | None = None
    fold: bool = False
    points: tuple[BranchPoint, ...] = ()

    @property
    def amplitudes(self) -> Estimate:
        """(m,) C_phi(0) of the solutions, with standard errors."""
        return Estimate(np.array([float(one.C_phi[0]) for one in self.solutions]),
                        np.array([float(one.C_phi[0].stderr) for one in self.solutions]))

    def __repr__(self) -> str:
        ends = "" if self.end is None else f", end={self.end}, fold={self.fold}"
        return f"Branch({self.name!r}: {len(self.solutions)} solutions{ends}: {self.message})"
