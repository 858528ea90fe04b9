"""Static regions: the covariance follows the currents by an ordinary differential equation."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Step
from ..gaussian import closed_forms
from ..gaussian.price_stein import D11, D12, D22
from .low_rank import leaky
from .variance_response import STIFFNESS, both, growth, lam, s, t, tau

gain_squared_slope = sp.Symbol("gain_squared_slope")
RESTING = (1 + growth) / (1 + growth - gain_squared_slope)

C12, C11, D0, size, g = sp.symbols("C_12 C_11 D_0 sigma g")
KAPPA = C12 + 2 * C11
SHAPE = sp.cosh(lam * tau / 2)


def static_region_steps() -> tuple[Step, ...]:
    """The response to growing currents, to currents with any time course, and the growth rates."""
    forms = closed_forms.closed_forms()["erf"]
    d, moved = sp.Function("d"), sp.Function("sigma")
    course = lambda time: (  # noqa: E731
        leaky(d(time) - moved(time), time) - g**2 * KAPPA * d(time))  # fmt: skip

    def any_course() -> sp.Expr:
        mean = lambda f: (f(t) + f(s)) / 2  # noqa: E731
        noise = g**2 * (C12 * mean(d) + C11 * (d(t) + d(s)))
        return sp.expand(both(mean(d) - mean(moved)) - noise - (course(t) + course(s)) / 2)

    def growing() -> list[sp.Expr]:
        """The same for exponentials: for the two-time form, and with the operator in the lag."""
        exponential = course(t).replace(d, lambda time: D0 * sp.exp(lam * time)).replace(
            moved, lambda time: size * sp.exp(lam * time)).doit()  # fmt: skip
        found = sp.solve(sp.expand(exponential * sp.exp(-lam * t)), D0)[0]
        shaped = (sp.exp(lam * t) + sp.exp(lam * s)) / 2 * sp.exp(-lam * (t + s) / 2)
        lag = shaped.subs({t: tau / 2, s: -tau / 2}, simultaneous=True)
        operator = STIFFNESS * (D0 - size) * SHAPE - sp.diff((D0 - size) * SHAPE, tau, 2)
        change = C12 * D0 * SHAPE + C11 * D0 * (sp.exp(lam * tau / 2) + sp.exp(-lam * tau / 2))
        by_lag = sp.solve(sp.simplify(((operator - g**2 * change) / SHAPE).rewrite(sp.exp)), D0)
        expected = size * RESTING.subs(gain_squared_slope, g**2 * KAPPA)
        return [
            sp.simplify(found - expected),
            sp.simplify(by_lag[0] - expected),
            sp.simplify((lag - SHAPE).rewrite(sp.exp)),
        ]

    def variance_slope() -> sp.Expr:
        total = forms["correlation"].subs({D12: D11, D22: D11})
        parts = forms["correlation_slope"] + 2 * forms["correlation_in_variance"]
        return sp.diff(total, D11) - parts.subs({D12: D11, D22: D11})

    def eigenvalues() -> sp.Expr:
        u, slope = sp.symbols("u k")
        matrix_row = -u + slope * (u + size)
        found = sp.solve(lam * u - matrix_row, u)[0]
        return sp.simplify(found + size - size * RESTING.subs(gain_squared_slope, slope))

    def single() -> sp.Expr:
        """One region with one current and no disorder: the derivative of its flow."""
        y, width, overlap = sp.symbols("z M T", positive=True)
        psi = sp.Function("psi")
        at = width * y**2
        bend = sp.diff(psi(D11), D11).subs(D11, at)
        answer = 2 * y * width * RESTING.subs(gain_squared_slope, 0)
        by_response = psi(at) * overlap + bend * answer * overlap * y - 1
        return (sp.diff(psi(at) * overlap * y - y, y) - by_response).doit()

    return (
        Step("In a static region the correlation is the same at all lags, and the derivatives of C"
             " do not depend on the lag. For any subsequent time course of the currents the change"
             " of the covariance is the mean of one function d at its two times, and d obeys an"
             " ordinary differential equation. (The two-time equation is causal, so its solution"
             " from the static state is unique.)",
             r"\delta\Delta(t,s) = \tfrac12[d(t) + d(s)],\quad (1+\partial_t)(d - \sigma) ="
             r" g^2\kappa\,d,\quad \sigma = 2\,zM\,\delta z^T,\quad \kappa ="
             r" \frac{\partial C}{\partial\Delta_{12}} + 2\frac{\partial C}{\partial\Delta_{11}}",
             any_course),
        Step("For growing currents the response has the same shape in the lag as its cause. (For"
             " static regions that share random couplings: a linear system, with the sum over all"
             " of them on the right side above.)",
             r"D(\tau) = D(0)\cosh(\lambda\tau/2),\quad D(0) = \sigma\,\frac{1+\lambda}{1+\lambda -"
             r" g^2\kappa}", growing),
        Step("Error function: kappa is the derivative of the mean square of phi in the variance.",
             r"\kappa = \frac{d}{d\Delta_0}\langle\phi^2\rangle", variance_slope),
        Step("With u, the part of d due to the disorder, the growth rates of a static network are"
             " the eigenvalues of one matrix, with as many rows as there are currents and regions.",
             r"\lambda\,u^\mu = -u^\mu + \sum_\nu g_{\mu\nu}^2\kappa^\nu (u^\nu + \sigma^\nu),\quad"
             r" \lambda\,\delta z^{\mu\nu} = -\delta z^{\mu\nu} + \psi^\nu\sum_\rho"
             r" T^{\mu\nu\rho}\delta z^{\nu\rho} + \frac{d\psi^\nu}{d\Delta}(u^\nu +"
             r" \sigma^\nu)\Big(\sum_\rho T^{\mu\nu\rho}z^{\nu\rho} + V^{\mu\nu}I^\nu\Big)",
             eigenvalues),
        Step("Check: one region and one current without disorder, by the derivative of its flow.",
             r"\lambda = \frac{\partial}{\partial z}\big[\psi(Mz^2)\,T z - z\big]",
             single),
    )  # fmt: skip
