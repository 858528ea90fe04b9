"""Every solver and every verb against what is exactly known or published (tests/solvable.py).

A number counts to half a unit of its last digit; beside it stands only the error of the solver
itself, which is written at each test.
"""

import dataclasses
import functools

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.stationary.gaussian_problem import gaussian_problem
from dmft.stationary.stationary_variance import stationary_variance
from tests import solvable
from tests.solvable import (
    BY_NAME,
    CHAOS,
    DRIVEN,
    LINEAR,
    MEMORY,
    PRINTED_ERROR,
    PUBLISHED,
    SOLVABLE,
)

AT_ZERO = {  # quantity -> the solution's
    "Delta": lambda solution: solution.C_x[0], "C": lambda solution: solution.C_phi[0],
    "Delta_static": lambda solution: solution.C_x_static,
    "gain": lambda solution: solution.gain}
ROUNDING = 2e-12  # relative, of averages and roots in float64


@functools.cache
def solved(name, method="auto"):
    return dmft.solve(BY_NAME[name].make(), method=method)


LOCAL = [one for one in SOLVABLE if not one.memory]
RECIPROCAL = [one for one in LINEAR if one.memory]


def having(entries, *quantities, fast=None):
    """The entries that know one of these quantities; slow but for the names in `fast`."""
    return [pytest.param(one, id=one.name,
                         marks=[pytest.mark.slow] if fast and one.name not in fast else [])
            for one in entries if set(quantities) & set(one.known)]


def assert_known(found, known, error=0.0):
    """Within half of the last digit, and the error of the solver."""
    off = abs(float(found) - known.value)
    assert off <= known.tolerance * (1 + 1e-6) + error, (float(found), known, off)


def assert_sampled(found, known, error=0.0):
    """Within four standard errors, those of the number and of the solver."""
    stderr = np.hypot(float(found.stderr), known.stderr)
    assert_known(found, known, 4 * stderr + error)


# ---- stationary


@pytest.mark.parametrize("one", having(LOCAL, *AT_ZERO))
def test_first_integral(one):
    """The solver that `solve` chooses for couplings without memory: to rounding."""
    solution = solved(one.name)
    assert solution.branch == one.branch
    assert solution.convergence.success
    assert solution.convergence.residual < 1e-9
    for name in set(AT_ZERO) & set(one.known):
        error = ROUNDING * abs(one.value(name)) + 1e-15
        assert_known(AT_ZERO[name](solution), one.known[name], error)
    if one.Delta is not None:
        np.testing.assert_allclose(solution.C_x.value, one.Delta(solution.lags.tau), rtol=1e-11)


@pytest.mark.parametrize("one", having(
    [one for one in (*CHAOS, *PUBLISHED, *LINEAR)
     if one.branch != "quiescent" and not one.memory and one.name != "no couplings"], "Delta"))
def test_a_gain_that_is_wrong_by_a_percent_fails(one):
    """The control of the test above."""
    problem = gaussian_problem(one.make())
    right, wrong = (stationary_variance(dataclasses.replace(problem, gain=factor * problem.gain))
                    for factor in (1.0, 1.01))
    assert_known(right.total, one.known["Delta"], ROUNDING * one.value("Delta"))
    with pytest.raises(AssertionError):
        assert_known(wrong.total, one.known["Delta"], ROUNDING * one.value("Delta"))


ITERATED = {  # cheap enough for every run: not close to a transition
    "erf 1.5", "erf 2", "erf 3", "tanh 2", "table 2.5", "table 4", "modes 3, 1/2",
    "linear 0.6, noise 1, bias 0", "linear 0.95, noise 0.2, bias 0.3",
    "relu 1.2, bias 0.7"}
REFUSED = {  # with a ConvergenceError: critical slowing, or a root that is not a correlation
    "erf 1.01", "tanh 1.01", "tanh(x^3) at 1.7", "no couplings"}


@pytest.mark.parametrize("one", having([one for one in LOCAL if one.branch != "quiescent"
                                        and one.name not in REFUSED],
                                       "Delta", fast=ITERATED))
def test_iteration_on_the_lags(one):
    """The self-consistent map iterated to 1e-11: 1e-9 of the variance, its static part 1e-8."""
    exact = solved(one.name)
    solution = dmft.solve(one.make(), method="fourier", tol=1e-11, lags=exact.lags)
    assert solution.convergence.success
    for name in set(AT_ZERO) & set(one.known):
        digits = 1e-8 if name == "Delta_static" else 1e-9
        assert_known(AT_ZERO[name](solution), one.known[name], digits * one.value("Delta"))


