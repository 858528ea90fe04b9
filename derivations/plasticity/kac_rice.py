"""Fixed points with plasticity: their stability, and their number by the Kac-Rice formula."""

from __future__ import annotations

import sympy as sp
from sympy.concrete.delta import deltasummation

from ..engine.cavity import received
from ..engine.couplings import IID, normals
from ..engine.derivation import Condition, Formula, Step
from ..engine.disorder import N, i, j, l
from ..engine.disorder import k as site
from .determinant import LOG
from .determinant import s as saddle_s
from .determinant import stiffness as any_stiffness
from .hebbian import STATIC, TEST, C, g, k, omega, p
from .joint_jacobian import activity, reduced
from .local_loop import LOOP, lam, slope

x, phi, h = sp.symbols("x phi h", real=True)
mu = sp.Symbol("mu", nonnegative=True)
stiffness = sp.Symbol("stiffness", positive=True)

INPUT = x - k * C * phi
STIFFNESS = 1 - k * C * slope
DENSITY = g**2 * slope**2 / stiffness**2
EXPONENT = (
    sp.log(stiffness) - INPUT**2 / (2 * g**2 * C) - sp.log(2 * sp.pi * g**2 * C) / 2
    + h * (phi**2 - C) - mu * (DENSITY - 1)
)  # fmt: skip
SYMBOLS = {
    "g": "Gain of the random couplings.", "x": "State of the unit.", "phi": "Its activity phi(x).",
    "stiffness": "D = 1 - k C phi'.", "h": "Lagrange multiplier of C = <phi^2>.",
    "mu": "Lagrange multiplier of the stability condition q <= 1, mu >= 0.",
}  # fmt: skip
out = sp.Function("phi")


def of_state(expression: sp.Expr) -> sp.Expr:
    """The expression with phi, its slope and D as functions of x."""
    D = STIFFNESS.xreplace({slope: out(x).diff(x)})
    return expression.xreplace({phi: out(x), slope: out(x).diff(x), stiffness: D})


def site_steps() -> tuple[Step, ...]:
    """One unit at a fixed point."""

    def at_rest() -> list[sp.Expr]:
        """Three units: A is an outer product, and x = (J + A) phi."""
        values, _ = activity(3)
        A = k / 3 * values * values.T
        square = (values.T * values)[0] / 3
        inputs = normals(3) * values
        found = [(inputs + A * values)[n] - inputs[n] - k * square * values[n] for n in range(3)]
        variance = received(IID(g).covariance())
        return [*found, C * STATIC.subs(omega, 0) * phi - (x - INPUT), variance - g**2]

    def stiff() -> list[sp.Expr]:
        change = sp.diff(of_state(INPUT), x) - of_state(STIFFNESS)
        return [change, (1 + lam - LOOP).subs(lam, 0) - STIFFNESS,
                (1 + lam - LOOP).subs(lam, 0).diff(p)]  # fmt: skip

    def signed() -> sp.Expr:
        """The signed weight is the derivative of the Gaussian distribution function."""
        eta = of_state(INPUT)
        primitive = sp.erf(eta / sp.sqrt(2 * g**2 * C)) / 2
        weight = of_state(sp.exp(EXPONENT)).subs({h: 0, mu: 0})
        return sp.diff(primitive, x) - weight

    def tanh_fold() -> list[sp.Expr]:
        K = sp.Symbol("K", positive=True)  # k C - 1
        fold = sp.log(sp.sqrt(1 + K) + sp.sqrt(K))  # acosh(sqrt(k C))
        slope_there = (1 - sp.tanh(fold) ** 2).rewrite(sp.exp)
        return [sp.simplify(slope_there - 1 / (1 + K)),
                sp.simplify((sp.tanh(fold) - sp.sqrt(K / (1 + K))).rewrite(sp.exp))]

    return (
        Step("At a fixed point the synapses are an outer product: exactly, for every N, a unit's"
             " own activity is fed back as k C phi, in agreement with the memory's transform at"
             " zero frequency. The random couplings give an input of variance g^2 C.",
             r"A = \frac kN\phi\phi^T:\quad x = \eta + kC\phi(x),\quad \langle\eta^2\rangle ="
             r" g^2C,\quad C = \langle\phi^2\rangle", at_rest),
        Step("The input is a function of the state, with derivative D. It equals the diagonal of"
             " the joint Jacobian at eigenvalue zero, for every p. Where it vanishes two roots"
             " merge.",
             r"\frac{d\eta}{dx} = D = 1 - kC\phi'(x) = D(\lambda = 0)", stiff),
        Step("For tanh: folds where cosh^2 x = k C. For an input between the two folds there are"
             " three roots, the middle one with negative D; otherwise there is one.",
             r"kC > 1:\quad \phi'(x_f) = \frac1{kC},\quad |\eta| < \sqrt{kC(kC-1)} -"
             r" \mathrm{arcosh}\sqrt{kC}", tanh_fold),
        Step("Counted with the sign of D, every input has exactly one root.",
             r"\int dx\,D\,\frac{e^{-(x-kC\phi)^2/2g^2C}}{\sqrt{2\pi g^2C}} = \int d\eta\,"
             r"\frac{e^{-\eta^2/2g^2C}}{\sqrt{2\pi g^2C}} = 1", signed),
    )  # fmt: skip


