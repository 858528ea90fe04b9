"""Fixed points and spectra of any network: which theory answers is asked of its ensembles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .base import checks
from .grids.lags import Lags
from .network.network import AnyNetwork
from .plasticity.fixed_point_site import has_plasticity
from .plasticity.fixed_points import (
    FixedPointFamily,
    PlasticFixedPoints,
    plastic_fixed_points,
    quiescent_point,
)
from .regions import regional_solve
from .regions.stationary_states import StationaryStates
from .sampled.redrawn_paths import sampled_x
from .spectra import connectivity_spectrum
from .spectra.connectivity_spectrum import ConnectivitySpectrum
from .spectra.contour_spectrum import ContourSpectrum
from .spectra.joint_spectrum import JointSpectrum
from .spectra.spectrum_of_units import joint_spectrum
from .stationary.solution import Solution, require_converged

NODES, NODES_TO = 4001, 8.0  # of a Gaussian density of abs(x), in standard deviations


def fixed_points(network: AnyNetwork, *, starts: int | np.ndarray | None = None, rng=0,
                 lags: Lags | None = None, strict: bool = True, callback: Callable | None = None,
                 ) -> StationaryStates | PlasticFixedPoints:
    """Fixed points of a network: of the currents between regions, or of neurons and synapses.

    Of regions, all stationary states that are found: at constant currents z every region is a
    stationary Gaussian process with a static part, sum over rho, rho' of z U z; the currents are
    their own image, z^{mu nu} = psi^nu (sum_rho T^{mu nu rho} z^{nu rho} + V^{mu nu} I^nu) (Clark &
    Beiran 2025, fixed points of the currents).

    With plastic couplings, the families x = eta + k C phi(x), C = <phi^2>, of one or several roots,
    and how many fixed points there are: exp(N Sigma), stable ones or all, by the formula of Kac
    and Rice (Clark & Abbott 2024, fixed points). Quadratures, without sampling.

    Parameters
    ----------
    network : Network
        With low-rank couplings and constant inputs, or with plastic couplings, an odd sigmoid phi
        and no noise.
    starts : int or (n, R, R) array, optional
        Of regions: how many random currents to start from (60 by default, 8 where regions share
        disorder), or the currents themselves. Where phi is odd and there is no input, images
        under reversal of all currents are added.
    rng : int, SeedSequence or Generator
        Of the random starts.
    lags : Lags, optional
        Of regions: grid of the correlations; chosen from their rate by default.
    strict : bool
        Of regions: raise ConvergenceError where none is found (default), or return none.
    callback : callable, optional
        Of regions: callback(index, share done, currents) at every start.

    Returns
    -------
    StationaryStates
        Of regions; the most stable first. Each has `growth_rate` and `growing`, its fastest
        perturbation.
    PlasticFixedPoints
        With plastic couplings; the families from small C to large, `stable` and `total` numbers,
        and on request their curves over C, the continuum of families, and marginal spectra.

    Raises
    ------
    ModelError
        For a network of neither kind, inputs that change in time, a phi whose fixed points have no
        bound, or noise beside plastic couplings.
    ConvergenceError
        Where no start leads to a fixed point of the currents.

    Examples
    --------
    >>> import dmft
    >>> dmft.fixed_points(dmft.PlasticNetwork(g=1.5, k=2.0, p=2.5))[-1]
    FixedPointFamily(outer, stable, C=0.979063, q=0.002896, sigma=0)
    """
    if not has_plasticity(network):
        return regional_solve.fixed_points(network, starts=starts, rng=rng, lags=lags,
                                           strict=strict, callback=callback)
    for name, value in (("starts", starts), ("lags", lags), ("callback", callback)):
        if value is not None:
            checks.reject(name, value, "given for plastic couplings, whose fixed points are "
                          "found by quadratures", "leave it out")
    return plastic_fixed_points(network)


def jacobian_spectrum(network: AnyNetwork | Solution | FixedPointFamily, gain=None,
                      mean_square_gain=None, *, rng=0,
                      ) -> ConnectivitySpectrum | ContourSpectrum | JointSpectrum:
    """Spectrum of a network's connectivity J; with plastic couplings, of a state's Jacobian.

    **Of a network** without plastic couplings, the spectrum of J, or of J with its columns scaled
    by gains. The Jacobian at quiescence is -1 + phi'(0) J: its eigenvalues are -1 + phi'(0)
    lambda. The bulk of J is the disc of radius sqrt(rho), rho the spectral radius of the matrix of
    g_{mu nu}^2; the ellipse of Sommers et al. 1988 for couplings of one region with reciprocity
    r. Eigenvalues of z^{nu rho} -> sum_rho T^{mu nu rho} z^{nu rho} outside of it are outliers
    (Clark & Beiran 2025, the effective interactions); with reciprocity one at s, abs(s) > g, is
    seen at s + r g^2 / s (O'Rourke & Renfrew 2014). With gains, J_ij is replaced by J_ij f_j, f_j
    of mean `gain` and mean square `mean_square_gain` over the units of a region and independent of
    J: the effective interactions psi T and the disorder g^2 <f^2>, as with f = phi'(x) at an
    instant, psi = <phi'>. (A state x that the network has reached depends on J: its full Jacobian
    moves the outliers further, by the change of psi with the currents, and of x with the
    disorder.) Random modes with overlaps, alone or added to independent couplings, fill the inside
    of another curve, of which the same can be asked. Gains of neurons scale the disc.

    **Of a state** of a network with plastic couplings, the joint Jacobian of its N neurons and N^2
    synapses: the support, its bands and gap, and at fixed points the isolated eigenvalues (Clark &
    Abbott 2024, the joint Jacobian; see `JointSpectrum`).

    Parameters
    ----------
    network : Network, Solution or FixedPointFamily
        A network whose ensembles have `noise_gain` or `noise_gains` (with reciprocity, of one
        region); or a solution, or a family of fixed points, of one with plastic couplings.
    gain : float or (R,) array, optional
        Of a network: mean gain of each region's units.
    mean_square_gain : float or (R,) array, optional
        Its mean square, at least gain^2; needed with `gain` (gain**2 for units all alike).
    rng : int, SeedSequence or Generator
        Of a solution: of the paths that are drawn again to have the distribution of x.

    Returns
    -------
    ConnectivitySpectrum, ContourSpectrum or JointSpectrum

    Raises
    ------
    ModelError
        For a network whose bulk is not known in this form or whose couplings are plastic (give a
        state of it), for gains of a wrong shape, impossible, or together with reciprocity or a
        state.
    ConvergenceError
        Where the paths do not stay with the solution.

    Examples
    --------
    >>> import dmft
    >>> dmft.jacobian_spectrum(dmft.RandomNetwork(g=2.0, reciprocity=0.5)).abscissa
    3.0
    """
    state = network
    if isinstance(state, (Solution, FixedPointFamily)):
        for name, value in (("gain", gain), ("mean_square_gain", mean_square_gain)):
            if value is not None:
                checks.reject(name, value, "given with a state, which has its own gains",
                              "leave it out, or give the network")
    if isinstance(state, FixedPointFamily):
        return state.spectrum()
    if isinstance(state, Solution):
        if not has_plasticity(state.network):
            checks.reject("network", state, "a solution without plastic couplings",
                          "give its network, and its gains where they matter")
        if state.branch == "quiescent":
            return quiescent_point(state.network).spectrum()
        if not any(one.has_memory for one in state.network.ensembles):  # x is Gaussian
            require_converged(state)
            x = np.linspace(0.0, NODES_TO, NODES) * np.sqrt(float(state.C_x[0]))
            return joint_spectrum(x, np.exp(-x**2 / (2 * float(state.C_x[0]))),
                                  float(state.C_phi[0]), state.network)
        x, C = sampled_x(state, rng=rng)
        return joint_spectrum(x, None, C, state.network)
    if has_plasticity(state):
        checks.reject("network", state, "has plastic couplings: its Jacobian depends on its state",
                      "give dmft.solve(network), or one of dmft.fixed_points(network)")
    return connectivity_spectrum.jacobian_spectrum(state, gain, mean_square_gain)
