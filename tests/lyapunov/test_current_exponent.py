"""The exponent of the currents: fixed points, a limit cycle, chaos."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError


def exponent(network, z0, stop=200.0, dt=0.2):
    solution = dmft.solve(network, times=dmft.Times(stop, dt), currents=z0, tol=1e-2, strict=False)
    return dmft.lyapunov_exponent(solution)


def draw(seed, g=(1.5, 0.0, 0.0)):
    rng = np.random.default_rng(seed)
    T = rng.normal(size=(3, 3, 3)) * 1.5
    return dmft.MultiregionNetwork(np.array(g), T), rng.normal(size=(3, 3)) * 0.5


def test_at_a_fixed_point_it_is_the_relaxation_rate():
    network = dmft.MultiregionNetwork(0.0, [[[2.0]]])
    found = exponent(network, [[0.4]], 80.0)
    assert float(found) == pytest.approx(-0.75, abs=0.01)


def test_small_currents_in_chaos_grow_at_the_rate_of_the_theory():
    network = dmft.MultiregionNetwork(1.8, [[[2.0]]])
    unstable = dmft.fixed_points(network, starts=np.zeros((1, 1, 1)))[0]
    found = exponent(network, [[0.0]], 120.0, 0.1)
    assert float(found) == pytest.approx(unstable.growth_rate.real, abs=0.01)


@pytest.mark.slow
def test_on_a_limit_cycle_it_is_zero():
    network, z0 = draw(12)
    found = exponent(network, z0, 300.0)
    assert abs(float(found)) < max(0.006, 3 * found.stderr)
    assert found.error < 5e-3


def test_short_solutions_are_rejected():
    network, z0 = draw(12)
    short = dmft.solve(network, times=dmft.Times(10.0, 0.5), currents=z0, tol=1e-2)
    with pytest.raises(ModelError, match="solution"):
        dmft.lyapunov_exponent(short)
