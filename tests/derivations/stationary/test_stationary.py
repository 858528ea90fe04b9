"""Emitted equations of the stationary process against independent numbers."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq

from dmft.derivations import load
from dmft.equations import gaussian, stationary, transfer


def correlation(c, variance):
    return gaussian.erf_correlation(c, variance, variance)


def work(variance, gain, bias=0.0, start=0.0):
    """Integral of the force between two correlations."""
    def force(c):
        return stationary.force(float(c), correlation(float(c), variance), gain, bias)

    return float(mpmath.quad(force, [start, variance], maxdegree=5))


def test_force():
    """The stiffness is the derivative of the force."""
    D, gain, bias, step = 0.7, 3.1, 0.4, 1e-5
    slope = gaussian.erf_correlation_slope(D, 1.5, 1.5)
    rise = stationary.force(D + step, correlation(D + step, 1.5), gain, bias) - stationary.force(
        D - step, correlation(D - step, 1.5), gain, bias)  # fmt: skip
    assert rise / (2 * step) == pytest.approx(stationary.stiffness(slope, gain), rel=1e-8)
    assert stationary.force(0.7, 0.2, 3.0, 0.5) == pytest.approx(0.7 - 0.6 - 0.25)


def test_initial_slope():
    """Without couplings: the leaky unit's orbit, and its work, the initial kinetic energy."""
    noise = 0.8
    assert stationary.initial_slope(noise) == -(noise**2)
    assert stationary.kick_energy(noise) == pytest.approx(stationary.initial_slope(noise) ** 2 / 2)
    assert work(noise**2, 0.0) == pytest.approx(stationary.kick_energy(noise))


@pytest.mark.parametrize(
    ("g", "variance"), [(1.5, 0.83875253), (2.0, 2.06408002), (3.0, 5.63743196)]
)
def test_first_integral_gives_the_known_variances(g, variance):
    """Sompolinsky, Crisanti & Sommers 1988, first integral, scaled error function."""
    root = brentq(lambda v: work(v, g**2) - stationary.kick_energy(0.0), variance / 2, 2 * variance)
    assert root == pytest.approx(variance, abs=2e-8)


def test_growth_rate():
    """Just above the transition the potential is 1 - gain phi'^2 everywhere: lambda = g - 1."""
    g = np.array([0.5, 1.0, 1.7])
    np.testing.assert_allclose(stationary.growth_rate(stationary.stiffness(1.0, g**2)), g - 1)


def test_small_variance():
    """Leading order: the relative error is of the order of g - 1."""
    known = {1.0: 0.010115912806, np.pi / 4: 0.012817138881}
    for curvature, variance in known.items():
        assert stationary.small_variance(1.01, curvature) == pytest.approx(variance, rel=0.015)
    closer = brentq(lambda v: work(v, 1.001**2) / v**2, 1e-4, 1e-2)
    assert stationary.small_variance(1.001, np.pi / 4) == pytest.approx(closer, rel=1.5e-3)


def test_work_of_the_correlation_is_a_single_average():
    """int C dc = <Phi^2> - <Phi>^2 for erf, whose primitive has no closed-form moments."""
    variance = 1.3
    direct = mpmath.quad(lambda c: correlation(float(c), variance), [0, variance])
    def primitive_moment(n):
        weight = mpmath.sqrt(variance)
        return mpmath.quad(lambda x: float(transfer.erf_primitive(float(x))) ** n
                           * mpmath.npdf(x, 0, weight), [-10, 0, 10])  # fmt: skip

    moments = [primitive_moment(1), primitive_moment(2)]
    assert float(direct) == pytest.approx(float(moments[1] - moments[0] ** 2), rel=1e-9)


def test_conditions_leave_no_residual_on_a_known_solution():
    """Noise alone: Delta = noise^2 exp(-|tau|), both conditions hold symbolically."""
    conditions = {c.name: c for c in load("stationary").conditions}
    noise, tau = sp.Symbol("noise", positive=True), sp.Symbol("tau", real=True)
    Delta = sp.Function("Delta")
    known = sp.Lambda(tau, noise**2 * sp.exp(-sp.Abs(tau)))
    off = {sp.Symbol("gain", positive=True): 0, sp.Symbol("bias", positive=True): 0}
    energy = conditions["energy"].residual(
        {**off, sp.Symbol("Delta0"): noise**2, sp.Symbol("Delta_infinity"): 0}
    )
    assert sp.simplify(energy) == 0
    equation = conditions["correlation"].equation.subs(off).replace(Delta, known)
    assert sp.simplify((equation.lhs - equation.rhs).doit()) == 0