def number_steps() -> tuple[Step, ...]:
    """All units, and the exponent of the number of fixed points."""

    def jacobian() -> list[sp.Expr]:
        """Two units: the derivative of x - (J + A) phi, and the joint Jacobian at eigenvalue zero.
        """
        at = sp.symbols("x_1:3")
        values = sp.Matrix([out(one) for one in at])
        square = (values.T * values)[0] / 2
        force = sp.Matrix(at) - normals(2) * values - k * square * values
        known = dict(zip([out(one).diff(one) for one in at], activity(2)[1], strict=True))
        known |= dict(zip(values, activity(2)[0], strict=True))
        direct = force.jacobian(at).xreplace(known)
        phi_, f = activity(2)
        loops = sp.diag(*(STIFFNESS.xreplace({slope: f[n], C: square.xreplace(known)})
                          for n in range(2)))  # fmt: skip
        expected = loops - normals(2) * sp.diag(*f) - k * phi_ * phi_.T * sp.diag(*f)
        rest = {sp.Symbol(f"a_{a + 1}{b + 1}"): k / 2 * phi_[a] * phi_[b]
                for a in range(2) for b in range(2)}  # fmt: skip
        joint = reduced(2).xreplace(rest).det(method="berkowitz")
        return [*(direct - expected), direct.det() - p**2 * joint]

    def conditioned() -> list[sp.Expr]:
        """Covariances of eta = J phi with itself and with J."""
        covariance, activities = IID(g).covariance(), sp.IndexedBase("phi")
        weighted = sp.expand(covariance * activities[l])  # J_ij with (J phi)_k
        once = deltasummation(weighted, (l, 1, N), no_piecewise=True)
        mean = once / (g**2 * C)  # regression on eta_k, of variance g^2 C
        return [sp.expand(once - g**2 / N * activities[j] * sp.KroneckerDelta(i, site)),
                sp.expand(mean - activities[j] / (N * C) * sp.KroneckerDelta(i, site)),
                received(covariance) * C - g**2 * C]

    def stable() -> list[sp.Expr]:
        positive = LOG.xreplace({saddle_s: sp.S.Zero, any_stiffness: stiffness})
        gauss = -(INPUT**2) / (2 * g**2 * C) - sp.log(2 * sp.pi * g**2 * C) / 2
        return [sp.expand_log(positive - sp.log(stiffness), force=True),
                sp.expand(EXPONENT.subs({h: 0, mu: 0}) - gauss - sp.log(stiffness)),
                sp.diff(LOG, saddle_s).subs(saddle_s, 0).xreplace({any_stiffness: stiffness})
                - (DENSITY - 1) / (2 * g**2)]  # fmt: skip

    def multipliers() -> list[sp.Expr]:
        return [sp.diff(EXPONENT, h) - (phi**2 - C), sp.diff(EXPONENT, mu) - (1 - DENSITY)]

    def in_square() -> sp.Expr:
        """C enters through the input, its variance, D, and the multipliers."""
        D = of_state(STIFFNESS)
        found = sp.diff(of_state(EXPONENT), C)
        tilted = -k * slope / stiffness * (1 + 2 * mu * DENSITY)
        direct = k * phi * INPUT / (g**2 * C) + (INPUT**2 / (g**2 * C) - 1) / (2 * C) - h
        return sp.simplify((found - of_state(tilted + direct)).subs(out(x).diff(x), slope)
                           .subs(D.subs(out(x).diff(x), slope), STIFFNESS))  # fmt: skip

    return (
        Step("The number of fixed points is the integral of a delta function of the equations times"
             " the modulus of their Jacobian determinant (Kac-Rice). This is the determinant of the"
             " joint Jacobian up to a power of p; besides D and J it contains only an outer"
             " product.",
             r"\partial_x[x - (J + \tfrac kN\phi\phi^T)\phi] = D - J\Phi' - \frac{2k}{N}\phi\phi^T"
             r"\Phi',\quad \det(\cdot) = p^N\det\mathcal J_{2N}\Big|_{A = \frac kN\phi\phi^T}",
             jacobian),
        Step("Given the state the input J phi is Gaussian and independent from unit to unit."
             " Conditioning on its value shifts the mean of J by one more outer product, and"
             " changes nothing else to leading order.",
             r"\langle J_{ij}\,(J\phi)_k\rangle = \frac{g^2}{N}\phi_j\delta_{ik}\;\Rightarrow\;"
             r"\langle J\,|\,J\phi = \eta\rangle = \frac{\eta\,\phi^T}{NC}", conditioned),
        Step("A stable fixed point has q < 1 and D > 0 at every unit (a unit with D < 0 is unstable"
             " by itself): there the determinant is the product of the D, so that the density of"
             " every unit is that of its own roots.",
             r"\frac1N\log|\det(\cdot)| \to \langle\log D\rangle,\quad w(x) = D\,"
             r"\frac{e^{-(x-kC\phi)^2/2g^2C}}{\sqrt{2\pi g^2C}}", stable),
        Step("The mean square of phi and the stability condition are averages over units: each is"
             " imposed by a multiplier, at which the exponent is stationary. The second multiplier"
             " can only act towards stability; it vanishes if q is below one without it.",
             r"\Sigma = \max_C\min_{h,\,\mu\ge0}\log\int_{D>0}dx\,w\,e^{h(\phi^2-C) -"
             r" \mu(g^2\phi'^2/D^2 - 1)},\quad \langle\phi^2\rangle = C,\quad \langle"
             r" g^2\phi'^2/D^2\rangle = 1",
             multipliers),
        Step("The exponent is stationary in C too, which enters in four places.",
             r"\Big\langle\frac{k\phi(x-kC\phi)}{g^2C} + \frac{(x-kC\phi)^2 - g^2C}{2g^2C^2} -"
             r" \frac{k\phi'}{D}\Big(1 + \frac{2\mu g^2\phi'^2}{D^2}\Big)\Big\rangle = h",
             in_square),
    )  # fmt: skip


