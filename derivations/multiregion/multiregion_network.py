"""Regions that exchange currents: the complete derivation, from the network to its currents."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from ..engine.derivation import Condition, Derivation, Formula
from ..engine.disorder import ActionTerm, network_action
from ..engine.kinds_of_sites import Blocks
from ..engine.saddle import C_phi, single_site
from ..gaussian import variance_derivative
from . import constant_currents, energy, matching, static_regions, variance_response
from .low_rank import (
    covariance,
    covariance_summand,
    current_steps,
    current_summand,
    gain,
    latent,
    other,
    overlap,
    stein_steps,
)
from .region_network import INSTANTS, MU, NU, engine_steps, g, regions, site_steps, strength

TEST = "tests/derivations/multiregion/test_multiregion.py"
correlation = sp.Symbol("C_phi")


def derive(
    action: Sequence[ActionTerm] | None = None, ensemble: Blocks | None = None
) -> Derivation:
    """The complete derivation; another action or ensemble can be passed, to test that errors are
    detected."""
    action = network_action() if action is None else action
    ensemble = regions() if ensemble is None else ensemble
    site = single_site(action, ensemble, INSTANTS, MU)
    received = site.noise_covariance[1, 0].coeff(C_phi(*NU, 1, 0)) * correlation

    def formula(name, args, value, doc, test=None):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{test or name}")

    Delta = sp.Symbol("Delta", positive=True)

    formulas = (
        formula("noise_covariance", (correlation, g), received.subs(strength(MU, NU), g),
                "Covariance of the input through the random couplings from one region."
                "\nTo be summed over the sending regions."),
        formula("current", (gain, overlap, latent), current_summand(),
                "Contribution of one filtered current (or input) to a current that leaves a region."
                "\nTo be summed over all that the region receives, with the overlaps T (or V)."
                " Clark & Beiran 2025."),
        formula("latent_covariance", (latent, covariance, other), covariance_summand(),
                "Contribution of two filtered currents, at two times, to the covariance of x."
                "\nTo be summed over all pairs, with the covariances of their loadings."),
        formula("erf_energy", (Delta,),
                variance_derivative.ERF_ENERGY.subs(variance_derivative.Delta, Delta),
                "Average of the primitive of phi over a region of variance Delta, zero at zero"
                " variance."
                "\n2/pi (sqrt(1 + pi Delta / 2) - 1), without cancellation; its derivative is half"
                " of the mean slope of phi."),
        formula("erf_gain_slope", (Delta,),
                variance_derivative.GAIN_SLOPE.subs(variance_derivative.Delta, Delta),
                "Derivative of the mean slope <phi'> in the variance, <phi'''> / 2.", "erf_energy"),
        formula("structured_variance", (constant_currents.b,),
                constant_currents.STRUCTURED_VARIANCE,
                "Variance at which the mean slope of the scaled error function is 1/b.",
                "structure"),
        formula("chaos_onset", (constant_currents.b,), constant_currents.CHAOS_ONSET,
                "Gain g of the random couplings inside a region with mean slope 1/b at which its"
                " static state becomes chaotic.", "structure"),
        formula("matching_load", (constant_currents.b,), matching.MATCHING_LOAD,
                "Sum over all partner regions of squared currents divided by b, in a region with"
                " mean slope 1/b.", "fixed_points"),
        formula("self_current_squared", (matching.a,), matching.SELF_CURRENT_SQUARED,
                "Squared current of a region that excites itself with strength a.",
                "fixed_points"),
        formula("star_kappa_squared", (matching.b_hub, matching.sum_inverse, matching.sum_b),
                matching.STAR,
                "Square of kappa, with mean slopes kappa/b at the hub of a star and 1/(kappa b) at"
                " its leaves.", "fixed_points"),
        formula("breathing_stiffness", (variance_response.growth,), variance_response.STIFFNESS,
                "Replaces 1 in the operator 1 - d^2/dtau^2 for a perturbation that grows"
                " exponentially.", "variance_response"),
        formula("resting_response", (variance_response.growth, static_regions.gain_squared_slope),
                static_regions.RESTING,
                "Response of the variance of a static region: its total change per change due to"
                " the currents alone."
                "\nFor random couplings inside the region; if regions share random couplings it"
                " becomes a linear system.", "variance_response"),
    )  # fmt: skip
    return Derivation(
        name="multiregion", title="Regions and their currents",
        introduction="R regions of N units: $(1+d/dt)\\,x^\\mu_i = \\sum_\\nu\\sum_j"
        " J^{\\mu\\nu}_{ij}\\,\\phi(x^\\nu_j) + \\xi_i + h_i$ with $J^{\\mu\\nu} = \\chi^{\\mu\\nu}"
        " + \\tfrac1N m^{\\mu\\nu}(n^{\\mu\\nu})^T$. The random part $\\chi^{\\mu\\nu}$ has the"
        " variance $g_{\\mu\\nu}^2/N$. The loadings of a unit are jointly Gaussian: $n^{\\mu\\nu}$"
        " is the direction that region $\\nu$ sends to $\\mu$, $m^{\\nu\\rho}$ the one in which it"
        " receives from $\\rho$, and $T^{\\mu\\nu\\rho} = \\langle n^{\\mu\\nu} m^{\\nu\\rho}"
        "\\rangle$ passes the current from $\\rho$ on to $\\mu$.",
        steps=(*engine_steps(action, ensemble), *site_steps(action, ensemble, site),
               *current_steps(), *stein_steps(), *variance_derivative.variance_derivative_steps(),
               *energy.energy_steps(),
               *constant_currents.constant_steps(), *matching.pair_steps(),
               *matching.star_steps(), *variance_response.variance_response_steps(),
               *static_regions.static_region_steps()),
        formulas=formulas,
        conditions=(*_conditions(), *constant_currents.conditions(), variance_response.condition()),
        symbols={"C_phi": "Correlation of phi in the sending region, <phi(t) phi(s)>.",
                 "g": "Standard deviation of the random couplings times sqrt(N).",
                 "gain": "Mean slope <phi'> of the region (psi in the steps).",
                 "overlap": "Overlap T of a sent direction with a received one (V, with an"
                            " input's).",
                 "latent": "Filtered current or input at the one time.",
                 "other": "Filtered current or input at the other time.",
                 "covariance": "Covariance of the two loadings.",
                 "Delta": "Variance of x in the region.",
                 "a": "Strength c of a region's interaction with itself, above one.",
                 "b": "Inverse of the mean slope required by the currents, above one.",
                 "b_hub": "b of the region at the centre of the star.",
                 "sum_inverse": "Sum of 1/b over the leaves.", "sum_b": "Sum of b over the leaves.",
                 "growth": "Growth rate lambda of the perturbation, real or complex.",
                 "gain_squared_slope": "g^2 times the derivative of <phi^2> in the variance."},
        references=(
            "D. Clark, M. Beiran, Structure of activity in multiregion recurrent neural networks"
            " (2025).",
            "F. Mastrogiuseppe, S. Ostojic, Linking connectivity, dynamics, and computations in"
            " low-rank recurrent neural networks (2018).",
        ),
    )  # fmt: skip


def _conditions() -> tuple[Condition, ...]:
    """The two equations that are integrated in time."""
    time, earlier = sp.symbols("t s", real=True)
    mu, nu, rho = sp.symbols("mu nu rho")
    R = sp.Symbol("R", integer=True, positive=True)
    T, V, G = map(sp.IndexedBase, ("T", "V", "g"))
    z, C = sp.Function("z"), sp.Function("C_phi")
    incoming = sp.Sum(T[mu, nu, rho] * z(nu, rho, time), (rho, 1, R))
    incoming += V[mu, nu] * sp.Function("I_f")(nu, time)
    H = sp.Function("H")(mu, time, earlier)
    filtered = H + H.diff(time) + H.diff(earlier) + H.diff(time, earlier)
    return (
        Condition("current", "The equation of motion of every filtered current.",
                  sp.Eq(z(mu, nu, time) + z(mu, nu, time).diff(time),
                        sp.Function("psi")(nu, time) * incoming)),
        Condition("disorder", "The part of a region's covariance due to the random couplings.",
                  sp.Eq(filtered, sp.Sum(G[mu, nu] ** 2 * C(nu, time, earlier), (nu, 1, R)))),
    )  # fmt: skip
