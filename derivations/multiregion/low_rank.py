"""Currents between regions: their contribution to a unit, and the currents that a region sends."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Step

t, s = sp.symbols("t s", real=True)
# Two directions in which a region receives, and one along which it has an input.
LOADINGS = m1, m2, l = sp.symbols("m_1 m_2 l", real=True)
LATENTS = tuple(map(sp.Function, ("z_1", "z_2", "I_f")))
OVERLAPS = sp.symbols("T_1 T_2 V", real=True)  # of the direction n that the region sends
M = sp.Matrix(3, 3, lambda a, b: sp.Symbol(f"M_{min(a, b) + 1}{max(a, b) + 1}", real=True))
n, h, q = sp.symbols("n h q", real=True)
psi = sp.Symbol("psi", positive=True)
H = sp.Function("H")

gain, overlap, latent, other, covariance = sp.symbols(
    "gain overlap latent other covariance", real=True
)


def leaky(f: sp.Expr, time: sp.Symbol = t) -> sp.Expr:
    """(1 + d/dt) f."""
    return f + sp.diff(f, time)


def latent_part(time: sp.Symbol) -> sp.Expr:
    """Contribution of the filtered currents and the filtered input to a unit of the region."""
    return sum(w * z(time) for w, z in zip(LOADINGS, LATENTS, strict=True))


def mean_over_loadings(product: sp.Expr) -> sp.Expr:
    """Average of a quadratic form in the loadings and in the contribution h(t) of the disorder."""
    poly = sp.Poly(product, *LOADINGS, h, sp.Symbol("h'"))
    second: dict[tuple[int, ...], sp.Expr] = {(3, 4): H(t, s)}
    second |= {(a, b): M[a, b] for a in range(3) for b in range(3)}
    total = sp.S.Zero
    for powers, coefficient in poly.terms():
        pair = tuple(index for index, power in enumerate(powers) for _ in range(power))
        # Loadings and h are independent, and both have zero mean.
        total += coefficient * second.get(pair, 0)
    return total


COVARIANCE = H(t, s) + sum(
    LATENTS[a](t) * M[a, b] * LATENTS[b](s) for a in range(3) for b in range(3)
)
CURRENT = psi * sum(T * z(t) for T, z in zip(OVERLAPS, LATENTS, strict=True))


def current_steps() -> tuple[Step, ...]:
    """The linear equation of the unit, solved with each current filtered separately."""
    field = sp.Function("h")(t)
    unit = latent_part(t) + field
    driven = sum(w * leaky(z(t)) for w, z in zip(LOADINGS, LATENTS, strict=True))
    return (
        Step("The latent variable z is a current filtered like the input of a unit. The state of a"
             " unit is the sum of its loadings times these latent variables, plus the contribution"
             " of the disorder; the input, filtered in the same way, has a loading too.",
             r"(1+\partial_t)\,z^{\mu\nu} = S^{\mu\nu},\quad (1+\partial_t)\,I_f = I,\quad"
             r" x^\mu = \sum_\rho m^{\mu\rho} z^{\mu\rho} + l\,I_f + h^\mu,\quad"
             r" (1+\partial_t)\,h^\mu = \eta^\mu",
             lambda: sp.expand(leaky(unit) - driven - leaky(field))),
        Step("A constant input equals its filtered form.", r"I_f = I",
             lambda: leaky(q) - q),
        Step("Averaged over units, the covariance of x contains a part of rank R (or more) due to"
             " the currents. M is the covariance of all loadings, y the vector of all latent"
             " variables and filtered inputs.",
             r"\Delta^\mu(t,s) = H^\mu(t,s) + y^\mu(t)\,M^\mu\,y^\mu(s)^T",
             lambda: mean_over_loadings((latent_part(t) + h) * (latent_part(s) + sp.Symbol("h'")))
             - COVARIANCE),
        Step("H is the covariance of the noise filtered by the leaky unit.",
             r"(1+\partial_t)(1+\partial_s)\,H^\mu(t,s) = \langle\eta^\mu(t)\,\eta^\mu(s)\rangle",
             lambda: sp.expand(leaky(leaky(sp.Function("h")(t) * sp.Function("h")(s)), s)
                               - leaky(sp.Function("h")(t)) * leaky(sp.Function("h")(s), s))),
    )  # fmt: skip


def joint_covariance() -> sp.Matrix:
    """Covariance of (n, m_1, m_2, l, h): the disorder is independent of all loadings."""
    joint = sp.zeros(5, 5)
    joint[0, 0], joint[4, 4] = sp.Symbol("N_1", positive=True), sp.Symbol("H", positive=True)
    joint[1:4, 1:4] = M
    for a in range(3):
        joint[0, a + 1] = joint[a + 1, 0] = OVERLAPS[a]
    return joint


def stein_steps() -> tuple[Step, ...]:
    """Stein's theorem for any number of jointly Gaussian variables, and the current by it."""

    def by_density() -> list[sp.Expr]:
        v = sp.Matrix(sp.symbols("v_1:4", real=True))
        P = sp.Matrix(3, 3, lambda a, b: sp.Symbol(f"P_{min(a, b)}{max(a, b)}"))
        Sigma = P.inv()
        p = sp.exp(-(v.T * P * v)[0] / 2)
        f = sp.Function("f")(*v)
        return [
            sum(Sigma[a, b] * (sp.diff(f * p, v[b]) - sp.diff(f, v[b]) * p) for b in range(3)) / p
            + v[a] * f for a in range(3)
        ]  # fmt: skip

    def by_chain_rule() -> sp.Expr:
        x = latent_part(t) + h
        phi = sp.Function("phi")(x)
        variables = (n, *LOADINGS, h)
        terms = sum(
            joint_covariance()[0, b] * sp.diff(phi, v) for b, v in enumerate(variables)
        ).doit()
        slope = sp.diff(phi, h).doit()
        return sp.expand(terms.subs(slope, psi) - CURRENT)

    def by_generating_function() -> list[sp.Expr]:
        """For phi(x) = e^{iqx} at every q, and hence for every superposition."""
        k = sp.Matrix(sp.symbols("k_1:6"))
        generating = sp.exp((k.T * joint_covariance() * k)[0] / 2)
        along = dict(zip(k, (0, *(sp.I * q * z(t) for z in LATENTS), sp.I * q), strict=True))
        mean_phi = generating.subs(along)
        mean_slope = sp.I * q * mean_phi
        with_n = sp.diff(generating, k[0]).subs(along)
        variance = sp.log(mean_phi).subs(q, 1) * -2
        return [
            sp.simplify(with_n / mean_phi - (CURRENT / psi) * mean_slope / mean_phi),
            sp.expand(
                sp.expand_log(variance, force=True)
                - COVARIANCE.subs(s, t).subs(H(t, t), sp.Symbol("H", positive=True))
            ),
        ]

    return (
        Step("Stein's theorem for several jointly Gaussian variables with covariances"
             " $\\Sigma_{ab}$: both sides differ by a divergence, whose integral is zero.",
             r"\langle v_a f(v)\rangle = \sum_b \Sigma_{ab}\,\langle\partial_b f(v)\rangle",
             by_density),
        Step("Here v contains the direction n along which the region sends, its loadings and h. By"
             " the chain rule every term contains the same mean slope; n has no overlap with h. All"
             " currents that leave a region are multiplied by one gain.",
             r"S^{\mu\nu} = \langle n^{\mu\nu}\phi(x^\nu)\rangle = \psi^\nu\Big(\sum_\rho"
             r" T^{\mu\nu\rho}z^{\nu\rho} + V^{\mu\nu}I_f^\nu\Big),\quad \psi^\nu ="
             r" \langle\phi'(x^\nu)\rangle", by_chain_rule),
        Step("Second route, by the generating function of all five Gaussian variables: the"
             " statement for every Fourier component of phi, and the variance of x found above.",
             r"\langle n\,e^{iqx}\rangle = iq\,\Big(\sum_\rho T^{\rho}z^{\rho} + V I_f\Big)"
             r"\,\langle e^{iqx}\rangle,\quad \langle e^{iqx}\rangle = e^{-q^2\Delta/2}",
             by_generating_function),
    )  # fmt: skip


def current_summand() -> sp.Expr:
    """Contribution of one latent variable to a current."""
    one = CURRENT.expand().coeff(OVERLAPS[0]) * OVERLAPS[0]
    return one.xreplace({psi: gain, OVERLAPS[0]: overlap, LATENTS[0](t): latent})


def covariance_summand() -> sp.Expr:
    """Contribution of one pair of latent variables to the covariance of x."""
    one = COVARIANCE.coeff(M[0, 0]) * M[0, 0]
    return one.xreplace({M[0, 0]: covariance, LATENTS[0](t): latent, LATENTS[0](s): other})
