"""The stationary Gaussian process without memory: force, first integral, transition, exponent."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Condition, Derivation, Formula
from .lyapunov import lyapunov_steps
from .potential_motion import (
    E0,
    FORCE,
    GROWTH,
    INITIAL_KINETIC_ENERGY,
    INITIAL_SLOPE,
    SMALL_VARIANCE,
    STIFFNESS,
    C,
    C_phi,
    Delta,
    bias,
    curvature,
    force_of,
    g,
    gain,
    noise,
    process_steps,
    slope_correlation,
    tau,
)
from .transition import transition_steps

TEST = "tests/derivations/stationary/test_stationary.py"
CORRELATIONS = "docs/figures/iid_correlations.png"
TRANSITION = "docs/figures/iid_transition.png"


def derive() -> Derivation:
    """Steps, formulas and the two conditions of the stationary theory."""
    def formula(name, args, value, doc, test, figure=None):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{test}", figure=figure)

    formulas = (
        formula("force", (Delta, C_phi, gain, bias), FORCE,
                "Second derivative of the correlation of x at a nonzero lag."
                "\nSompolinsky, Crisanti & Sommers 1988: the force in the equivalent motion in a"
                " potential.", "force",
                CORRELATIONS),
        formula("stiffness", (slope_correlation, gain), STIFFNESS,
                "Derivative of the force in Delta, and potential of the Lyapunov problem.",
                "force"),
        formula("initial_slope", (noise,), INITIAL_SLOPE,
                "Slope of the correlation just after zero lag.", "initial_slope"),
        formula("kick_energy", (noise,), INITIAL_KINETIC_ENERGY,
                "Integral of the force from Delta(infinity) to Delta(0): the initial kinetic"
                " energy.", "initial_slope", TRANSITION),
        formula("growth_rate", (E0,), GROWTH,
                "Largest Lyapunov exponent from the lowest eigenvalue of -d^2/dtau^2 + stiffness."
                "\nSompolinsky, Crisanti & Sommers 1988.", "growth_rate", TRANSITION),
        formula("small_variance", (g, curvature), SMALL_VARIANCE,
                "Variance of x just above the transition, to leading order in g - 1."
                "\nFor odd phi = x - curvature x^3 / 3 + ...: curvature 1 for tanh, pi/4 for erf.",
                "small_variance"),
    )  # fmt: skip
    F = sp.Function("Delta")
    start, end, c = sp.Symbol("Delta0"), sp.Symbol("Delta_infinity"), sp.Symbol("c")
    conditions = (
        Condition("energy", "Determines the variance of x, for a correlation that decays to its"
                            " static part.",
                  sp.Eq(sp.Integral(force_of(c), (c, end, start)), INITIAL_KINETIC_ENERGY)),
        Condition("correlation", "The correlation at every lag, by the response of the unit.",
                  sp.Eq(F(tau), sp.Integral(sp.exp(-sp.Abs(tau - c)) / 2 * (
                      gain * C(F(c)) + bias**2 + 2 * noise**2 * sp.DiracDelta(c)),
                      (c, -sp.oo, sp.oo)))),
    )  # fmt: skip
    return Derivation(
        name="stationary", title="The stationary Gaussian process",
        introduction="Without memory the single site is $(1+d/dt)\\,x = \\eta + \\xi + h$ with"
        " Gaussian input: $\\eta$ from the couplings, with covariance $G\\,C_\\phi$ (G is the"
        " summed gain of all ensembles), $\\xi$ white, and $h$ quenched with variance $b^2$.",
        steps=process_steps() + transition_steps() + lyapunov_steps(),
        formulas=formulas, conditions=conditions,
        symbols={
            "Delta": "Correlation of x at the lag.", "C_phi": "Correlation of phi at the same lag.",
            "gain": "Summed gain of the ensembles, noise covariance over C_phi.",
            "bias": "Standard deviation of the quenched Gaussian input.",
            "noise": "Standard deviation that the white noise alone gives to x.",
            "slope_correlation": "Average <phi'(x(t)) phi'(x(t + tau))>.",
            "E0": "Lowest eigenvalue, below one.", "g": "Gain of an iid network, just above one.",
            "curvature": "Minus one half of the third derivative of phi at zero.",
        },
        references=(
            "H. Sompolinsky, A. Crisanti, H.-J. Sommers, Chaos in random neural networks (1988).",
            "J. Schuecker, S. Goedeke, M. Helias, Optimal sequence memory in driven random networks"
            " (2018): white noise and the two-replica calculation.",
        ),
    )  # fmt: skip
