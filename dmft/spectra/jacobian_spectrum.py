"""jacobian_spectrum: of a network's connectivity, or of the joint Jacobian at a plastic state."""

from __future__ import annotations

from typing import Any, Protocol, overload, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.annotations import Seed
from ..ensembles.properties import synapses
from ..network.network import AnyNetwork, RegionalNetwork
from ..network.structure import check_network
from ..sampled.redrawn_paths import sampled_x
from ..stationary.solution import Solution, require_converged
from .connectivity_spectrum import ConnectivitySpectrum, connectivity_spectrum
from .contour_spectrum import ContourSpectrum
from .joint_spectrum import JointSpectrum
from .state_spectrum import joint_spectrum, quiescent_spectrum
from .tuning import GAUSSIAN_NODES, GAUSSIAN_RANGE


@runtime_checkable
class HasSpectrum(Protocol):
    """A state that returns the spectrum of its own Jacobian, such as a family of fixed points."""

    @property
    def network(self) -> AnyNetwork: ...
    def spectrum(self) -> JointSpectrum: ...


class _Elliptic(AnyNetwork, Protocol):
    """A network of independent couplings with reciprocity, such as a `RandomNetwork`."""

    @property
    def reciprocity(self) -> float: ...


@overload
def jacobian_spectrum(network: Solution | HasSpectrum, *, rng: Seed = 0) -> JointSpectrum: ...
@overload
def jacobian_spectrum(network: RegionalNetwork | _Elliptic, gain: ArrayLike | None = None,
                      mean_square_gain: ArrayLike | None = None) -> ConnectivitySpectrum: ...
@overload
def jacobian_spectrum(network: AnyNetwork, gain: ArrayLike | None = None,
                      mean_square_gain: ArrayLike | None = None,
                      ) -> ConnectivitySpectrum | ContourSpectrum: ...
def jacobian_spectrum(network: AnyNetwork | Solution | HasSpectrum, gain: ArrayLike | None = None,
                      mean_square_gain: ArrayLike | None = None, *, rng: Seed = 0,
                      ) -> ConnectivitySpectrum | ContourSpectrum | JointSpectrum:
    """Spectrum of a network's connectivity J; with plastic couplings, of a state's Jacobian.

    **Of a network** without plastic couplings: the spectrum of J, or of J with its columns scaled
    by gains. The Jacobian at quiescence is -1 + phi'(0) J, with eigenvalues -1 + phi'(0) lambda.
    The bulk of J is the disc of radius sqrt(rho), with rho the spectral radius of the matrix of
    g_{mu nu}^2. For couplings of one region with reciprocity r it is the ellipse of Sommers et al.
    1988. Eigenvalues of z^{nu rho} -> sum_rho T^{mu nu rho} z^{nu rho} outside the bulk are
    outliers (Clark & Beiran 2025, the effective interactions). With reciprocity, an eigenvalue s of
    the structured part, abs(s) > g, gives an outlier at s + r g^2 / s (O'Rourke & Renfrew 2014).

    With gains, J_ij is replaced by J_ij f_j, where f_j is independent of J and has mean `gain` and
    mean square `mean_square_gain` over the units of a region. The effective interactions are then
    psi T and the disorder is g^2 <f^2>, as for f = phi'(x) at one time, psi = <phi'>. (A state x
    that the network has reached depends on J. The outliers of its full Jacobian are displaced
    further, by the change of psi with the currents and of x with the disorder.) The eigenvalues of
    random modes with overlaps, alone or added to independent couplings, fill the inside of another
    closed curve, with the same methods. Gains of neurons scale the disc.

    **Of a state** of a network with plastic couplings: the joint Jacobian of its N neurons and N^2
    synapses, with its support, bands and gap, and at fixed points the isolated eigenvalues (Clark &
    Abbott 2024, the joint Jacobian; see `JointSpectrum`).

    Parameters
    ----------
    network : Network, Solution or FixedPointFamily
        A network whose ensembles have `noise_gain` or `noise_gains` (one region if there is
        reciprocity); or a solution, or a family of fixed points, of a network with plastic
        couplings.
    gain : float or (R,) array, optional
        For a network: mean gain of the units of each region.
    mean_square_gain : float or (R,) array, optional
        Mean square of the gains, at least gain^2; required with `gain` (gain**2 for identical
        units).
    rng : int, SeedSequence or Generator
        For a solution: seed of the paths that are drawn again to sample the distribution of x.

    Returns
    -------
    ConnectivitySpectrum, ContourSpectrum or JointSpectrum

    Raises
    ------
    ModelError
        For a network whose bulk is not known or whose couplings are plastic (give a state of it);
        for gains of a wrong shape or out of range, or given together with reciprocity or a state.
    ConvergenceError
        If the redrawn paths leave the solution.

    Examples
    --------
    >>> import dmft
    >>> dmft.jacobian_spectrum(dmft.RandomNetwork(g=2.0, reciprocity=0.5)).abscissa
    3.0
    """
    state = network
    if not isinstance(state, Solution | HasSpectrum):
        _reject_other_states(state)
        check_network(state)
        if synapses(state.ensembles):
            checks.reject("network", state, "has plastic couplings: its Jacobian depends on its "
                          "state", "give dmft.solve(network)" + ("" if state.noise else
                          ", or one of dmft.fixed_points(network)"))
        return connectivity_spectrum(state, gain, mean_square_gain)
    for name, value in (("gain", gain), ("mean_square_gain", mean_square_gain)):
        if value is not None:
            checks.reject(name, value, "given with a state, which has its own gains",
                          "leave it out, or give the network")
    if isinstance(state, HasSpectrum):
        return state.spectrum()
    return _spectrum_of_solution(state, rng)


def _reject_other_states(state: Any) -> None:
    """Reject states of regions, and solutions in time: their spectra follow from their gains."""
    if hasattr(state, "rates") or (hasattr(state, "states") and hasattr(state[0], "rates")):
        checks.reject("network", state, "a state of populations, whose means have outliers that "
                      "are not built in", "give the disorder alone, or compute "
                      "numpy.linalg.eigvals of a drawn matrix")
    if hasattr(state, "psi") or hasattr(state, "states"):
        checks.reject("network", state, "a state of regions, or a solution in time: its gains are "
                      "known, and the Jacobian's spectrum is that of the network with them",
                      "give its network, with gain=psi of one state or time and mean_square_gain="
                      "[dmft.gaussian_averages(phi, v).slope(v) for v in its variances]; the "
                      "stability of the currents is the growth_rate of a stationary state")


def _spectrum_of_solution(solution: Solution, rng) -> JointSpectrum:
    """The joint spectrum at a solution, with the distribution of x of its units."""
    network = solution.network
    if not synapses(network.ensembles):
        checks.reject("network", solution, "a solution without plastic couplings",
                      "give its network, and gain= and mean_square_gain= to scale the columns")
    if solution.branch == "quiescent":
        return quiescent_spectrum(network)
    if not any(one.has_memory for one in network.ensembles):  # x is Gaussian
        require_converged(solution)
        x = np.linspace(0.0, GAUSSIAN_RANGE, GAUSSIAN_NODES) * np.sqrt(float(solution.C_x[0]))
        return joint_spectrum(x, np.exp(-x**2 / (2 * float(solution.C_x[0]))),
                              float(solution.C_phi[0]), network)
    x, C = sampled_x(solution, rng=rng)
    return joint_spectrum(x, None, C, network)
