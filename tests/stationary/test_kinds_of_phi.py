"""Nonlinearities of every kind: each is solved correctly, or refused with the true reason."""

import mpmath
import numpy as np
import pytest
import sympy

import dmft
from dmft.base.errors import ModelError
from dmft.network.growth import growth, not_finite_from

x_ = sympy.Symbol("x")
of = dmft.Nonlinearity.from_sympy
HARD = of(sympy.Max(-1, sympy.Min(1, x_)), "hard tanh")
SOFTSIGN = of(x_ / (1 + sympy.Abs(x_)), "softsign")
LEAKY = of(sympy.Max(x_, x_ / 10), "leaky relu")
NOT_FINITE = dmft.Nonlinearity(lambda x: (np.exp(x) - 1) / (np.exp(x) + 1),
                               lambda x: 0.5 / np.cosh(x / 2) ** 2, "quotient")
NEITHER = dmft.Nonlinearity(lambda x: (np.exp(x) - 1) / (np.exp(x) + 1),
                            lambda x: 2 * np.exp(x) / (np.exp(x) + 1) ** 2, "both quotients")


def total(network, **options):
    solution = dmft.solve(network, **options)
    assert solution.convergence.success
    return float(solution.C_x[0])


def first_integral(primitive, cuts, variance, g, noise):
    """(Delta^2 / 2 - g^2 (<Phi^2> - <Phi>^2) - noise^4 / 2) / Delta^2 by mpmath, of an odd phi."""
    s = mpmath.sqrt(mpmath.mpf(variance))
    at = sorted({mpmath.mpf(0), *(k * s for k in (1, 2, 4, 7, 11)),
                 *(mpmath.mpf(c) for c in cuts if c < 11 * s)})
    mean, square = (2 * mpmath.quad(lambda x, n=n: primitive(x) ** n * mpmath.npdf(x, 0, s), at)
                    for n in (1, 2))
    return float(0.5 - (g**2 * (square - mean**2) + mpmath.mpf(noise) ** 4 / 2)
                 / mpmath.mpf(variance) ** 2)


PRIMITIVES = {
    "hard tanh": (HARD, lambda x: x * x / 2 if x < 1 else x - 0.5, (1,)),
    "softsign": (SOFTSIGN, lambda x: x - mpmath.log1p(x), (0.3, 1, 3)),
    "steep tanh": (of(sympy.tanh(50 * x_)), lambda x: mpmath.log(mpmath.cosh(50 * x)) / 50,
                   (0.02, 0.1, 0.5)),
    "sine": (of(sympy.sin(3 * x_)), lambda x: (1 - mpmath.cos(3 * x)) / 3,
             tuple(range(1, 12))),
    "falling": (of(-sympy.tanh(x_)), lambda x: mpmath.log(mpmath.cosh(x)), (0.5, 1, 3)),
    "algebraic": (of(x_ / sympy.sqrt(1 + x_**2)), lambda x: mpmath.sqrt(1 + x * x), (0.5, 1, 3)),
    "logistic": (of(1 / (1 + sympy.exp(-x_)) - sympy.Rational(1, 2)),
                 lambda x: mpmath.log(mpmath.cosh(x / 2)), (0.5, 2, 10)),
}


@pytest.mark.parametrize(("name", "g", "noise"), [
    ("hard tanh", 1.05, 0.0), ("hard tanh", 2.0, 0.5), ("hard tanh", 60.0, 0.0),
    ("softsign", 62.0, 0.0), ("softsign", 3.0, 1.0), ("steep tanh", 1.3, 5.5), ("sine", 3.2, 0.0),
    ("falling", 2.0, 0.0), ("algebraic", 5.0, 0.3), ("logistic", 20.0, 0.0)])
def test_the_variance_satisfies_the_first_integral_by_mpmath(name, g, noise):
    phi, primitive, cuts = PRIMITIVES[name]
    found = total(dmft.RandomNetwork(g, phi, noise=noise))
    excess = [first_integral(primitive, cuts, found * factor, g, noise)
              for factor in (1 - 1e-4, 1, 1 + 1e-4)]
    assert abs(excess[1]) < 1e-6 * abs(excess[2] - excess[0])  # the root is right to 2e-10


