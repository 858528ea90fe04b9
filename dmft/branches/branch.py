"""Branch: solutions along one parameter, and the end of the branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.estimate import Estimate
from ..plots.axes import axes_for, finished, theory
from ..plots.frames import frame
from ..plots.style import BLUE, ORANGE
from ..plots.tables import Shown
from ..stationary.solution import Solution


@dataclass(frozen=True, eq=False)
class BranchPoint:
    """A solution with a given amplitude, and the value of the parameter at which it exists.

    Parameters
    ----------
    value : Estimate ()
        Value of the parameter.
    solution : Solution
        Solution of the network at that value. Its C_phi(0) was held fixed and has no error.
    stable : bool or None
        Whether an iteration of the statistics at fixed parameters stays at the solution: whether
        its largest eigenvalue is below one. Beyond a fold it is above. None where it is within
        0.01 of one, as at a fold and near the onset of chaos, where the iteration converged on
        average only, and in files of versions that did not tell.

    Examples
    --------
    >>> import dmft
    >>> solution = dmft.solve(dmft.RandomNetwork(g=2.0))
    >>> point = dmft.BranchPoint(dmft.Estimate(2.0, 0.1), solution, stable=True)
    >>> point.value, point.solution.branch, point.stable
    (Estimate(2 +- 0.1), 'chaotic', True)
    """

    value: Estimate
    solution: Solution
    stable: bool | None = None


@dataclass(frozen=True, eq=False)
class Branch(Shown):
    """Solutions of one family of networks, each continued from the previous one.

    Parameters
    ----------
    name : str
        The parameter.
    values : (m,) array
        Values of the parameter at which the branch exists, in the order given.
    solutions : tuple of Solution
        One solution for each value.
    message : str
        How far the branch extends, and why it ends.
    end : Estimate () or None
        Value of the parameter at which the branch ends. At a fold it has a standard error. Where
        the correlation time exceeds every window, it is the midpoint between the last value with a
        solution and the next one, and half their distance is the error. None if the branch does
        not end within the values.
    fold : bool
        Whether `end` is a fold (saddle-node), at which this branch meets another.
    points : tuple of BranchPoint
        Solutions of given amplitude around the fold and beyond it. Beyond the fold they are
        unstable to an iteration at fixed parameters: this branch separates the active solution
        from quiescence.

    Examples
    --------
    >>> import dmft
    >>> import numpy as np
    >>> branch = dmft.continue_in(dmft.RandomNetwork(g=2.0), "g", [2.0, 1.5])
    >>> np.round(branch.amplitudes, 4).tolist(), branch.end
    ([0.5132, 0.3421], None)
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

    def plot(self, axes: Any = None) -> Any:
        """Draw C_phi(0) against the parameter; the points around a fold with their errors.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes = axes_for(axes)
        theory(axes, self.values, self.amplitudes, "branch", BLUE, marker=".")
        if self.points:
            at = Estimate([float(one.value) for one in self.points],
                          [float(one.value.stderr) for one in self.points])
            axes.errorbar(np.asarray(at), [float(one.solution.C_phi[0]) for one in self.points],
                          xerr=at.stderr, fmt="o", markersize=4.0, color=ORANGE, capsize=2.0,
                          label="given amplitude")
        if self.end is not None:
            axes.axvline(float(self.end), color="0.6", lw=0.8, ls="--",
                         label="fold" if self.fold else "end")
        return finished(axes, self.name, r"$C_\phi(0)$")

    def to_dataframe(self) -> Any:
        """A pandas.DataFrame of the parameter and C_phi(0); ImportError without pandas."""
        return frame({self.name: self.values, "C_phi_0": self.amplitudes})

    def _summary(self) -> list[tuple[str, Any]]:
        return [("parameter", self.name), ("solutions", len(self.solutions)), ("end", self.end),
                ("fold", self.fold), ("message", self.message)]

    def __repr__(self) -> str:
        ends = "" if self.end is None else f", end={self.end}, fold={self.fold}"
        return f"Branch({self.name!r}: {len(self.solutions)} solutions{ends}: {self.message})"
