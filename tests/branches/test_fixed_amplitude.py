"""Solutions at fixed amplitude: their equations, derivative, stability and errors."""

import numpy as np
import pytest

import dmft
from dmft.branches.fixed_amplitude_iteration import iterate_at_fixed_amplitude
from dmft.branches.fixed_amplitude_map import FixedAmplitudeMap
from dmft.branches.fixed_amplitude_solution import solution_at_fixed_amplitude
from dmft.branches.stability import is_stable, largest_eigenvalue
from dmft.path_iteration.sampled_paths import path_map
from dmft.path_iteration.solution_errors import LinearResponse
from dmft.path_iteration.tuning import FIRST_TOL
from dmft.paths.window import lag_window
from dmft.sampled.starting_statistics import from_above, from_solution


def by_k(k):
    return dmft.PlasticNetwork(2.0, k, 2.5)


def near_fold(g):
    """Hebbian-induced chaos, whose branch turns back at g = .9396."""
    return dmft.PlasticNetwork(g, 1.4, 2.5)


FAMILIES = {"without memory": (dmft.RandomNetwork, 1.6), "plastic": (by_k, -1.0),
            "reciprocal": (lambda c: dmft.RandomNetwork(1.8, reciprocity=c), 0.2)}


def small_map(family, value, count=32, amplitude=0.3):
    """A map of few paths, and the vector of strong activity."""
    lags = dmft.Lags(20.0, 0.25)
    inner, u = path_map(family(value), from_above(family(value), lags), lag_window(lags, 4.0), 0,
                        count)
    return FixedAmplitudeMap(family, inner, amplitude, 1.0), np.append(u, value)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_last_equation_is_the_amplitude(name):
    own, w = small_map(*FAMILIES[name])
    assert own(w)[-1] - w[-1] == pytest.approx(0.3 - w[0], abs=1e-12)
    assert own.driving[-1]
    assert len(own.scale(w)) == len(w) == len(own.driving)


def test_the_derivative_is_that_of_paths_without_memory():
    """Their surrogate is exact: by each of several lags, and by the parameter."""
    own, w = small_map(*FAMILIES["without memory"])
    derivative = own.derivative(w)
    counted = own.driving.copy()
    counted[own.unknowns.static] = False  # it is clipped at zero
    for place in (0, 3, 20, len(w) - 1):
        direction = np.zeros(len(w))
        direction[place] = 1.0
        measured = (own(w + 1e-3 * direction) - own(w - 1e-3 * direction)) / 2e-3
        found = derivative.times(direction)
        assert np.max(np.abs(measured[counted])) > 0.01
        np.testing.assert_allclose(found[counted], measured[counted],
                                   atol=0.02 * np.max(np.abs(measured[counted])))


@pytest.mark.parametrize("name", FAMILIES)
def test_solve_inverts_one_minus_the_derivative(name):
    own, w = small_map(*FAMILIES[name])
    derivative = own.derivative(w)
    right = np.where(own.driving[:, None], np.random.default_rng(0).normal(size=(len(w), 3)), 0)
    # the derivative is known at the nodes of the lags: between them it is interpolated
    right[:own.unknowns.m] = right[0] * np.linspace(1, 0, own.unknowns.m)[:, None]
    found = derivative.solve(right)
    again = found - derivative.times(found)
    np.testing.assert_allclose(again, right, atol=1e-8 * np.max(np.abs(found)))


def test_newton_steps_need_few_sweeps():
    """From g = 2 to the amplitude at g = 1.5, where the surrogate's derivative is exact."""
    exact, near = (dmft.solve(dmft.RandomNetwork(g)) for g in (1.5, 2.0))
    lags = dmft.Lags(60.0, 0.25)
    inner, u = path_map(near.network, from_solution(near, lags), lag_window(lags, 12.0), 0, 16)
    own = FixedAmplitudeMap(dmft.RandomNetwork, inner, float(exact.C_phi[0]), 1.0)
    found = iterate_at_fixed_amplitude(own, np.append(u, 2.0), FIRST_TOL, 20)
    assert found.ending.converged
    assert found.u[-1] == pytest.approx(1.5, abs=0.01)
    assert found.iterations <= 12


