"""A derivation that can be read: from the couplings of a network to the equations of one unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp

from ..engine.couplings import Ensemble
from ..engine.derivation import DerivationError, Step, as_latex
from ..engine.disorder import J, average, group, i, j, network_action, s, t, term, u
from ..engine.saddle import C_phi, single_site
from ..engine.stationary_site import MEAN, Stated, StationarySite, Term, stationary_site, tau, v

INSTANTS = range(3)
Sentence = tuple[str, str]  # in words, and as LaTeX


@dataclass(frozen=True)
class Part:
    """One ensemble of a derivation.

    Parameters
    ----------
    title : str
    definition, functional, noise, memory, drift : str
        LaTeX of the couplings, of W, and of what a unit receives; "" where there is nothing.
    steps : tuple of Step
        The statements that are proved.
    """

    title: str
    definition: str
    functional: str = ""
    noise: str = ""
    memory: str = ""
    drift: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class SiteDerivation:
    """The derivation of the single site of a network; made by `network.derivation`.

    Parameters
    ----------
    network : str
        The network, as text.
    unit : str
        Its unit, as text.
    parts : tuple of Part
        One for each ensemble.
    """

    network: str
    unit: str
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every statement that is proved."""
        return tuple(step for part in self.parts for step in part.steps)

    def check(self) -> None:
        """Prove every step; the first that fails raises `DerivationError`."""
        for step in self.steps:
            step.check()

    def equations(self) -> list[Sentence]:
        """The equations of the site, each with a sentence."""
        noise, memory, drift = (_sum(getattr(part, name) for part in self.parts)
                                for name in ("noise", "memory", "drift"))
        received = [r"\eta", *([r"K*\phi(x)"] if memory else []), *(["m"] if drift else []),
                    r"\xi", "h"]
        found = [(f"A unit ({self.unit}, with the response H to its input) receives noise"
                  + (", its own past" if memory else "") + (", a mean input" if drift else "")
                  + ", white noise and its bias.", f"x = H*\\left({' + '.join(received)}\\right)"),
                 ("The noise is Gaussian.", rf"\langle\eta(t)\,\eta(t-\tau)\rangle = {noise or 0}")]
        if memory:
            found.append(("The memory of its own past activity.", rf"K(\tau) = {memory}"))
        if drift:
            found.append(("The mean input.", f"m = {drift}"))
        return [*found, (
            "Averages over this unit are those of the network.",
            r"C(\tau)=\langle\phi(x(t))\,\phi(x(t-\tau))\rangle,\quad R(\tau)=\left\langle"
            r"\frac{\delta\phi(x(t))}{\delta h(t-\tau)}\right\rangle,\quad M=\langle\phi\rangle")]

    def to_latex(self) -> str:
        """The derivation as the body of a LaTeX document."""
        lines = [r"\paragraph{The network.}",
                 f"\\texttt{{{_plain(self.network)}}}:",
                 _display(r"x_i = H*\Big(\sum_j J_{ij}\phi(x_j) + \xi_i + h_i\Big)")]
        for part in self.parts:
            lines += [f"\\paragraph{{{_plain(part.title)}.}}", _display(part.definition)]
            if part.functional:
                lines += ["The average of "
                          r"$\exp\big(-i\sum_{ij,t}\hat x_i(t)J_{ij}\phi_j(t)\big)$ over these "
                          r"couplings is $e^{NW}$, with", _display(f"W = {part.functional}")]
        lines += [r"\paragraph{One unit.}"]
        for says, equation in self.equations():
            lines += [says, _display(equation)]
        if self.steps:
            lines += [r"\paragraph{Steps, each proved.}", r"\begin{enumerate}"]
            named = len(self.parts) > 1  # the same statement may belong to several parts
            lines += [f"\\item {_plain(f'{part.title}: ' if named else '')}{_plain(step.says)} "
                      f"{_display(as_latex(step.equation))}"
                      for part in self.parts for step in part.steps]
            lines += [r"\end{enumerate}"]
        return "\n".join(lines) + "\n"


def stated_part(title: str, mean: sp.Expr, covariance: sp.Expr) -> Part:
    """The part of couplings with a mean and a covariance, by the engine."""
    site = stationary_site(mean, covariance)
    noise, memory, drift = (_terms(terms) for terms in (site.noise, site.memory, site.drift))
    definition = rf"\langle J_{{ij}}(t)\rangle = {_latex(mean)},\quad \mathrm{{cov}}(J_{{ij}}," \
                 rf"J_{{kl}}) = {_latex(covariance)}"
    return Part(title, definition, _functional(Stated(mean, covariance)), noise, memory, drift,
                _steps(mean, covariance, site))


