"""Largest exponents of x(n+1) = (1 - d) x + d J tanh(x), against published numbers.

D. G. Clark, Lyapunov spectrum of random neural networks: data/max_exponent_operator.json of the
public repository davidclark1/rnn-lyapunov (commit 41ba738), lambda/d by the operator of the largest
exponent. Its Gaussian averages are trapezoidal sums with the stated step 0.04 of the unit normal,
which resolve tanh'(g z) up to g = 10 or so: at d = 1 that sum gives the published numbers to eleven
digits at all g, and its distance from the exact ones is the error by which all are judged. The flow
(d -> 0) was computed at steps of 0.025, and at three g at half of it.
"""

import functools

import numpy as np
import pytest
from scipy.optimize import brentq

import dmft
from dmft.averages.gaussian_averages import averages_at

G = (1.25, 1.375, 1.5, 1.625, 1.75, 1.875, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0,
     8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0)
PUBLISHED = {
    0.25: (0.016907728495, 0.030995730369, 0.046330100586, 0.062214981901, 0.078268652552,
           0.094270916880, 0.110091569138, 0.140911372096, 0.170430999420, 0.198584426885,
           0.225401458147, 0.275315872851, 0.320827904565, 0.362567544839, 0.401074110481,
           0.470113275577, 0.530745246332, 0.585005316608, 0.634424511170, 0.680171150793,
           0.723137421969, 0.764001209937, 0.803274230242, 0.841340482787, 0.878487098608,
           0.914929159477, 0.950829796992, 0.986316546603, 1.021494583336, 1.056457187671),
    0.5: (0.016851684023, 0.030808187380, 0.045913219300, 0.061467306236, 0.077091885512,
          0.092573156530, 0.107788613248, 0.137177111199, 0.165020532154, 0.191307882476,
          0.216123704711, 0.261878180070, 0.303492728858, 0.342164872615, 0.378890820610,
          0.449194252715, 0.517623382092, 0.585069902585, 0.651410153693, 0.716240587152,
          0.779187752978, 0.839999174074, 0.898544275146, 0.954788028711, 1.008762597449,
          1.060544955991, 1.110241522020, 1.157978462789, 1.203895840669, 1.248143960815),
    1.0: (0.023534650132, 0.043470758501, 0.065217211913, 0.087696534224, 0.110311107117,
          0.132719161956, 0.154724229831, 0.197135686559, 0.237176755521, 0.274838663269,
          0.310249315145, 0.375018765231, 0.432877855758, 0.485027409509, 0.532427941632,
          0.615853931942, 0.687536628073, 0.750328244343, 0.806169678456, 0.856435212209,
          0.902131291312, 0.944016485392, 0.982677438375, 1.018579384977, 1.052101313445,
          1.083561182104, 1.113234042597, 1.141364651557, 1.168175633382, 1.193872108108),
}
CASES = [(d, g, value) for d, row in PUBLISHED.items() for g, value in zip(G, row, strict=True)]
FLOW = {1.5: (0.04674620142566521, 0.04674621499942688),
        3.0: (0.23546064103340503, 0.2354608833044196),
        10.0: (0.7734347671264585, 0.7734311303022154)}  # at steps 0.025 and 0.0125


def solved(d, g):
    return dmft.solve(dmft.Network(dmft.IID(g * d), dmft.tanh, unit=dmft.Map(d)))


@functools.cache
def by_the_stated_sum(g):
    """The exponent at d = 1 with the published rule for Gaussian averages."""
    z = np.arange(-9.0, 9.0 + 1e-9, 0.04)
    weights = 0.04 * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    weights[[0, -1]] /= 2

    def mean(function, variance):
        return float(weights @ function(np.sqrt(variance) * z))

    D = brentq(lambda D: g * g * mean(lambda x: np.tanh(x) ** 2, D) - D, 0.01, g * g)
    return np.log(g * np.sqrt(mean(lambda x: np.cosh(x) ** -4, D)))


@functools.cache
def stated_error(g):
    """Error of the published numbers: that of the sum at d = 1."""
    return abs(by_the_stated_sum(g) - float(dmft.lyapunov_exponent(solved(1.0, g))))


@pytest.mark.parametrize(("g", "published"), list(zip(G, PUBLISHED[1.0], strict=True)))
def test_the_published_numbers_are_those_of_their_sum(g, published):
    assert by_the_stated_sum(g) == pytest.approx(published, abs=1e-11)


@pytest.mark.parametrize(("d", "g", "published"), [
    pytest.param(*case, marks=() if index % 3 == 1 else pytest.mark.slow)
    for index, case in enumerate(CASES)])
def test_exponents_of_the_map(d, g, published):
    found = float(dmft.lyapunov_exponent(solved(d, g))) / d
    assert found == pytest.approx(published, abs=2e-9 + 1.01 * stated_error(g))


@pytest.mark.parametrize("g", [1.25, 3.0, 20.0])
def test_without_leak_it_is_the_growth_of_one_step(g):
    """At d = 1 a perturbation grows by g sqrt(<phi'^2>) in each step."""
    solution = solved(1.0, g)
    averages = averages_at(dmft.tanh, float(solution.C_x[0]))
    exact = np.log(g * np.sqrt(float(averages.slope(averages.variance))))
    assert float(dmft.lyapunov_exponent(solution)) == pytest.approx(exact, abs=1e-10)


@pytest.mark.parametrize("g", FLOW)
def test_exponents_of_the_flow(g):
    """The published numbers extrapolated to zero step; judged by a tenth of their last change."""
    coarse, fine = FLOW[g]
    exact = fine + (fine - coarse) / 3
    found = float(dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(g, dmft.tanh))))
    assert found == pytest.approx(exact, abs=max(abs(fine - coarse) / 10, 2e-9))
