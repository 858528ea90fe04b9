"""The largest Lyapunov exponent: two replicas in one network, as a Schroedinger problem."""

from __future__ import annotations

import sympy as sp

from ..engine.couplings import IID
from ..engine.derivation import Step
from ..engine.disorder import network_action
from ..engine.saddle import C_phi as C_two
from ..engine.saddle import single_site
from .potential_motion import (
    E0,
    GROWTH,
    STIFFNESS,
    C,
    D,
    Delta,
    force_of,
    g,
    gain,
    slope_correlation,
    tau,
)


def lyapunov_steps() -> tuple[Step, ...]:
    """Two replicas in the same network, to first order in their distance."""
    t, s, T, lag, lam = sp.symbols("t s T tau lambda", real=True)
    eps = sp.Symbol("epsilon")
    Q, psi = sp.Function("Q"), sp.Function("psi")(lag)
    E = sp.Symbol("E")
    cross = C(D - eps * Q(T, tau))
    growing = sp.exp(2 * lam * T) * psi
    in_lag = lambda f: f + sp.diff(f, T) / 2 + sp.diff(f, lag)  # noqa: E731
    in_lead = lambda f: f + sp.diff(f, T) / 2 - sp.diff(f, lag)  # noqa: E731
    pulled = in_lag(in_lead(growing)) - gain * slope_correlation * growing
    schroedinger = -sp.diff(psi, lag, 2) + STIFFNESS * psi - E * psi
    R = sp.Function("R")
    both = lambda f: f + sp.diff(f, t) + sp.diff(f, s) + sp.diff(f, t, s)  # noqa: E731
    pair = R((t + s) / 2, t - s)
    centred = in_lag(in_lead(Q(T, lag)))
    zero_mode = D.diff(tau)
    equation = D.diff(tau, 2) - force_of(D)
    return (
        Step("Replicas a and b of one network have the same couplings, so their inputs are"
             " correlated as their activities are; the input of their difference has the"
             " correlation of the difference.",
             r"\langle(\eta^a-\eta^b)(t)(\eta^a-\eta^b)(s)\rangle ="
             r" G\,[C^{aa} + C^{bb} - C^{ab} - C^{ba}](t,s)",
             _two_replicas),
        Step("For nearby replicas the cross-correlation lies below the common autocorrelation by a"
             " small amount; to first order the correlation of phi changes by its slope times this"
             " amount (Price's theorem).",
             r"C(\Delta - \epsilon Q) = C(\Delta) - \epsilon\,C'(\Delta)\,Q + \dots",
             lambda: (sp.diff(cross, eps).subs(eps, 0).doit() + C(D).diff(D) * Q(T, tau)).doit()),
        Step("In mean time T and lag tau each leaky unit contributes half of the derivative in T,"
             " and the derivatives in tau have opposite signs.",
             r"(1+\partial_t)(1+\partial_s) = (1+\tfrac12\partial_T)^2 - \partial_\tau^2",
             lambda: [_chain(both, pair, t, s, T, lag, R)
                      - (centred.subs(Q, R).doit()),
                      sp.expand(centred - (Q(T, lag) + Q(T, lag).diff(T)
                                + Q(T, lag).diff(T, 2) / 4 - Q(T, lag).diff(lag, 2)))],
             lambda r: sp.expand(r.doit())),
        Step("With a squared distance that grows at twice the Lyapunov exponent this becomes a"
             " Schroedinger equation in the lag.",
             r"-\psi'' + [1 - G\,\langle\phi'\phi'\rangle(\tau)]\,\psi = E\,\psi,\quad"
             r" E = 1 - (1+\lambda)^2",
             lambda: sp.expand(sp.expand(pulled) * sp.exp(-2 * lam * T)
                               - schroedinger.subs(E, 1 - (1 + lam) ** 2))),
        Step("Its lowest eigenvalue gives the largest Lyapunov exponent.",
             sp.Eq(sp.Symbol("lambda"), GROWTH),
             lambda: [(1 - (1 + GROWTH) ** 2) - E0, GROWTH.subs(E0, 0)]),
        Step("The potential is the derivative of the force in Delta.",
             sp.Eq(sp.Symbol("dforce/dDelta"), STIFFNESS),
             lambda: sp.diff(force_of(Delta), Delta)
             - STIFFNESS.subs(slope_correlation, C(Delta).diff(Delta))),
        Step("Without noise the derivative of the correlation is an eigenfunction with eigenvalue"
             " zero (differentiate the equation of motion). It is odd, hence has a node, so there"
             " is a lower eigenvalue: the dynamics are chaotic.",
             r"-\Delta''' + [1 - G\,C'(\Delta)]\,\Delta' = 0",
             lambda: (-zero_mode.diff(tau, 2) + STIFFNESS.subs(slope_correlation,
                      sp.Subs(sp.diff(C(Delta), Delta), Delta, D)) * zero_mode
                      + equation.diff(tau)).doit()),
    )  # fmt: skip


def _two_replicas() -> sp.Expr:
    """The engine with two instants of each replica; instants 0 and 2 belong to a, 1 and 3 to b."""
    site = single_site(network_action(), IID(g), range(4))
    signs = {0: 1, 1: -1, 2: 1, 3: -1}
    found = sum(signs[a] * signs[b] * site.noise_covariance[a, b] for a in (2, 3) for b in (0, 1))
    aa, bb, ab, ba = C_two(2, 0), C_two(3, 1), C_two(2, 1), C_two(3, 0)
    return sp.expand(found - g**2 * (aa + bb - ab - ba))


def _chain(both, pair, t, s, T, lag, R) -> sp.Expr:
    """Apply the operator in t and s, then express the result in mean time and lag."""
    result = both(pair).doit()
    return result.subs({t: T + lag / 2, s: T - lag / 2}, simultaneous=True).doit()
