"""Fixed points of plastic networks: self-consistent families, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ..base import checks
from ..base.array_data import ArrayData
from ..ensembles.properties import plastic_strengths
from ..network.network import AnyNetwork, require_leaky
from ..spectra.joint_spectrum import JointSpectrum
from ..spectra.state_spectrum import joint_spectrum, quiescent_units
from . import fixed_point_families as families
from .complexity import Complexity, most_numerous, stable_complexity, total_complexity
from .fixed_point_site import FixedPointSite, check_sigmoid
from .tuning import MARGINAL_DISTANCE, SATURATED_DISTANCE


@dataclass(frozen=True, eq=False)
class FixedPointFamily(ArrayData):
    """Fixed points of a plastic network that share one distribution of x over the units.

    Parameters
    ----------
    network : Network
        With plastic couplings.
    C : float
        Mean square of phi.
    root : str
        Which root of x = eta + k C phi(x) units occupy: "quiescent" (x = 0), "single" (there is
        only one), "outer" (the outer root of the input's sign), "shared" (units with three roots
        are divided between the two outer ones), or "most numerous" (as in the most numerous stable
        fixed points).
    share : float
        Probability that a unit with three roots occupies the outer one of its input's sign.
    fold : float
        eta_f: inputs of smaller magnitude have three roots; 0 where all have one.
    choosing : float
        Fraction of the units with three roots (multistable units).
    sigma : float
        Growth rate of the number of these points, exp(N sigma); 0 where every unit's root is
        determined by its input.
    q : float
        g^2 <phi'^2/D^2>, the gain of a static perturbation. Infinite where it diverges at the
        fold; the divergence is logarithmic, and does not show at accessible N.
    stability : str
        "stable", "unstable" or "marginal" (q = 1, or units at the fold), of the whole network with
        its synapses.
    x, density : (n,) arrays
        Distribution of abs(x).

    Examples
    --------
    >>> import dmft
    >>> quiescent = dmft.fixed_points(dmft.PlasticNetwork(g=0.8, k=0.5, p=2.5))[0]
    >>> quiescent.root, quiescent.stability, quiescent.C
    ('quiescent', 'stable', 0.0)
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
        """Whether no perturbation grows; true for marginal fixed points."""
        return self.stability != "unstable"

    def spectrum(self) -> JointSpectrum:
        """The joint spectrum of neurons and synapses, with its isolated eigenvalues."""
        return joint_spectrum(self.x, self.density, self.C, self.network, resting=True)

    def __repr__(self) -> str:
        return (f"FixedPointFamily({self.root}, {self.stability}, C={self.C:.6g}, q={self.q:.4g}, "
                f"sigma={self.sigma:.4g})")


@dataclass(frozen=True)
class PlasticFixedPoints:
    """Fixed points of a plastic network in mean-field theory.

    A sequence of the families in which every unit's root is determined by its input, in order of
    increasing C: the quiescent state, and those where units occupy the single or the outer root.

    Parameters
    ----------
    network : Network
        With plastic couplings.
    families : tuple of FixedPointFamily
    stable : Complexity
        The stable fixed points at the C where they are most numerous. Its `sigma` is the growth
        rate of their number, negative or -inf where they are not exponentially many.
    total : Complexity
        The same for all fixed points other than x = 0, including unstable ones; its `sigma` is
        negative where there are none.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.fixed_points(dmft.PlasticNetwork(g=0.8, k=0.5, p=2.5))
    >>> [one.root for one in found], found.total.sigma < 0
    (['quiescent'], True)
    """

    network: AnyNetwork
    families: tuple[FixedPointFamily, ...]
    stable: Complexity
    total: Complexity

    def complexity(self, C, stable: bool = True) -> tuple[Complexity, ...]:
        """Growth rates of the number of fixed points at given C (n,), of the stable ones or all."""
        rate = stable_complexity if checks.flag("stable", stable) else total_complexity
        g, k = plastic_strengths(self.network.ensembles)
        return tuple(rate(g, k, float(one), self.network.phi)
                     for one in np.atleast_1d(checks.finite_array("C", C)))

    def shared(self, share: float | Iterable[float]) -> tuple[FixedPointFamily, ...]:
        """The continuum of families in which multistable units are divided between outer roots.

        `share` is the probability that a unit with three roots occupies the outer one of its
        input's sign: 1 is the outer family, and at 0 all such units have the sign opposite to
        their input's. The growth rate sigma of their number is the entropy of these signs.
        """
        shares = np.atleast_1d(checks.finite_array("share", share))
        if np.any((shares < 0) | (shares > 1)):
            checks.reject("share", share, "not a probability", "give numbers from 0 to 1")
        g, k = plastic_strengths(self.network.ensembles)
        phi, bound = self.network.phi, check_sigmoid(self.network.phi) ** 2
        return tuple(_family(self.network, C, "shared", float(one)) for one in shares
                     for C in families.shared_family(g, k, phi, bound, float(one)))

    def most_numerous(self) -> FixedPointFamily:
        """The most numerous stable fixed points, which are marginal: q = 1.

        Raises
        ------
        ModelError
            Where stable fixed points are not exponentially many.
        """
        best = self.stable
        if not best.sigma > 0:
            checks.reject("network", self.network, "its stable fixed points are not exponentially "
                          "many", "give a k above dmft.fixed_point_onset(g, phi)")
        site = _site(self.network, best.C)
        kind = "marginal" if best.q > 1 - MARGINAL_DISTANCE else "stable"
        return FixedPointFamily(self.network, best.C, "most numerous", np.nan, site.fold_input,
                                families.three_root_fraction(site), best.sigma, best.q, kind,
                                best.x, best.density)

    def marginal_spectrum(self) -> JointSpectrum:
        """Joint spectrum of the most numerous stable fixed points: its edge is at lambda = 0."""
        return self.most_numerous().spectrum()

    def __len__(self) -> int:
        return len(self.families)

    def __iter__(self) -> Iterator[FixedPointFamily]:
        return iter(self.families)

    def __getitem__(self, index: int) -> FixedPointFamily:
        return self.families[index]

    def __repr__(self) -> str:
        rows = [f"  {one!r}" for one in self.families]
        stable, total = ("none" if np.isnan(one.C) else f"{one.sigma:.4g} at C={one.C:.4g}"
                         for one in (self.stable, self.total))
        head = (f"PlasticFixedPoints({self.network!r}: growth rate of the number of stable points "
                f"{stable}, of all points {total})")
        return "\n".join([head, *rows])


