"""The stationary Gaussian process without memory: force, energy, transition, Lyapunov exponent."""

from __future__ import annotations

import sympy as sp

from . import gaussian
from .couplings import IID
from .derivation import Condition, Derivation, Formula, Step
from .disorder import network_action
from .saddle import C_phi as C_two
from .saddle import single_site

tau = sp.Symbol("tau", real=True)
gain, bias, noise = sp.symbols("gain bias noise", positive=True)
Delta, C_phi, slope_correlation, E0 = sp.symbols("Delta C_phi slope_correlation E0", real=True)
g, curvature = sp.symbols("g curvature", positive=True)

C = sp.Function("C")  # correlation of phi as a function of the covariance, the variance being fixed
D = sp.Function("Delta")(tau)
TEST = "tests/derivations/test_stationary.py"

FORCE = Delta - gain * C_phi - bias**2
STIFFNESS = 1 - gain * slope_correlation
INITIAL_SLOPE = -(noise**2)
KICK = noise**4 / 2
GROWTH = -1 + sp.sqrt(1 - E0)
SMALL_VARIANCE = (g - 1) / curvature


def force_of(covariance: sp.Expr) -> sp.Expr:
    """The force with the correlation of phi as a function of the covariance."""
    return FORCE.xreplace({Delta: covariance, C_phi: C(covariance)})


def process_steps() -> tuple[Step, ...]:
    """From the single-site equation to a particle that moves in a potential."""
    t, s = sp.symbols("t s", real=True)
    F0, F1, F2 = sp.symbols("F0 F1 F2", real=True)
    F = sp.Function("Delta")
    two_time = F(t - s)
    leak = lambda f, time: f + sp.diff(f, time)  # noqa: E731
    cusp = F0 + F1 * sp.Abs(tau) + F2 * tau**2 / 2
    c = sp.Symbol("c", real=True)
    energy = D.diff(tau) ** 2 / 2 - sp.Integral(force_of(c), (c, 0, D))
    return (
        Step("Two times of a stationary process enter through their lag, so that the leaky unit"
             " acts on the correlation with one derivative of each sign.",
             r"(1+\partial_t)(1+\partial_s)\,\Delta(t-s) = (1-\partial_\tau^2)\,\Delta(\tau)",
             lambda: (leak(leak(two_time, t), s) - (F(tau) - F(tau).diff(tau, 2))
                      .subs(tau, t - s)).doit()),
        Step("The right side is the correlation of all inputs; away from zero lag the equation is"
             " that of a particle with the lag as its time.",
             r"\Delta''(\tau) = \Delta - G\,C_\phi - b^2",
             lambda: sp.solve(D - sp.Symbol("a") - gain * C(D) - bias**2, sp.Symbol("a"))[0]
             - force_of(D)),
        Step("An even function with a kink: differentiating its modulus twice leaves a delta"
             " function of twice the slope on the right side.",
             r"\partial_\tau^2\,[F_0 + F_1|\tau| + \dots] = 2F_1\,\delta(\tau) + \dots",
             lambda: sp.diff(cusp, tau, 2).coeff(sp.DiracDelta(tau)) - 2 * F1),
        Step("The kink has to carry the white noise.", r"\Delta'(0^+) = -\sigma^2",
             lambda: sp.solve(-sp.diff(cusp, tau, 2).coeff(sp.DiracDelta(tau))
                              - 2 * noise**2, F1)[0] - INITIAL_SLOPE),
        Step("Energy is conserved: kinetic minus the work of the force does not change along the"
             " orbit.",
             sp.Eq(sp.Derivative(energy, tau), 0),
             lambda: sp.expand(energy.diff(tau).doit() - D.diff(tau) * (D.diff(tau, 2)
                                - force_of(D)))),
        Step("A decaying orbit ends at rest; hence the work between the end and zero lag is the"
             " kinetic energy of the kick.",
             r"\int_{\Delta(\infty)}^{\Delta(0)} f(\Delta)\,d\Delta ="
             r" \tfrac12\Delta'(0^+)^2 = \tfrac12\sigma^4",
             lambda: INITIAL_SLOPE**2 / 2 - KICK),
        Step("For white noise alone the orbit is known, and its energy is the kick's.",
             sp.Eq(sp.Integral(c, (c, 0, noise**2)), KICK),
             lambda: sp.integrate(FORCE.subs({gain: 0, bias: 0, Delta: c}), (c, 0, noise**2))
             - KICK),
        Step("The work of the correlation is a difference of two single averages: the integrand is"
             " the derivative of the primitives' correlation (Price), which factorises at zero"
             " covariance and is a square at full covariance.",
             r"\int_0^{\Delta_0} C(c,\Delta_0)\,dc = \langle\Phi^2\rangle - \langle\Phi\rangle^2,"
             r"\quad \Phi' = \phi", _primitive_defects),
    )  # fmt: skip


