"""Solution: correlations and response of the stationary theory, on a grid of lags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.checks import reject
from ..base.convergence import Convergence
from ..base.errors import ModelError
from ..base.estimate import Estimate
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..network.structure import structure
from ..plots.axes import LABELS, LAG, axes_for, finished, theory, until_decayed
from ..plots.frames import dataset, frame
from ..plots.style import BLUE, ORANGE
from ..plots.tables import Shown


@dataclass(frozen=True, eq=False)
class Replicates:
    """Independent replicates of a sampled solution, for standard errors of derived quantities.

    The mean over replicates is the value of the solution. The standard error of a derived quantity
    is that of its mean over the replicates, computed from each of them.

    Parameters
    ----------
    C_x, C_phi, R_phi : (r, n) arrays
        The curves of each replicate, at the lags of the solution.
    gain : (r,) array
        <phi'> of each.
    """

    C_x: np.ndarray
    C_phi: np.ndarray
    R_phi: np.ndarray
    gain: np.ndarray

    def __post_init__(self):
        for name in ("C_x", "C_phi", "R_phi", "gain"):
            array = np.array(getattr(self, name), dtype=float)
            if array.ndim != (1 if name == "gain" else 2):
                reject(name, array.shape, "not the shape of replicates",
                       "give one row for each replicate")
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.gain)


@dataclass(frozen=True, eq=False)
class Solution(Shown):
    """Stationary solution of the dynamical mean-field theory of one network.

    Parameters
    ----------
    network : Network
        The network that was solved.
    lags : Lags
        Grid of lags tau, n of them, in neuronal time constants.
    C_x, C_phi : Estimate (n,)
        Autocorrelations <x(t) x(t+tau)> and <phi(x(t)) phi(x(t+tau))> of one unit, including the
        static part. C_x(0) is the variance, often written Delta_0.
    C_x_static, C_phi_static : Estimate ()
        Their limits at infinite lag; zero for an odd phi without bias.
    R_phi : Estimate (n,)
        Mean response of phi to an impulse of input at `lags.tau`: <phi'> exp(-tau) without
        memory.
    gain : Estimate ()
        <phi'(x)>, the response of phi to a constant shift of x.
    branch : str
        "quiescent" (x = 0), "static" (fixed point), "chaotic", or "driven" (by white noise).
    convergence : Convergence
        The checks of this solution, with their values and limits.
    replicates : Replicates, optional
        Independent replicates, where the solution was sampled.
    mean_phi : Estimate (), optional
        <phi(x)>, where the solution was sampled.

    Examples
    --------
    >>> import dmft
    >>> solution = dmft.solve(dmft.RandomNetwork(g=2.0))
    >>> solution.branch, round(float(solution.C_x[0]), 6), round(float(solution.gain), 6)
    ('chaotic', 1.924805, 0.486822)
    """

    network: AnyNetwork
    lags: Lags
    C_x: Estimate
    C_phi: Estimate
    C_x_static: Estimate
    C_phi_static: Estimate
    R_phi: Estimate
    gain: Estimate
    branch: str
    convergence: Convergence
    replicates: Replicates | None = None
    mean_phi: Estimate | None = None

    def __post_init__(self):
        for name in ("C_x", "C_phi", "R_phi"):
            shape = np.shape(getattr(self, name))
            if shape != (len(self.lags),):
                raise ModelError(f"{name} has shape {shape}, and there are {len(self.lags)} lags; "
                                 "give one value for each lag")

    def __repr__(self) -> str:
        return (f"Solution({self.network!r}: {self.branch}, C_x(0)={float(self.C_x[0]):.8g}, "
                f"C_phi(0)={float(self.C_phi[0]):.8g}, {len(self.lags)} lags to "
                f"{self.lags.span:g}, converged={self.convergence.success})")

    def plot(self, axes: Any = None) -> Any:
        """Draw C_x and C_phi against the lag, with bands of two standard errors.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes

        Examples
        --------
        >>> import dmft
        >>> axes = dmft.solve(dmft.RandomNetwork(g=2.0)).plot()
        >>> len(axes.lines)
        2
        """
        axes = axes_for(axes)
        shown = until_decayed(self.lags.tau, self.C_x, self.C_phi)
        for name, colour in (("C_x", BLUE), ("C_phi", ORANGE)):
            theory(axes, self.lags.tau[shown], getattr(self, name)[shown], LABELS[name], colour)
        return finished(axes, LAG, "correlation")

    def to_xarray(self) -> Any:
        """An xarray.Dataset of C_x, C_phi and R_phi along `lag`, with standard errors.

        Raises
        ------
        ImportError
            If xarray is not installed.
        """
        curves = {name: (("lag",), getattr(self, name)) for name in ("C_x", "C_phi", "R_phi")}
        return dataset(curves, {"lag": self.lags.tau},
                       {"network": repr(self.network), "branch": self.branch,
                        "gain": float(self.gain), "converged": int(self.convergence.success)})

    def to_dataframe(self) -> Any:
        """A pandas.DataFrame with the columns lag, C_x, C_phi, R_phi, and their standard errors.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        return frame({"lag": self.lags.tau, "C_x": self.C_x, "C_phi": self.C_phi,
                      "R_phi": self.R_phi})

    def _summary(self) -> list[tuple[str, Any]]:
        return [("network", self.network), ("branch", self.branch), ("C_x(0)", self.C_x[0]),
                ("C_phi(0)", self.C_phi[0]), ("<phi'(x)>", self.gain),
                ("lags", f"{len(self.lags)}, to {self.lags.span:g}"),
                ("convergence", self.convergence)]


def require_solution(solution: Any, regions: str, name: str = "solution") -> None:
    """Reject what is not a `Solution`, and name what it is and what to give instead.

    Parameters
    ----------
    solution : object
        The argument.
    regions : str
        What to do for a network with regions or low-rank couplings, whose stationary states are no
        `Solution`.
    name : str
        Name of the argument.

    Raises
    ------
    ModelError
        For any other object.
    """
    if isinstance(solution, Solution):
        return
    if isinstance(solution, type) or not hasattr(type(solution), "__dataclass_fields__"):
        reject(name, solution, "not a Solution", "give a solution returned by dmft.solve")
    network = solution if hasattr(solution, "ensembles") else getattr(solution, "network", None)
    if network is None and hasattr(solution, "branch"):
        reject(name, solution, "one state of a network with regions, populations, currents or "
               "means, for which this is not derived", regions)
    if network is not None and (beyond := structure(network).beyond_one_site):
        what = "a network" if network is solution else "the states of a network"
        reject(name, solution, f"{what} with {beyond}, for which this is not derived", regions)
    if network is solution:
        reject(name, solution, "a network, not a solution", "give dmft.solve(network)")
    if hasattr(solution, "times"):
        reject(name, solution, "a solution in time, not a stationary one",
               "give dmft.solve(solution.network), without times")
    reject(name, solution, "not a Solution", "give a solution returned by dmft.solve")


def require_converged(solution: Solution) -> None:
    """Reject a solution that did not converge, from which only meaningless numbers would follow.

    Raises
    ------
    ModelError
        For any other object, and for a solution without success.
    """
    require_solution(solution, "see .C_x and .C_phi of its states, a row for each region, at "
                     ".lags.tau")
    if not solution.convergence.success:
        reject("solution", solution, f"did not converge ({solution.convergence.message})",
               "solve again; dmft.solve with strict=True reports what to change")
