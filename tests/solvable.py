"""Exactly solvable networks and published numbers, with which every solver is compared.

Data only. Each entry is a network (a function that makes it), what is known of it, and where that
comes from: a closed form in one line, or the paper. Conventions are those of the package: white
noise has covariance 2 noise^2 delta(tau), so that an uncoupled unit has variance noise^2; Delta is
the autocovariance of x and C that of phi(x); times are in neuronal time constants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import sympy
from scipy import special

import dmft


@dataclass(frozen=True)
class Known:
    """One number.

    Parameters
    ----------
    value : float
        The number.
    tolerance : float
        Half a unit of its last digit; 0 for a closed form.
    stderr : float
        Standard error, where it was sampled or simulated.
    printed : float, optional
        What a paper prints, where its last digits are not correct.
    """

    value: float
    tolerance: float = 0.0
    stderr: float = 0.0
    printed: float | None = None


def digits(text: str, printed: str | None = None) -> Known:
    """A number that is known to the digits of its text, half a unit of the last one."""
    decimals = len(text.partition(".")[2])
    return Known(float(text), 0.5 * 10.0**-decimals, printed=printed and float(printed))


def sampled(value: float, stderr: float) -> Known:
    """A number with a standard error."""
    return Known(value, stderr=stderr)


@dataclass(frozen=True)
class Solvable:
    """A network of which something is known.

    Parameters
    ----------
    name : str
        For the tests' names.
    make : callable
        make() is the network.
    source : str
        The closed form, or the paper.
    known : mapping
        name -> `Known`, by the names: "Delta" and "C" (at lag 0), "Delta_static" and "C_static"
        (at infinite lag), "gain" (<phi'>), "exponent" (the largest Lyapunov exponent), "PR_phi"
        and "PR_x" (dimension / N), "z_phi" and "z_x" (the same of z-scored units, divided by it).
    branch : str
        Of the stationary solution.
    memory : bool
        Whether couplings return a unit's own past to it.
    Delta : callable, optional
        Delta(tau) in closed form, of an array of lags.
    psi : callable, optional
        The four-point function of x in closed form, of two arrays of lags.
    in_time : callable, optional
        Delta(t, s) in closed form, of two arrays of times, with <x(0)^2> = `start`.
    start : float
        Variance of x(0).
    relaxes : float, optional
        Time after which the solution in time is stationary to 1e-5.
    """

    name: str
    make: Callable[[], Any]
    source: str
    known: Mapping[str, Known] = field(default_factory=dict)
    branch: str = "chaotic"
    memory: bool = False
    Delta: Callable | None = None
    psi: Callable | None = None
    in_time: Callable | None = None
    start: float = 1.0
    relaxes: float | None = None

    def value(self, quantity: str) -> float:
        """The number alone."""
        return self.known[quantity].value


def random(g: float, phi: str = "tanh", **options) -> Callable[[], Any]:
    """A function that makes a network of independent couplings."""
    return lambda: dmft.RandomNetwork(g, getattr(dmft, phi), **options)


def modes(g: float, rank: float, **options) -> Callable[[], Any]:
    """A function that makes a network of equally strong random modes, of erf units."""
    return lambda: dmft.RandomModeNetwork(dmft.Spectrum.flat(g, rank), phi=dmft.erf, **options)


def of_symbol(expression: Callable) -> dmft.Nonlinearity:
    """phi from a function of a sympy symbol."""
    return dmft.Nonlinearity.from_sympy(expression(sympy.Symbol("x", real=True)))


# ---- Chaos of independent couplings. Delta: 12 digits and more by mpmath at 30 digits, from
# Delta^2 / 2 = g^2 (<Phi^2> - <Phi>^2), Phi' = phi (Sompolinsky, Crisanti & Sommers 1988).

PROTOTYPE = "independent prototype on a sinc grid; dimensions also by simulation"

CHAOS = (
    Solvable("erf 1.01", random(1.01, "erf"), PROTOTYPE, {"Delta": digits("0.0128171388815")}),
    Solvable("erf 1.2", random(1.2, "erf"), PROTOTYPE, {"Delta": digits("0.287740252187")}),
    Solvable("erf 1.5", random(1.5, "erf"), PROTOTYPE, {
        "Delta": digits("0.83875253"), "C": digits("0.38495391"),
        "exponent": digits("0.051399920"), "PR_phi": digits("0.0074038")}),
    Solvable("erf 2", random(2.0, "erf"), PROTOTYPE, {
        "Delta": digits("2.064080018754"), "C": digits("0.55380694"),
        "exponent": digits("0.123094179"), "PR_phi": digits("0.0230137")}, relaxes=150.0),
    Solvable("erf 3", random(3.0, "erf"), PROTOTYPE, {
        "Delta": digits("5.63743196"), "C": digits("0.71072980"),
        "exponent": digits("0.254480994"), "PR_phi": digits("0.04974221"),
        "PR_x": digits("0.034200")}, relaxes=100.0),
    Solvable("erf 5", random(5.0, "erf"), PROTOTYPE, {"Delta": digits("17.2011424464")}),
    Solvable("erf 10", random(10.0, "erf"), PROTOTYPE, {"Delta": digits("71.64482267710")}),
    Solvable("erf 20", random(20.0, "erf"), PROTOTYPE, {"Delta": digits("289.6341753488")}),
    Solvable("tanh 1.01", random(1.01), PROTOTYPE, {"Delta": digits("0.010115912806")}),
    Solvable("tanh 1.2", random(1.2), PROTOTYPE, {"Delta": digits("0.242628895987")}),
    Solvable("tanh 1.5", random(1.5), PROTOTYPE, {
        "exponent": digits("0.04674622"), "PR_phi": digits("0.0062394")}),
    Solvable("tanh 2", random(2.0), PROTOTYPE, {
        "Delta": digits("1.924805413737"), "exponent": digits("0.112458110"),
        "PR_phi": digits("0.0197407"), "PR_x": digits("0.015915")}),
    Solvable("tanh 3", random(3.0), PROTOTYPE, {
        "exponent": digits("0.23546096"), "PR_phi": digits("0.0446509")}),
    Solvable("tanh 5", random(5.0), PROTOTYPE, {"Delta": digits("16.9640457024")}),
    Solvable("tanh 20", random(20.0), PROTOTYPE, {"Delta": digits("289.334643133")}),
    Solvable("tanh(2x)/2 at 2", lambda: dmft.RandomNetwork(2.0, of_symbol(
        lambda x: sympy.tanh(2 * x) / 2)), "y = 2x is the network of tanh: Delta(tanh, g=2) / 4", {
            "Delta": digits("0.4812013534342"), "exponent": digits("0.112458110")}),
)

# ---- The published table of tanh. Where the last printed digits are wrong the value is the one
# of two computations that agree: Delta by mpmath as above; dimensions from Delta(tau) by DOP853
# at 1e-12, <phi phi> by a product rule of 2001^2 nodes and the integrals over frequencies by
# Gauss-Legendre panels, none of which the package uses.

TABLE = "D. G. Clark, Lyapunov spectrum of random neural networks, public data (tanh)"


def _row(g, exponent, of_phi, of_x, Delta) -> Solvable:
    return Solvable(f"table {g:g}", random(g), TABLE, {
        "exponent": digits(exponent), "PR_phi": digits(*of_phi), "PR_x": digits(*of_x),
        "Delta": digits(*Delta)})


PUBLISHED = (
    _row(1.375, "0.0311816514", ("0.003530721677", "0.0035306986"),
         ("0.003278175423", "0.0032781540"), ("0.517941263836", "0.51794127")),
    _row(1.75, "0.0794604988", ("0.012736145783", "0.0127361627"),
         ("0.010799422541", "0.0107994368"), ("1.285756390424", "1.28575640")),
    _row(2.5, "0.1761429765", ("0.033142176222", "0.0331422365"),
         ("0.024684086882", "0.0246841279"), ("3.49534250498", "3.4953424")),
    _row(4.0, "0.3414689537", ("0.06206769018", "0.0620677517"),
         ("0.04027388166", "0.0402738898"), ("10.4674732141", "10.467478")),
    _row(6.0, "0.5153449719", ("0.082636556", "0.0826364607"),
         ("0.049083742", "0.0490835986"), ("24.9265047302", "24.926515")),
    _row(10.0, "0.7734299143", ("0.100703",), ("0.055259",), ("71.368091581",)),
)
PRINTED_ERROR = 7e-6  # largest relative error of the printed numbers that carry `printed`

# ---- White noise.

SCHUECKER = ("Schuecker, Goedeke & Helias 2018: the exponent vanishes where Delta(0) = g^2 C(0), "
             "C(0) = <phi^2>")

DRIVEN = (
    *(Solvable(f"edge at noise {noise:g}", random(float(g), noise=noise), SCHUECKER,
               {"exponent": Known(0.0, 0.5e-10)}, branch="driven")
      for noise, g in ((0.2, "1.2679354830"), (0.5, "1.6741388383"), (1.0, "2.3549844908"))),
    Solvable("erf 2, noise 1", random(2.0, "erf", noise=1.0), "two quadratures", {
        "PR_phi": digits("0.2554197"), "PR_x": digits("0.21130688")}, branch="driven"),
    Solvable("modes 3, 1/2, noise 1.5", modes(3.0, 0.5, noise=1.5), "two quadratures", {
        "PR_phi": digits("0.13231229"), "PR_x": digits("0.09038882")}, branch="driven"),
)

# ---- Random modes and gains: dimensions, checked by simulation (Clark, Marschall,
# van Meegeren & Litwin-Kumar, connectivity structure and dynamics of neural networks).

STRUCTURED = (
    Solvable("modes 3, 1/2", modes(3.0, 0.5), PROTOTYPE, {
        "Delta": digits("5.63743196"), "C": digits("0.71072980"), "PR_phi": digits("0.019492"),
        "PR_x": digits("0.012919"), "exponent": digits("0.254480994")}),
    Solvable("modes 2, 1", modes(2.0, 1.0), PROTOTYPE, {
        "Delta": digits("2.064080018754"), "PR_phi": digits("0.012407")}),
    Solvable("input gains .5", lambda: dmft.HeterogeneousNetwork(
        3.0, dmft.Gains.lognormal(0.5), phi=dmft.erf), PROTOTYPE, {
            "PR_phi": digits("0.0343"), "PR_x": digits("0.0237"),
            "z_phi": Known(0.9745, 2e-4), "z_x": Known(1.0608, 2e-4)}),
    Solvable("output gains .4", lambda: dmft.HeterogeneousNetwork(
        3.0, 1.0, dmft.Gains.lognormal(0.4), dmft.erf), PROTOTYPE, {
            "PR_phi": digits("0.0293"), "PR_x": digits("0.0197"), "z_phi": Known(1.0, 1e-7)}),
)

# ---- Linear networks.


def _bessel(g: float, tau) -> np.ndarray:
    """(1/N) tr exp(J tau) of antisymmetric J: J1(2 g tau) / (g tau)."""
    x = 2 * g * np.abs(np.asarray(tau, float))
    return np.where(x < 1e-9, 1.0, 2 * special.j1(x) / np.where(x < 1e-9, 1.0, x))


def _antisymmetric(g: float) -> Solvable:
    def Delta(tau):
        return np.exp(-np.abs(tau)) * _bessel(g, tau)

    def psi(tau1, tau2):
        away = np.exp(-np.abs(tau1) - np.abs(tau2))
        return away * (_bessel(g, tau1 - tau2) - _bessel(g, tau1) * _bessel(g, tau2))

    return Solvable(
        f"linear {g:g}, antisymmetric", random(g, "linear", noise=1.0, reciprocity=-1.0),
        "J^T = -J: covariance noise^2 1, C(tau) = exp(-(1 - J) tau), spectrum of radius 2g on the "
        "imaginary axis", {"Delta": Known(1.0), "PR_phi": Known(1.0), "PR_x": Known(1.0),
                           "gain": Known(1.0), "exponent": Known(-1.0)},
        "driven", True, Delta, psi)


def _symmetric(g: float) -> Solvable:
    angle = np.pi * np.arange(1, 256) / 256
    rate = 1 - 2 * g * np.cos(angle)  # Gauss-Chebyshev nodes of the semicircle of radius 2g
    weight = 2 / 256 * np.sin(angle) ** 2
    q = np.sqrt(1 - 4 * g**2)

    def Delta(tau):
        return np.exp(-np.multiply.outer(np.abs(tau), rate)) @ (weight / rate)

    def psi(tau1, tau2):
        both = np.abs(tau1) + np.abs(tau2)
        return np.exp(-np.multiply.outer(both, rate)) @ (weight / rate**2) - (
            Delta(tau1) * Delta(tau2))

    return Solvable(
        f"linear {g:g}, symmetric", random(g, "linear", noise=1.0, reciprocity=1.0),
        "J^T = J: C(tau) = exp(-(1 - J) tau) / (1 - J), semicircle of radius 2g; with "
        "q = sqrt(1 - 4 g^2): Delta(0) = 2 / (1 + q), PR = 2 q / (1 + q)", {
            "Delta": Known(2 / (1 + q)), "PR_phi": Known(2 * q / (1 + q)),
            "PR_x": Known(2 * q / (1 + q)), "gain": Known(1.0), "exponent": Known(2 * g - 1)},
        "driven", True, Delta, psi)


def pairings(g: float, terms: int = 160) -> float:
    """PR of a linear network of independent couplings by its series: non-crossing pairings.

    tr Sigma^2 / N = sum_n (g/2)^2n sum_{a+c = b+d = n} (a+b)!/(a! b!) (c+d)!/(c! d!)
    (min(a, b, c, d) + 1), the last factor the number of non-crossing pairings of
    J^a J^T^b J^c J^T^d.
    """
    square = 0.0
    for n in range(terms):
        a = np.arange(n + 1)
        b = a[:, None]
        words = special.binom(a + b, a) * special.binom(2 * n - a - b, n - a) / 4.0**n
        least = np.minimum(np.minimum(a, b), np.minimum(n - a, n - b))
        square += g ** (2 * n) * np.sum(words * (least + 1))
    return 1 / (1 - g**2) / square


def _linear(g: float, noise: float, bias: float = 0.0) -> Solvable:
    q, static = np.sqrt(1 - g**2), bias**2 / (1 - g**2)
    known = {"Delta": Known(noise**2 / q + static), "Delta_static": Known(static),
             "gain": Known(1.0), "exponent": Known(g - 1)}
    if bias == 0:
        ratio = 8 * q**3 / (3 - 2 * q + 4 * q**2 + 2 * q**3 + q**4)
        known |= {"PR_phi": Known(ratio), "PR_x": Known(ratio)}
    return Solvable(
        f"linear {g:g}, noise {noise:g}, bias {bias:g}",
        random(g, "linear", noise=noise, bias=bias),
        "q = sqrt(1 - g^2): Delta = noise^2 exp(-q |tau|) / q + bias^2 / q^2; the edge g - 1; "
        "PR = 8 q^3 / (3 - 2 q + 4 q^2 + 2 q^3 + q^4), the sum of `pairings`",
        known, "driven" if noise else "static", False,
        lambda tau: noise**2 / q * np.exp(-q * np.abs(tau)) + static,
        relaxes=40.0 if g < 0.9 else None)


def _elliptic(g: float, r: float) -> Solvable:
    """PR: the integral of C1 C2 ((1-|d|^2)/(|1-d|^2 |1-c|^2) - 1), z S = 1 + r g^2 S^2."""
    angle = (np.arange(400) + 0.5) * np.pi / 800
    measure = (1 + np.tan(angle) ** 2) * np.pi / 800
    z = 1 + 1j * np.tan(angle)
    S = 2 / (z + np.sqrt(z**2 - 4 * r * g**2 + 0j))
    C = 2 * np.abs(S) ** 2 / (1 - g**2 * np.abs(S) ** 2)
    pairs = 0.0
    for S2 in (S, np.conj(S)):
        c, d = g**2 * np.outer(S, np.conj(S2)), r * g**2 * np.outer(S, S2)
        kernel = np.outer(C, C) * ((1 - np.abs(d) ** 2) / np.abs((1 - d) * (1 - c)) ** 2 - 1)
        pairs += 2 * float(measure @ kernel @ measure) / (2 * np.pi) ** 2
    C0 = float(measure @ C) / np.pi
    known = Known(C0**2 / (C0**2 + pairs))
    return Solvable(f"linear {g:g}, reciprocity {r:g}",
                    random(g, "linear", noise=1.0, reciprocity=r),
                    "S = 1 / (z - r g^2 S), C = 2 |S|^2 / (1 - g^2 |S|^2); the edge g (1 + r) - 1",
                    {"Delta": Known(C0, 1e-6), "PR_phi": known, "PR_x": known,
                     "gain": Known(1.0), "exponent": Known(g * (1 + r) - 1)}, "driven",
                    True)


def _without_couplings(noise: float, bias: float, start: float) -> Solvable:
    def in_time(t, s):
        decay = np.exp(-(t + s))
        return (start * decay + noise**2 * (np.exp(-np.abs(t - s)) - decay)
                + bias**2 * (1 - np.exp(-t)) * (1 - np.exp(-s)))

    return Solvable("no couplings", random(0.0, noise=noise, bias=bias),
                    "Delta(t, s) = v e^-(t+s) + noise^2 (e^-|t-s| - e^-(t+s)) + bias^2 (1 - e^-t)"
                    " (1 - e^-s)", {"Delta": Known(noise**2 + bias**2),
                                    "Delta_static": Known(bias**2), "exponent": Known(-1.0)},
                    "driven", False,
                    lambda tau: noise**2 * np.exp(-np.abs(tau)) + bias**2,
                    in_time=in_time, start=start, relaxes=30.0)


def _decaying(g: float, start: float) -> Solvable:
    return Solvable(f"linear {g:g}, decaying", random(g, "linear"),
                    "(1 + d/dt)(1 + d/ds) H = g^2 H: H = v e^-(t+s) I_0(2 g sqrt(t s))",
                    {"Delta": Known(0.0), "exponent": Known(g - 1)}, "quiescent",
                    in_time=lambda t, s: start * np.exp(-(t + s)) * special.i0(
                        2 * g * np.sqrt(t * s)), start=start)


LINEAR = (
    _antisymmetric(1.0), _antisymmetric(3.0), _symmetric(0.3),
    _elliptic(1.5, -0.6), _elliptic(2.0, -0.8), _elliptic(0.5, 0.5),
    _linear(0.6, 1.0), _linear(0.8, 0.5), _linear(0.95, 0.2, 0.3), _linear(0.5, 0.0, 0.7),
    _without_couplings(0.6, 0.4, 2.0), _decaying(0.6, 0.7), _decaying(0.9, 0.7),
)

# The same by another program, which stops at 2e-5.
ELLIPTIC = {"linear 1.5, reciprocity -0.6": Known(0.566131, 2e-5),
            "linear 2, reciprocity -0.8": Known(0.727956, 2e-5)}

# ---- States that do not move.

AT_REST = (
    Solvable("no couplings, no noise", random(0.0), "x decays as exp(-t)",
             {"Delta": Known(0.0), "exponent": Known(-1.0)}, "quiescent"),
    Solvable("tanh 0.7", random(0.7), "the edge g - 1",
             {"Delta": Known(0.0), "exponent": Known(-0.3)}, "quiescent"),
    Solvable("plastic 0.6", lambda: dmft.PlasticNetwork(0.6, 0.5, 2.5),
             "the edge g - 1, whatever the plasticity",
             {"Delta": Known(0.0), "exponent": Known(-0.4)}, "quiescent"),
    Solvable("relu 1.2", random(1.2, "relu"), "<phi'^2> = 1/2: the edge g / sqrt(2) - 1",
             {"Delta": Known(0.0), "exponent": Known(1.2 / np.sqrt(2) - 1)}, "quiescent"),
    Solvable("relu 1.2, bias 0.7", random(1.2, "relu", bias=0.7),
             "<phi^2> = Delta / 2: Delta = bias^2 / (1 - g^2 / 2); the edge g / sqrt(2) - 1",
             {"Delta": Known(0.49 / (1 - 0.72)), "Delta_static": Known(0.49 / (1 - 0.72)),
              "C": Known(0.245 / (1 - 0.72)), "gain": Known(0.5),
              "exponent": Known(1.2 / np.sqrt(2) - 1)}, "static", relaxes=80.0),
    Solvable("relu 0.5, bias 1", random(0.5, "relu", bias=1.0),
             "Delta = bias^2 / (1 - g^2 / 2); the edge g / sqrt(2) - 1",
             {"Delta": Known(1 / 0.875), "exponent": Known(np.sqrt(0.125) - 1)}, "static",
             relaxes=40.0),
)

# ---- Chaos that coexists with a stable quiescent state. g(Delta) = Delta / sqrt(2 (<Phi^2> -
# <Phi>^2)) has a minimum, the fold: below it there is quiescence alone.

CUBED = partial(of_symbol, lambda x: sympy.tanh(x**3))
FOLDED = partial(of_symbol, lambda x: sympy.tanh(x + x**3))
FOLD = digits("0.9260909")  # of tanh(x + x^3)
DAMPED = "damped iteration from above with averages by brute force, an independent script"

SUBCRITICAL = (
    *(Solvable(f"tanh(x^3) at {g:g}", lambda g=g: dmft.RandomNetwork(g, CUBED()), DAMPED,
               {"Delta": Known(value, 2e-3 * value)})
      for g, value in ((1.7, 0.839), (1.9, 1.485), (2.0, 1.789), (2.1, 2.1000))),
    Solvable("tanh(x^3) at 2, noise 0.2", lambda: dmft.RandomNetwork(2.0, CUBED(), noise=0.2),
             DAMPED, {"Delta": Known(1.791, 2e-3 * 1.791)}, "driven"),
    Solvable("tanh(x^3) at 1.6", lambda: dmft.RandomNetwork(1.6, CUBED()), "below the fold",
             {"Delta": Known(0.0), "exponent": Known(-1.0)}, "quiescent"),
    Solvable("tanh(x + x^3) below its fold", lambda: dmft.RandomNetwork(0.92609, FOLDED()),
             "g below 0.9260909: quiescence alone", {"Delta": Known(0.0)}, "quiescent"),
)

SOLVABLE = (*CHAOS, *PUBLISHED, *DRIVEN, *STRUCTURED, *LINEAR, *AT_REST, *SUBCRITICAL)

# ---- Networks with memory: prototypes whose paths were stepped in time, and simulations.

STEPPED = "paths of one unit stepped in time, with noise drawn anew; N = 4000 networks"

MEMORY = (
    Solvable("modes 2, 1/2, overlap 0.5", modes(2.0, 0.5, overlaps=0.5), STEPPED, {
        "C": sampled(0.89313, 25e-5), "Delta": sampled(14.566, 2e-3)}),
    Solvable("modes 4, 1/2, overlap -0.2", modes(4.0, 0.5, overlaps=-0.2), STEPPED, {
        "C": sampled(0.60916, 2e-5), "Delta": sampled(3.484, 1e-3)}),
    Solvable("modes 16, 1/2, overlap -0.5", modes(16.0, 0.5, overlaps=-0.5), STEPPED, {
        "C": sampled(0.61, 3e-3), "Delta": sampled(5.95, 0.1)}),
    Solvable("plastic 2, 0.5", lambda: dmft.PlasticNetwork(2.0, 0.5, 2.5), STEPPED, {
        "C": sampled(0.58998, 5e-5)}),
    Solvable("plastic 2, 1", lambda: dmft.PlasticNetwork(2.0, 1.0, 2.5), STEPPED, {
        "C": sampled(0.6899, 1e-3), "exponent": sampled(0.1257, 2.1e-3)}),
    Solvable("erf 2, reciprocity 0.3", random(2.0, "erf", reciprocity=0.3),
             "24000 sampled paths; N = 500, 1000, 2000 extrapolate to .7123(7) and 4.187(13)", {
                 "C": sampled(0.7118, 1e-4), "Delta": sampled(4.180, 1e-3)}),
)


BY_NAME = {one.name: one for one in (*SOLVABLE, *MEMORY)}


# ---- Limits.

@dataclass(frozen=True)
class Limit:
    """A limit of the chaos of tanh.

    Parameters
    ----------
    name, source : str
        What it is, and where from.
    value : float
        The limit.
    ratio : callable
        ratio(g, Delta(0), C(0), exponent) tends to it.
    at : tuple of float
        Three g on the way to it; the distances to the transition, or the inverse squares of g,
        fall by a factor of two each.
    tolerance : float
        Of the limit by extrapolation from those three.
    """

    name: str
    value: float
    ratio: Callable[[float, float, float, float], float]
    at: tuple[float, ...]
    source: str
    tolerance: float


_NEAR = (1.016, 1.008, 1.004)
_FAR = (60.0, 60.0 * np.sqrt(2), 120.0)
ONSET = "expansion in g - 1 (Sompolinsky, Crisanti & Sommers 1988)"

LIMITS = (
    Limit("kinetic energy", 1 / 3, lambda g, Delta, C, exponent: (g**2 * C - Delta) / (g - 1) ** 3,
          _NEAR, ONSET, 2e-5),
    Limit("exponent", 1 / 2, lambda g, Delta, C, exponent: exponent / (g - 1) ** 2, _NEAR, ONSET,
          1e-4),
    Limit("variance, first order", 1.0, lambda g, Delta, C, exponent: Delta / (g - 1), _NEAR,
          ONSET, 1e-5),
    Limit("variance, second order", 7 / 6,
          lambda g, Delta, C, exponent: (Delta - (g - 1)) / (g - 1) ** 2, _NEAR, ONSET, 2e-5),
    Limit("large g", 2 * (1 - 2 / np.pi), lambda g, Delta, C, exponent: Delta / g**2, _FAR,
          "phi is the sign of x: Delta^2 / 2 = g^2 Delta (1 - 2 / pi)", 1e-6),
)


# ---- Plasticity, phi = tanh, p = 2.5.

@dataclass(frozen=True)
class FixedPoints:
    """Fixed points of a plastic network.

    Parameters
    ----------
    g, k : float
        Strengths of random and Hebbian couplings.
    families : tuple
        (C, roots, stability) of the families beyond quiescence.
    """

    g: float
    k: float
    families: tuple[tuple[Known, str, str], ...]


@dataclass(frozen=True)
class Count:
    """The growth rate of the number of fixed points, and where they are most numerous."""

    g: float
    k: float
    sigma: Known
    C: Known | None = None


FAMILIES = (
    FixedPoints(1.5, 3.0, ((digits("0.99752"), "outer", "stable"),)),
    FixedPoints(1.5, 2.0, ((digits("0.97906"), "outer", "stable"),)),
    FixedPoints(2.0, 2.0, ((digits("0.98413"), "outer", "stable"),)),
    FixedPoints(1.5, 1.0, ((digits("0.69509"), "single", "unstable"),)),
    FixedPoints(0.8, 3.0, ((digits("0.10076"), "single", "unstable"),
                           (digits("0.99593"), "outer", "stable"))),
    FixedPoints(0.8, 1.2, ()),
)
STABLE_POINTS = (Count(1.5, 3.0, digits("0.469"), digits("0.976")),
                 Count(1.5, 2.0, digits("0.2170"), digits("0.942")),
                 Count(1.5, 1.6, digits("0.0958"), digits("0.912")))
ALL_POINTS = (Count(3.0, 0.0, digits("0.061")), Count(2.0, 1.0, digits("0.080")),
              Count(1.5, 3.0, digits("0.662")))
STABLE_ONSETS = {1.0: digits("1.33"), 1.5: digits("1.2445"), 2.0: digits("1.21"),
                 2.5: digits("1.195")}  # g -> k
FROZEN = {"overlap": sampled(0.925, 0.013), "C": sampled(0.544, 0.012),
          "q": sampled(0.726, 0.026)}  # six freezes at g = 1.5, k = 1, N = 4000
FIRST_ZERO = sampled(7.439, 0.012)  # of C(tau) at g = 2, k = -1, by long runs of paths


# ---- Regions, phi = erf.

@dataclass(frozen=True)
class Boundaries:
    """Of one region with self-overlap b (Clark & Beiran 2025).

    Parameters
    ----------
    b : float
        Overlap.
    onset : Known
        Disorder at the onset of chaos, (2 b^2 - 1)^(1/4).
    loss : Known
        Disorder at which currents vanish: the chaos of that g has <phi'> = 1/b.
    """

    b: float
    onset: Known
    loss: Known


BOUNDARIES = (Boundaries(1.5, digits("1.36778240"), digits("1.47907265")),
              Boundaries(2.0, digits("1.62657656"), digits("1.94466220")),
              Boundaries(2.5, digits("1.84151161"), digits("2.40790127")))
LOSS = {one.b: one.loss.value for one in BOUNDARIES}
# One region of T = 2 without disorder: z^2 = (2/pi)(T^2 - 1), the slope of its flow there
# -1 + T psi (1 - (pi/2) z^2 psi^2) = -3/4 and T - 1 at rest, and its energy -1 / (2 pi).
CURRENT = np.sqrt(6 / np.pi)
CURRENT_RATES = (-0.75, 1.0)
CURRENT_ENERGY = -1 / (2 * np.pi)
