"""Fixed points of a plastic network: self-consistent families, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ..base import checks
from ..base.array_data import ArrayData
from ..ensembles.properties import plastic_strengths
from ..network.network import AnyNetwork
from ..spectra.joint_spectrum import JointSpectrum
from ..spectra.spectrum_of_units import joint_spectrum, units_at_rest
from . import families
from .complexity import Complexity, most_numerous, stable_complexity, total_complexity
from .fixed_point_site import RestingSite, check_sigmoid

MARGINAL = 1e-6  # distance of q from 1
SATURATED = 1e-8  # distance of phi^2 from its bound, relative


@dataclass(frozen=True, eq=False)
class FixedPointFamily(ArrayData):
    """Fixed points of a plastic network with one distribution of x.

    Parameters
    ----------
    network : Network
        With plastic couplings.
    C : float
        Mean square of phi.
    root : str
        Which roots of x = eta + k C phi(x) units take: "quiescent" (x = 0), "single" (there is
        only one), "outer" (the outer one on the side of the input), "shared" (within the fold the
        outer one of either side), or "most numerous" (as they are in most stable fixed points).
    share : float
        Probability that a unit whose input is within the fold takes the root on its side.
    fold : float
        Inputs of smaller magnitude have three roots; 0 where all have one.
    choosing : float
        Share of the inputs that have three roots.
    sigma : float
        Growth rate of the number of these points with N, 0 where units have no choice.
    q : float
        g^2 <phi'^2/D^2>, the gain of a static perturbation; infinite where it diverges at the
        fold, by a logarithm that ordinary N do not show.
    stability : str
        "stable", "unstable" or "marginal" (q = 1 or at the fold): of the whole network, synapses
        included.
    x, density : (n,) arrays
        Distribution of abs(x).
    """

    network: AnyNetwork
    C: float
    root: str
    share: float
    fold: float
    choosing: float
    sigma: float
    q: float
    stability: str
    x: np.ndarray = field(repr=False)
    density: np.ndarray = field(repr=False)

    def __post_init__(self):
        self._freeze()

    @property
    def stable(self) -> bool:
        """Whether no perturbation grows (marginal ones do not)."""
        return self.stability != "unstable"

    def spectrum(self) -> JointSpectrum:
        """The joint spectrum of neurons and synapses, with its isolated eigenvalues."""
        return joint_spectrum(self.x, self.density, self.C, self.network, resting=True)

    def __repr__(self) -> str:
        return (f"FixedPointFamily({self.root}, {self.stability}, C={self.C:.6g}, q={self.q:.4g}, "
                f"sigma={self.sigma:.4g})")


@dataclass(frozen=True)
class PlasticFixedPoints:
    """All that mean-field theory says of the fixed points of a plastic network.

    A sequence of the families without free choice, from small C to large: quiescence, and those
    where units take the single root or the outer one.

    Parameters
    ----------
    network : Network
        With plastic couplings.
    families : tuple of FixedPointFamily
    stable : Complexity
        Where stable fixed points are most numerous; its `sigma` is their growth rate, and -inf or
        negative where they are not exponentially many.
    total : Complexity
        The same of all fixed points but x = 0, unstable ones too; negative where there are none.
    """

    network: AnyNetwork
    families: tuple[FixedPointFamily, ...]
    stable: Complexity
    total: Complexity

    def complexity(self, C, stable: bool = True) -> tuple[Complexity, ...]:
        """Growth rates of the numbers of fixed points of given C (n,), stable ones or all."""
        rate = stable_complexity if checks.flag("stable", stable) else total_complexity
        g, k = plastic_strengths(self.network.ensembles)
        return tuple(rate(g, k, float(one), self.network.phi)
                     for one in np.atleast_1d(checks.finite_array("C", C)))

    def shared(self, share: float | Iterable[float]) -> tuple[FixedPointFamily, ...]:
        """The continuum: families in which a unit within the fold takes its own side with `share`.

        From 1, the outer family, to 0, where all such units rest against their inputs. Their
        number grows with the entropy of the choices, sigma.
        """
        shares = np.atleast_1d(checks.finite_array("share", share))
        if np.any((shares < 0) | (shares > 1)):
            checks.reject("share", share, "no probability", "give numbers from 0 to 1")
        g, k = plastic_strengths(self.network.ensembles)
        phi, bound = self.network.phi, check_sigmoid(self.network.phi) ** 2
        return tuple(_family(self.network, C, "shared", float(one)) for one in shares
                     for C in families.shared_family(g, k, phi, bound, float(one)))

    def most_numerous(self) -> FixedPointFamily:
        """The stable fixed points that are most numerous: marginal, q = 1.

        Raises
        ------
        ModelError
            Where stable fixed points are not exponentially many.
        """
        best = self.stable
        if not best.sigma > 0:
            checks.reject("network", self.network, "has no exponentially many stable fixed points",
                          "see dmft.fixed_point_onset")
        site = _site(self.network, best.C)
        kind = "marginal" if best.q > 1 - MARGINAL else "stable"
        return FixedPointFamily(self.network, best.C, "most numerous", np.nan, site.fold_input,
                                families.within_fold(site), best.sigma, best.q, kind, best.x,
                                best.density)

    def marginal_spectrum(self) -> JointSpectrum:
        """The joint spectrum of the most numerous stable fixed points: it touches lambda = 0."""
        return self.most_numerous().spectrum()

    def __len__(self) -> int:
        return len(self.families)

    def __iter__(self) -> Iterator[FixedPointFamily]:
        return iter(self.families)

    def __getitem__(self, index: int) -> FixedPointFamily:
        return self.families[index]

    def __repr__(self) -> str:
        rows = [f"  {one!r}" for one in self.families]
        head = (f"PlasticFixedPoints({self.network!r}: growth rate of the number of stable points "
                f"{self.stable.sigma:.4g} at C={self.stable.C:.4g}, of all points "
                f"{self.total.sigma:.4g} at C={self.total.C:.4g})")
        return "\n".join([head, *rows])


def fixed_point_families(network: AnyNetwork) -> PlasticFixedPoints:
    """Fixed points of a network with plastic couplings: x = eta + k C phi(x), C = <phi^2>.

    eta is Gaussian of variance g^2 C; where k C phi'(0) > 1 some inputs have three roots, and the
    choice between the outer ones is part of the solution (Clark & Abbott 2024, fixed points). The
    numbers are annealed averages by the formula of Kac and Rice. The synaptic time constant moves
    no fixed point.

    Raises
    ------
    ModelError
        For a network with noise, bias, other couplings than independent and plastic ones, without
        random couplings, or a phi that is no odd sigmoid.
    """
    for name in ("noise", "bias"):
        if getattr(network, name) != 0:
            checks.reject(name, getattr(network, name), "given: fixed points are known without",
                          f"set {name}=0")
    g, k = plastic_strengths(network.ensembles)
    if g == 0:
        checks.reject("g", g, "no random couplings: units choose their signs by themselves",
                      "give g above 0")
    phi, bound = network.phi, check_sigmoid(network.phi) ** 2
    strongest = RestingSite(g, k, phi, bound)
    if strongest.folds and phi(np.array([strongest.outer_zero]))[0] ** 2 > bound * (1 - SATURATED):
        checks.reject("k", k, "so strong that units are saturated to the last digits",
                      "give a smaller k")
    found = [quiescent_point(network)]
    for C in families.outer_family(g, k, phi, bound):
        found.append(_family(network, C, "outer" if RestingSite(g, k, phi, C).folds else "single",
                             1.0))
    return PlasticFixedPoints(network, tuple(found), most_numerous(g, k, phi),
                              most_numerous(g, k, phi, stable=False))


def _site(network: AnyNetwork, C: float) -> RestingSite:
    return RestingSite(*plastic_strengths(network.ensembles), network.phi, C)


def quiescent_point(network: AnyNetwork) -> FixedPointFamily:
    """x = 0, whose stability plasticity does not change: its term is of third order."""
    g, _ = plastic_strengths(network.ensembles)
    q = (g * network.phi.slope_at_zero) ** 2
    kind = "marginal" if abs(q - 1) < MARGINAL else "stable" if q < 1 else "unstable"
    return FixedPointFamily(network, 0.0, "quiescent", 1.0, 0.0, 0.0, 0.0, q, kind,
                            *units_at_rest())


def _family(network: AnyNetwork, C: float, root: str, share: float) -> FixedPointFamily:
    site = _site(network, C)
    choosing = families.within_fold(site)
    entropy = -sum(a * np.log(a) for a in (share, 1 - share) if 0 < a < 1)
    q = families.stability(site, share)
    x, density = families.distribution(site, share)
    if np.isinf(q) or abs(q - 1) < MARGINAL:
        kind = "marginal"
    elif q > 1:
        kind = "unstable"
    else:
        spectrum = joint_spectrum(x, density, C, network, resting=True)
        kind = "stable" if spectrum.stable else "unstable"
    return FixedPointFamily(network, C, root, share, site.fold_input, choosing,
                            float(choosing * entropy), q, kind, x, density)
