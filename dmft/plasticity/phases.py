"""phase: which states exist at the parameters of a plastic network, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.annotations import Seed
from ..base.checks import positive, reject
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..base.long_call import long_call
from ..ensembles.properties import plastic_strengths, synapses
from ..network.network import AnyNetwork
from ..network.structure import check_network
from ..sampled.sampling_options import SamplingOptions, check_options
from ..stationary.solution import Solution
from .chaos_search import MISSING, TIMES, Chaos, ChaosSearch, find_chaos
from .complexity import most_numerous
from .freezing import freeze


@dataclass(frozen=True, eq=False)
class Phase:
    """The states of a plastic network at one point of its phase diagram.

    Parameters
    ----------
    network : PlasticNetwork
        The network.
    rest_gain : float
        g phi'(0): the quiescent state x = 0 is stable where it is below 1, whatever the plasticity.
    chaos : str
        "absent" (no start keeps its activity), "chaotic", "frozen" (activity whose correlation does
        not decay within the longest window: static, or slower than that), or "unresolved" (the
        solve failed otherwise; see `message`).
    message : str
        What that solve was started from, if not strong activity, and its convergence message.
    C : Estimate ()
        C_phi(0) of the chaotic state, NaN without one; the last iterate where it is frozen or
        unresolved.
    half_life, first_zero, minimum, peak, peak_height : Estimate ()
        Time scales and spectral peak of its correlation, see `dmft.timescales`; NaN where there is
        none, and where the iteration did not become stationary, so that they are not certain.
    oscillating, peak_resolved : bool
        Whether C(tau) is negative somewhere; whether its spectrum has a peak above zero frequency.
    complexity, fixed_point_C : float
        Largest growth rate Sigma of the number of stable fixed points other than the quiescent
        one, and their C. They exist in exponential number where Sigma > 0.
    overlap, q : Estimate ()
        Overlap and stability of the state after plasticity is halted, see `dmft.freeze`; NaN
        without chaos.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.phase(dmft.PlasticNetwork(g=0.8, k=-1.0, p=2.5))
    >>> found.chaos, found.quiescent, found.names
    ('absent', True, ('quiescence',))
    """

    network: AnyNetwork
    rest_gain: float
    chaos: Chaos
    message: str
    C: Estimate
    half_life: Estimate
    first_zero: Estimate
    minimum: Estimate
    peak: Estimate
    peak_height: Estimate
    oscillating: bool
    peak_resolved: bool
    complexity: float
    fixed_point_C: float
    overlap: Estimate
    q: Estimate

    @property
    def quiescent(self) -> bool:
        """Whether the quiescent state is stable."""
        return self.rest_gain < 1

    @property
    def chaotic(self) -> bool:
        """Whether a chaotic state exists."""
        return self.chaos == "chaotic"

    @property
    def frozen(self) -> bool:
        """Whether activity exists whose correlation does not decay within the longest window."""
        return self.chaos == "frozen"

    @property
    def hebbian_induced(self) -> bool:
        """Whether chaos coexists with a stable quiescent state."""
        return self.chaotic and self.quiescent

    @property
    def fixed_points(self) -> bool:
        """Whether stable fixed points other than quiescence exist in exponential number."""
        return self.complexity > 0

    @property
    def freezable(self) -> bool:
        """Whether chaos freezes into a stable fixed point when plasticity is halted."""
        return self.chaotic and float(self.q) < 1

    @property
    def names(self) -> tuple[str, ...]:
        """The states that exist, in words."""
        chaos = "Hebbian-induced chaos" if self.hebbian_induced else "chaos"
        if self.oscillating:
            chaos += " with oscillation"
        known = (("quiescence", self.quiescent), (chaos, self.chaotic),
                 ("freezable", self.freezable), ("stable fixed points", self.fixed_points),
                 ("frozen activity", self.frozen),
                 ("unresolved activity", self.chaos == "unresolved"))
        return tuple(name for name, there in known if there)

    @property
    def evidence(self) -> dict[str, str]:
        """For each kind of state, the numbers that decide whether it exists."""
        found = {"quiescence": f"g phi'(0) = {self.rest_gain:.4g}, stable below 1",
                 "chaos": f"{self.chaos}: {self.message}"}
        if self.chaotic:
            known = np.isfinite(self.half_life)
            found["chaos"] = f"C_phi(0) = {self.C}, " + (
                f"half-life {self.half_life}" if known else self.message)
            lowest = (f"the minimum of C(tau)/C(0) is {self.minimum}" if float(self.minimum) < 0
                      else "C(tau) is positive")
            peak = (f"the spectrum has a peak at omega = {self.peak}" if self.peak_resolved
                    else "no peak of the spectrum is resolved")
            found["oscillation"] = f"{lowest}; {peak}"
            found["freezing"] = (
                f"q = {self.q} (stable below 1), overlap {self.overlap}"
                if np.isfinite(self.q) else "not requested, or not converged: see dmft.freeze")
        found["stable fixed points"] = (
            f"Sigma = {self.complexity:.4g} at C = {self.fixed_point_C:.4g}, exponentially many "
            "where it is above 0" if np.isfinite(self.complexity) else "none with activity")
        return found

    def __repr__(self) -> str:
        lines = "".join(f"\n  {name}: {numbers}" for name, numbers in self.evidence.items())
        return f"Phase({self.network!r}: {', '.join(self.names) or 'no state found'}){lines}"


def phase(network: AnyNetwork, *, tol: float = 5e-3, freeze_tol: float | None = 0.05,
          initial: Solution | None = None, rng: Seed = None,
          options: SamplingOptions | None = None, progress: bool | None = None) -> Phase:
    """Which states exist at the parameters of a plastic network.

    Quiescence is decided by linear stability, g phi'(0) < 1; chaos, with or without oscillation,
    by `dmft.solve` from strong activity with correlation times up to many memory times (it is
    Hebbian-induced where quiescence is stable too); freezing after plasticity is halted by
    `dmft.freeze`; stable fixed points by the sign of the growth rate of their number (Clark &
    Abbott 2024, the phase diagram in coupling and plasticity strength). Several states can coexist:
    which of them a network reaches depends on its initial condition.

    Parameters
    ----------
    network : PlasticNetwork
        Without noise and bias, and with an odd sigmoid phi.
    tol : float
        Relative standard error of C_phi(0), above 0.
    freeze_tol : float or None
        Standard error of q, above 0. With None freezing, which takes as long as the solve, is not
        computed.
    initial : Solution, optional
        Chaotic solution at a nearby point, from which chaos is sought first, and faster. Where it
        is not found from there, it is sought from strong activity as without `initial`.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths; 0 by default.
    options : SamplingOptions, optional
        Of the solves, as for `dmft.solve`.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

    Returns
    -------
    Phase
        `.names` of the states that exist, `.evidence` with the numbers; prints as a table.

    Raises
    ------
    ModelError
        If the network has no plasticity, or has noise or bias, or phi is not an odd sigmoid.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> phase(PlasticNetwork(g=0.8, k=-1.0, p=2.5)).names
    ('quiescence',)
    """
    check_network(network)
    if not synapses(network.ensembles):
        reject("network", network, "not a network with plastic couplings",
               "give dmft.PlasticNetwork(g, k, p), or the .network of a solution of one")
    if network.noise > 0 or network.bias > 0:
        reject("network", network, "has noise or bias, with which these phases are not defined",
               "set noise=0 and bias=0")
    tol = positive("tol", tol)
    if freeze_tol is not None:
        freeze_tol = positive("freeze_tol", freeze_tol)
    check_options(options, True)
    if initial is not None and not (isinstance(initial, Solution)
                                    and synapses(initial.network.ensembles)):
        reject("initial", initial, "not a solution of a plastic network",
               "give what dmft.solve returned at a nearby point, or leave it out")
    with long_call("phase", progress, None):
        return located_phase(network, tol, freeze_tol, initial, rng, options)[0]


def located_phase(network: AnyNetwork, tol: float, freeze_tol: float | None,
                  initial: Solution | None, rng: Seed, options: SamplingOptions | None
                  ) -> tuple[Phase, ChaosSearch]:
    """`phase`, of arguments that are checked, with the solution to start a neighbour from."""
    g, k = plastic_strengths(network.ensembles)
    points = most_numerous(g, k, network.phi)
    found = find_chaos(network, k, tol, initial, rng, options)
    overlap, q = _freezing(found, k, freeze_tol, rng)
    return Phase(network, g * network.phi.slope_at_zero, found.verdict, found.message, found.C,
                 **found.curve(), complexity=points.sigma, fixed_point_C=points.C, overlap=overlap,
                 q=q), found


def unresolved_phase(network: AnyNetwork, message: str) -> Phase:
    """The phase of a network whose solve failed with this message."""
    g, k = plastic_strengths(network.ensembles)
    points = most_numerous(g, k, network.phi)
    return Phase(network, g * network.phi.slope_at_zero, "unresolved", message, MISSING,
                 **dict.fromkeys(TIMES, MISSING), oscillating=False, peak_resolved=False,
                 complexity=points.sigma, fixed_point_C=points.C, overlap=MISSING, q=MISSING)


def _freezing(found: ChaosSearch, k: float, tol: float | None, rng: Seed
              ) -> tuple[Estimate, Estimate]:
    if not found.certain or k == 0 or tol is None:
        return MISSING, MISSING
    try:
        frozen = freeze(found.solution, tol=tol, rng=rng)
    except ConvergenceError:
        return MISSING, MISSING
    return frozen.overlap, frozen.q
