"""The leaky unit with an initial condition at t = 0: an implicit step, and covariances in time."""

from __future__ import annotations

import sympy as sp
from sympy.codegen.cfunctions import expm1

from ..engine.derivation import Formula, Step

dt, noise, variance, bias = sp.symbols("dt noise variance bias", positive=True)
t, s = sp.symbols("t s", nonnegative=True)
u, v = sp.symbols("u v", positive=True)

# Below this step the weight of the end is summed as a series: its closed form suffers cancellation.
SMALL, TERMS = sp.Rational(1, 8), 10
CLOSED = 1 + expm1(-dt) / dt
SERIES = sum(-((-dt) ** n) / sp.factorial(n + 1) for n in range(1, TERMS + 1))
END = sp.Piecewise((sp.horner(SERIES), dt < SMALL), (CLOSED, True))

INITIAL = variance * sp.exp(-t - s)
WHITE_NOISE = -(noise**2) * sp.exp(-sp.Abs(t - s)) * expm1(-2 * sp.Min(t, s))
BIAS = bias**2 * expm1(-t) * expm1(-s)

TEST = "tests/derivations/units/test_started_unit.py"


def implicit_steps() -> tuple[Step, ...]:
    """A step with the input interpolated linearly between both ends."""
    start, end = sp.symbols("f_0 f_1")
    line = start + (end - start) * u / dt
    exact = {end: CLOSED.rewrite(sp.exp), start: (-expm1(-dt) - CLOSED).rewrite(sp.exp)}

    def integral() -> sp.Expr:
        taken = sp.integrate(sp.expand(sp.exp(u - dt) * line), (u, 0, dt))
        return sp.expand(taken - sum(f * weight for f, weight in exact.items()))

    def order() -> list[sp.Expr]:
        a = sp.Symbol("a")
        taken = sp.exp(-dt) / (1 + a) + exact[start] + exact[end] * sp.exp(a * dt)
        # Both sides are multiplied by dt (1 + a), their common denominator.
        defect = sp.expand(dt * (1 + a) * (sp.exp(a * dt) / (1 + a) - taken))
        defect = sp.expand(sp.series(defect, dt, 0, 5).removeO())
        return [defect.coeff(dt, n) for n in range(4)] + [
            defect.coeff(dt, 4) + (1 + a) * a**2 / 12]  # fmt: skip

    def summed() -> list[sp.Expr]:
        taylor = sp.series(exact[end], dt, 0, TERMS + 2).removeO()
        left_out = sp.Abs(taylor.coeff(dt, TERMS + 1)) * SMALL ** (TERMS + 1)
        least = SMALL / 2 - SMALL**2 / 6  # alternating and decreasing: two terms give a lower bound
        return [sp.expand(taylor - SERIES).coeff(dt, n) for n in range(TERMS + 1)] + [
            sp.Max(0, left_out / least - sp.Rational(1, 2**57))]  # fmt: skip

    return (
        Step("If the input at the end of a step is known (or predicted, and corrected), it is"
             " interpolated linearly between both ends: the integral gives both weights.",
             sp.Eq(sp.Integral(sp.exp(u - dt) * line, (u, 0, dt)),
                   start * (-expm1(-dt) - CLOSED) + end * CLOSED), integral),
        Step("This step is of second order too, with one fifth of the error of the extrapolated"
             " step.",
             r"x(t+dt) - x_{n+1} = -\tfrac{1}{12} a^2\, dt^3 + O(dt^4)", order),
        Step("For dt below one eighth the weight of the end is summed as an alternating series: the"
             " truncation error is smaller than the first omitted term, which is below a sixteenth"
             " of the rounding error.",
             r"w_{\mathrm{end}} = \tfrac{dt}{2} - \tfrac{dt^2}{3!} + \tfrac{dt^3}{4!} - \dots",
             summed),
    )  # fmt: skip