@pytest.mark.parametrize("phi", [
    SOFTSIGN, LEAKY, *(pytest.param(one, marks=pytest.mark.slow) for one in (
        HARD, of(sympy.Max(0, sympy.Min(1, x_)))))], ids=repr)
def test_the_two_methods_agree_for_phi_with_kinks(phi):
    network = dmft.RandomNetwork(1.2, phi, noise=0.5)
    assert total(network, method="fourier") == pytest.approx(total(network), rel=1e-7)


@pytest.mark.parametrize(("phi", "slope"), [(HARD, 1.0), (SOFTSIGN, 1.0)], ids=["hard", "softsign"])
def test_the_onset_of_chaos_of_phi_with_kinks(phi, slope):
    assert dmft.solve(dmft.RandomNetwork(0.99 / slope, phi)).branch == "quiescent"
    solution = dmft.solve(dmft.RandomNetwork(1.05 / slope, phi))
    assert solution.branch == "chaotic"
    assert float(dmft.lyapunov_exponent(solution).value) > 0


def test_hard_tanh_in_time_and_with_gains():
    network = dmft.RandomNetwork(0.8, HARD, noise=0.7)
    late = dmft.solve(network, times=dmft.Times(stop=16.0, dt=0.25), tol=1e-5)
    assert late.variance[-1, 0] == pytest.approx(total(network), rel=2e-5)
    one = dmft.HeterogeneousNetwork(2.0, dmft.Gains.from_values([1.0]), phi=HARD)
    assert total(one) == pytest.approx(total(dmft.RandomNetwork(2.0, HARD)), rel=1e-9)
    with pytest.raises(ModelError, match="not piecewise linear"):
        dmft.solve(dmft.RandomNetwork(0.8, SOFTSIGN), times=dmft.Times(stop=1.0, dt=0.25))


@pytest.mark.parametrize("g", [5.0, 62.0])
def test_units_of_three_gains_satisfy_the_first_integral_by_mpmath(g):
    """Of x = u y with Delta of y: the integral over covariances is that of x over u^2."""
    phi, primitive, cuts = PRIMITIVES["algebraic"]
    u = np.array([0.4, 1.0, 2.5])
    solution = dmft.solve(dmft.HeterogeneousNetwork(g, dmft.Gains.from_values(u), phi=phi))
    found = float(solution.C_x[0]) / np.mean(u**2)
    excess = [sum(first_integral(primitive, cuts, one**2 * v, g * one, 0.0) for one in u) / 3
              for v in (found * (1 - 1e-4), found, found * (1 + 1e-4))]
    assert abs(excess[1]) < 1e-6 * abs(excess[2] - excess[0])


@pytest.mark.slow
def test_hard_tanh_by_sampled_paths():
    network = dmft.RandomNetwork(2.0, HARD, noise=0.5)
    sampled = dmft.solve(network, method="sampled", rng=0, tol=5e-3)
    assert float(sampled.C_x[0]) == pytest.approx(total(network), rel=2e-3)


@pytest.mark.parametrize(("phi", "critical"), [
    (LEAKY, np.sqrt(2 / 1.01)), (dmft.relu, np.sqrt(2)), (of(sympy.Abs(x_)), 1.0),
    (dmft.linear, 1.0), (of(sympy.log(1 + sympy.exp(x_))), np.sqrt(2))], ids=repr)
def test_a_phi_that_grows_as_x_diverges_above_its_critical_g(phi, critical):
    assert growth(phi).critical_g == pytest.approx(critical, rel=1e-4)
    for noise in (0.0, 0.5):
        with pytest.raises(ModelError, match=f"without bound.*g_c = {critical:.4g}"):
            dmft.solve(dmft.RandomNetwork(1.05 * critical, phi, noise=noise))
        assert dmft.solve(dmft.RandomNetwork(0.9 * critical, phi, noise=noise)).branch in (
            "quiescent", "driven", "static")


