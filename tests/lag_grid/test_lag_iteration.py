"""Iteration on the lags: which state is found, against the first integral and a dense solver."""

import warnings
from dataclasses import dataclass

import numpy as np
import pytest
import sympy
from scipy import fft, integrate, linalg
from scipy.interpolate import CubicSpline

import dmft
from dmft.base.errors import ConvergenceError, ModelError
from dmft.network.network import Network

CUBIC = dmft.Nonlinearity.from_sympy(sympy.tanh(sympy.Symbol("x", real=True)) ** 3)
STEEP = dmft.Nonlinearity.from_sympy(sympy.tanh(sympy.Symbol("x", real=True) ** 3))
FOLD = 2.34  # a static solution of CUBIC exists with filtered noise, and no chaotic one


def filtered(g, phi=dmft.erf, ensemble=None, **options):
    return Network(((ensemble or Filtered)(g),), phi, **options)


def solve_without_warning(network, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return dmft.solve(network, **options)


@dataclass(frozen=True)
class Filtered:
    """Noise g^2 C(omega) filtered by one or two Lorentzians of width 1/tau, about +-peak."""

    g: float
    tau: float = 3.0
    peak: float = 0.0
    noise_gain = None
    has_memory = False

    def power(self, omega):
        sides = [1 / (1 + (self.tau * (omega + s * self.peak)) ** 2) for s in (-1, 1)]
        return self.g**2 * sum(sides) / 2

    def noise(self, order):
        return self.power(order.omega) * order.C_spectrum, self.power(0.0) * order.C_static

    def memory(self, order):
        return np.zeros_like(order.S)


@dataclass(frozen=True)
class Normalised(Filtered):
    """The noise of `Filtered` divided by 1 + C(0)/2: not linear in C."""

    def noise(self, order):
        spectrum, static = super().noise(order)
        scale = 1 + (order.C[0] + order.C_static) / 2
        return spectrum / scale, static / scale


@dataclass(frozen=True)
class Unreliable(Filtered):
    """Noise g^2 (1 + exp(-tau^2/4)) C(tau): linear in C, and each frequency depends on others."""

    def noise(self, order):
        factor = np.exp(-order.lags.tau**2 / 4)
        own = order.lags.spectrum(factor * (order.C + order.C_static))
        return self.g**2 * (order.C_spectrum + own), self.g**2 * order.C_static


def erf_correlation(Delta, variance):
    return 2 / np.pi * np.arcsin(np.pi / 2 * Delta / (1 + np.pi / 2 * variance))


def by_collocation(g, tau, total, rate, nodes=160):
    """Delta of erf units with filtered noise, at Chebyshev nodes, with dense matrices.

    (1 - tau^2 d^2) u = g^2 C(Delta) and (1 - d^2) Delta = u, without slope at zero lag and zero at
    the end of the window; Newton's method from total sech(rate t) in both.
    """
    k = np.arange(nodes)
    y = np.cos(np.pi * k / (nodes - 1))
    sign = np.where(k % 2, -1.0, 1.0) * np.where((k == 0) | (k == nodes - 1), 2.0, 1.0)
    D = np.outer(sign, 1 / sign) / (y[:, None] - y + np.eye(nodes))
    D -= np.diag(D.sum(axis=1))
    span = 34 / rate
    t, D = span * (1 + y) / 2, D * 2 / span  # the last node is zero lag
    one, zero, D2 = np.eye(nodes), np.zeros((nodes, nodes)), D @ D
    Delta = total / np.cosh(rate * t)
    u = Delta.copy()
    for _ in range(40):
        variance = Delta[-1]
        ratio = np.pi / 2 / (1 + np.pi / 2 * variance)
        slope = g**2 * 2 / np.pi / np.sqrt(1 - (ratio * Delta) ** 2)
        by_C = np.diag(slope * ratio)
        by_C[:, -1] -= slope * Delta * ratio**2
        residual = np.concatenate([Delta - D2 @ Delta - u, u - tau**2 * (D2 @ u)
                                   - g**2 * erf_correlation(Delta, variance)])
        matrix = np.block([[one - D2, -one], [-by_C, one - tau**2 * D2]])
        for row, values, left in ((0, Delta, one[0]), (nodes - 1, Delta, D[-1])):
            residual[row], matrix[row] = left @ values, np.append(left, zero[0])
        for row, values, left in ((nodes, u, one[0]), (2 * nodes - 1, u, D[-1])):
            residual[row], matrix[row] = left @ values, np.append(zero[0], left)
        change = np.linalg.solve(matrix, residual)
        share = min(1.0, 0.3 * Delta[-1] / np.max(np.abs(change)))
        Delta, u = Delta - share * change[:nodes], u - share * change[nodes:]
        if np.max(np.abs(change)) < 1e-11 * Delta[-1]:
            return t, Delta
    raise AssertionError(f"no convergence at g={g}: {np.max(np.abs(change))}")


@pytest.mark.parametrize(("g", "total", "rate"), [
    (1.01, 0.0128, 0.0057), (1.02, 0.0258, 0.0112), (1.05, 0.065, 0.0265), (1.2, 0.288, 0.09),
    (2.0, 2.06, 0.24)])
def test_noise_that_mixes_lags_agrees_with_a_dense_solver(g, total, rate):
    solution = solve_without_warning(filtered(g))
    t, Delta = by_collocation(g, 3.0, total, rate / np.sqrt(10))
    assert solution.branch == "chaotic"
    assert float(solution.C_x[0]) == pytest.approx(Delta[-1], rel=1e-10)
    inside = t < solution.lags.span
    curve = CubicSpline(solution.lags.tau, solution.C_x.value, bc_type=((1, 0.0), "not-a-knot"))
    np.testing.assert_allclose(curve(t[inside]), Delta[inside], atol=5e-8 * Delta[-1])
    assert solution.convergence.error < 1e-9
    assert solution.convergence.iterations < 15  # no slowing down towards the transition


def test_the_variance_of_tanh_units_with_filtered_noise():
    assert float(solve_without_warning(filtered(1.1, dmft.tanh)).C_x[0]) == pytest.approx(
        0.1110636, abs=5e-8)


@pytest.mark.parametrize("g", [0.0, 0.5, 0.9, 0.99, 0.9999])
def test_below_the_transition_the_state_is_quiescent(g):
    solution = solve_without_warning(filtered(g, dmft.tanh))
    assert solution.branch == "quiescent"
    assert np.all(solution.C_x.value == 0)
    assert solution.convergence.outcome == "decayed"
    assert f"multiplied by {g**2:.6g}" in solution.convergence.message


def test_a_network_at_the_transition_is_refused():
    with pytest.raises(ModelError, match="close to a transition"):
        dmft.solve(filtered(1.0))


@pytest.mark.parametrize("eps", [1e-3, 1e-4])
def test_the_variance_vanishes_linearly_at_the_transition(eps):
    """Delta(0) = 4 (g - 1)/pi for erf, whatever the filter, as the activity is slow."""
    total = float(solve_without_warning(filtered(1 + eps)).C_x[0])
    assert total == pytest.approx(4 * eps / np.pi, rel=2 * eps)


@pytest.mark.parametrize("above", [pytest.param(1.02, marks=pytest.mark.slow), 1.05])
def test_a_transition_at_a_frequency_above_zero(above):
    """Delta(0) = 2 (growth - 1)/pi at leading order: growth <phi'>^2 = 1 for any frequency."""
    unit = Filtered(1.0, tau=2.0, peak=1.5)
    omega = np.linspace(0, 4, 400001)
    gains = unit.power(omega) / (1 + omega**2)
    network = Network((Filtered(np.sqrt(above / np.max(gains)), 2.0, 1.5),), dmft.erf)
    solution = solve_without_warning(network)
    assert float(solution.C_x[0]) == pytest.approx(2 / np.pi * (above - 1), rel=above - 1)
    peak = float(solution.lags.omega[np.argmax(solution.lags.spectrum(solution.C_x.value))])
    assert peak == pytest.approx(omega[np.argmax(gains)], abs=2 * np.pi / solution.lags.span)
    below = Network((Filtered(np.sqrt(0.999 / np.max(gains)), 2.0, 1.5),), dmft.erf)
    assert solve_without_warning(below).branch == "quiescent"


@pytest.mark.parametrize("network", [
    dmft.RandomNetwork(1.01), dmft.RandomNetwork(1.05), dmft.RandomNetwork(1.2),
    dmft.RandomNetwork(2.0), dmft.RandomNetwork(5.0), dmft.RandomNetwork(1.1, noise=0.1),
    dmft.RandomNetwork(2.0, dmft.erf, bias=0.5), dmft.RandomNetwork(1.6, bias=2.0),
    dmft.RandomNetwork(1.2, dmft.relu, bias=0.5), dmft.RandomNetwork(0.9),
    pytest.param(dmft.RandomNetwork(2.5, CUBIC), marks=pytest.mark.slow),
    pytest.param(dmft.RandomNetwork(1.7, STEEP), marks=pytest.mark.slow)], ids=repr)
def test_the_iteration_finds_what_the_first_integral_finds(network):
    """On a grid that it chooses, from the transition to strong coupling."""
    found = solve_without_warning(network, method="fourier")
    exact = dmft.solve(network, method="energy", lags=found.lags)
    assert found.branch == exact.branch
    scale = max(float(exact.C_x[0]), 1e-300)
    assert np.max(np.abs(found.C_x.value - exact.C_x.value)) < 1e-8 * scale
    assert abs(float(found.C_x_static) - float(exact.C_x_static)) < 1e-8 * scale


def test_of_two_stable_states_the_active_one_is_found_and_the_other_named():
    solution = solve_without_warning(filtered(2.5, CUBIC))
    assert solution.branch == "chaotic"
    assert "second solution: the quiescent state is stable" in solution.convergence.message


def test_below_the_fold_every_start_decays():
    """A static solution exists there, so that the bound of the variance does not decide."""
    solution = solve_without_warning(filtered(FOLD, CUBIC))
    assert solution.branch == "quiescent"
    assert "decays from" in solution.convergence.message


@pytest.mark.slow
def test_a_branch_that_ends_at_a_fold_is_lost():
    active = dmft.solve(filtered(2.5, CUBIC))
    nearby = dmft.solve(filtered(2.6, CUBIC), initial=active)
    assert nearby.branch == "chaotic"
    with pytest.raises(ConvergenceError, match="without initial") as caught:
        dmft.solve(filtered(FOLD, CUBIC), initial=active)
    assert caught.value.solution.convergence.outcome == "branch lost"
    assert caught.value.solution.branch == "quiescent"


def test_a_solution_on_a_short_window_is_continued_on_longer_ones():
    """From g = 2 to g = 1.05 the correlation time grows by a factor of 9."""
    start = dmft.solve(filtered(2.0))
    spans = []
    found = dmft.solve(filtered(1.05), initial=start,
                       callback=lambda k, residual, state: spans.append(len(state)))
    assert found.lags.span > 3 * start.lags.span
    direct = dmft.solve(filtered(1.05))
    assert float(found.C_x[0]) == pytest.approx(float(direct.C_x[0]), rel=1e-9)


def plain_iteration(noise, lags, steps):
    """The map of erf units iterated with plain steps and independent transforms."""
    Delta = 5.0 * np.exp(-0.5 * lags.tau)
    for _ in range(steps):
        power = noise(erf_correlation(Delta, Delta[0]))
        Delta = fft.idct(power / (1 + lags.omega**2), type=1) / lags.dt
    return Delta


@pytest.mark.parametrize("ensemble", [Normalised, Unreliable])
def test_noise_that_is_not_linear_or_mixes_frequencies(ensemble):
    lags, g = dmft.Lags(600.0 if ensemble is Normalised else 120.0, 0.15), 1.7

    def noise(C):
        if ensemble is Normalised:
            return (Filtered(g).power(lags.omega) / (1 + C[0] / 2)
                    * lags.dt * fft.dct(C, type=1))
        return g**2 * lags.dt * fft.dct(C * (1 + np.exp(-lags.tau**2 / 4)), type=1)

    solution = solve_without_warning(filtered(g, ensemble=ensemble))
    Delta = plain_iteration(noise, lags, 1500)
    assert float(solution.C_x[0]) == pytest.approx(Delta[0], rel=1e-9)
    assert f"{solution.branch}" == "chaotic"


def test_stability_where_frequencies_mix_is_an_eigenvalue():
    """At g_c, 1 - d^2/dtau^2 - g^2 (1 + exp(-tau^2/4)), by finite differences, has an eigenvalue 0.
    """
    h, n = 0.01, 4000
    tau = h * (np.arange(n) + 0.5)
    diagonal = np.full(n, 1 + 2 / h**2)
    diagonal[0] -= 1 / h**2  # even in tau
    weight = 1 + np.exp(-tau**2 / 4)
    beside = -1 / (h**2 * np.sqrt(weight[1:] * weight[:-1]))
    critical = np.sqrt(linalg.eigh_tridiagonal(diagonal / weight, beside, True, select="i",
                                               select_range=(0, 0))[0])
    assert critical < 0.9  # stronger than the gain at frequency zero alone would need
    below, above = (dmft.solve(filtered(share * critical, ensemble=Unreliable))
                    for share in (0.98, 1.02))
    assert below.branch == "quiescent"
    assert f"multiplied by {0.98**2:.3f}" in below.convergence.message
    assert above.branch == "chaotic"


def test_solutions_do_not_change_on_a_finer_grid():
    """Every fluctuating solution on a grid of the solver's choice was refined once more."""
    solution = dmft.solve(filtered(1.5))
    checks = {one.name: one for one in solution.convergence.checks}
    assert {"decay", "nyquist", "spectrum", "peak", "refinement"} <= checks.keys()
    assert checks["refinement"].value < 1e-9
    assert checks["decay"].value < 1e-9


@pytest.mark.parametrize("network", [
    filtered(1.2, dmft.linear), filtered(1.2, dmft.linear, noise=0.1), filtered(1.6, dmft.relu)],
    ids=repr)
def test_the_error_of_an_unbounded_variance_states_it(network):
    with pytest.raises(ConvergenceError, match="grows without bound"):
        dmft.solve(network)


def test_a_small_state_beside_unbounded_growth_is_found():
    """phi = x^3: to leading order the couplings add g^2 <x^3 y^3>, filtered, to the white noise."""
    cube = dmft.Nonlinearity.from_sympy(sympy.Symbol("x", real=True) ** 3)
    noise, unit = 0.1, Filtered(0.5)
    solution = solve_without_warning(filtered(0.5, cube, noise=noise))
    assert "grows without bound" in solution.convergence.message

    def power(omega):  # <x^3 y^3> = noise^6 (9 exp(-tau) + 6 exp(-3 tau))
        C = noise**6 * (18 / (1 + omega**2) + 36 / (9 + omega**2))
        return unit.power(omega) * C / (1 + omega**2)

    first_order = integrate.quad(power, 0, 200, epsabs=1e-16)[0] / np.pi
    assert float(solution.C_x[0]) - noise**2 == pytest.approx(first_order, rel=2e-3)
