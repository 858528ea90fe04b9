"""Averages of phi with break-points compared with mpmath; recognition of kinks and jumps."""

import pickle

import mpmath
import numpy as np
import pytest
import sympy
from mpmath import mpf
from scipy.special import ndtr

import dmft
from dmft.averages.chebyshev_averages import ChebyshevAverages
from dmft.averages.gaussian_averages import gaussian_averages, integrated_correlation, mean_square
from dmft.averages.partition import partition
from dmft.averages.two_variances import pair_averages
from dmft.base.errors import ModelError
from dmft.network.jumps import find_jump
from dmft.network.piecewise_linear import PiecewiseLinear

x_ = sympy.Symbol("x")
of = dmft.Nonlinearity.from_sympy
HARD = of(sympy.Max(-1, sympy.Min(1, x_)), "hard tanh")
SOFTSIGN = of(x_ / (1 + sympy.Abs(x_)), "softsign")
POWER = of(sympy.Piecewise((0, x_ < 0), (x_**2, x_ < 1), (1, True)), "square, saturating")
LINES = {"hard tanh": PiecewiseLinear((-1.0, 1.0), (1.0, -1.0), 0.0, -1.0),
         "leaky relu": PiecewiseLinear((0.0,), (0.9,), 0.1, 0.0),
         "relu, saturating": PiecewiseLinear((0.3, 1.3), (2.0, -2.0), 0.0, 0.0),
         "four lines": PiecewiseLinear((-0.5, 0.0, 2.0), (1.0, -0.3, -0.5), 0.2, 0.4)}


def density(z):
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def pair_by_conditional_means(value, conditional, breaks, c, v1, v2):
    """<f(x) f(y)>, with <f(y)> at given mean and standard deviation in closed form."""
    s, t = np.sqrt(v1), np.sqrt(v2)
    rho = c / (s * t)
    width = t * np.sqrt(1 - rho**2)
    cuts = [k * s for k in range(-10, 11)] + list(breaks)
    # where the conditional mean crosses a break-point
    cuts += [(b + k * width) * s / (rho * t) for b in breaks for k in range(-9, 10)]
    cuts = np.unique(np.clip(cuts, -10 * s, 10 * s))
    points, weights = np.polynomial.legendre.leggauss(24)
    length = np.diff(cuts)[:, None] / 2
    x = cuts[:-1, None] + length * (1 + points)
    return np.sum(length * weights * value(x) * conditional(rho * t / s * x, width)
                  * density(x / s) / s)


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize(("v1", "v2"), [(1e-2, 1e-2), (1.0, 3.0), (1e4, 1e4), (0.3, 200.0)])
@pytest.mark.parametrize("rho", [-0.9, 0.2, 0.999999])
def test_piecewise_linear_averages_by_conditional_means(name, v1, v2, rho):
    own = LINES[name]
    ramps = list(zip(own.kinks, own.jumps, strict=True))

    def value(x):
        return own.left * x + own.offset + sum(J * np.maximum(x - b, 0) for b, J in ramps)

    def mean(m, w):
        return own.left * m + own.offset + sum(
            J * ((m - b) * ndtr((m - b) / w) + w * density((b - m) / w)) for b, J in ramps)

    def slope(x):
        return own.left + sum(J * (x > b) for b, J in ramps)

    def mean_slope(m, w):
        return own.left + sum(J * ndtr((m - b) / w) for b, J in ramps)

    c = rho * np.sqrt(v1 * v2)
    for found, f, g in ((own.correlation, value, mean), (own.slope, slope, mean_slope)):
        size = np.sqrt(found(v1, v1, v1) * found(v2, v2, v2))
        exact = pair_by_conditional_means(f, g, own.kinks, c, v1, v2)
        assert float(found(c, v1, v2)) == pytest.approx(exact, abs=1e-11 * size)


