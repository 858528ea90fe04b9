"""The lowest eigenvalue on the half-line compared with wells that have exact solutions."""

import numpy as np
import pytest
from scipy import optimize, special

from dmft.lyapunov.schroedinger_problem import ground_state
from dmft.lyapunov.spectral_elements import Elements, element_edges

LIMIT = 0.8


def poeschl_teller(strength, rate):
    """W = W(inf) - s (s + 1) a^2 / cosh(a tau)^2: E = W(inf) - (s - n)^2 a^2, n = 0, 1, ... < s."""
    def potential(tau):
        decay = np.exp(-2 * rate * tau)
        return LIMIT - strength * (strength + 1) * rate**2 * 4 * decay / (1 + decay) ** 2
    return potential


@pytest.mark.parametrize("rate", [0.03, 1.0])
@pytest.mark.parametrize("strength", [1e-8, 1e-4, 0.02, 0.5, 1.7, 6.0])
def test_a_smooth_well(strength, rate):
    """From one so shallow that psi decays over 10^4 of its widths to one with several states."""
    found = ground_state(poeschl_teller(strength, rate), LIMIT, 20 / rate)
    energy = 1 - (1 + found.exponent) ** 2
    assert energy == pytest.approx(LIMIT - (strength * rate) ** 2, abs=3e-13)
    assert found.error < 1e-11
    if strength > 1:
        odd = found.elements.lowest_eigenvalue(odd=True)
        assert odd == pytest.approx(LIMIT - ((strength - 1) * rate) ** 2, abs=3e-13)


@pytest.mark.parametrize("length", [20.0, 80.0, 640.0])
def test_the_interval_may_end_anywhere_beyond_the_well(length):
    """psi has an exact condition at the end: a shallow well needs no longer interval."""
    potential = poeschl_teller(0.01, 1.0)
    edges = element_edges(potential, LIMIT, length)
    energy = Elements.of(potential, LIMIT, edges, 14).lowest_eigenvalue()
    assert energy == pytest.approx(LIMIT - 1e-4, abs=3e-13)


@pytest.mark.parametrize("decay", [0.05, 1.0, 4.0])
def test_a_well_with_a_corner_at_zero_lag(decay):
    """W = W(inf) - V exp(-2 tau) is solved by psi = J_k(sqrt(V) exp(-tau)): J_k' = 0 at tau = 0."""
    root = optimize.brentq(lambda z: special.jvp(decay, z), 1e-3, special.jn_zeros(
        int(decay) + 1, 1)[0], xtol=1e-15)
    found = ground_state(lambda tau: LIMIT - root**2 * np.exp(-2 * tau), LIMIT, 20.0)
    assert 1 - (1 + found.exponent) ** 2 == pytest.approx(LIMIT - decay**2, abs=1e-12)


def test_a_steep_corner_costs_short_elements_only():
    """W with the square root of the lag: degrees and elements in quite another number agree."""
    def potential(tau):
        return LIMIT - 3 * np.exp(-np.sqrt(tau)) * np.exp(-tau)

    found = ground_state(potential, LIMIT, 40.0)
    edges = element_edges(potential, LIMIT, 40.0)
    assert np.min(np.diff(edges)) < 1e-6
    assert len(edges) < 60
    # Halves of the shortest elements would add rounding of 4e-11 to the reference.
    middle = ((edges[1:] + edges[:-1]) / 2)[np.diff(edges) > 1e-6]
    finer = np.sort(np.concatenate([edges, middle]))
    again = Elements.of(potential, LIMIT, finer, 17).lowest_eigenvalue()
    assert 1 - (1 + found.exponent) ** 2 == pytest.approx(again, abs=2e-11)
