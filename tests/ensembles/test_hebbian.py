"""Hebbian couplings: their memory compared with integrals, and the theory of plastic networks."""

import numpy as np
import pytest
from scipy import integrate

import dmft
from dmft.base.errors import ConvergenceError, ModelError
from dmft.grids.order_parameters import OrderParameters
from dmft.network.network import Network


def transformed(C, k, p, omega, end=80.0):
    """int_0^inf (k/p) exp(-tau/p) C(tau) exp(-i omega tau) dtau by quadrature."""
    tau = np.linspace(0, end, 500001)
    return integrate.simpson(k / p * np.exp(-tau / p - 1j * omega * tau) * C(tau), x=tau)


@pytest.mark.parametrize(("k", "p"), [(1.3, 2.5), (-2.0, 0.3), (0.7, 40.0)])
@pytest.mark.parametrize(("static", "kink"), [(0.0, 0.0), (0.2, 0.0), (0.0, 0.4), (0.1, 0.4)])
def test_memory_is_the_transform_of_synaptic_kernel_times_correlation(k, p, static, kink):
    lags = dmft.Lags(40.0, 0.2 if p > 1 else 0.1)

    def decaying(tau):
        return 0.5 * np.exp(-tau**2 / 8) * np.cos(tau) + kink * np.exp(-tau)

    order = OrderParameters(lags, decaying(lags.tau), static, np.zeros(len(lags)), kink)
    memory = dmft.Hebbian(k, p).memory(order)
    for at in (0, 7, 40, 90):  # to fourth order of dt
        exact = transformed(lambda tau: decaying(tau) + static, k, p, lags.omega[at],
                            min(80.0, 25 * p) if static == 0 else 25 * p)
        assert abs(memory[at] - exact) < 4e-6 * abs(k)


def test_without_plasticity_the_solve_is_exact():
    static, known = dmft.PlasticNetwork(2.0, 0.0, 2.5), dmft.RandomNetwork(2.0)
    np.testing.assert_array_equal(dmft.solve(static).C_phi, dmft.solve(known).C_phi)


@pytest.mark.parametrize("k", [1e-3, -1e-3])
def test_weak_plasticity_tends_to_the_gaussian_theory(k):
    """The sampled solution differs from the exact one of k = 0 by an amount of order k."""
    known = dmft.solve(dmft.RandomNetwork(2.0))
    found = dmft.solve(dmft.PlasticNetwork(2.0, k, 2.5), rng=1)
    assert found.convergence.method == "sampled"
    at = np.array([0, 20, 50, 100])
    exact = np.interp(found.lags.tau[at], known.lags.tau, known.C_phi.value)
    np.testing.assert_allclose(found.C_phi.value[at], exact, atol=1e-3)


@pytest.mark.slow
def test_hebbian_slows_and_anti_hebbian_oscillates():
    """The first zero at k=-1 is 7.439(12) in long runs of paths."""
    hebbian, anti = (dmft.solve(dmft.PlasticNetwork(2.0, k, 2.5), tol=2e-4 if k < 0 else 1e-2)
                     for k in (0.5, -1.0))
    without = dmft.solve(dmft.RandomNetwork(2.0))

    def half_life(solution):
        return np.interp(-0.5, -solution.C_phi.value[:400] / solution.C_phi.value[0],
                         solution.lags.tau[:400])

    assert half_life(anti) < half_life(without) < half_life(hebbian)
    assert np.min(without.C_phi.value) > -1e-6
    zero = np.argmax(anti.C_phi.value < 0)
    assert anti.lags.tau[zero] == pytest.approx(7.44, abs=0.25)
    lowest = np.searchsorted(anti.lags.tau, 9.62)
    assert anti.C_phi.value[lowest] < -4 * anti.C_phi.stderr[lowest]


def test_it_adds_to_other_ensembles():
    """A sum with g1, g2 is the network of sqrt(g1^2 + g2^2), with the same noise."""
    lags = dmft.Lags(40.0, 0.4)
    two = Network((dmft.IID(1.2), dmft.IID(1.6), dmft.Hebbian(-1.0, 2.5)))
    one = dmft.PlasticNetwork(2.0, -1.0, 2.5)
    np.testing.assert_allclose(dmft.solve(two, lags=lags, tol=1e-2).C_phi.value,
                               dmft.solve(one, lags=lags, tol=1e-2).C_phi.value, atol=1e-6)


def test_a_branch_that_does_not_exist_is_reported_with_the_state_that_does():
    active = dmft.solve(dmft.PlasticNetwork(1.5, -1.0, 2.5), tol=2e-2)
    with pytest.raises(ConvergenceError, match="decays to the quiescent state") as caught:
        dmft.solve(dmft.PlasticNetwork(0.5, -1.0, 2.5), initial=active)
    assert caught.value.solution.branch == "quiescent"
    assert dmft.solve(dmft.PlasticNetwork(0.5, -1.0, 2.5)).convergence.success


@pytest.mark.parametrize("field", ["g", "k", "p", "phi", "noise"])
def test_a_bad_field_is_named(field):
    good = {"g": 2.0, "k": 1.0, "p": 2.5}
    for bad in (np.nan, "x", None):
        with pytest.raises(ModelError, match=field):
            dmft.PlasticNetwork(**(good | {field: bad}))
    if field == "p":
        for bad in (0.0, -1.0):
            with pytest.raises(ModelError, match="p="):
                dmft.PlasticNetwork(**(good | {field: bad}))


def test_what_the_theory_does_not_cover_is_refused():
    net = dmft.PlasticNetwork(2.0, -1.0, 2.5)
    with pytest.raises(ModelError, match="memory"):
        dmft.solve(net, method="energy")