def test_iteration_without_couplings():
    one = BY_NAME["no couplings"]
    solution = dmft.solve(one.make(), method="fourier")
    assert_known(solution.C_x[0], one.known["Delta"], 1e-9)


PATHS = {"erf 2", "tanh 2", "linear 0.6, noise 1, bias 0"} | {one.name for one in RECIPROCAL}


@pytest.mark.parametrize("one", having((*CHAOS, *PUBLISHED, *DRIVEN, *LINEAR), "C", "PR_phi",
                                       fast=PATHS))
def test_paths_of_one_unit(one):
    """Sampled paths: to the error that they report; dimensions, with their grid, to 2e-4."""
    solution = solved(one.name, "sampled")
    for name in ("Delta", "C", "gain"):
        if name in one.known:
            found = AT_ZERO[name](solution)
            assert_sampled(found, one.known[name],
                           solution.convergence.error * abs(one.value(name)))
    if any(one is other for other in LINEAR):
        for of in ("phi", "x"):
            found = dmft.dimension(solution, of)
            assert float(found) == pytest.approx(one.value(f"PR_{of}"), abs=2e-4)


@pytest.mark.parametrize("one", [
    one for one in LINEAR if one.Delta is not None and "PR_x" in one.known],
    ids=lambda one: one.name)
def test_correlations_of_paths(one):
    """At every lag, to the error that the solution reports: it includes what the window removes."""
    solution = solved(one.name, "sampled")
    off = np.max(np.abs(solution.C_x.value - one.Delta(solution.lags.tau)))
    assert off < solution.convergence.error * one.value("Delta")


@pytest.mark.slow
@pytest.mark.parametrize("one", having(MEMORY, "C", "Delta"))
def test_networks_with_memory(one):
    solution = dmft.solve(one.make())
    for name in ("C", "Delta"):
        if name in one.known:
            assert_sampled(AT_ZERO[name](solution), one.known[name])


# ---- dimension and four-point function


@pytest.mark.parametrize("one", having(LOCAL, "PR_phi", "PR_x", "z_phi", "z_x"))
def test_dimension(one):
    """To rounding, and the error of the quadrature, 1e-10."""
    solution = solved(one.name)
    for of in ("phi", "x"):
        found = dmft.dimension(solution, of, tol=1e-10)
        assert found.error < 1e-10
        assert float(found.stderr) == 0
        if f"PR_{of}" in one.known:
            known = one.known[f"PR_{of}"]
            assert_known(found, known, (ROUNDING + found.error) * known.value)
            if one.name != "input gains .5":  # of identical units
                psi = float(dmft.four_point(solution).psi(0.0, 0.0, of))
                square = float((solution.C_phi if of == "phi" else solution.C_x)[0]) ** 2
                assert_known(square / (square + psi), known, 1e-7 * known.value)
        if f"z_{of}" in one.known:
            scored = dmft.dimension(solution, of, z_scored=True)
            assert_known(float(scored) / float(found), one.known[f"z_{of}"])


@pytest.mark.parametrize("one", having(PUBLISHED, "PR_phi"))
def test_printed_digits_that_are_not_correct(one):
    """The published table beyond its correct digits: up to 7e-6, as its coarse grid explains."""
    solution = solved(one.name)
    found = {"Delta": solution.C_x[0], "PR_phi": dmft.dimension(solution),
             "PR_x": dmft.dimension(solution, "x")}
    for name, known in one.known.items():
        if known.printed is not None:
            assert 1e-9 < abs(float(found[name]) / known.printed - 1) < PRINTED_ERROR, name


@pytest.mark.parametrize("name", solvable.ELLIPTIC)
def test_two_programs_agree_on_reciprocal_linear_units(name):
    assert_known(BY_NAME[name].value("PR_x"), solvable.ELLIPTIC[name])


@pytest.mark.parametrize("g", [0.3, 0.6, 0.8])
def test_the_dimension_of_independent_linear_units_by_pairings(g):
    """The closed form of the entries against its series, which knows no spectra."""
    q = np.sqrt(1 - g**2)
    closed = 8 * q**3 / (3 - 2 * q + 4 * q**2 + 2 * q**3 + q**4)
    assert solvable.pairings(g) == pytest.approx(closed, rel=1e-12)


@pytest.mark.parametrize("one", [one for one in LINEAR if one.psi is not None],
                         ids=lambda one: one.name)
