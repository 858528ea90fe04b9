"""Options of a sampled solve: defaults, their effect, and refusals."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError
from dmft.paths.stepped_paths import SteppedPaths
from dmft.sampled.pilot import run_pilot

NETWORK = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3)


def solved(network=NETWORK, **given):
    return dmft.solve(network, tol=given.pop("tol", 1e-2), strict=False, **given)


def test_the_defaults_change_no_number():
    plain, given = solved(), solved(options=dmft.SamplingOptions())
    for name in ("C_x", "C_phi", "R_phi", "gain"):
        one, two = getattr(plain, name), getattr(given, name)
        np.testing.assert_array_equal(one.value, two.value)
        np.testing.assert_array_equal(one.stderr, two.stderr)
    assert plain.convergence == given.convergence
    assert plain.lags == given.lags


@pytest.fixture
def drawn(monkeypatch):
    """Numbers of paths that a solve draws, in order."""
    numbers, draw = [], SteppedPaths.draw.__func__

    def recorded(cls, seed, count, lags, matched=False):
        numbers.append(count)
        return draw(cls, seed, count, lags, matched)

    monkeypatch.setattr(SteppedPaths, "draw", classmethod(recorded))
    return numbers


@pytest.mark.parametrize(("options", "pilot", "size"), [
    ({}, 256, 256), ({"first_paths": 128}, 256, 128), ({"pilot_paths": 64}, 64, 256)], ids=repr)
def test_the_numbers_of_paths_are_drawn_and_reported(drawn, options, pilot, size):
    found = solved(tol=0.1, options=dmft.SamplingOptions(**options))
    assert found.convergence.success
    assert found.convergence.message == f"{size} paths after a pilot of {pilot}"
    assert drawn[0] == pilot
    assert size in drawn


def test_the_last_try_is_checked_with_its_own_paths(drawn):
    """A standard error above tol fails the solve; no larger number of paths is reported."""
    found = solved(tol=1e-4, lags=dmft.Lags(60.0, 0.4),
                   options=dmft.SamplingOptions(first_paths=128, tries=1))
    assert drawn == [256, 128, 128, 128]  # pilot, paths, and twice for the check of the step
    checks = {one.name: one for one in found.convergence.checks}
    assert not checks["standard error"].passed
    assert checks["step"].value < 2e-3  # same noise at all frequencies
    assert not found.convergence.success


def test_the_span_follows_the_memory_time():
    def span(factor):
        options = dmft.SamplingOptions(span_in_memory_times=factor)
        return run_pilot(NETWORK, None, None, 0, options, max_iter=400, callback=None).lags.span

    assert span(9.0) == pytest.approx(1.5 * span(6.0), rel=0.1)


def test_the_longest_span_bounds_the_window():
    options = dmft.SamplingOptions(longest_span=40.0)
    network = dmft.PlasticNetwork(2.0, -1.0, 2.5)
    assert solved(network, options=options).lags.span < 42.0


def test_frozen_activity_is_reported_at_the_frozen_span():
    network = dmft.RandomNetwork(0.6, dmft.erf, reciprocity=0.9)
    found = solved(network, options=dmft.SamplingOptions(frozen_span=50.0))
    assert "frozen" in found.convergence.message
    assert found.lags.span < 600.0


def test_they_are_frozen_and_saved(tmp_path):
    options = dmft.SamplingOptions(first_paths=np.int64(64))
    assert options == dmft.SamplingOptions(first_paths=64)
    assert type(options.first_paths) is int
    with pytest.raises(FrozenInstanceError):
        options.tries = 2
    dmft.save(options, tmp_path / "options.npz")
    assert dmft.load(tmp_path / "options.npz") == options


@pytest.mark.parametrize(("name", "bad"), [
    ("pilot_paths", 8), ("pilot_paths", 100.0), ("first_paths", 15), ("first_paths", "many"),
    ("tries", 0), ("longest_span", 20.0), ("longest_span", np.inf), ("frozen_span", 1e6),
    ("frozen_span", None), ("span_in_memory_times", 4.0)])
def test_a_bad_value_names_its_field(name, bad):
    with pytest.raises(ModelError, match=f"^{name}="):
        dmft.SamplingOptions(**{name: bad})


@pytest.mark.parametrize("given", [
    {"network": dmft.RandomNetwork(2.0)},
    {"network": dmft.RandomNetwork(2.0), "times": dmft.Times(1.0, 0.5)},
    {"network": dmft.MultiregionNetwork.symmetric(0.0, [[0.0, 1.5], [1.5, 0.0]])},
    {"network": dmft.HeterogeneousNetwork(2.0, input_gain=2.0)},
], ids=["first integral", "in time", "regions", "gains"])
def test_other_solvers_refuse_them(given):
    with pytest.raises(ModelError, match=r"options=.*sampled"):
        dmft.solve(**given, options=dmft.SamplingOptions())


def test_what_is_no_options_is_refused():
    with pytest.raises(ModelError, match=r"options=.*SamplingOptions"):
        dmft.solve(NETWORK, options={"tries": 1})
