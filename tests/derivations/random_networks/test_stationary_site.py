"""The stationary single site of a mean and a covariance, and the saddle point at a few instants."""

import pytest
import sympy as sp

from dmft.derivations.engine.couplings import Sum
from dmft.derivations.engine.disorder import (
    N,
    i,
    j,
    k,
    l,
    network_action,
    over_instants,
    phi,
    s,
    t,
    u,
)
from dmft.derivations.engine.saddle import C_phi, single_site
from dmft.derivations.engine.stationary_site import (
    NotDerivedError,
    Stated,
    stationary_site,
    tau,
    v,
)

g, r, c, a, q, p = sp.symbols("g r c a q p", positive=True)
delta = sp.KroneckerDelta
C, R = sp.Function("C"), sp.Function("R")
M = sp.Symbol("M")
IID = g**2 / N * (delta(i, k) * delta(j, l) + r * delta(i, l) * delta(j, k))
CHAIN = c / N**2 * (delta(j, k) + delta(i, l))
CONVERGENT, DIVERGENT = a / N**2 * delta(i, k), a / N**2 * delta(j, l)
FADING = sp.exp(-(t - s) / p) / N
PAIRED = FADING * sp.exp(-(s - u) / q) * sp.Heaviside(s - u)
ACTION = network_action()


def total(terms):
    return sp.simplify(sum((one.expression for one in terms), sp.S.Zero))


CASES = {
    "iid": (0, IID, g**2 * C(tau), r * g**2 * R(tau), 0),
    "chain": (0, CHAIN, 0, 0, sp.Integral(c * M * R(v), (v, 0, sp.oo))),
    "convergent": (0, CONVERGENT, a * M**2, 0, 0),
    "divergent": (0, DIVERGENT, 0, 0, 0),
    "mean": (c / N, 0, 0, 0, c * M),
    "presynaptic": (c * FADING * phi[j, s], 0, 0, 0,
                    sp.Integral(c * sp.exp(-v / p) * C(v), (v, 0, sp.oo))),
    "postsynaptic": (c * FADING * phi[i, s], 0, 0, c * sp.exp(-tau / p) * M, 0),
    "hebbian": (FADING * phi[i, s] * phi[j, s], 0, 0, sp.exp(-tau / p) * C(tau), 0),
    "delayed": (FADING * phi[i, s] * phi[j, s - q], 0, 0, sp.exp(-tau / p) * C(tau + q), 0),
}


@pytest.mark.parametrize("name", CASES)
def test_noise_memory_and_drift(name):
    mean, covariance, noise, memory, drift = CASES[name]
    site = stationary_site(sp.sympify(mean), sp.sympify(covariance))
    for terms, expected in ((site.noise, noise), (site.memory, memory), (site.drift, drift)):
        assert sp.simplify(total(terms) - expected) == 0


def test_a_kernel_of_two_instants():
    """phi_i at s, phi_j at the earlier u: the site's own past at tau, the network's at v > tau."""
    memory, = stationary_site(PAIRED * phi[i, s] * phi[j, u], sp.S.Zero).memory
    assert memory.integral
    assert memory.averages == (("C", v),)
    expected = sp.exp(-tau / p) * sp.exp(-(v - tau) / q) * sp.Heaviside(v - tau)
    assert sp.simplify(memory.weight - expected) == 0


@pytest.mark.parametrize("mean", [FADING * phi[i, s] * phi[j, s], PAIRED * phi[i, s] * phi[j, u],
                                  PAIRED * phi[i, u] * phi[j, s], FADING * phi[j, s],
                                  FADING * phi[i, s]], ids=str)
def test_it_agrees_with_the_saddle_point_at_a_few_instants(mean):
    """Sums over instants in place of integrals: the memory at t = 3 and the drift there."""
    instants = range(4)
    site = stationary_site(mean, sp.S.Zero)
    known = single_site(ACTION, Stated(mean), instants)
    assert sp.simplify(known.leftover) == 0
    for early in (0, 1, 2):
        found = _summed(site.memory, 3 - early)
        assert sp.simplify(found - known.memory_kernel[3, early]) == 0
    rest = known.drift[3] - single_site(ACTION, Stated(), instants).drift[3]
    assert sp.simplify(_summed(site.drift, 0) - rest) == 0


def _summed(terms, lag):
    """Terms at a lag, with sums over v = 1, 2, 3 and averages that end at t = 3."""
    result = sp.S.Zero
    for one in terms:
        for back in (1, 2, 3) if one.integral else (0,):
            value = one.weight.subs({tau: lag, v: back})
            for name, at in one.averages:
                where = at.subs({tau: lag, v: back})
                value *= C_phi(3, 3 - where) if name == "C" else sp.Function("mean_phi")(3)
            result += value
    return result


def test_random_couplings_agree_with_the_saddle_point():
    site = stationary_site(sp.S.Zero, IID + CONVERGENT)
    known = single_site(ACTION, Sum((Stated(pairs=IID), Stated(pairs=CONVERGENT))), range(2))
    mean = sp.Function("mean_phi")
    noise = total(site.noise).subs({C(tau): C_phi(1, 0), M**2: mean(1) * mean(0)})
    assert sp.simplify(noise - known.noise_covariance[1, 0]) == 0
    memory = total(site.memory).subs(R(tau), sp.Function("R_phi")(1, 0))
    assert sp.simplify(memory - known.memory_kernel[1, 0]) == 0


REFUSED = {
    "several fields of the site": (FADING * phi[i, s]**2 * phi[j, s], 0),
    "more than two fields": (FADING * phi[i, s] * phi[j, s]**2, 0),
    "without delay": (phi[i, t] / N, 0),
    "absolute time": (t * FADING * phi[j, s], 0),
    "grows with N": (0, c / N * (delta(j, k) + delta(i, l))),
    "is not that of": (0, c / N**2 * delta(j, k)),
    "loadings": (sp.IndexedBase("m")[i] / N, 0),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_is_not_derived_is_named(message):
    mean, covariance = REFUSED[message]
    with pytest.raises(NotDerivedError, match=message):
        stationary_site(sp.sympify(mean), sp.sympify(covariance))


def test_a_sum_over_a_third_instant_is_of_what_depends_on_it():
    """Terms without u are summed over t and s alone, whatever stands beside them."""
    f = sp.Function("f")
    own, beside = f(t, s), sp.Symbol("c") * f(u)
    whole = over_instants(sp.S.Zero, own + beside, range(3))
    apart = sum(over_instants(sp.S.Zero, one, range(3)) for one in (own, beside))
    assert sp.expand(whole - apart) == 0
    assert whole.coeff(f(2, 1)) == 1