def _functional(couplings: Stated) -> str:
    """W at symbolic instants, summed over them."""
    coupling, same = term(network_action(), "coupling"), sp.KroneckerDelta(t, s)
    means = [one for one in sp.Add.make_args(couplings.mean()) if one != 0]
    present = sum((one.subs(same, 1).subs(s, t) for one in means if one.has(same)), sp.S.Zero)
    past = sum((one for one in means if not one.has(same)), sp.S.Zero)
    at_present, _ = average(coupling, J[i, j], present)
    single, pairs = average(coupling, J[i, j], past, couplings.covariance())
    return " + ".join(one for one in (_summed(at_present), _summed(single + pairs)) if one) or "0"


def _summed(summand: sp.Expr) -> str:
    """A part of W with the sum over the instants in it; empty where it vanishes."""
    W = group(sp.expand(summand))
    names = {q: _average_latex(monomial) for q, monomial in W.order.items()}
    # past instants are shown as s < t, without the half step that tells them from the present
    value = sp.powsimp(sp.factor_terms(W.value)).replace(
        sp.Heaviside, lambda x, *rest: sp.Heaviside(x + sp.S.Half, *rest) if x.has(t) else
        sp.Heaviside(x, *rest))
    if value == 0:
        return ""
    instants = {one for monomial in W.order.values() for one in monomial.free_symbols}
    over = ",".join(str(one) for one in (t, s, u) if one in instants)
    shown = sp.latex(value, symbol_names=names)
    if isinstance(value, sp.Add) or shown.startswith("-"):
        shown = rf"\left({shown}\right)"
    return rf"\sum_{{{over}}} {shown}"


def _average_latex(monomial: sp.Expr) -> str:
    return rf"\langle {sp.latex(monomial)}\rangle"


def _steps(mean: sp.Expr, covariance: sp.Expr, site: StationarySite) -> tuple[Step, ...]:
    """The site at symbolic instants is that of the saddle point at a few instants."""
    couplings, last = Stated(mean, covariance), INSTANTS[-1]

    def found() -> list[sp.Expr]:
        own = single_site(network_action(), couplings, INSTANTS)
        bare = single_site(network_action(), Ensemble(), INSTANTS)
        left = [own.leftover]
        for early in INSTANTS[:-1]:
            pair = last, early
            left += [own.noise_covariance[pair] - bare.noise_covariance[pair]
                     - _at_instants(site.noise, last, early),
                     own.memory_kernel[pair] - _at_instants(site.memory, last, early)]
        return [*left, own.drift[last] - bare.drift[last] - _at_instants(site.drift, last, last)]

    return (Step("Noise, memory and drift are the derivatives of W at its saddle point, in which "
                 "averages of response fields vanish and responses are causal.",
                 r"\langle\eta\eta\rangle=\frac{\partial W}{\partial B_{\hat x\hat x}},\quad "
                 r"K\propto\frac{\partial W}{\partial B_{\hat x\phi}},\quad "
                 r"m\propto\frac{\partial W}{\partial\langle\hat x\rangle}", found),)


def _at_instants(terms: Iterable[Term], late: int, early: int) -> sp.Expr:
    """Terms at two instants, with sums over the past in place of integrals."""
    R_phi, mean_phi = sp.Function("R_phi"), sp.Function("mean_phi")
    total, lag = sp.S.Zero, late - early
    for one in terms:
        means = [late, early] if late != early else [late, late]
        for back in range(1, late + 1) if one.integral else (0,):
            value = one.weight.subs({tau: lag, v: back})
            at_mean = iter(means if not one.integral else [late - back, late])
            for name, where in one.averages:
                distance = where.subs({tau: lag, v: back})
                if name == MEAN:
                    value *= mean_phi(next(at_mean))
                else:
                    value *= (C_phi if name == "C" else R_phi)(late, late - distance)
            total += value
    return total


def _terms(terms: Iterable[Term]) -> str:
    return _sum(_latex(one.expression) for one in terms)


def _latex(expression: sp.Expr) -> str:
    return sp.latex(expression, symbol_names={sp.Symbol(MEAN): "M", s: "s", t: "t", u: "u"})


def _sum(texts: Iterable[str]) -> str:
    return " + ".join(text for text in texts if text)


def _display(equation: str) -> str:
    return f"\\begin{{equation*}} {equation} \\end{{equation*}}"


def _plain(text: str) -> str:
    for special in "_#%&":
        text = text.replace(special, "\\" + special)
    return text


__all__ = ["DerivationError", "Part", "SiteDerivation", "stated_part"]
