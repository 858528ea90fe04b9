"""Populations on the command line: their states, in time, and compared with networks."""

from __future__ import annotations

import numpy as np
import pytest

import dmft

EI = ["population", "--mean", "1.2", "-2", "1.6", "-1", "--g", "0.5", "--input", "0.8", "0.4"]
IN_TIME = ["--stop", "2", "--dt", "0.2", "--initial-mean", "0.3", "-0.1", "--variance", "0.5"]


def test_the_states_of_populations(call_dmft, tmp_path):
    status, out, err = call_dmft("solve", *EI, "--quiet", "--output", str(tmp_path / "ei"))
    assert (status, err) == (0, "")
    expected = dmft.solve(dmft.PopulationNetwork([[1.2, -2.0], [1.6, -1.0]], 0.5,
                                                 input=[0.8, 0.4]))
    assert f"rates <phi>       {expected[0].rates[0]:.6g}" in out
    assert "state 1             stable; populations static, static" in out
    np.testing.assert_array_equal(dmft.load(tmp_path / "ei.npz")[0].rates, expected[0].rates)


def test_each_population_has_its_unit_and_phi_in_time(call_dmft):
    status, out, _ = call_dmft("solve", *EI, "--unit", "adaptation(1, 3)", "leaky", "--phi", "tanh",
                               "relu", "--share", "0.8", "0.2", *IN_TIME, "--quiet")
    network = dmft.PopulationNetwork(
        [[1.2, -2.0], [1.6, -1.0]], 0.5, input=[0.8, 0.4], phi=(dmft.tanh, dmft.relu),
        share=[0.8, 0.2], unit=(dmft.Adaptation(1.0, 3.0), dmft.Leaky()))
    found = dmft.solve(network, times=dmft.Times(2.0, 0.2), mean=[0.3, -0.1], variance=0.5)
    assert status == 0
    for k in range(2):
        assert f"{float(found.rates[-1, k]):.6g} +- " in out


def test_populations_are_compared_with_networks(call_dmft):
    few = ["--neurons", "60", "--networks", "8", "--trials", "1", "--quiet"]
    status, out, _ = call_dmft("validate", *EI, *few, "--duration", "4")
    assert status in (0, 1)
    assert "rates[1]" in out
    status, out, _ = call_dmft("validate", *EI, *few, *IN_TIME)
    assert status in (0, 1)
    assert "mean[1]" in out


@pytest.mark.parametrize(("words", "problem"), [
    (["solve", *EI, "--lyapunov"], "exponents of populations"),
    (["solve", *EI, "--dimension"], "--dimension is not possible"),
    (["solve", *EI, "--initial-mean", "1"], "give --stop too"),
    (["solve", *EI, "--unit", "spike"], "unit='spike'"),
    (["solve", "population", "--mean", "1", "2", "3", "--g", "1"], "R^2"),
    (["validate", "population", "--mean", "2", "--g", "0.2"], "2 stable states"),
    (["lyapunov", *EI], "invalid choice: 'population'"),
], ids=lambda one: one if isinstance(one, str) else "")
def test_what_populations_cannot_do_is_said(call_dmft, words, problem):
    status, _, err = call_dmft(*words)
    assert status == 2
    assert problem in err
