"""fixed_points: fixed points of the currents between regions, or of neurons and synapses."""

from __future__ import annotations

from typing import overload

from numpy.typing import ArrayLike

from .base import checks
from .base.annotations import Callback, Seed
from .base.long_call import long_call
from .grids.lags import Lags
from .network.network import AnyNetwork, RegionalNetwork
from .network.structure import structure
from .plasticity.fixed_points import PlasticFixedPoints, fixed_point_families
from .plasticity.plastic_network import PlasticNetwork
from .regions.regional_solve import fixed_points_of_currents
from .regions.stationary_states import StationaryStates


@overload
def fixed_points(network: PlasticNetwork, *, progress: bool | None = None
                 ) -> PlasticFixedPoints: ...
@overload
def fixed_points(network: RegionalNetwork, *, starts: int | ArrayLike | None = None, rng: Seed = 0,
                 lags: Lags | None = None, strict: bool = True, callback: Callback = None,
                 progress: bool | None = None) -> StationaryStates: ...
@overload
def fixed_points(network: AnyNetwork, *, starts: int | ArrayLike | None = None, rng: Seed = 0,
                 lags: Lags | None = None, strict: bool = True, callback: Callback = None,
                 progress: bool | None = None) -> StationaryStates | PlasticFixedPoints: ...
def fixed_points(network: AnyNetwork, *, starts: int | ArrayLike | None = None, rng: Seed = 0,
                 lags: Lags | None = None, strict: bool = True, callback: Callback = None,
                 progress: bool | None = None) -> StationaryStates | PlasticFixedPoints:
    """Fixed points of a network: of the currents between regions, or of neurons and synapses.

    Regions: all stationary states that are found. At constant currents z every region is a
    stationary Gaussian process with a static part, the sum over rho, rho' of z U z; the currents
    satisfy z^{mu nu} = psi^nu (sum_rho T^{mu nu rho} z^{nu rho} + V^{mu nu} I^nu) (Clark & Beiran
    2025, fixed points of the currents).

    Plastic couplings: the families x = eta + k C phi(x), C = <phi^2>, with one or several roots,
    and the number of fixed points exp(N Sigma), of stable ones or of all, by the Kac-Rice formula
    (Clark & Abbott 2024, fixed points). Averages are by quadrature, without sampling.

    Parameters
    ----------
    network : Network
        With low-rank couplings and constant inputs, or with plastic couplings, an odd sigmoid phi
        and no noise.
    starts : int or (n, R, R) array, optional
        For regions: the number of random initial currents (60 by default, 8 if disorder couples
        the regions), or the currents themselves. If phi is odd and there is no input, the states
        with all currents reversed are added.
    rng : int, SeedSequence or Generator
        Seed of the random initial currents.
    lags : Lags, optional
        For regions: grid of the correlations; by default their rate determines it.
    strict : bool
        For regions: raise ConvergenceError if no fixed point is found (default), or return none.
    callback : callable, optional
        For regions: callback(index, fraction done, currents) at every start.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

    Returns
    -------
    StationaryStates
        For regions; the most stable state first. Each has `growth_rate` and `growing`, the rate
        and the direction of its fastest growing perturbation.
    PlasticFixedPoints
        For plastic couplings: the families in the order of increasing C, `stable` and `total`
        numbers and, on request, their curves over C, the continuum of families, and marginal
        spectra.

    Raises
    ------
    ModelError
        For a network of neither kind, inputs that change in time, a phi whose fixed points are not
        bounded, or noise together with plastic couplings.
    ConvergenceError
        If no start leads to a fixed point of the currents.

    Examples
    --------
    >>> import dmft
    >>> dmft.fixed_points(dmft.PlasticNetwork(g=1.5, k=2.0, p=2.5))[-1]
    FixedPointFamily(outer, stable, C=0.979063, q=0.002896, sigma=0)
    """
    own = structure(network)
    if own.plastic:
        for name, value in (("starts", starts), ("lags", lags), ("callback", callback)):
            if value is not None:
                checks.reject(name, value, "not an option for plastic couplings, whose fixed "
                              "points are found by quadrature", "leave it out")
        with long_call("fixed_points", progress, None):
            return fixed_point_families(network)
    if not own.in_regions:
        checks.reject("network", network, "has no regions, currents or plastic couplings",
                      "give dmft.MultiregionNetwork(...) or dmft.PlasticNetwork(...), or use "
                      "dmft.solve")
    checks.callable_or_none("callback", callback, "(index, fraction done, currents)")
    with long_call("fixed_points", progress, callback) as report:
        return fixed_points_of_currents(network, starts=starts, rng=rng, lags=lags, strict=strict,
                                        callback=report)
