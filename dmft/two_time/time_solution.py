"""TimeSolution: currents, gains and correlations of the time-dependent theory on a time grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.array_data import ArrayData
from ..base.convergence import Convergence
from ..grids.times import Times
from ..network.network import AnyNetwork
from ..plots.axes import variances_in_time
from ..plots.frames import dataset
from ..plots.tables import Shown


@dataclass(frozen=True, eq=False)
class TimeSolution(ArrayData, Shown):
    """Time-dependent solution of the dynamical mean-field theory of one network.

    The network has R regions and P currents. The currents of a `MultiregionNetwork` form an (R, R)
    matrix, whose entry [mu, nu] is the current from region nu to region mu. A network without
    low-rank couplings has no currents: P = 0.

    Parameters
    ----------
    network : Network
        The network that was solved.
    times : Times
        Grid of n times, in neuronal time constants.
    z : (n, R, R) or (n, P) array
        Filtered currents, (1 + d/dt) z = S: x is their sum along the loadings m, plus the response
        to the effective noise.
    S : array, as z
        Currents (1/N) n . phi(x).
    psi : (n, R) array
        Gain <phi'(x)> of each region.
    variance : (n, R) array
        Delta(t, t) = <x(t)^2> of each region.
    filtered_input : (n, K) array
        Filtered external inputs.
    Delta, C_phi : (R, m, m) arrays, or None
        <x(t) x(t')> and <phi(x(t)) phi(x(t'))> at the m times `times.kept`.
    error : (n,) array
        Estimated error of z, of the filtered inputs and of the variance at each time, each relative
        to its largest value; NaN for a single march.
    convergence : Convergence
        The checks of this solution, with their values and limits.

    Examples
    --------
    >>> import dmft
    >>> network = dmft.MultiregionNetwork(g=0.5, T=[[[2.0]]])
    >>> solution = dmft.solve(network, times=dmft.Times(stop=2.0, dt=0.1), currents=[[1.0]])
    >>> solution.z.shape, solution.variance.shape, solution.convergence.success
    ((21, 1, 1), (21, 1), True)
    """

    network: AnyNetwork
    times: Times
    z: np.ndarray
    S: np.ndarray
    psi: np.ndarray
    variance: np.ndarray
    filtered_input: np.ndarray
    Delta: np.ndarray | None
    C_phi: np.ndarray | None
    error: np.ndarray
    convergence: Convergence

    def __post_init__(self):
        self._freeze()

    def plot(self, axes: Any = None) -> Any:
        """Draw the variance of each region, and the currents where there are some, in time.

        Parameters
        ----------
        axes : matplotlib axes, or two of them with currents, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes, or an array of two
        """
        return variances_in_time(axes, self.times.t, self.variance, self.z)

    def to_xarray(self) -> Any:
        """An xarray.Dataset of variance, gain and currents along time; ImportError without xarray.

        The currents z and S are flattened along `current`.
        """
        n = len(self.times)
        return dataset({"variance": (("time", "region"), self.variance),
                        "psi": (("time", "region"), self.psi),
                        "z": (("time", "current"), self.z.reshape(n, -1)),
                        "S": (("time", "current"), self.S.reshape(n, -1))},
                       {"time": self.times.t}, {"network": repr(self.network)})

    def __repr__(self) -> str:
        last = np.array2string(self.variance[-1], precision=6)
        return (f"TimeSolution({self.network!r}: {len(self.times)} times to {self.times.stop:g}, "
                f"variance at the end {last}, error {self.convergence.error:.1e}, "
                f"converged={self.convergence.success})")