def fixed_point_families(network: AnyNetwork) -> PlasticFixedPoints:
    """Fixed points of a network with plastic couplings: x = eta + k C phi(x), C = <phi^2>.

    eta is Gaussian with variance g^2 C. Where k C phi'(0) > 1 some inputs have three roots, and
    which of the outer ones each unit occupies is part of the solution (Clark & Abbott 2024, fixed
    points). The numbers of fixed points are annealed averages from the Kac-Rice formula. Fixed
    points do not depend on the synaptic time constant.

    Raises
    ------
    ModelError
        For a network with noise, bias, or couplings other than independent and plastic ones, for
        one without random couplings, and for a phi that is not an odd sigmoid.
    """
    for name in ("noise", "bias"):
        if getattr(network, name) != 0:
            checks.reject(name, getattr(network, name), "not zero: fixed points are known only "
                          f"without {name}", f"set {name}=0")
    require_leaky(network, "the number of fixed points")
    g, k = plastic_strengths(network.ensembles)
    if g == 0:
        checks.reject("g", g, "no random couplings: the signs of the units are then arbitrary",
                      "give g above 0")
    phi, bound = network.phi, check_sigmoid(network.phi) ** 2
    strongest = FixedPointSite(g, k, phi, bound)
    phi_zero = phi(np.array([strongest.outer_zero]))[0]  # at zero input
    if strongest.folds and phi_zero**2 > bound * (1 - SATURATED_DISTANCE):
        checks.reject("k", k, "so strong that units are saturated to within rounding",
                      "give a smaller k")
    found = [quiescent_point(network)]
    for C in families.outer_family(g, k, phi, bound):
        root = "outer" if FixedPointSite(g, k, phi, C).folds else "single"
        found.append(_family(network, C, root, 1.0))
    return PlasticFixedPoints(network, tuple(found), most_numerous(g, k, phi),
                              most_numerous(g, k, phi, stable=False))


def _site(network: AnyNetwork, C: float) -> FixedPointSite:
    return FixedPointSite(*plastic_strengths(network.ensembles), network.phi, C)


def quiescent_point(network: AnyNetwork) -> FixedPointFamily:
    """x = 0, whose stability does not depend on plasticity: its term is of third order in x."""
    g, _ = plastic_strengths(network.ensembles)
    q = (g * network.phi.slope_at_zero) ** 2
    kind = "marginal" if abs(q - 1) < MARGINAL_DISTANCE else "stable" if q < 1 else "unstable"
    return FixedPointFamily(network, 0.0, "quiescent", 1.0, 0.0, 0.0, 0.0, q, kind,
                            *quiescent_units())


def _family(network: AnyNetwork, C: float, root: str, share: float) -> FixedPointFamily:
    site = _site(network, C)
    multistable = families.three_root_fraction(site)
    entropy = -sum(a * np.log(a) for a in (share, 1 - share) if 0 < a < 1)
    q = families.stability(site, share)
    x, density = families.distribution(site, share)
    if np.isinf(q) or abs(q - 1) < MARGINAL_DISTANCE:
        kind = "marginal"
    elif q > 1:
        kind = "unstable"
    else:
        spectrum = joint_spectrum(x, density, C, network, resting=True)
        kind = "stable" if spectrum.stable else "unstable"
    return FixedPointFamily(network, C, root, share, site.fold_input, multistable,
                            float(multistable * entropy), q, kind, x, density)
