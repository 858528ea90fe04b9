"""What fails silently elsewhere fails aloud here: roots, windows, tolerances, kinks, limits."""

import dataclasses

import numpy as np
import pytest

import dmft
from dmft.base.errors import ConvergenceError, ModelError, ResolutionWarning
from dmft.stationary.self_consistent_map import SelfConsistentMap
from tests.solvable import BY_NAME


def random(g, phi="tanh", **options):
    return dmft.RandomNetwork(g=g, phi=getattr(dmft, phi), **options)


def test_the_trivial_root_is_not_returned():
    """tanh, g = 5: from a start without activity, and from the default start."""
    quiescent = dmft.solve(random(0.5))
    with pytest.raises(ModelError, match="initial"):
        dmft.solve(random(5.0), method="fourier", initial=quiescent)
    assert float(dmft.solve(random(5.0), method="fourier").C_x[0]) > 16


def test_large_coupling_is_solved_not_echoed():
    """g = 20, where Gauss-Hermite quadrature stands still at the start value."""
    iterated = dmft.solve(random(20.0), method="fourier")
    assert float(iterated.C_x[0]) == pytest.approx(
        BY_NAME["tanh 20"].value("Delta"), rel=1e-8)


def test_stopping_at_max_iter_is_an_error():
    with pytest.raises(ConvergenceError, match="max_iter=5") as caught:
        dmft.solve(random(1.2), method="fourier", max_iter=5)
    reached = caught.value.solution
    assert not reached.convergence.success
    assert reached.convergence.residual > 1e-10
    again = dmft.solve(random(1.2), method="fourier", max_iter=5, strict=False)
    assert not again.convergence.success


def test_a_short_window_is_an_error_of_the_iteration_and_a_warning_of_the_orbit():
    short = dmft.Lags(span=6.0, dt=0.05)
    with pytest.raises(ConvergenceError, match="longer span"):
        dmft.solve(random(3.0), method="fourier", lags=short)
    with pytest.warns(ResolutionWarning) as caught:
        solution = dmft.solve(random(3.0), lags=short)
    assert any("longer span" in str(w.message) for w in caught)
    full = dmft.solve(random(3.0))
    assert float(solution.C_x[0]) == pytest.approx(float(full.C_x[0]), rel=1e-12)


def test_a_coarse_step_is_an_error_of_the_iteration():
    with pytest.raises(ConvergenceError, match="smaller dt"):
        dmft.solve(random(5.0), method="fourier", lags=dmft.Lags(span=100.0, dt=2.0))


def test_the_orbit_of_the_ring_is_not_taken_for_chaos():
    """A start with C(span) = -C(0) is drawn to a periodic orbit with a tiny residual."""
    with pytest.warns(ResolutionWarning, match="longer span"):
        base = dmft.solve(random(1.5, "erf"), lags=dmft.Lags(span=40.0, dt=0.05))
    wave = base.C_x.value[0] * np.cos(np.pi * base.lags.tau / base.lags.span)
    initial = dataclasses.replace(base, C_x=dmft.Estimate(wave))
    with pytest.raises(ConvergenceError, match=r"longer span|another root|not a correlation"):
        dmft.solve(random(1.5, "erf"), method="fourier", lags=base.lags, initial=initial)


def test_a_negative_spectrum_is_seen():
    base = dmft.solve(random(2.0))
    step = SelfConsistentMap(base.network, base.lags)
    good = np.append(base.C_x.value, 0.0)
    assert step.negative_spectrum(good) < 1e-12
    assert step.admissible(good)
    box = np.where(np.arange(len(good)) < 200, good[0], 0.0)  # a box has a negative spectrum
    assert step.negative_spectrum(box) > 0.1
    assert not step.admissible(box)


def test_a_tolerance_below_rounding_is_refused():
    with pytest.raises(ModelError, match="tol"):
        dmft.solve(random(2.0), tol=1e-15)


HARD = dmft.Nonlinearity(lambda z: np.clip(z, -1, 1), lambda z: (abs(z) < 1) * 1.0, name="hard")


@pytest.mark.parametrize("options", [
    {"g": 1.0, "bias": 0.5}, {"g": 3.0}, {"g": 1.5, "method": "fourier"}, {"g": 1.0, "noise": 0.5}])
def test_a_kink_is_seen_on_every_branch_and_route(options):
    method = {"method": options.pop("method", "auto")}
    with pytest.raises(ModelError, match=r"kink at x = -?1, .*kinks="):
        dmft.solve(dmft.RandomNetwork(phi=HARD, **options), **method)


@pytest.mark.parametrize(("network", "problem"), [
    (random(1 + 1e-8), "close to a transition"),
    (random(1.5, noise=1e8), "large for quadrature"),
    (random(1e8), "large for quadrature"),
    (random(1.5, bias=1e9), "large for quadrature")], ids=repr)
def test_what_float64_or_quadrature_cannot_do_is_told(network, problem):
    with pytest.raises(ModelError, match=problem):
        dmft.solve(network)


@pytest.mark.parametrize("method", ["energy", "fourier"])
def test_memory_is_refused_by_name_where_no_paths_are_sampled(method):
    with pytest.raises(ModelError, match="reciprocity"):
        dmft.solve(random(2.0, reciprocity=0.3), method=method)


@pytest.mark.slow
def test_a_mode_that_feeds_itself_is_an_outlier():
    """D rho = 18 among 500 modes: both states are unstable to it, and said to be."""
    for rest, state in ((2.8, "chaotic"), (0.5, "quiescent")):
        network = dmft.RandomModeNetwork([rest] * 500 + [20.0], [0.0] * 500 + [0.9], 0.5, dmft.erf)
        with pytest.raises(ConvergenceError, match=f"it is an outlier, and at 1 the {state} state"):
            dmft.solve(network, tol=2e-2)
        assert dmft.jacobian_spectrum(network).growth_rate(dmft.erf) > 17