def _primitive_defects() -> list[sp.Expr]:
    """The theorem: the general identity, then the three functions with a closed form."""
    x, y, D12, D11, D22 = gaussian.x, gaussian.y, gaussian.D12, gaussian.D11, gaussian.D22
    Phi = sp.Function("Phi")
    p = sp.Function("p")(x, y)
    product = Phi(x) * Phi(y)
    divergence = sp.diff(product * p.diff(y), x) - sp.diff(sp.diff(product, x) * p, y)
    general = sp.expand(divergence - (product * sp.diff(p, x, y) - sp.diff(product, x, y) * p))
    z, a, b = sp.symbols("z a b", real=True)
    # Common part z and private parts a, b: covariance D12, and equal variables where D12 = D11.
    pair = [sp.sqrt(D12) * z + sp.sqrt(D11 - D12) * private for private in (a, b)]
    equal = (pair[0] - pair[1]).subs(D12, D11)
    forms = gaussian.closed_forms()
    step = sp.Heaviside(x)
    defects = [general, equal]
    for name, primitive in (("relu", x**2 / 2 * step), ("linear", x**2 / 2)):
        correlation = gaussian.inside(forms[name]["correlation"]).subs(D22, D11)
        work = sp.integrate(sp.simplify(correlation.subs(D12, D11 * z)) * D11, (z, 0, 1))
        direct = gaussian.average(primitive**2) - gaussian.average(primitive) ** 2
        defects.append(sp.simplify(work - direct))
    return defects


