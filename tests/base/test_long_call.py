"""Progress of long calls: quiet by default, a bar when asked for, and the user's callback."""

from __future__ import annotations

import pytest

import dmft
from dmft import ModelError
from dmft.base.long_call import long_call

NETWORK = dmft.RandomNetwork(1.5)


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("dmft.base.long_call.QUIET_SECONDS", -1.0)


def test_nothing_is_shown_where_no_one_looks(at_once, capsys):
    dmft.solve(NETWORK, method="fourier")
    assert capsys.readouterr().err == ""


def test_a_bar_shows_steps_and_residual(at_once, capsys):
    seen = []
    dmft.solve(NETWORK, method="fourier", progress=True,
               callback=lambda iteration, residual, state: seen.append(residual))
    shown = capsys.readouterr().err
    assert "solve" in shown
    assert "steps" in shown
    assert len(seen) > 2


def test_a_fast_call_shows_none(capsys):
    dmft.solve(NETWORK, method="fourier", progress=True)
    assert capsys.readouterr().err == ""


def test_a_scan_counts_its_networks_and_hides_their_bars(at_once, capsys):
    found = dmft.scan(dmft.solve, [NETWORK, dmft.RandomNetwork(2.0)], progress=True,
                      method="fourier")
    shown = capsys.readouterr().err
    assert len(found) == 2
    assert "scan" in shown
    assert "/2" in shown
    assert "solve" not in shown


def test_a_branch_is_followed_with_a_bar(at_once, capsys):
    branch = dmft.continue_in(NETWORK, "g", [2.0, 1.5], progress=True)
    assert len(branch.solutions) == 2
    assert "continue_in" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["lyapunov_spectrum", "solution_class", "activity_class"])
def test_verbs_that_take_long_show_their_parts(at_once, capsys, verb):
    if verb == "lyapunov_spectrum":
        dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(2.0)), paths=32, full=False,
                               progress=True)
    else:
        getattr(dmft, verb)(dmft.MultiregionNetwork(g=0.0, T=[[[2.0]]]), currents=[[1.0]],
                            times=dmft.Times(40.0, 0.2), progress=True)
    shown = capsys.readouterr().err
    assert verb in shown
    assert "parts" in shown


def test_an_interrupt_says_what_was_reached():
    def stop(iteration, residual, state):
        if iteration == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"solve stopped after 2 steps, at residual") as hit:
        dmft.solve(NETWORK, method="fourier", callback=stop)
    assert len(hit.traceback) <= 4  # not the whole depth of the iteration


def test_an_inner_verb_is_quiet_and_the_next_one_is_not(at_once, capsys):
    with long_call("outer", True, None), long_call("inner", True, None) as inner:
        inner(1, 0.5)
    with long_call("next", True, None) as following:
        following(1, 0.5)
    shown = capsys.readouterr().err
    assert "outer" in shown
    assert "next" in shown
    assert "inner" not in shown


@pytest.mark.parametrize("progress", ["yes", 1, 0.5])
def test_what_is_no_truth_value_is_refused(progress):
    with pytest.raises(ModelError, match="progress="):
        dmft.solve(NETWORK, progress=progress)


def test_matrices_are_multiplied_by_one_thread():
    from threadpoolctl import threadpool_info

    def threads():
        return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}

    before, seen = threads(), []
    dmft.solve(NETWORK, method="fourier", callback=lambda *_: seen.append(threads()))
    assert seen[-1] == {1}
    assert threads() == before
