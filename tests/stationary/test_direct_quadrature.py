"""The variance, the static part and the orbit compared with quadrature that shares no code."""

import mpmath
import numpy as np
import pytest
import sympy
from numpy.polynomial.legendre import leggauss

import dmft
from dmft.stationary.first_integral import orbit
from dmft.stationary.gaussian_problem import gaussian_problem
from dmft.stationary.stationary_variance import static_covariance, stationary_variance

_x = sympy.Symbol("x", real=True)
PHIS = {
    "tanh": dmft.tanh,
    "erf": dmft.erf,
    "logistic": dmft.Nonlinearity.from_sympy(1 / (1 + sympy.exp(-_x))),
    "asymmetric": dmft.Nonlinearity(lambda x: np.tanh(x) + 0.3 * np.tanh(x) ** 2,
                                    lambda x: (1 + 0.6 * np.tanh(x)) / np.cosh(x) ** 2),
}
NODES, WEIGHTS = leggauss(40)


def pair_average(phi, variance, covariance):
    """<phi(x) phi(y)> by the trapezoidal rule in (x + y)/2 and (x - y)/2."""
    lines = []
    for width in np.sqrt([(variance + covariance) / 2, (variance - covariance) / 2]):
        step = min(0.2, 0.4 * width)
        x = step * np.arange(-np.ceil(9 * width / step), np.ceil(9 * width / step) + 1)
        weight = np.exp(-0.5 * (x / width) ** 2)
        lines.append((x, weight / weight.sum()))
    (p, of_p), (q, of_q) = lines
    return of_p @ (phi(p[:, None] + q) * phi(p[:, None] - q)) @ of_q


def first_integral(network, total, static):
    """int force dDelta from Delta(inf) to Delta(0), less its value noise^4 / 2."""
    begin = np.arcsin(static / total)
    theta = begin + (np.pi / 2 - begin) * (1 + NODES) / 2
    C = np.array([pair_average(network.phi, total, total * np.sin(one)) for one in theta])
    integral = (np.pi / 2 - begin) / 2 * WEIGHTS @ (C * total * np.cos(theta))
    return ((total**2 - static**2) / 2 - network.bias**2 * (total - static)
            - network.g**2 * integral - network.noise**4 / 2)


@pytest.mark.parametrize(("phi", "g", "noise", "bias"), [
    ("tanh", 1.3, 0, 0), ("tanh", 2.0, 0, 0), ("tanh", 5.0, 0, 0), ("tanh", 12.0, 0, 0),
    ("erf", 2.0, 0.4, 0.5), ("tanh", 2.0, 0.5, 0), ("tanh", 2.0, 0, 0.5), ("tanh", 0.8, 0.4, 0.3),
    ("logistic", 20.0, 0, 0), ("logistic", 2.0, 0.5, 0), ("asymmetric", 3.0, 0, 0),
    ("asymmetric", 1.5, 0.3, 0.4)])
def test_the_variance_is_exact_to_1e_11(phi, g, noise, bias):
    """The first integral changes sign within 1e-11 of the variance; the static part solves its
    equation, and the first integral is stationary in it."""
    network = dmft.RandomNetwork(g, PHIS[phi], noise=noise, bias=bias)
    solution = dmft.solve(network)
    total, static = float(solution.C_x[0]), float(solution.C_x_static)
    assert static < total
    below, above = (first_integral(network, total * factor, static)
                    for factor in (1 - 1e-11, 1 + 1e-11))
    assert below < 0 < above
    law = g**2 * pair_average(network.phi, total, static) + bias**2
    assert static == pytest.approx(law, abs=1e-12 * total)


@pytest.mark.parametrize("g", [1.05, 2.0, 20.0])
def test_the_lag_at_which_the_orbit_has_a_value(g):
    """tau = int ds / sqrt(2 E(s)) with the closed form of the energy of erf, in 34 digits."""
    with mpmath.workdps(34):
        def energy2(s, total):  # 2 int_0^s force
            k = mpmath.pi / 2 / (1 + mpmath.pi / 2 * total)
            integral = s * mpmath.asin(k * s) + (mpmath.sqrt(1 - (k * s) ** 2) - 1) / k
            return s**2 - 4 * mpmath.mpf(g) ** 2 / mpmath.pi * integral

        path = orbit(*problem_and_variance(g))
        total = mpmath.findroot(lambda v: energy2(v, v), path.variance.total)
        assert path.variance.total == pytest.approx(float(total), rel=1e-13)
        for share in (0.97, 0.6, 0.05):
            depth = (1 - share) * total
            tau = mpmath.quad(  # s = total - depth y^2
                lambda y, d=depth: 2 * d * y / mpmath.sqrt(energy2(total - d * y**2, total)),
                [0, 0.5, 1], method="gauss-legendre")
            assert path.Delta(float(tau)) == pytest.approx(float(share * total), rel=1e-11)


def problem_and_variance(g):
    problem = gaussian_problem(dmft.RandomNetwork(g, dmft.erf))
    return problem, stationary_variance(problem)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 1.0])
def test_the_search_for_the_static_part_may_begin_anywhere(share):
    """The lower root is found from starts below it, between both roots, and beyond the upper."""
    for network in (dmft.RandomNetwork(2.0, bias=0.5), dmft.RandomNetwork(20.0, PHIS["logistic"])):
        problem = gaussian_problem(network)
        averages = stationary_variance(problem).averages
        exact = static_covariance(problem, averages)
        found = static_covariance(problem, averages, share * averages.variance)
        assert found == pytest.approx(exact, rel=1e-14)