def transition_steps() -> tuple[Step, ...]:
    """Where quiescence ends and what grows just above, for odd phi with unit slope."""
    gauge, b, e, eps, D0 = sp.symbols("s b e epsilon Delta0", positive=True)
    x, z = sp.symbols("x z", real=True)
    phi = x - b * x**3 / 3 + e * x**5 / 120  # phi'''(0) = -2 b

    def moment(f: sp.Expr, var: sp.Expr) -> sp.Expr:
        return sum(c * sp.factorial2(n - 1) * var ** (n // 2) if n % 2 == 0 else 0
                   for (n,), c in sp.Poly(f, x).terms())  # fmt: skip

    def correlation() -> sp.Expr:
        """Price, order by order: the n-th derivative at zero covariance is <phi^(n)>^2."""
        return sum(moment(sp.diff(phi, x, n), D0) ** 2 * Delta**n / sp.factorial(n)
                   for n in range(6))  # fmt: skip

    def root_condition() -> sp.Expr:
        work = sp.integrate(Delta - g**2 * correlation(), (Delta, 0, D0))
        return sp.expand(2 * work / D0**2)

    def leading() -> list[sp.Expr]:
        # With Delta0 = eps D0 and g = 1 + eps: the first order in eps fixes D0.
        order = sp.expand(root_condition().subs({g: 1 + eps, D0: eps * D0}))
        found = sp.solve(order.coeff(eps, 1), D0)
        return [order.coeff(eps, 0), found[0] - SMALL_VARIANCE.subs({g: 2, curvature: b})]

    def next_order() -> sp.Expr:
        expected = 1 - g**2 * (1 - 2 * b * D0 + (sp.Rational(4, 3) * b**2 + e / 4) * D0**2)
        difference = sp.expand(root_condition() - expected)
        return sum(difference.coeff(D0, n) for n in range(3))

    def profile() -> sp.Expr:
        """Third order in eps of the orbit, with tau = z sqrt(3)/(b D0) and the root's relation."""
        gain_now = 1 / (1 - 2 * b * eps * D0 + (sp.Rational(4, 3) * b**2 + e / 4) * (eps * D0) ** 2)
        shape = eps * D0 / sp.cosh(z)
        inertia = (b * eps * D0) ** 2 / 3 * sp.diff(shape, z, 2)
        pull = shape - gain_now * correlation().subs(D0, eps * D0).subs(Delta, shape)
        return [sp.series(inertia - pull, eps, 0, 4).removeO().coeff(eps, n) for n in range(4)]

    erf = sp.erf(sp.sqrt(sp.pi) * x / 2)
    quiet = STIFFNESS.subs({slope_correlation: gauge**2, gain: g**2})
    return (
        Step("Quiescence: where x vanishes the slope correlation is the squared slope at zero, and"
             " perturbations grow like those of a linear network.",
             r"\lambda = g\,\phi'(0) - 1,\quad\text{unstable for } G\,\phi'(0)^2 > 1",
             lambda: [GROWTH.subs(E0, quiet) - (g * gauge - 1), sp.solve(quiet, g)[0] - 1 / gauge]),
        Step("The curvature b in phi = x - b x^3/3 + ...: one for tanh, pi/4 for the scaled error"
             " function.",
             r"b_{\tanh} = 1,\quad b_{\mathrm{erf}} = \pi/4",
             lambda: [sp.diff(sp.tanh(x), x, 3).subs(x, 0) + 2,
                      sp.diff(erf, x, 3).subs(x, 0) + 2 * sp.pi / 4]),
        Step("The root condition to second order, e being the fifth derivative of phi at zero.",
             r"1 = g^2\left[1 - 2b\Delta_0 + \left(\tfrac43 b^2 + \tfrac{e}{4}\right)\Delta_0^2"
             r" + \dots\right]", next_order),
        Step("Just above the transition the variance grows linearly.",
             sp.Eq(sp.Symbol("Delta0"), SMALL_VARIANCE), leading),
        Step("and the orbit is a hyperbolic secant, whose width diverges at the transition.",
             r"\Delta(\tau) = \Delta_0\,\mathrm{sech}(b\,\Delta_0\,\tau/\sqrt3)", profile),
    )  # fmt: skip


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
        Step("Replicas a and b of one network see the same couplings, so their inputs are"
             " correlated as their activities are; the distance's input has the correlation of the"
             " difference.",
             r"\langle(\eta^a-\eta^b)(t)(\eta^a-\eta^b)(s)\rangle ="
             r" G\,[C^{aa} + C^{bb} - C^{ab} - C^{ba}](t,s)",
             _two_replicas),
        Step("Close to each other the replicas' cross-correlation is below the common one by a"
             " small amount; to first order the correlation of phi follows with its slope (Price).",
             r"C(\Delta - \epsilon Q) = C(\Delta) - \epsilon\,C'(\Delta)\,Q + \dots",
             lambda: (sp.diff(cross, eps).subs(eps, 0).doit() + C(D).diff(D) * Q(T, tau)).doit()),
        Step("In mean time and lag, the two leaky units act with one half of the mean time's"
             " derivative each and with opposite signs of the lag's.",
             r"(1+\partial_t)(1+\partial_s) = (1+\tfrac12\partial_T)^2 - \partial_\tau^2",
             lambda: [_chain(both, pair, t, s, T, lag, R)
                      - (centred.subs(Q, R).doit()),
                      sp.expand(centred - (Q(T, lag) + Q(T, lag).diff(T)
                                + Q(T, lag).diff(T, 2) / 4 - Q(T, lag).diff(lag, 2)))],
             lambda r: sp.expand(r.doit())),
        Step("A squared distance that grows at twice the Lyapunov exponent turns this into a"
             " Schroedinger equation in the lag.",
             r"-\psi'' + [1 - G\,\langle\phi'\phi'\rangle(\tau)]\,\psi = E\,\psi,\quad"
             r" E = 1 - (1+\lambda)^2",
             lambda: sp.expand(sp.expand(pulled) * sp.exp(-2 * lam * T)
                               - schroedinger.subs(E, 1 - (1 + lam) ** 2))),
        Step("Its lowest level gives the largest exponent.",
             sp.Eq(sp.Symbol("lambda"), GROWTH),
             lambda: [(1 - (1 + GROWTH) ** 2) - E0, GROWTH.subs(E0, 0)]),
        Step("The potential is the stiffness of the force that moves the correlation.",
             sp.Eq(sp.Symbol("dforce/dDelta"), STIFFNESS),
             lambda: sp.diff(force_of(Delta), Delta)
             - STIFFNESS.subs(slope_correlation, C(Delta).diff(Delta))),
        Step("Without noise the derivative of the correlation solves it at level zero"
             " (differentiate the equation of motion). It is odd, so it has a node, and a level"
             " below it: chaos.",
             r"-\Delta''' + [1 - G\,C'(\Delta)]\,\Delta' = 0",
             lambda: (-zero_mode.diff(tau, 2) + STIFFNESS.subs(slope_correlation,
                      sp.Subs(sp.diff(C(Delta), Delta), Delta, D)) * zero_mode
                      + equation.diff(tau)).doit()),
    )  # fmt: skip