@pytest.mark.parametrize("variance", [1e-2, 1.0, 50.0, 1e4])
@pytest.mark.parametrize("name", ["hard tanh", "relu, saturating", "leaky relu"])
def test_panels_agree_with_the_closed_forms(name, variance):
    own = LINES[name]
    plain = dmft.Nonlinearity(
        lambda x: own.left * x + own.offset + sum(
            J * np.maximum(x - b, 0) for b, J in zip(own.kinks, own.jumps, strict=True)),
        lambda x: own.left + sum(J * (x > b) for b, J in zip(own.kinks, own.jumps, strict=True)),
        kinks=own.kinks)
    assert plain.closed is not None
    found, covariance = ChebyshevAverages(plain, variance), variance * np.sin(
        np.linspace(-np.pi / 2, np.pi / 2, 61))
    for one, exact in ((found.correlation, own.correlation), (found.slope, own.slope)):
        size = float(exact(variance, variance, variance))
        np.testing.assert_allclose(one(covariance), exact(covariance, variance, variance),
                                   rtol=0, atol=1e-10 * size)
    assert found.mean == pytest.approx(float(own.mean(variance)), rel=1e-11, abs=1e-13)
    assert mean_square(plain, variance) == pytest.approx(
        float(own.correlation(variance, variance, variance)), rel=1e-12)


@pytest.mark.parametrize("variance", [0.1, 4.0, 400.0])
@pytest.mark.parametrize("rho", [-0.8, 0.3, 0.99])
def test_a_curved_phi_with_break_points_by_conditional_means(variance, rho):
    """x^2 on [0, 1] and 1 beyond; <f(y)> of a normal y in closed form."""
    def value(x):
        return np.clip(x, 0, 1) ** 2

    def mean(m, w):
        a, b = -m / w, (1 - m) / w
        return ((m * m + w * w) * (ndtr(-a) - ndtr(-b)) + 2 * m * w * (density(a) - density(b))
                + w * w * (a * density(a) - b * density(b)) + ndtr(-b))

    found = gaussian_averages(POWER, variance)
    exact = pair_by_conditional_means(value, mean, (0, 1), rho * variance, variance, variance)
    assert float(found.correlation(rho * variance)) == pytest.approx(exact, rel=1e-9)
    assert found.error < 1e-11


@pytest.mark.parametrize("variance", [0.01, 1.0, 300.0])
def test_softsign_by_mpmath(variance):
    s = mpmath.sqrt(mpf(variance))
    cuts = [0, *(s * mpf(2) ** k for k in range(-14, 3)), 12 * s]
    square = 2 * mpmath.quad(lambda x: (x / (1 + x)) ** 2 * mpmath.npdf(x, 0, s), cuts)
    slope2 = 2 * mpmath.quad(lambda x: (1 + x) ** -4 * mpmath.npdf(x, 0, s), cuts)
    averages = gaussian_averages(SOFTSIGN, variance)
    assert float(averages.correlation(variance)) == pytest.approx(float(square), rel=1e-10)
    assert float(averages.slope(variance)) == pytest.approx(float(slope2), rel=1e-10)
    assert mean_square(SOFTSIGN, variance) == pytest.approx(float(square), rel=1e-12)


@pytest.mark.parametrize("phi", [dmft.tanh, POWER, SOFTSIGN, of(sympy.tanh(5 * (x_ - 1)))], ids=str)
@pytest.mark.parametrize("variance", [0.2, 30.0])
def test_the_primitive_gives_the_integral_of_the_correlation(phi, variance):
    points, weights = np.polynomial.legendre.leggauss(60)
    u = (1 + points) / 2
    c = variance * (1 - u**4)  # closer to the steep end
    integral = weights / 2 * 4 * u**3 @ gaussian_averages(phi, variance).correlation(c) * variance
    assert integrated_correlation(phi, variance) == pytest.approx(integral, rel=1e-10)


@pytest.mark.parametrize(("expression", "kinks"), [
    (sympy.Abs(x_ - 2), (2.0,)), (sympy.Max(0, sympy.Min(1, x_)), (0.0, 1.0)),
    (x_ * sympy.sign(x_), (0.0,)), (x_ * sympy.Heaviside(x_), (0.0,)),
    (sympy.Piecewise((sympy.exp(x_) - 1, x_ < 0), (x_, True)), (0.0,)),
    (sympy.Abs(x_**2 - 4) / (1 + x_**2), (-2.0, 2.0)), (sympy.tanh(x_), ())], ids=str)