def test_the_parameter_of_a_direct_solution_near_a_fold():
    """The stable branch above the fold: the amplitude at g = 1 gives g = 1 back."""
    direct = dmft.solve(near_fold(1.0), tol=1e-2)
    amplitude = direct.C_phi[0]
    point, groups = solution_at_fixed_amplitude(near_fold, direct, float(amplitude), 1.05, 1.0, 5,
                                                128)
    assert float(point.solution.C_phi[0]) == pytest.approx(float(amplitude), rel=1e-9)
    error = np.hypot(float(point.value.stderr), 0.8 * float(amplitude.stderr))  # dg/dC is 0.7
    assert float(point.value) == pytest.approx(1.0, abs=4 * error)
    assert error < 4e-3
    assert groups.mean() == pytest.approx(float(point.value), abs=1e-9)
    assert 0.5 < groups.std(ddof=1) / np.sqrt(32) / float(point.value.stderr) < 1.7
    assert point.stable


def test_beyond_the_fold_a_solution_is_unstable():
    """At C(0) = .2 the lower branch exists at g = .948 as well as the upper one."""
    direct = dmft.solve(near_fold(1.0), tol=3e-2)
    point, _ = solution_at_fixed_amplitude(near_fold, direct, 0.2, 0.95, 1.0, 5, 128)
    assert float(point.value) == pytest.approx(0.9478, abs=2e-3)
    assert point.stable is False


class _Own:
    """A derivative known by all its columns."""

    def __init__(self, J):
        self.columns, self.places = J, np.arange(len(J))


class _Known:
    """Stands for a `BorderedDerivative` with the derivative J by the statistics."""

    def __init__(self, J):
        self.own, self.J = _Own(J), np.pad(J, (0, 1))

    def times(self, vectors):
        return self.J @ vectors

    def solve(self, vectors):
        return np.linalg.solve(np.eye(len(self.J)) - self.J, vectors)


def test_the_largest_eigenvalue_is_that_at_fixed_parameter():
    """Probes of a full map, in a plane with a direction in which the surrogate is wrong."""
    rng = np.random.default_rng(1)
    J, scale = 0.3 * rng.normal(size=(6, 6)), rng.uniform(0.5, 2.0, size=7)
    Q = np.linalg.qr(rng.normal(size=(7, 2)))[0]
    full = np.pad(J, (0, 1)) + rng.normal(size=(7, 2)) @ (Q.T / scale)
    known = _Known(J)
    directions = scale[:, None] * Q
    Y = known.solve(full @ directions - known.times(directions)) / scale[:, None]
    found = largest_eigenvalue(known, LinearResponse(known, Q, Y, scale))
    assert found == pytest.approx(np.linalg.eigvals(full[:-1, :-1]).real.max(), abs=1e-10)


def test_close_to_one_stability_is_not_known():
    assert [is_stable(value) for value in (0.9, 0.999, 1.001, 1.1)] == [True, None, None, False]


def test_at_a_fold_steps_are_regular():
    """A derivative scaled so that its largest eigenvalue is one: 1 - PJ is regular."""
    own, w = small_map(*FAMILIES["plastic"])
    derivative = own.derivative(w)
    inner = derivative.own
    values = np.linalg.eigvals(inner.columns[inner.places])
    largest = values[np.argmax(values.real)].real
    inner.columns = inner.columns / largest  # singular: 1 - J has the eigenvalue zero
    derivative.columns = derivative._projected(inner.columns)
    bare = np.eye(len(inner.places)) - inner.columns[inner.places]
    assert np.linalg.cond(bare) > 1e8
    bordered = np.eye(len(inner.places)) - derivative.columns[inner.places]
    assert np.linalg.cond(bordered) < 1e6


@pytest.mark.slow
@pytest.mark.parametrize("amplitude", [0.45, 0.3, 0.2])
def test_the_error_of_the_parameter_is_the_scatter_over_seeds(amplitude):
    """Above, at and below the fold."""
    near = dmft.solve(near_fold(1.0), tol=1e-2)
    points = [solution_at_fixed_amplitude(near_fold, near, amplitude, 0.95, 1.0, seed, 256)[0]
              for seed in range(12)]
    scatter = np.std([float(point.value) for point in points], ddof=1)
    predicted = np.sqrt(np.mean([float(point.value.stderr) ** 2 for point in points]))
    assert 0.6 < scatter / predicted < 1.5
    if amplitude != 0.3:
        assert all(point.stable == (amplitude > 0.3) for point in points)
