"""phase: which states exist at the parameters of a plastic network, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.checks import positive, reject
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..ensembles.properties import plastic_strengths, synapses
from ..network.network import AnyNetwork
from ..solving import solve
from ..stationary.solution import Solution
from ..stationary.timescales import timescales
from .complexity import most_numerous
from .freezing import freeze

NONE = Estimate(np.asarray(np.nan), np.nan)


@dataclass(frozen=True, eq=False)
class Phase:
    """The states of a plastic network at one point of its phase diagram.

    Parameters
    ----------
    network : PlasticNetwork
        The network.
    rest_gain : float
        g phi'(0): quiescence is stable below 1, whatever the plasticity.
    chaos : str
        "absent" (activity dies), "chaotic", or "unresolved": the correlation outlasts every
        window, or the solve failed otherwise; `message` says which.
    message : str
        Of that solve.
    C : Estimate ()
        C_phi(0) of the chaotic state, NaN without one; of an unresolved one where it stood.
    half_life, first_zero, minimum, peak, peak_height : Estimate ()
        Of its correlation, see `dmft.timescales`; NaN where there is none.
    oscillating, peak_resolved : bool
        Whether C(tau) is negative somewhere; whether its spectrum has a peak above zero frequency.
    complexity, fixed_point_C : float
        Largest growth rate Sigma of the number of stable fixed points other than rest, and their
        C; they exist in exponential number where Sigma > 0.
    overlap, q : Estimate ()
        Of the state after plasticity is halted, see `dmft.freeze`; NaN without chaos.
    """

    network: AnyNetwork
    rest_gain: float
    chaos: str
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
        """Whether rest is stable."""
        return self.rest_gain < 1

    @property
    def chaotic(self) -> bool:
        return self.chaos == "chaotic"

    @property
    def hebbian_induced(self) -> bool:
        """Whether chaos exists although rest is stable."""
        return self.chaotic and self.quiescent

    @property
    def fixed_points(self) -> bool:
        """Whether stable fixed points other than rest exist in exponential number."""
        return self.complexity > 0

    @property
    def freezable(self) -> bool:
        """Whether chaos freezes when plasticity is halted."""
        return self.chaotic and float(self.q) < 1

    @property
    def names(self) -> tuple[str, ...]:
        """The states that exist, in words."""
        chaos = "Hebbian-induced chaos" if self.hebbian_induced else "chaos"
        if self.oscillating:
            chaos += " with oscillation"
        known = (("quiescence", self.quiescent), (chaos, self.chaotic),
                 ("freezable", self.freezable), ("stable fixed points", self.fixed_points),
                 ("unresolved activity", self.chaos == "unresolved"))
        return tuple(name for name, there in known if there)

    @property
    def evidence(self) -> dict[str, str]:
        """For each kind of state, what decides of it."""
        found = {"quiescence": f"g phi'(0) = {self.rest_gain:.4g}, stable below 1",
                 "chaos": f"{self.chaos}: {self.message}"}
        if self.chaotic:
            found["chaos"] = f"C_phi(0) = {self.C}, half-life {self.half_life}"
            lowest = (f"C(tau)/C(0) falls to {self.minimum}" if float(self.minimum) < 0
                      else "C(tau) is positive")
            peak = (f"the spectrum peaks at {self.peak}" if self.peak_resolved
                    else "no peak of the spectrum is resolved")
            found["oscillation"] = f"{lowest}; {peak}"
            found["freezing"] = (
                f"q = {self.q} (stable below 1), overlap {self.overlap}"
                if np.isfinite(self.q) else "not asked, or not found: see dmft.freeze")
        found["stable fixed points"] = (
            f"Sigma = {self.complexity:.4g} at C = {self.fixed_point_C:.4g}, many where it is "
            "above 0" if np.isfinite(self.complexity) else "none but rest")
        return found

    def __repr__(self) -> str:
        lines = "".join(f"\n  {name}: {says}" for name, says in self.evidence.items())
        return f"Phase({self.network!r}: {', '.join(self.names) or 'nothing stable'}){lines}"


def phase(network: AnyNetwork, *, tol: float = 5e-3, freeze_tol: float | None = 0.05,
          rng=None) -> Phase:
    """Which states exist at the parameters of a plastic network.

    Quiescence, by the linearised units; chaos, with or without oscillation, by `dmft.solve` from
    strong activity (Hebbian-induced where rest is stable too); whether it freezes when plasticity
    is halted, by `dmft.freeze`; stable fixed points, by the sign of the growth rate of their
    number (Clark & Abbott 2024, the phase diagram in coupling and plasticity strength). Several
    can exist: which of them a network shows depends on where it starts.

    Parameters
    ----------
    network : PlasticNetwork
        Without noise and bias, of an odd sigmoid phi.
    tol : float
        Relative standard error of C_phi(0).
    freeze_tol : float or None
        Standard error of q; None does not ask whether chaos freezes, which takes as long as the
        solve.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths; 0 by default.

    Returns
    -------
    Phase
        `.names` in words, `.evidence` in numbers; prints as a table.

    Raises
    ------
    ModelError
        If the network has no plasticity, or noise, or another phi.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> phase(PlasticNetwork(g=0.8, k=-1.0, p=2.5)).names
    ('quiescence',)
    """
    if not synapses(getattr(network, "ensembles", ())):
        reject("network", network, "not a network with plastic couplings",
               "give dmft.PlasticNetwork(g, k, p); of a solution its .network")
    if network.noise > 0 or network.bias > 0:
        reject("network", network, "has noise or bias: its phases are not those of this diagram",
               "set noise=0 and bias=0")
    g, k = plastic_strengths(network.ensembles)
    tol = positive("tol", tol)
    if freeze_tol is not None:
        freeze_tol = positive("freeze_tol", freeze_tol)
    points = most_numerous(g, k, network.phi)
    solution = solve(network, tol=tol, rng=rng, strict=False)
    chaos, message, C = _chaos(solution)
    overlap, q = _freezing(solution, k, freeze_tol, rng)
    return Phase(network, g * network.phi.slope_at_zero, chaos, message, C, **_curve(solution),
                 complexity=points.sigma, fixed_point_C=points.C, overlap=overlap, q=q)


def _moves(solution: Solution) -> bool:
    return solution.convergence.success and solution.branch == "chaotic"


def _chaos(solution: Solution) -> tuple[str, str, Estimate]:
    if _moves(solution):
        return "chaotic", solution.convergence.message, solution.C_phi[0]
    if solution.branch == "quiescent":
        return "absent", "activity dies", NONE
    return "unresolved", solution.convergence.message, solution.C_phi[0]


def _curve(solution: Solution) -> dict[str, Any]:
    names = ("half_life", "first_zero", "minimum", "peak", "peak_height")
    if not _moves(solution):
        return dict.fromkeys(names, NONE) | {"oscillating": False, "peak_resolved": False}
    found = timescales(solution)
    return {name: getattr(found, name) for name in names} | {
        "oscillating": found.oscillates, "peak_resolved": found.peak_resolved}


def _freezing(solution: Solution, k: float, tol: float | None, rng) -> tuple[Estimate, Estimate]:
    if not _moves(solution) or k == 0 or tol is None:
        return NONE, NONE
    try:
        frozen = freeze(solution, tol=tol, rng=rng)
    except ConvergenceError:
        return NONE, NONE
    return frozen.overlap, frozen.q
