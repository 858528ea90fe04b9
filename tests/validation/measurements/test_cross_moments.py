"""Squared covariances of pairs of units, where all of them are known."""

import numpy as np
import pytest
from scipy import linalg

from dmft.validation.measurements.cross_moments import cross_moments
from dmft.validation.measurements.participation import participation, pseudovalues

UNITS, TIMES = 12, 7
SHIFTS = [(0, 0), (2, 2), (2, -2), (-2, -2), (1, 3)]
RNG = np.random.default_rng(5)
# x(t+1) = A x(t) + noise: A is far from symmetric, so that the direction of time shows
A = RNG.normal(size=(UNITS, UNITS))
A *= 0.75 / np.abs(np.linalg.eigvals(A)).max()
C0 = linalg.solve_discrete_lyapunov(A, np.eye(UNITS))


def covariance(k):
    """C_ij(k) = <x_i(t) x_j(t+k)>: unit j is the later one."""
    return C0 @ np.linalg.matrix_power(A, k).T if k >= 0 else covariance(-k).T


def states(rng, repeats, trials, times=TIMES):
    """(repeats, B, T, N) windows of stationary activity, every trial on its own."""
    x = rng.standard_normal((repeats, trials, UNITS)) @ np.linalg.cholesky(C0).T
    out = [x]
    for _ in range(times - 1):
        x = x @ A.T + rng.standard_normal(x.shape)
        out.append(x)
    return np.stack(out, axis=2)


def exact(k1, k2):
    C1, C2 = covariance(k1), covariance(k2)
    return (np.sum(C1 * C2) - np.sum(np.diag(C1) * np.diag(C2))) / (UNITS - 1)


def off(rows, expected):
    """Deviation of the mean from what is expected, in standard errors."""
    rows = np.asarray(rows)
    return (rows.mean(axis=0) - expected) / (rows.std(axis=0, ddof=1) / np.sqrt(len(rows)))


@pytest.mark.parametrize("trials", [2, 4])
def test_squares_of_covariances_are_unbiased_in_short_windows(trials):
    found = [cross_moments(one, SHIFTS)
             for one in states(np.random.default_rng(1), 1200, trials)]
    assert abs(off([one.trace for one in found], np.trace(C0) / UNITS)) < 4
    assert abs(off([one.square for one in found], np.sum(C0**2) / UNITS)) < 4
    z = off([one.psi for one in found], [exact(*pair) for pair in SHIFTS])
    assert np.abs(z).max() < 4, z


def test_the_square_of_one_window_s_covariances_is_not():
    """What a window shows is too large by about (correlation time)/(window)."""
    windows = states(np.random.default_rng(2), 1000, 1)[:, 0]
    shown = np.einsum("rti,rtj->rij", windows, windows) / TIMES
    naive = np.sum(shown**2, axis=(1, 2)) / UNITS
    assert off(naive, np.sum(C0**2) / UNITS) > 20


def test_the_direction_of_time_shows_in_the_sign_of_a_lag():
    """Both lags forward and one of each are different quantities, and neither is the other's."""
    together, apart = exact(2, 2), exact(2, -2)
    assert exact(-2, -2) == pytest.approx(together)
    found = np.array([cross_moments(one, [(2, 2), (2, -2)]).psi
                      for one in states(np.random.default_rng(3), 900, 3)])
    assert abs(off(found[:, 0], together)) < 4
    assert abs(off(found[:, 1], apart)) < 4
    assert abs(off(found[:, 0], apart)) > 7
    # one unit follows another: C_01(tau) is there for tau > 0 only
    follows = np.zeros((2, 2, 4000, 2))
    follows[..., 0] = np.random.default_rng(4).standard_normal((2, 4000))
    follows[:, :, 3:, 1] = follows[:, :, :-3, 0]
    psi = cross_moments(follows[0], [(3, 3), (3, -3), (-3, -3), (0, 0)]).psi
    np.testing.assert_allclose(psi, [2.0 / 2 * 1, 0, 1, 0], atol=0.1)


def test_growth_from_half_to_half_is_measured():
    grown = states(np.random.default_rng(6), 1, 60, 40)[0]
    assert abs(cross_moments(grown, []).drift) < 0.1
    grown[:, 20:] *= 1.1
    assert cross_moments(grown, []).drift == pytest.approx(1.1**4 - 1, rel=0.15)


def test_the_dimension_of_networks_is_that_of_their_means():
    """Twenty networks of scatter 0.4 in tr C^2: the true ratio is 1, and the jackknife finds it.

    The mean of their own ratios is off by 0.4^2, the ratio of means by 0.4^2/20.
    """
    rng = np.random.default_rng(7)
    square = rng.gamma(1 / 0.16, 0.16, size=(6000, 20))
    trace = np.ones(20)
    own = participation(1.0, square).mean(axis=1)
    ratio = participation(1.0, square.mean(axis=1))
    jackknife = np.array([pseudovalues(trace, row).mean() for row in square])
    assert own.mean() == pytest.approx(1.19, abs=0.02)
    assert ratio.mean() == pytest.approx(1.008, abs=0.003)
    assert off(ratio, 1.0) > 4
    assert abs(jackknife.mean() - 1) < 0.003
    # and the scatter of its rows is its error
    error = [np.std(pseudovalues(trace, row), ddof=1) / np.sqrt(20) for row in square]
    assert np.mean(error) == pytest.approx(jackknife.std(), rel=0.05)


def test_a_network_alone_has_its_own_ratio():
    np.testing.assert_array_equal(pseudovalues(np.array([2.0]), np.array([8.0])), [0.5])
    assert np.isnan(participation(1.0, np.array(-0.1)))