def test_softplus_at_large_noise():
    stable = dmft.Nonlinearity(lambda x: np.logaddexp(0, x), lambda x: (1 + np.tanh(x / 2)) / 2)
    found = total(dmft.RandomNetwork(1.0, of(sympy.log(1 + sympy.exp(x_))), noise=8.0))
    assert found == pytest.approx(total(dmft.RandomNetwork(1.0, stable, noise=8.0)), rel=1e-12)


@pytest.mark.parametrize(("expression", "g", "noise", "variance"), [
    # e(Delta) by Hermite polynomials: <x^3 y^3> = 9 Delta^2 c + 6 c^3
    (x_**3, 0.5, 0.1, None), (x_**3, 0.5, 0.5, np.sqrt(1 / 12)),
    # (1 - 3 Delta)^2 c + 6 c^3; chaos: 6 Delta^2 - 3 Delta + 1/2 = 1 / (2 g^2)
    (x_ - x_**3, 1.9, 0.0, (3 - np.sqrt(9 - 24 * (0.5 - 0.5 / 1.9**2))) / 12)], ids=str)
def test_a_small_state_beside_growing_variances(expression, g, noise, variance):
    solution = dmft.solve(dmft.RandomNetwork(g, of(expression), noise=noise))
    if variance is None:  # Delta^2 / 2 - g^2 6 Delta^4 = noise^4 / 2
        square = (0.5 - np.sqrt(0.25 - 12 * g**2 * noise**4)) / (12 * g**2)
        variance = np.sqrt(square)
        assert variance == pytest.approx(0.0100015, abs=5e-9)
    assert float(solution.C_x[0]) == pytest.approx(variance, rel=1e-10)
    assert "not every initial condition" in solution.convergence.message
    assert "grows without bound" in solution.convergence.message


def test_quiescence_beside_growing_variances():
    solution = dmft.solve(dmft.RandomNetwork(0.5, of(x_**3)))
    assert solution.branch == "quiescent"
    assert "grows without bound" in solution.convergence.message
    assert "bound" not in dmft.solve(dmft.RandomNetwork(0.5)).convergence.message
    with pytest.raises(ModelError, match="faster than x"):
        dmft.solve(dmft.RandomNetwork(2.1, of(x_ - x_**3)))


@pytest.mark.parametrize("phi", [NOT_FINITE, NEITHER], ids=str)
def test_a_phi_that_is_not_finite_far_out(phi):
    with np.errstate(all="ignore"):
        assert not_finite_from(NOT_FINITE, 1e4) == pytest.approx(709.78, abs=0.01)
        assert not_finite_from(np.sinh, 1e4, large=False) is None
        assert not_finite_from(np.sinh, 1e4) == pytest.approx(710.48, abs=0.01)
        # averages evaluate phi up to 8.8 standard deviations, and the bound of the variance is
        # below g^2: 8.8 * 79 = 695, 8.8 * 85 = 748
        for g in (40.0, 79.0):
            assert total(dmft.RandomNetwork(g, phi)) == pytest.approx(
                total(dmft.RandomNetwork(g, of(sympy.tanh(x_ / 2)))), rel=1e-10)
        with pytest.raises(ModelError, match=r"phi is not finite at x = 709\.78.* = 740\.[0-9]"):
            dmft.solve(dmft.RandomNetwork(85.0, phi))


def test_a_constant_phi():
    """x is a constant input of variance g^2 c^2 and the noise."""
    half = dmft.Nonlinearity(lambda x: 0 * x + 0.5, lambda x: 0 * x, "half")
    solution = dmft.solve(dmft.RandomNetwork(2.0, half, noise=0.5))
    assert float(solution.C_x[0]) == pytest.approx(1.25, rel=1e-12)
    assert float(solution.C_x_static) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("g", [60.0, 1000.0])
def test_large_g_satisfies_the_self_consistent_equation(g):
    """Delta / g^2 tends to 2 (1 - 2 / pi), that of the sign function."""
    solution = dmft.solve(dmft.RandomNetwork(g))
    assert solution.convergence.residual < 1e-11
    assert float(solution.C_x[0]) / g**2 == pytest.approx(2 * (1 - 2 / np.pi), abs=2 / g**2 + 1e-9)
