"""The conditions on the page: residuals of known states."""

import pytest
import sympy as sp

from dmft.derivations import load
from dmft.derivations.plasticity.hebbian import C, g, k, p
from dmft.derivations.plasticity.isolated_eigenvalues import L
from dmft.derivations.plasticity.kac_rice import h, mu, x
from dmft.derivations.plasticity.local_loop import lam

CONDITIONS = {one.name: one for one in load("plasticity").conditions}
v, D, f = sp.symbols("v D f", positive=True)


def functions(**values):
    """Functions of x, as the conditions name them."""
    return {sp.Function(name, real=True)(x): value for name, value in values.items()}


NORMAL = sp.exp(-(x**2) / (2 * v)) / sp.sqrt(2 * sp.pi * v)


def residual(name, **values):
    return sp.simplify(CONDITIONS[name].residual(functions(rho=NORMAL, **values)))


def test_equal_sites():
    """All sites with one slope and one D: averages equal the value of a site."""
    q = g**2 * f**2 / D**2
    assert sp.simplify(residual("marginal", f=f, D=D) - (q - 1)) == 0
    assert sp.simplify(residual("frozen", f=f) - (g**2 * f**2 - 1)) == 0
    assert sp.simplify(residual("square", phi=x) - (v - C)) == 0
    s = sp.Symbol("s", nonnegative=True)
    saddle = sp.solve(residual("determinant", f=f, D=D), s)[0]
    assert sp.simplify(saddle - g**2 * (1 - 1 / q)) == 0, "it is zero at the edge"


@pytest.mark.slow  # the next one has it with plasticity
def test_edge_without_plasticity():
    """The disk of an independent matrix, of radius g phi'."""
    at = residual("edge", f=f).subs(k, 0).subs(lam, g * f - 1)
    assert sp.simplify(at) == 0


def test_edge_of_equal_sites():
    """A real eigenvalue: (1 + lam)(1 + p lam) - k C f = g f (1 + p lam)."""
    rate = sp.Symbol("rate", positive=True)
    gain = (1 + rate - k * C * f / (1 + p * rate)) / f
    left = residual("edge", f=f).subs(lam, rate).subs(g, gain)
    assert sp.simplify(left.subs({k: sp.Rational(1, 3), C: sp.Rational(1, 2), p: 2, f: 1,
                                  rate: sp.Rational(1, 5)})) == 0  # fmt: skip


def test_isolated_eigenvalue_of_linear_units():
    """The amplitude of the activity, whose square drives the synapses: lam (1 + p lam) = 2 k C."""
    half, rate = sp.Rational(1, 2), sp.Rational(1, 5)
    known = functions(rho=NORMAL.xreplace({v: half}), phi=x, f=sp.S.One)
    for loop, at in ((rate / 2, True), (rate, False)):  # L = k C/(1 + p lam)
        numbers = {C: half, lam: rate, L: loop}
        found = CONDITIONS["isolated"].residual({**numbers, **known})
        assert (sp.simplify(found) == 0) == at


@pytest.mark.slow  # so has the next one
def test_number_without_plasticity():
    """Linear units: the variance g^2 C of the input is stationary without a tilt."""
    there = residual("number", phi=x, f=sp.S.One, D=sp.S.One).subs({k: 0, mu: 0})
    assert sp.simplify(there - ((v / (g**2 * C) - 1) / (2 * C) - h)) == 0


def test_number_is_stationary():
    """The exponent of one linear site: its integral is known, and so is its derivative."""
    a = 1 - k * C  # D
    # exp(exponent), integrated: a normal density of variance g^2 C / a^2, tilted by h.
    spread = g**2 * C / a**2
    logarithm = -sp.log(1 - 2 * h * spread) / 2 - h * C - mu * (g**2 / a**2 - 1)
    slope = sp.diff(logarithm, C)
    numbers = {k: sp.Rational(1, 3), C: sp.Rational(1, 2), g: sp.Rational(2, 3),
               mu: sp.Rational(3, 4), h: sp.Rational(1, 5)}  # fmt: skip
    tilted = (spread / (1 - 2 * h * spread)).xreplace(numbers)
    known = functions(rho=NORMAL.xreplace({v: tilted}), phi=x, f=sp.S.One, D=a.xreplace(numbers))
    found = CONDITIONS["number"].residual({**numbers, **known})
    assert sp.simplify(found - slope.xreplace(numbers)) == 0