def test_break_points_are_read_from_sympy(expression, kinks):
    phi = of(expression)
    assert phi.kinks == kinks
    again = pickle.loads(pickle.dumps(phi))
    assert again == phi
    assert again.kinks == kinks
    # phi' on both sides of every break-point
    for kink in kinks:
        for side in (-1e-3, 1e-3):
            slope = (phi(kink + side * 1.01) - phi(kink + side * 0.99)) / (0.02 * side)
            assert phi.derivative(np.array([kink + side]))[0] == pytest.approx(slope, rel=1e-6)


UNDECLARED = {
    "-1": (lambda x: np.clip(x, -1, 1), lambda x: 1.0 * (np.abs(x) < 1)),
    "0": (lambda x: x / (1 + np.abs(x)), lambda x: 1 / (1 + np.abs(x)) ** 2),
    "0.38": (lambda x: np.where(x > 0.38, x - 0.38, 0.1 * (x - 0.38)),
             lambda x: np.where(x > 0.38, 1, 0.1)),
    "7.77": (lambda x: np.minimum(x, 7.77), lambda x: 1.0 * (x < 7.77)),
    "-10": (lambda x: np.maximum(x, -10), lambda x: 1.0 * (x > -10))}


@pytest.mark.parametrize("place", UNDECLARED)
def test_an_undeclared_kink_is_named_with_its_place(place):
    phi = dmft.Nonlinearity(*UNDECLARED[place])
    for use in (lambda: gaussian_averages(phi, 1.0), lambda: mean_square(phi, 1.0),
                lambda: dmft.solve(dmft.RandomNetwork(2.0, phi, noise=0.1)),
                lambda: pair_averages(phi)):
        with pytest.raises(ModelError, match=rf"kink at x = {place}, .*kinks=\({place}, "):
            use()


@pytest.mark.parametrize("phi", [
    dmft.tanh, of(sympy.tanh(5000 * x_)), of(sympy.sin(30 * x_)), of(sympy.tanh(300 * (x_ - 2))),
    dmft.Nonlinearity(lambda x: np.sinc(x / np.pi), lambda x: np.where(  # loses digits next to 0
        x == 0, 0, (np.cos(x) - np.sinc(x / np.pi)) / np.where(x == 0, 1, x)))], ids=str)
def test_a_steep_smooth_phi_has_no_kink(phi):
    edges = partition(phi, 100.0)
    assert edges[0] <= -100
    assert edges[-1] >= 100


@pytest.mark.parametrize(("function", "place", "height"), [
    (np.sign, 0.0, 2.0), (lambda x: np.heaviside(x - 0.37, 0.5), 0.37, 1.0),
    (lambda x: np.where(x > 20, np.tanh(x) - 0.1, np.tanh(x)), 20.0, -0.1)])
def test_jumps_are_found(function, place, height):
    assert find_jump(function) == pytest.approx((place, height), abs=1e-9)
    with pytest.raises(ModelError, match=f"jumps at x = {place:g} by {height:g}.*tanh"):
        dmft.Nonlinearity(function, lambda x: 0.0 * x)


@pytest.mark.parametrize("function", [
    np.tanh, np.sin, np.sinh, lambda x: np.tanh(1e6 * x), np.cbrt, lambda x: np.clip(x, -1, 1),
    lambda x: 1e8 * x**3, lambda x: np.zeros_like(x)])
def test_continuous_functions_have_no_jump(function):
    assert find_jump(function) is None


@pytest.mark.parametrize("step", [sympy.sign(x_), sympy.Heaviside(x_), sympy.floor(x_)], ids=str)
def test_steps_are_refused_at_once(step):
    with pytest.raises(ModelError, match="jumps"):
        of(step)


