"""The leaky unit (1 + d/dt) x = input: its response, its noise, and exact time steps."""

from __future__ import annotations

import sympy as sp
from sympy.codegen.cfunctions import expm1

from ..engine.derivation import Derivation, Formula, Step
from . import started_unit

omega, t, tau = sp.symbols("omega t tau", real=True)
noise, dt, positive = sp.symbols("noise dt tau", positive=True)
u, w = sp.symbols("u omega", positive=True)

TEST = "tests/derivations/units/test_linear_response.py"


def derive() -> Derivation:
    """Solve the unit in time and in frequency, and integrate it over one time step."""
    response = sp.exp(-tau)
    lowpass = 1 / (1 + sp.I * omega)
    power = 1 / (1 + omega**2)
    correlation = noise**2 * sp.exp(-sp.Abs(tau))
    spectrum = 2 * noise**2
    # One step: between now (u = 0) and dt the input is extrapolated linearly from the last two
    # values.
    now, before = sp.symbols("f_n f_b")
    line = now + (now - before) * u / dt
    gain = -expm1(-dt) / dt
    weights = {now: dt * gain + 1 - gain, before: gain - 1}
    decay = sp.exp(-dt)
    variance = -(noise**2) * expm1(-2 * dt)

    def step_integral() -> sp.Expr:
        return sp.integrate(sp.expand(sp.exp(u - dt) * line), (u, 0, dt))

    def scheme_order() -> list[sp.Expr]:
        """Error of one step for an input e^{a t}: it vanishes up to second order in dt."""
        a = sp.Symbol("a")
        exact = sp.exp(a * dt) / (1 + a)
        taken = decay / (1 + a) + weights[now].rewrite(sp.exp) + (
            weights[before].rewrite(sp.exp) * sp.exp(-a * dt))  # fmt: skip
        defect = sp.series(sp.simplify(exact - taken), dt, 0, 4).removeO()
        return [defect.coeff(dt, n) for n in range(3)] + [defect.coeff(dt, 3) - 5 * a**2 / 12]

    steps = (
        Step("The response to an impulse decays exponentially: it solves the homogeneous equation"
             " and starts at one.", r"R(\tau) = e^{-\tau},\quad \tau > 0",
             lambda: [sp.diff(response, tau) + response, response.subs(tau, 0) - 1]),
        Step("Its Fourier transform is the filter of the unit.",
             sp.Eq(sp.Integral(sp.exp(-sp.I * omega * tau - tau), (tau, 0, sp.oo)), lowpass),
             lambda: sp.integrate(sp.exp(-positive) * sp.cos(w * positive), (positive, 0, sp.oo))
             - sp.I * sp.integrate(sp.exp(-positive) * sp.sin(w * positive), (positive, 0, sp.oo))
             - lowpass.subs(omega, w)),
        Step("The squared modulus of the filter.", sp.Eq(sp.Abs(lowpass) ** 2, power),
             lambda: lowpass * sp.conjugate(lowpass) - power),
        Step("White noise (constant spectrum) gives the unit this autocorrelation, by integrating"
             " over the common input the product of the responses at two times a lag apart.",
             sp.Eq(2 * noise**2 * sp.Integral(sp.exp(-u) * sp.exp(-u - tau), (u, 0, sp.oo)),
                   correlation.subs(sp.Abs(tau), tau)),
             lambda: spectrum * sp.integrate(sp.exp(-2 * u - positive), (u, 0, sp.oo))
             - correlation.subs(tau, positive)),
        Step("The same in the frequency domain: the spectrum of x is the noise spectrum times the"
             " squared modulus of the filter.",
             r"\int d\tau\, e^{-i\omega\tau}\sigma^2 e^{-|\tau|} = \frac{2\sigma^2}{1+\omega^2}",
             lambda: 2 * sp.integrate(correlation.subs(tau, positive) * sp.cos(w * positive),
                                      (positive, 0, sp.oo)) - spectrum * power.subs(omega, w)),
        Step("The differential equation of this correlation; the jump of its derivative at zero lag"
             " carries the noise.",
             r"(1 - \partial_\tau^2)\, \sigma^2 e^{-|\tau|} = 2\sigma^2\,\delta(\tau)",
             lambda: [(correlation - sp.diff(correlation, tau, 2)).subs(tau, sign * positive)
                      for sign in (1, -1)]
             + [-sp.limit(sp.diff(correlation.subs(tau, positive), positive), positive, 0)
                + sp.limit(sp.diff(correlation.subs(tau, -positive), positive) * -1, positive, 0)
                - spectrum]),
        Step("A time step is exact except for the input, which is extrapolated linearly from its"
             " last two values: the integral gives both weights.",
             sp.Eq(sp.Integral(sp.exp(u - dt) * line, (u, 0, dt)),
                   now * weights[now] + before * weights[before]),
             lambda: sp.expand(step_integral()
                               - sum(f * w.rewrite(sp.exp) for f, w in weights.items()))),
        Step("For a constant input the step is exact.",
             sp.Eq(sp.Symbol("w_n") + sp.Symbol("w_b"), 1 - decay),
             lambda: (sum(weights.values()) - (1 - decay)).rewrite(sp.exp)),
        Step("For an input proportional to exp(a t) the error of one step is of third order in dt:"
             " the scheme is of second order.",
             r"x(t+dt) - x_{n+1} = \tfrac{5}{12} a^2\, dt^3 + O(dt^4)", scheme_order),
        Step("The variance of the white noise accumulated in one step.",
             sp.Eq(2 * noise**2 * sp.Integral(sp.exp(2 * (u - dt)), (u, 0, dt)), variance),
             lambda: sp.integrate(spectrum * sp.exp(2 * (u - dt)), (u, 0, dt))
             - variance.rewrite(sp.exp)),
        Step("Decay and accumulated noise together preserve the stationary variance.",
             r"e^{-2\,dt}\sigma^2 + \sigma^2(1 - e^{-2\,dt}) = \sigma^2",
             lambda: (decay**2 * correlation.subs(tau, 0) + variance - correlation.subs(tau, 0))
             .rewrite(sp.exp)),
    )  # fmt: skip

    def formula(name, args, value, doc, test="filter"):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{test}")

    formulas = (
        formula("lowpass", (omega,), lowpass, "Filter of the leaky unit: the transform of x over"
                                              " that of its input."),
        formula("lowpass_power", (omega,), power, "Squared modulus of the unit's filter."),
        formula("white_noise_correlation", (tau, noise), correlation,
                "Autocorrelation of a leaky unit driven by white noise alone.", "noise"),
        formula("white_noise_spectrum", (omega, noise), spectrum + 0 * omega,
                "Spectrum of the white noise itself, <xi(t) xi(s)> = 2 noise^2 delta(t - s).",
                "noise"),
        formula("response", (tau,), response,
                "Response of the unit at a time tau >= 0 after an impulse."),
        formula("decay", (dt,), decay, "Factor by which x decays in a step without input.", "step"),
        formula("etd_weight_now", (dt,), weights[now],
                "Weight of the present input in a step x(t + dt) = decay x + now f(t) + before f(t"
                " - dt)."
                "\nSecond-order exponential Adams-Bashforth (Cox & Matthews 2002, ETD2).", "step"),
        formula("etd_weight_before", (dt,), weights[before],
                "Weight of the previous input in a step of second order."
                "\nAbsolute rounding error below 1e-15 for any dt (the weight is about -dt/2).",
                "step"),
        formula("white_noise_step_variance", (dt, noise), variance,
                "Variance of the white noise that a leaky unit accumulates in one step.", "step"),
    )  # fmt: skip
    return Derivation(
        name="linear_response", title="The leaky unit",
        introduction="A unit follows $(1 + d/dt)\\,x = f$, with time in units of its time constant."
                     " White noise is normalised as $\\langle\\xi\\xi\\rangle = 2\\sigma^2\\delta$"
                     " ($\\sigma$ is `noise`), so that alone it gives x the variance $\\sigma^2$.",
        steps=steps + started_unit.implicit_steps() + started_unit.started_steps(),
        formulas=formulas + started_unit.formulas(),
        symbols={"omega": "Angular frequency.", "tau": "Lag.", "dt": "Time step.",
                 "noise": "Standard deviation that the white noise alone gives to x.",
                 "t": "Time since the start.", "s": "The other time since the start.",
                 "variance": "Variance of x at the start.",
                 "bias": "Standard deviation of the quenched input."},
        references=(
            "S. Cox, P. Matthews, Exponential time differencing for stiff systems (2002).",
        ),
    )  # fmt: skip