def _two_replicas() -> sp.Expr:
    """The engine on two instants of each replica; instants 0 and 2 are a's, 1 and 3 are b's."""
    site = single_site(network_action(), IID(g), range(4))
    signs = {0: 1, 1: -1, 2: 1, 3: -1}
    found = sum(signs[a] * signs[b] * site.noise_covariance[a, b] for a in (2, 3) for b in (0, 1))
    aa, bb, ab, ba = C_two(2, 0), C_two(3, 1), C_two(2, 1), C_two(3, 0)
    return sp.expand(found - g**2 * (aa + bb - ab - ba))


def _chain(both, pair, t, s, T, lag, R) -> sp.Expr:
    """Apply the operator in t and s, then express the result in mean time and lag."""
    result = both(pair).doit()
    return result.subs({t: T + lag / 2, s: T - lag / 2}, simultaneous=True).doit()


def derive() -> Derivation:
    """Steps, formulas and the two conditions of the stationary theory."""
    def formula(name, args, value, doc, test):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{test}")

    formulas = (
        formula("force", (Delta, C_phi, gain, bias), FORCE,
                "Second derivative of the correlation of x at a nonzero lag."
                "\nSompolinsky, Crisanti & Sommers 1988: the particle in a potential.", "force"),
        formula("stiffness", (slope_correlation, gain), STIFFNESS,
                "Derivative of the force in Delta, and potential of the Lyapunov problem.",
                "force"),
        formula("initial_slope", (noise,), INITIAL_SLOPE,
                "Slope of the correlation just after zero lag.", "kick"),
        formula("kick_energy", (noise,), KICK,
                "Integral of the force from Delta(infinity) to Delta(0).", "kick"),
        formula("growth_rate", (E0,), GROWTH,
                "Largest Lyapunov exponent from the lowest level of -d^2/dtau^2 + stiffness."
                "\nSompolinsky, Crisanti & Sommers 1988.", "growth_rate"),
        formula("small_variance", (g, curvature), SMALL_VARIANCE,
                "Variance of x just above the transition, to leading order in g - 1."
                "\nFor odd phi = x - curvature x^3 / 3 + ...: curvature 1 for tanh, pi/4 for erf.",
                "small_variance"),
    )  # fmt: skip
    F = sp.Function("Delta")
    start, end, c = sp.Symbol("Delta0"), sp.Symbol("Delta_infinity"), sp.Symbol("c")
    conditions = (
        Condition("energy", "The variance of x, where the correlation decays to its static part.",
                  sp.Eq(sp.Integral(force_of(c), (c, end, start)), KICK)),
        Condition("correlation", "The correlation at every lag, with the unit's own response.",
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
            "E0": "Lowest level, below one.", "g": "Gain of an iid network, just above one.",
            "curvature": "Minus one half of the third derivative of phi at zero.",
        },
        references=(
            "H. Sompolinsky, A. Crisanti, H.-J. Sommers, Chaos in random neural networks (1988).",
            "J. Schuecker, S. Goedeke, M. Helias, Optimal sequence memory in driven random networks"
            " (2018): white noise and the two-replica calculation.",
        ),
    )  # fmt: skip