@pytest.mark.parametrize(("function", "derivative"), [
    (lambda x: np.tanh(x.astype(np.float32)), lambda x: 1 / np.cosh(x) ** 2),
    (lambda x: np.tanh(x.astype(np.float32)).astype(float), lambda x: 1 / np.cosh(x) ** 2),
    (np.tanh, lambda x: (1 / np.cosh(x) ** 2).astype(np.float32))])
def test_single_precision_is_named(function, derivative):
    with pytest.raises(ModelError, match="float32"):
        dmft.Nonlinearity(function, derivative)


def test_values_that_are_not_finite_are_named_with_their_place():
    with pytest.raises(ModelError, match="NaN at x = 0"), np.errstate(all="ignore"):
        dmft.Nonlinearity(lambda x: np.sin(x) / x, lambda x: np.cos(x) / x - np.sin(x) / x**2)
    with pytest.raises(ModelError, match=r"NaN at x = 2\.9"), np.errstate(all="ignore"):
        dmft.Nonlinearity(lambda x: np.sqrt(4 - x * x), lambda x: -x / np.sqrt(4 - x * x))


@pytest.mark.parametrize("expression", [
    sympy.log(1 + sympy.exp(x_)), sympy.log(2 + 3 * sympy.exp(2 * x_ - 1)) / 2,
    (sympy.exp(x_) - 1) / (sympy.exp(x_) + 1), sympy.exp(x_) / (1 + sympy.exp(x_)),
    x_ * sympy.exp(x_) / (1 + sympy.exp(x_)),
    (sympy.exp(2 * x_) - 1) / (sympy.exp(2 * x_) + sympy.exp(x_) + 1)], ids=str)
def test_expressions_are_compiled_without_overflow(expression):
    phi = of(expression)  # warnings are errors here
    for slope, function in ((0, phi), (1, phi.derivative)):
        exact = sympy.diff(expression, x_, slope)
        for at in (-5000, -800, -3, 0.7, 30, 800, 5000):
            known = float(exact.subs(x_, sympy.Rational(str(at))).evalf(30))
            assert float(function(np.array([float(at)]))[0]) == pytest.approx(
                known, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("function", "derivative", "what", "place"), [
    (lambda x: (np.exp(x) - 1) / (np.exp(x) + 1), lambda x: 0.5 / np.cosh(x / 2) ** 2, "phi", 709),
    (lambda x: np.tanh(x / 2), lambda x: 2 * np.exp(x) / (np.exp(x) + 1) ** 2, "phi'", 709),
    (np.sinh, np.cosh, "phi", 710)])
def test_averages_name_the_place_where_phi_is_not_finite(function, derivative, what, place):
    phi = dmft.Nonlinearity(function, derivative)
    with np.errstate(all="ignore"), pytest.raises(
            ModelError, match=rf"{what} is not finite at x = {place}\.[0-9]+, .* = 880"):
        gaussian_averages(phi, 1e4)


def test_a_slope_that_is_not_finite_far_out_leaves_averages_right():
    """The partition reaches beyond the place where phi' ends, and is not joined across it."""
    phi = dmft.Nonlinearity(lambda x: np.tanh(x / 2), lambda x: 2 * np.exp(x) / (
        np.exp(x) + 1) ** 2)
    exact = dmft.Nonlinearity(lambda x: np.tanh(x / 2), lambda x: 0.5 / np.cosh(x / 2) ** 2)
    with np.errstate(all="ignore"):
        for use in (mean_square, integrated_correlation):
            assert use(phi, 4900.0) == pytest.approx(use(exact, 4900.0), rel=1e-13)


def test_break_points_out_of_range_are_refused():
    for kinks in ((np.nan,), "a", (1j,), tuple(range(60))):
        with pytest.raises(ModelError, match="kinks"):
            dmft.Nonlinearity(np.tanh, lambda x: 1 / np.cosh(x) ** 2, kinks=kinks)
    with pytest.raises(ModelError, match="infinitely many"):
        of(sympy.Abs(sympy.sin(x_)))
