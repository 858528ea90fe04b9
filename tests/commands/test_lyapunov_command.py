"""dmft lyapunov: what the functions return, as text."""

import pytest

import dmft
from dmft import validation

NETWORK = ("random", "--g", "2")


def test_it_prints_what_the_functions_return(call_dmft):
    status, out, err = call_dmft("lyapunov", *NETWORK, "--thresholds", "-0.5", "0")
    assert (status, err) == (0, "")
    solution = dmft.solve(dmft.RandomNetwork(2.0))
    found = dmft.lyapunov_spectrum(solution)
    assert f"largest exponent    {float(dmft.lyapunov_exponent(solution)):.6g}" in out
    for name, one in (("entropy rate", found.entropy_rate), ("dimension", found.dimension),
                      ("F(-0.5)", found.F(-0.5)), ("F(0)", found.F(0.0))):
        assert f"{name:<20}{float(one):.6g} +- {float(one.stderr):.2g}" in out


def test_networks_of_finite_size(call_dmft):
    words = ("--largest", "--neurons", "40", "--networks", "2", "--seed", "3")
    status, out, _ = call_dmft("lyapunov", *NETWORK, *words)
    found = validation.lyapunov_exponent(dmft.RandomNetwork(2.0), 40, 2, rng=3)
    assert status == 0
    assert f"at N=40             {float(found):.6g} +- {float(found.stderr):.2g}" in out
    assert "entropy rate" not in out


def test_without_theory_of_the_spectrum_it_says_why(call_dmft):
    relu = (*NETWORK, "--phi", "relu", "--bias", "1", "--noise", "0.5", "--g", "0.5")
    status, out, _ = call_dmft("lyapunov", *relu)
    assert status == 0
    assert "spectrum            without theory here: phi=dmft.relu" in out
    status, _, err = call_dmft("lyapunov", *relu, "--thresholds", "0")
    assert status == 2
    assert "phi=dmft.relu" in err


@pytest.mark.parametrize(("words", "said"), [
    ((*NETWORK, "--largest", "--thresholds", "0"), "omit one"),
    ((*NETWORK, "--stop", "400", "--neurons", "40"), "apply to stationary activity"),
    ((*NETWORK, "--thresholds", "nan"), "nan is not finite"),
    (("multiregion", "--g", "0.5", "--T", "1.2"), "give --stop"),
])
def test_bad_combinations(call_dmft, words, said):
    status, _, err = call_dmft("lyapunov", *words)
    assert status == 2
    assert said in err
