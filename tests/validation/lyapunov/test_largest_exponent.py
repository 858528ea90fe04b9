"""The exponent of finite networks, against what is exactly known and against the theory."""

import dataclasses

import numpy as np
import pytest

import dmft
from dmft import MultiregionNetwork, RandomNetwork, validation
from dmft.base.errors import ModelError
from dmft.validation.couplings.draw import draw_sum
from dmft.validation.settings.settings import checked_settings


def test_a_linear_network_has_the_abscissa_of_its_couplings():
    network, N, K = RandomNetwork(0.6, dmft.linear, noise=0.3, reciprocity=0.5), 40, 4
    found = validation.lyapunov_exponent(network, N, K, trials=2, duration=400.0, burn_in=200.0,
                                         rng=2)
    settings = checked_settings(network, N, K, 2, 400.0, 0.1, 200.0, [0.0], 2, "float32")
    exact = [np.linalg.eigvals(draw_sum(network.ensembles, N, settings.seed(N, k).spawn(4)[0],
                                        float).matrix).real.max() - 1 for k in range(K)]
    assert float(found) == pytest.approx(np.mean(exact), abs=3e-3)
    assert float(found.stderr) == pytest.approx(np.std(exact, ddof=1) / 2, rel=0.1)


def test_chaos_grows_and_rest_shrinks():
    options = {"duration": 60.0, "burn_in": 40.0, "rng": 1, "trials": 4}
    chaos = validation.lyapunov_exponent(RandomNetwork(3.0, dmft.tanh), (60, 120), 4, **options)
    rest = validation.lyapunov_exponent(RandomNetwork(0.5, dmft.tanh), 60, 4, **options)
    assert chaos.shape == rest.shape == ()
    assert 0.05 < float(chaos) < 0.4
    assert -0.8 < float(rest) < -0.3


def test_float32_is_harmless():
    single, double = (validation.lyapunov_exponent(
        RandomNetwork(1.5, dmft.erf, noise=1.0), 60, 6, duration=60.0, burn_in=20.0, rng=3,
        dtype=dtype) for dtype in ("float32", "float64"))
    assert abs(float(single) - float(double)) < 0.2 * float(double.stderr)


def test_bad_input_is_named():
    with pytest.raises(ModelError, match="networks=1"):
        validation.lyapunov_exponent(RandomNetwork(2.0), 20, 1, rng=0)
    with pytest.raises(ModelError, match="diverged"):
        validation.lyapunov_exponent(RandomNetwork(9.0, dmft.linear), 20, 2, rng=0)


@pytest.mark.slow
@pytest.mark.parametrize("network", [
    RandomNetwork(2.0, dmft.tanh), RandomNetwork(2.5, dmft.tanh, noise=0.5),
    RandomNetwork(3.0, dmft.erf, bias=0.5)], ids=repr)
def test_the_theory_is_reached_as_one_over_n(network):
    theory = float(dmft.lyapunov_exponent(dmft.solve(network)))
    found = validation.lyapunov_exponent(network, (250, 1000), 16, trials=4, duration=100.0, rng=5)
    assert abs(float(found) - theory) < 4 * float(found.stderr)
    assert float(found.stderr) < 0.004


def test_an_input_acts_on_the_states_of_every_region():
    """Units that a strong input saturates pass little on: chaos is suppressed."""
    quiet = MultiregionNetwork(2.0, np.zeros((2, 2, 2)),
                               input=dmft.Input([4.0, 4.0], V=np.zeros((2, 2))))
    free = dataclasses.replace(quiet, input=None)
    with_input, without = (validation.lyapunov_exponent(network, 80, 4, trials=2, duration=20.0,
                                                        burn_in=20.0, rng=2)
                           for network in (quiet, free))
    assert float(with_input) < -0.2
    assert float(without) > 0.05
