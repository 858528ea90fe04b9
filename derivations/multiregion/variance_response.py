"""Linear stability of a stationary state: growing currents, and the response of the variance."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Condition, Step
from ..gaussian import closed_forms
from ..gaussian.price_stein import D11, D12, D22
from .low_rank import leaky

t, s, T, tau = sp.symbols("t s T tau", real=True)
growth = sp.Symbol("growth")
lam = growth
eps = sp.Symbol("epsilon")
D = sp.Function("D")

STIFFNESS = (1 + growth / 2) ** 2


def both(f: sp.Expr) -> sp.Expr:
    """(1 + d/dt)(1 + d/ds) f."""
    return leaky(leaky(f, t), s)


def in_mean_time(f: sp.Expr) -> sp.Expr:
    """A function of t and s in mean time and lag, without the common growth factor."""
    moved = f.subs({t: T + tau / 2, s: T - tau / 2}, simultaneous=True).doit()
    return sp.expand(sp.powsimp(sp.expand(moved * sp.exp(-lam * T), power_exp=True)))


def first_order(f: sp.Expr) -> sp.Expr:
    """Coefficient of first order in the perturbation."""
    return sp.diff(f, eps).subs(eps, 0).doit()


def variance_response_steps() -> tuple[Step, ...]:
    """Perturb correlations and currents, expand to first order, and close the equations."""
    growing = sp.exp(lam * (t + s) / 2) * D(t - s)
    z, dz = sp.Matrix(sp.symbols("z_1 z_2")), sp.Matrix(sp.symbols("dz_1 dz_2"))
    M = sp.Matrix(2, 2, lambda a, b: sp.Symbol(f"M_{min(a, b)}{max(a, b)}"))
    path = lambda time: z + eps * sp.exp(lam * time) * dz  # noqa: E731
    D0 = sp.Symbol("D_0")
    source = 2 * (z.T * M * dz)[0]
    shape = sp.cosh(lam * tau / 2)
    operator = lambda f: STIFFNESS * f - sp.diff(f, tau, 2)  # noqa: E731
    forms = closed_forms.closed_forms()["erf"]
    C = sp.Function("C")
    psi, T1, T2, V, I, slope = sp.symbols("psi T_1 T_2 V I psi'")

    def acts() -> sp.Expr:
        return in_mean_time(both(growing)) - sp.expand(operator(D(tau)))

    def squared_currents() -> sp.Expr:
        change = first_order((path(t).T * M * path(s))[0])
        return (in_mean_time(change) - source * shape.rewrite(sp.exp)).expand()

    def correlation() -> list[sp.Expr]:
        """C as a function of one covariance and two variances, all of which are perturbed."""
        static = sp.Function("Delta")(t - s), *sp.symbols("Delta_1 Delta_2")
        changes = growing, growing.subs(s, t), growing.subs(t, s)
        moved = C(*(f + eps * change for f, change in zip(static, changes, strict=True)))
        slots = sp.symbols("x_1:4")
        partial = [sp.Subs(sp.diff(C(*slots), slot), slots, static) for slot in slots]
        expected = (partial[0] * growing + partial[1] * sp.exp(lam * t) * D(0)
                    + partial[2] * sp.exp(lam * s) * D(0))  # fmt: skip
        derivative = sp.diff(moved, eps).subs(eps, 0)
        erf = forms["correlation"]
        direct = erf.xreplace({D12: D12 + eps * D(1), D11: D11 + eps * D(2), D22: D22 + eps * D(3)})
        swapped = forms["correlation_in_variance"].subs({D11: D22, D22: D11}, simultaneous=True)
        return [
            sp.expand((derivative - expected).doit()),
            sp.simplify(first_order(direct) - forms["correlation_slope"] * D(1)
                        - forms["correlation_in_variance"] * D(2) - swapped * D(3)),
            sp.expand(in_mean_time(sp.exp(lam * t)) - sp.exp(lam * tau / 2)),
        ]  # fmt: skip

    def closed() -> sp.Expr:
        gain = psi + eps * slope * D0 * sp.exp(lam * t)
        sent = gain * (T1 * path(t)[0] + T2 * path(t)[1] + V * I)
        expected = psi * (T1 * dz[0] + T2 * dz[1]) + slope * D0 * (T1 * z[0] + T2 * z[1] + V * I)
        rate = sp.Symbol("dz")
        filtered = leaky(rate * sp.exp(lam * t)) * sp.exp(-lam * t)
        return [
            sp.expand(first_order(sent) * sp.exp(-lam * t) - expected),
            sp.expand(filtered - (1 + lam) * rate),
        ]

    return (
        Step("A perturbation that grows exponentially in the mean time, with any dependence on the"
             " lag, under the operators of both leaky units.",
             r"(1+\partial_t)(1+\partial_{s})\,e^{\lambda(t+s)/2}D(t-s) ="
             r" e^{\lambda(t+s)/2}\big[(1+\tfrac{\lambda}{2})^2 - \partial_\tau^2\big]D(\tau)",
             acts),
        Step("Growing currents change their part of the covariance.",
             r"\delta\,[z(t)Mz(s)^T] = e^{\lambda(t+s)/2}\;\sigma\cosh(\lambda\tau/2),\quad"
             r" \sigma = 2\,zM\,\delta z^T", squared_currents),
        Step("The operator multiplies this part by a factor.",
             r"\big[(1+\tfrac\lambda2)^2-\partial_\tau^2\big]\cosh(\lambda\tau/2) = (1+\lambda)"
             r"\cosh(\lambda\tau/2)", lambda: operator(shape) - (1 + lam) * shape),
        Step("The correlation of phi responds to the covariance and to both variances; the variance"
             " at the later time has grown more than that at the earlier one.",
             r"\delta C = \frac{\partial C}{\partial\Delta_{12}}D(\tau) +"
             r" \frac{\partial C}{\partial\Delta_{11}}e^{\lambda\tau/2}D(0) +"
             r" \frac{\partial C}{\partial\Delta_{22}}e^{-\lambda\tau/2}D(0)", correlation),
        Step("The perturbation is self-consistent if the growing currents are those sent by the"
             " perturbed region: linear equations, closed over all receiving regions.",
             r"(1+\lambda)\,\delta z^{\mu\nu} = \psi^\nu\sum_\rho"
             r" T^{\mu\nu\rho}\delta z^{\nu\rho} + \frac{d\psi^\nu}{d\Delta}D^\nu(0)"
             r"\Big(\sum_\rho T^{\mu\nu\rho}z^{\nu\rho} + V^{\mu\nu}I^\nu\Big)", closed),
    )  # fmt: skip


def condition() -> Condition:
    """The equation for the lag dependence of the perturbation in a fluctuating region."""
    parts = [sp.Function(name)(tau) for name in ("C_12", "C_11", "C_22")]
    g, size = sp.symbols("g sigma")
    apart = D(tau) - size * sp.cosh(lam * tau / 2)
    change = parts[0] * D(tau) + D(0) * (
        parts[1] * sp.exp(lam * tau / 2) + parts[2] * sp.exp(-lam * tau / 2))  # fmt: skip
    return Condition(
        "variance response",
        "A perturbation that grows at the rate lambda, in a region with fluctuations; indices of C"
        " denote derivatives, and the right side is summed over the sending regions.",
        sp.Eq(STIFFNESS * apart - sp.Derivative(apart, (tau, 2)), g**2 * change))  # fmt: skip