def steps() -> tuple[Step, ...]:
    """One unit, then all units."""
    return site_steps() + number_steps()


def conditions() -> tuple[Condition, ...]:
    """The conditions on the tilted density of sites."""
    rho, f, D = (sp.Function(name, real=True)(x) for name in ("rho", "f", "D"))
    phi_x, whole_line = sp.Function("phi", real=True)(x), (x, -sp.oo, sp.oo)
    return (
        Condition("square", "The mean square of phi; rho is the density of the sites, of a fixed"
                            " point or tilted.", sp.Eq(sp.Integral(rho * phi_x**2, whole_line), C)),
        Condition("marginal", "Marginal stability; f = phi' and D of a site at x.",
                  sp.Eq(sp.Integral(rho * g**2 * f**2 / D**2, whole_line), 1)),
        Condition("number", "Stationarity in C of the number of fixed points.",
                  sp.Eq(sp.Integral(rho * (
                      k * phi_x * (x - k * C * phi_x) / (g**2 * C)
                      + ((x - k * C * phi_x) ** 2 / (g**2 * C) - 1) / (2 * C)
                      - k * f / D * (1 + 2 * mu * g**2 * f**2 / D**2)), whole_line), h)),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """Formulas for one site."""

    def formula(name, args, value, doc, test):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{test}")

    return (
        formula("fixed_point_input", (x, phi, C, k), INPUT,
                "Input from the random couplings at which x is a fixed point of a unit.",
                "fixed_point"),
        formula("fixed_point_stiffness", (slope, C, k), STIFFNESS,
                "D, the derivative of the input in x: where it vanishes, two roots merge.",
                "fixed_point"),
        formula("stability_density", (slope, stiffness, g), DENSITY,
                "Integrand of q, the gain of a static perturbation: stable if q < 1."
                "\nWith anti-Hebbian synapses q < 1 is necessary only; see `resonance_stiffness`.",
                "fixed_point"),
        formula("kac_rice_exponent", (x, phi, stiffness, slope, C, g, h, mu, k), EXPONENT,
                "Logarithm of the weight of a stable root, for D > 0.", "kac_rice"),
    )  # fmt: skip
