"""Combinations of network and options without a theory are refused before anything is solved."""

from __future__ import annotations

import pytest

import dmft

SOLVE = ["solve", "random", "--g", "2", "--phi", "erf"]
PLASTIC = ["solve", "plastic", "--g", "1.5", "--k", "1", "--p", "2.5"]
REGIONS = ["solve", "multiregion", "--g", "1.5", "--T", "1"]


@pytest.mark.parametrize(("words", "expected"), [
    ([*REGIONS, "--dimension"], "has currents (low-rank couplings), which the theory"),
    ([*SOLVE, "--bias", "1", "--dimension"], "has a static part"),
    ([*SOLVE[:4], "--phi", "relu", "--dimension"], "has a static part"),
    ([*SOLVE, "--stop", "50", "--dimension"], "omit --dimension or --stop"),
    ([*SOLVE, "--freeze"], "--freeze is not possible: network=RandomNetwork(g=2.0"),
    ([*REGIONS, "--freeze"], "has no plasticity to halt; give a dmft.PlasticNetwork"),
    ([*PLASTIC, "--k", "0", "--freeze"], "has no plasticity to halt"),
    ([*PLASTIC, "--noise", "1", "--freeze"], "set noise=0"),
    ([*PLASTIC, "--stop", "50", "--freeze"], "omit --freeze or --stop"),
    ([*REGIONS, "--lyapunov"], "give --stop"),
    ([*SOLVE, "--stop", "20", "--lyapunov"], "up to 32 or longer"),
    ([*SOLVE, "--stop", "5", "--span", "3"], "omit --span or --stop"),
    ([*SOLVE, "--stop", "5", "--method", "energy"], "omit --method or --stop"),
    ([*SOLVE, "--method", "march"], "give --stop too"),
    ([*SOLVE, "--variance", "2"], "give --stop too"),
    ([*SOLVE, "--span", "3"], "give both, or neither"),
    (["validate", *REGIONS[1:]], "give --stop and --currents"),
    (["validate", *REGIONS[1:], "--dimension"], "--dimension is not possible"),
    (["validate", *SOLVE[1:], "--stop", "5", "--dimension"], "omit --dimension or --stop"),
    (["validate", *SOLVE[1:], "--stop", "5", "--duration", "5"], "omit --duration or --stop"),
    (["validate", *SOLVE[1:], "--stop", "5", "--lags", "5"], "omit --lags or --stop"),
    (["validate", *SOLVE[1:], "--lags", "1", "-2"], "--lags: -2 is negative"),
    (["validate", *SOLVE[1:], "--duration", "0"], "--duration: 0 is not positive"),
    (["validate", *SOLVE[1:], "--duration", "inf"], "--duration: inf is not finite"),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_the_impossible_is_refused_before_the_solve(call_dmft, monkeypatch, tmp_path, words,
                                                    expected):
    monkeypatch.setattr(dmft, "solve", lambda *args, **more: pytest.fail("the solve began"))
    status, out, err = call_dmft(*words, *(["--output", "x.npz"] if words[0] == "solve" else []))
    assert (status, out) == (2, "")
    assert expected in err.splitlines()[0]
    assert list(tmp_path.iterdir()) == []
