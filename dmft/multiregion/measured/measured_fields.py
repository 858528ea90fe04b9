"""Measured: constructors of a multiregion network from loadings and from weights."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from ...base import checks
from ...base.annotations import Sparse
from ...network.inputs import Signal
from .loadings import measured_overlaps
from .measure_weights import measure_weights


class Measured:
    """Mixin of MultiregionNetwork: its fields, measured."""

    @classmethod
    def from_loadings(cls, g: ArrayLike, m: ArrayLike, n: ArrayLike, *,
                      inputs: ArrayLike | None = None, signal: Signal | None = None,
                      **fields: Any) -> Self:
        """A network with the overlaps that are measured from given loadings.

        Parameters
        ----------
        g : float or (R,) array
            Strength of the disorder within each region.
        m : (R, R, N) or (R, R, K, N) array
            m[nu, rho]: direction, over the units of nu, along which nu receives from rho.
        n : (R, R, N) or (R, R, K, N) array
            n[mu, nu]: direction, over the units of nu, that is read out and sent to mu.
        inputs : (R, N) array, optional
            Direction of the external input over the units of each region. It is normalised to
            <l l> = 1, and the signal is multiplied by its norm.
        signal : callable, Pulse or (R,) array, optional
            Time course of the external input.
        **fields
            Further fields of MultiregionNetwork, except T, U and input.

        Raises
        ------
        ModelError
            For loadings of the wrong shape, and as for the class.
        """
        T, U, external = measured_overlaps(m, n, inputs, signal)
        network: Any = cls
        return network(g=g, T=T, U=U, input=external, **fields)

    @classmethod
    def from_weights(cls, W: ArrayLike | Sparse, regions: ArrayLike, rank: int = 1,
                     **fields: Any) -> Self:
        """The network of a given weight matrix: its low-rank part and its disorder, with errors.

        Each block W^{mu nu} is decomposed into singular values that stand out of those of
        independent entries, and a rest. The first `rank` are the low-rank part: the disorder
        enlarges them and tilts their vectors, for which strengths and overlaps are corrected
        (`RegionalWeights` has the formulas' results and standard errors). The rest gives g and
        cross_g. Loadings are scaled to <m m> = 1, and the sign of each current is arbitrary.

        `.weights` holds the measurement: `.T`, `.T_stderr`, `.U`, `.g`, the strengths with their
        threshold, and tests of what the theory assumes of the rest. `validation.simulate(network,
        network.weights.neurons)` simulates the very matrix, its units in the order of the regions.
        There the currents z that are given at t = 0 are prepared along the measured directions,
        whose random part adds z^2 (1/c^2 - 1) to the variance, c being `.weights.left_overlap`; it
        decays as exp(-2t). Standard errors of such runs do not include that another matrix of the
        same statistics differs by 1/sqrt(N): draw some, with `weights=None`, to see by how much.

        Parameters
        ----------
        W : (N, N) array, Connectivity or scipy.sparse matrix
            Weights from unit j (column) to unit i (row).
        regions : (N,) or (R,) array
            A label (a whole number or a string) for each unit, or the sizes of the regions, whose
            units then follow one another. 10 units or more in each.
        rank : int
            Number K of currents from each region to each, 1 or above.
        **fields
            Further fields of MultiregionNetwork: phi, noise, bias, input.

        Raises
        ------
        ModelError
            For a matrix that is not square, holds NaN or infinity, or is zero; for regions that do
            not fit.

        Warns
        -----
        ResolutionWarning
            For blocks with fewer singular values above those of their disorder than `rank`, or with
            more; for a rest whose entries are not independent and of equal variance; for loadings
            that are far from Gaussian.

        Examples
        --------
        >>> import dmft
        >>> rng = np.random.default_rng(2)
        >>> m, n = rng.standard_normal((2, 400))
        >>> W = 0.5 * rng.standard_normal((400, 400)) / 20 + np.outer(m, 2 * m + n) / 400
        >>> network = dmft.MultiregionNetwork.from_weights(W, [400])
        >>> found = network.weights
        >>> error = (network.T[0, 0, 0] - 2.0) / np.hypot(found.T_stderr, found.T_sampling)[0, 0, 0]
        >>> bool(abs(error) < 3), network.g.round(2).tolist()
        (True, [0.5])
        """
        for name in ("g", "T", "U", "cross_g", "share", "weights"):
            if name in fields:
                checks.reject(name, fields[name], "given together with W, in which it is measured",
                              "leave it out")
        found = measure_weights(W, regions, rank)
        cross = found.g - np.diag(np.diag(found.g))
        network: Any = cls
        return network(g=np.diag(found.g), T=found.T, U=found.U, weights=found, share=found.sizes,
                       cross_g=cross if np.any(cross) else None, **fields)