def test_four_point_function(one):
    """At lags of either sign, to the error of sampled spectra: 1e-3 of Delta(0)^2."""
    tau1 = np.array([0.5, 1.0, 2.0, 2.0, 0.5, 3.0, 0.0])
    tau2 = np.array([0.5, 1.0, 1.0, -1.0, -0.5, 0.5, 1.5])
    found = dmft.four_point(solved(one.name, "sampled")).psi(tau1, tau2, "x")
    exact = one.psi(tau1, tau2)
    assert np.max(np.abs(exact)) > 0.05
    np.testing.assert_allclose(found.value, exact, atol=1e-3 * one.value("Delta") ** 2)


# ---- the largest Lyapunov exponent


@pytest.mark.parametrize("one", having([one for one in SOLVABLE if one not in RECIPROCAL],
                                       "exponent"))
def test_exponent(one):
    """To rounding, 1e-11; the zero mode of chaos, dDelta/dtau, is found beside it."""
    found = dmft.lyapunov_exponent(solved(one.name))
    assert_known(found, one.known["exponent"], 1e-11)
    assert found.error < 1e-9
    if one.branch == "chaotic":
        assert len(found.refinement) >= 2
        assert abs(found.zero_mode) < 1e-9


@pytest.mark.parametrize("one", RECIPROCAL, ids=lambda one: one.name)
def test_exponent_of_linear_units_with_reciprocity(one):
    """The edge of the ellipse, g (1 + r) - 1."""
    found = dmft.lyapunov_exponent(dmft.solve(one.make()))
    assert float(found) == pytest.approx(one.value("exponent"), abs=1e-9)


# ---- in time


@pytest.mark.parametrize("one", [one for one in SOLVABLE if one.in_time is not None],
                         ids=lambda one: one.name)
def test_transients(one):
    """Delta(t, s) from its start: to ten times the tolerance asked for."""
    times = dmft.Times(8.0, 0.2, 1)
    solution = dmft.solve(one.make(), times=times, variance=one.start, tol=1e-9)
    t = solution.times.kept
    exact = one.in_time(t[:, None], t[None, :])
    np.testing.assert_allclose(solution.Delta[0], exact, atol=2e-9)
    np.testing.assert_allclose(solution.variance[:, 0], np.diag(exact), atol=2e-9)


@pytest.mark.parametrize("one", [one for one in SOLVABLE if one.relaxes is not None],
                         ids=lambda one: one.name)
def test_late_times(one):
    """What a solution in time relaxes to is the stationary one: 1e-5."""
    late = dmft.solve(one.make(), times=dmft.Times(one.relaxes, 0.5, 2), tol=1e-5)
    assert_known(late.variance[-1, 0], one.known["Delta"], 2e-5 * one.value("Delta"))
    if one.Delta is not None:
        row = late.Delta[0, -1, ::-1][:8]
        np.testing.assert_allclose(row, one.Delta(np.arange(8.0)), atol=3e-5)
    if "gain" in one.known:
        assert_known(late.psi[-1, 0], one.known["gain"], 3e-5)


# ---- finite networks


FINITE = ("linear 1, antisymmetric", "linear 0.3, symmetric", "linear 0.6, noise 1, bias 0",
          "linear 1.5, reciprocity -0.6", "erf 2, noise 1")


@pytest.mark.slow
@pytest.mark.parametrize("name", FINITE)
def test_simulated_networks(name):
    """Extrapolated in 1/N; the same runs reject numbers that are wrong by ten per cent."""
    one = BY_NAME[name]
    runs = validation.simulate(one.make(), (100, 400), 60, trials=8, duration=60.0, burn_in=15.0,
                               dt=0.05, lags=[0.0], cross_lags=((0, 0),), dimension=True, rng=5)
    for of in ("phi", "x"):
        found = runs.extrapolated(f"dimension_{of}")
        off = float(found) - one.value(f"PR_{of}")
        stderr = float(found.stderr)
        assert abs(off) < 4 * stderr + 4e-3 * one.value(f"PR_{of}"), (found, off)
        assert stderr < 0.025 * one.value(f"PR_{of}")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["erf 3", "table 4"])
def test_exponents_of_simulated_networks(name):
    one = BY_NAME[name]
    found = validation.lyapunov_exponent(one.make(), (300, 1200), 16, trials=2, duration=100.0,
                                         rng=1)
    stderr = float(found.stderr)
    assert stderr < 0.05 * one.value("exponent")
    assert abs(float(found) - one.value("exponent")) < 4 * stderr


def test_every_entry_is_a_network_and_has_a_source():
    assert len(BY_NAME) == len(SOLVABLE) + len(MEMORY)
    for one in (*SOLVABLE, *MEMORY):
        assert dataclasses.is_dataclass(one.make())
        assert one.source
        assert one.known
        assert all(name in {*AT_ZERO, "exponent", "PR_phi", "PR_x", "z_phi", "z_x"}
                   for name in one.known)
