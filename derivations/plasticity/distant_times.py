"""Covariances between units of a plastic network: W'' of the synapses vanishes between far times.

The sum of the squared covariances of all pairs of units is the variance of the overlap
(1/N) sum_i phi_i(t) phi_i(t') between two times far apart.  Instants 0 and 1 are early, 2 and 3
are late, and the time T between them goes to infinity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations, combinations_with_replacement, product

import sympy as sp

from ..engine.couplings import IID
from ..engine.derivation import Formula, Step
from ..engine.disorder import N, h, network_action, phi, s, site_functional, t, term, velocity, xhat
from ..engine.disorder import i as unit
from ..engine.disorder import j as other
from ..engine.disorder import x as state
from ..engine.four_point import Observable, fluctuations, independent_sites, left_right
from ..engine.saddle import C_phi, site_exponent
from ..engine.spectral import PAIRS, C, S, bar, propagator, second_derivatives
from .hebbian import MEMORY, Hebbian, g, k, p, tau
from .hebbian import C as C_LAG

INSTANTS, LATE = range(4), (2, 3)
CONJUGATE = 3  # fields of a window: phi, s and X, then their conjugates
T = sp.Symbol("T", positive=True)
FIELDS = (xhat, phi, state, velocity)
SYMBOLS: dict[str, str] = {}


@dataclass(frozen=True)
class Distant(Hebbian):
    """The same synapses, with late instants a time T after the early ones."""

    def mean(self) -> sp.Expr:
        """The Hebbian mean at times t + T [t is late]."""
        past, lag = sp.Heaviside(t - s - sp.S.Half), at(t) - at(s)
        weight = self.k / (self.p * N) * sp.exp(-lag / self.p)
        return weight * past * phi[unit, s] * phi[other, s]


def at(instant: sp.Expr) -> sp.Expr:
    """The time of an instant."""
    return instant + T * sp.Heaviside(instant - sp.Rational(3, 2))


def apart(*instants: sp.Expr) -> bool:
    """Whether some of the instants are early, and some late."""
    return len({bool(one in LATE) for one in instants}) == 2


def far(monomial: sp.Expr) -> bool:
    """Whether an order parameter connects an early instant with a late one."""
    return apart(*(one.indices[-1] for one in monomial.atoms(sp.Indexed)))


@cache
def site_weight() -> sp.Expr:
    """Exponent of one site with random and plastic couplings; C vanishes over long times."""
    action = network_action()
    field = term(action, "field").coefficient
    W = (IID(g) + Distant(k, p)).functional(term(action, "coupling"), INSTANTS)
    whole = site_exponent(W, field) + site_exponent(site_functional(action, INSTANTS), field)
    return sp.expand(whole.replace(C_phi, lambda a, b: 0 if apart(a, b) else C_phi(a, b)))


def couplings_steps() -> tuple[Step, ...]:
    """The plastic term between distant times, and the weight of one site there."""

    def second() -> list[sp.Expr]:
        """All second derivatives with an order parameter of distant times; the others remain."""
        W = Distant(k, p).functional(term(network_action(), "coupling"), INSTANTS)
        distant = {one for one, monomial in W.order.items() if far(monomial)}
        close = [one for one in W.order if one not in distant]
        found = [sp.diff(W.value, *pair) for pair in combinations_with_replacement(W.order, 2)
                 if distant & set(pair)]
        within = sum(sp.diff(W.value, *pair) for pair in combinations_with_replacement(close, 2))
        windows, pairs = 2, len(LATE) * (len(INSTANTS) - len(LATE))
        return [*(sp.limit(one, T, sp.oo) for one in found), len(distant) - 2 * pairs,
                within + windows * sp.I * MEMORY.xreplace({tau: sp.S.One, C_LAG: sp.S.One})]

    def parity() -> list[sp.Expr]:
        flipped = {f[a]: -f[a] for f in FIELDS for a in INSTANTS}
        without = site_weight().xreplace({h[a]: sp.S.Zero for a in INSTANTS})
        return [sp.expand(without.xreplace(flipped) - without)]

    def separate() -> list[sp.Expr]:
        early, late = ([f[a] for f in FIELDS for a in INSTANTS if (a in LATE) == is_late]
                       for is_late in (False, True))  # fmt: skip
        return [sp.limit(sp.diff(site_weight(), one, two), T, sp.oo)
                for one, two in product(early, late)]

    return (
        Step("W is a sum over pairs of times t > s. Both order parameters of a term belong to"
             " the same pair, so the second derivative of two order parameters between distant"
             " times decays with the memory of the synapses, and there is none between one of"
             " distant and one of close times. (Within a window it is finite, which mixes"
             " frequencies, but does not act on distant times.)",
             r"\frac{\partial^2 W}{\partial B_{\hat x\phi}(t,s)\,\partial B_{\phi\phi}(t,s)} ="
             r" -i\frac kp e^{-(t-s)/p} \to 0,\quad t-s = T\to\infty", second),
        Step("A site with its synapses is not Gaussian, but its weight, without an external field"
             " and for odd phi, is unchanged if all of its fields are reversed.",
             r"(\hat x, x, \phi) \to -(\hat x, x, \phi)", parity),
        Step("In its weight nothing couples distant times, if the correlation C decays: neither"
             " noise nor memory. A unit that forgets its state is then the product of two"
             " independent units.",
             r"C(T)\to 0:\quad p[\psi] = p_1[\psi(1)]\;p_2[\psi(2)]", separate),
    )  # fmt: skip


def generating(w: int, numbers: Iterable[int]) -> tuple[dict[int, sp.Symbol], sp.Expr]:
    """Sources of some fields of a window, and the log of their generating function.

    The fields are phi, s, an observable X, and their conjugates. The function is even, with
    arbitrary averages of two fields and of four.
    """
    source = {m: sp.Symbol(f"u{w}_{m}") for m in sorted(set(numbers))}
    G = two_point(w)
    value = sum(G[m, n - CONJUGATE] * source[m] * source[n]
                for m, n in combinations(source, 2) if m < CONJUGATE <= n)
    value += sum(sp.Symbol(f"kappa{w}_{''.join(map(str, one))}")
                 * sp.prod(source[m] for m in one)
                 for one in combinations_with_replacement(source, 4))  # fmt: skip
    return source, value


def two_point(w: int) -> sp.Matrix:
    """Averages of phi, s, X with their conjugates; those of X are symbols."""
    G = sp.Matrix(CONJUGATE, CONJUGATE, lambda a, b: sp.Symbol(f"G{w}_{a}{b}"))
    G[:2, :2] = propagator(w)
    return G


def averages(*fields: tuple[int, int]) -> sp.Expr:
    """Average of a product of fields (window, number), conjugates being later numbers."""
    value = sp.S.One
    for w in (1, 2):  # independent windows
        own = [number for where, number in fields if where == w]
        source, log = generating(w, own)
        part = sp.exp(log)
        for number in own:
            part = sp.diff(part, source[number])
        value *= part.subs(dict.fromkeys(source.values(), 0))
    return sp.expand(value)


def observable(w: int) -> Observable:
    """X for the engine."""
    G = two_point(w)
    return (G[2, 0], G[2, 1]), (G[0, 2], G[1, 2]), G[2, 2]


def sites_steps() -> tuple[Step, ...]:
    """Covariances of order parameters at independent sites, whatever the law of a site."""

    def crossed(a: int, b: int, c: int, d: int) -> sp.Expr:
        return averages((1, a), (2, CONJUGATE + b), (2, c), (1, CONJUGATE + d))

    def factorised() -> list[sp.Expr]:
        Pi, X = independent_sites(), 2
        left, right = left_right(observable(1), observable(2))
        return [crossed(*one, *two) - Pi[m, n]
                for m, one in enumerate(PAIRS) for n, two in enumerate(PAIRS)] + [
            *(crossed(X, X, c, d) - left[m] for m, (c, d) in enumerate(PAIRS)),
            *(crossed(a, b, X, X) - right[m] for m, (a, b) in enumerate(PAIRS))]  # fmt: skip

    def unmixed() -> list[sp.Expr]:
        return [averages((1, a), (2, CONJUGATE + b), (w, c), (w, CONJUGATE + d))
                for a, b in (*PAIRS, (2, 2)) for c, d in PAIRS for w in (1, 2)]

    def closer() -> sp.Expr:
        one = averages((1, 0), (1, CONJUGATE), (1, 0), (1, CONJUGATE))
        return sp.expand(one - 2 * C[1] ** 2 - 4 * sp.Symbol(f"kappa1_00{CONJUGATE}{CONJUGATE}"))

    def together() -> sp.Expr:
        """F of independent and plastic couplings, whose hessian is that of the former alone."""
        F = fluctuations(second_derivatives(IID(g)))[0, 0]
        loop = g**2 * S[1] * bar(S[2])
        back = g**2 * bar(S[1]) * S[2]
        return sp.cancel(F - C[1] * C[2] / ((1 - loop) * (1 - back)))

    return (
        Step("The covariance, over independent sites, of two order parameters between distant"
             " times: a product of two-point functions of the site itself, and the same with an"
             " observable X, such as x. The higher cumulants of the site drop out, so that Q, left"
             " and right are exact for a unit with memory. (Those of x follow from Novikov's"
             " theorem, which holds for any function of the noise, with K at the saddle point.)",
             r"\langle\psi_a(1)\psi_b(2)^*\psi_c(2)\psi_d(1)^*\rangle = G_{1,ad}\,G_{2,cb} ="
             r" \Pi_{ab,cd}", factorised),
        Step("The covariance with an order parameter of one window, where the correlation itself"
             " fluctuates: an average of three fields of one window, times that of one field of the"
             " other; both vanish by symmetry.",
             r"\langle\psi_a(1)\psi_b(2)^*\;\psi_c(1)\psi_d(1)^*\rangle = 0", unmixed),
        Step("(Within one window the cumulants of fourth order would remain.)",
             r"\langle|\phi(1)|^4\rangle = 2C_1^2 + \kappa", closer),
        Step("Hence the synapses enter covariances between units through C and the mean response S"
             " of a unit with memory, and W'' is that of the other couplings.",
             r"W''_\mathrm{plastic} = 0:\quad \Psi_\phi(\omega_1,\omega_2) = C_1C_2\Big("
             r"\frac{1}{|1 - g^2S_1S_2^*|^2} - 1\Big)", together),
    )  # fmt: skip


def steps() -> tuple[Step, ...]:
    """The sector of distant times."""
    return couplings_steps() + sites_steps()


def formulas() -> tuple[Formula, ...]:
    """None: the second derivatives vanish."""
    return ()