def started_steps() -> tuple[Step, ...]:
    """The covariance of a unit started at t = 0, by integrals and by its differential equation."""
    filtered = lambda covariance: sp.integrate(  # noqa: E731
        sp.integrate(sp.exp(u - t) * sp.exp(v - s) * covariance, (u, 0, t)), (v, 0, s)
    )
    plain = lambda form: form.rewrite(sp.exp)  # noqa: E731
    both = lambda f: f + sp.diff(f, t) + sp.diff(f, s) + sp.diff(f, t, s)  # noqa: E731
    early, later = sp.symbols("s tau", positive=True)
    white = plain(WHITE_NOISE)
    ordered = lambda f: f.subs({t: early + later, s: early}).doit()  # noqa: E731
    x0, f = sp.symbols("x_0 f")
    path = x0 * sp.exp(-t) + f * sp.integrate(sp.exp(u - t), (u, 0, t))
    above, below = sp.exp(-(t - s)), sp.exp(t - s)  # the modulus on both sides of t = s

    return (
        Step("The solution from the start: the initial value decays, and the filtered input is"
             " added.",
             r"x(t) = x(0)\,e^{-t} + \int_0^t e^{-(t-u)} f(u)\,du",
             lambda: [path + sp.diff(path, t) - f, path.subs(t, 0) - x0]),
        Step("Independent initial values: their covariance decays in both times and has no source.",
             r"(1+\partial_t)(1+\partial_s)\,v\,e^{-t-s} = 0,\quad"
             r" (1+\partial_t)\,v\,e^{-t-s} = 0\ \text{at}\ s = 0",
             lambda: [both(INITIAL), INITIAL.subs({t: 0, s: 0}) - variance,
                      (INITIAL + INITIAL.diff(t)).subs(s, 0), INITIAL - INITIAL.subs(
                          {t: s, s: t}, simultaneous=True)]),
        Step("White noise since the start: the noise up to the earlier time is common to both"
             " times.",
             sp.Eq(2 * noise**2 * sp.Integral(sp.exp(u - t) * sp.exp(u - s), (u, 0, sp.Min(t, s))),
                   noise**2 * (sp.exp(-sp.Abs(t - s)) - sp.exp(-t - s))),
             lambda: [2 * noise**2 * sp.integrate(sp.exp(2 * u - 2 * early - later), (u, 0, early))
                      - ordered(white), white.subs({t: early, s: early + later})
                      - ordered(white), ordered(white) - noise**2 * (
                          sp.exp(-later) - sp.exp(-2 * early - later))]),
        Step("This covariance vanishes at the start, and the jump of its derivative at equal times"
             " is the noise spectrum.",
             r"(1+\partial_t)(1+\partial_s)\,\sigma^2\big(e^{-|t-s|} - e^{-t-s}\big)"
             r" = 2\sigma^2\,\delta(t-s)",
             lambda: [both(side - sp.exp(-t - s)) for side in (above, below)]
             + [white.subs(s, 0), (sp.diff(below, t) - sp.diff(above, t)).subs(t, s) - 2]),
        Step("The covariance due to a quenched (constant random) input, which builds up in both"
             " times.",
             sp.Eq(sp.Integral(sp.exp(u - t) * sp.exp(v - s) * bias**2, (u, 0, t), (v, 0, s)),
                   plain(BIAS)),
             lambda: [filtered(bias**2) - plain(BIAS), both(plain(BIAS)) - bias**2,
                      plain(BIAS).subs(t, 0)]),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """The weights of the implicit step, and the three covariances."""
    end = sp.Symbol("end")

    def formula(name, args, value, doc, where=()):
        kind = "implicit" if name.startswith("etd") else "covariance"
        return Formula(name, args, value, doc, where, test=f"{TEST}::test_{kind}")

    return (
        formula("etd_weight_start", (dt,), -expm1(-dt) - end,
                "Weight of the input at the start of an implicit step x(t + dt) = decay x + start"
                " f(t) + end f(t + dt)."
                "\nThe input is interpolated linearly between both ends. Relative error below 4e-15"
                " for dt from 1e-12 to 100.", ((end, END),)),
        formula("etd_weight_end", (dt,), END,
                "Weight of the input at the end of an implicit step."
                "\nA series below 1/8, where the closed form suffers cancellation. Relative error"
                " below 4e-15 for dt from 1e-12 to 100."),
        formula("initial_covariance", (t, s, variance), INITIAL,
                "Covariance of x at two times due to independent initial values."),
        formula("white_noise_covariance", (t, s, noise), WHITE_NOISE,
                "Covariance of x at two times due to white noise since the start at t = 0."),
        formula("bias_covariance", (t, s, bias), BIAS,
                "Covariance of x at two times due to a quenched input since t = 0."),
    )  # fmt: skip
