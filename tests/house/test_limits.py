"""Limits of chaos at its onset and at strong coupling, and the fold of chaos that coexists."""

import functools

import numpy as np
import pytest
from scipy import integrate, interpolate, optimize

import dmft
from dmft.stationary.gaussian_problem import gaussian_problem
from dmft.stationary.stationary_variance import stationary_variance
from tests.solvable import FOLD, FOLDED, LIMITS


@functools.cache
def numbers(g):
    strong = g > 30  # its steep C(tau) keeps 1e-8 on the grid that checks it; Delta(0) keeps all
    solution = dmft.solve(dmft.RandomNetwork(g), tol=1e-8 if strong else 1e-10)
    exponent = np.nan if strong else float(dmft.lyapunov_exponent(solution))
    return g, float(solution.C_x[0]), float(solution.C_phi[0]), exponent


def extrapolated(limit, factor=1.0):
    """Richardson's, of a series in powers of a variable that is halved from one g to the next."""
    one, two, three = (factor * limit.ratio(*numbers(g)) for g in sorted(
        limit.at, key=lambda g: abs(g - 1), reverse=limit.at[0] < 2))
    first, second = 2 * two - one, 2 * three - two
    return (4 * second - first) / 3


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_limit(limit):
    found = extrapolated(limit)
    assert found == pytest.approx(limit.value, abs=limit.tolerance)
    # the control: the same numbers, each larger by one part in a thousand
    assert extrapolated(limit, 1.001) != pytest.approx(limit.value, abs=limit.tolerance)


def fold_of(phi, low, high):
    """The least g of g(Delta) = Delta / sqrt(2 (<Phi^2> - <Phi>^2)), by plain quadrature."""
    x = np.linspace(0, 12, 60001)
    primitive = interpolate.CubicSpline(x, integrate.cumulative_simpson(phi(x), x=x, initial=0))
    z = np.linspace(-9, 9, 4001)
    weight = np.exp(-z**2 / 2)
    weight /= weight.sum()

    def strength(Delta):
        Phi = primitive(np.abs(np.sqrt(Delta) * z))
        return Delta / np.sqrt(2 * (weight @ Phi**2 - (weight @ Phi) ** 2))

    found = optimize.minimize_scalar(strength, bounds=(low, high), method="bounded",
                                     options={"xatol": 1e-10})
    return float(found.fun), float(found.x)


def test_the_fold_of_coexisting_chaos():
    """tanh(x + x^3): the number, and the solver on either side of it."""
    phi = FOLDED()
    fold, at = fold_of(phi, 0.03, 0.3)
    assert fold == pytest.approx(FOLD.value, abs=FOLD.tolerance)
    below, above = (dmft.solve(dmft.RandomNetwork(fold * factor, phi))
                    for factor in (1 - 1e-7, 1.001))
    assert below.branch == "quiescent"
    assert above.branch == "chaotic"
    assert float(above.C_x[0]) > at  # the upper one of the two branches that meet at the fold
    slope = phi.slope_at_zero
    assert slope * fold < 1  # quiescence is stable on both sides of it


@pytest.mark.parametrize("distance", [1e-6, 1e-5, 1e-4])
def test_chaos_just_above_the_fold_is_found(distance):
    problem = gaussian_problem(dmft.RandomNetwork(FOLD.value * (1 + distance), FOLDED()))
    assert stationary_variance(problem).branch == "chaotic"
