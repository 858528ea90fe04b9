"""What is no ensemble is refused where it is made, by name."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import dmft
from dmft import ModelError

n = dmft.notation
g = sympy.Symbol("g")
SAME = n.delta(n.i, n.k) * n.delta(n.j, n.l)
FIXED = np.random.default_rng(0).normal(size=(200, 200))
FADING = sympy.exp(-(n.t - n.s)) / n.N


@pytest.mark.parametrize(("given", "said"), [
    ({"mean": FADING * n.phi[n.i, n.s] * n.phi[n.j, n.s + 1]}, "a later instant"),
    ({"mean": FADING * n.phi[n.i, n.s] ** sympy.Rational(1, 2)}, "whole powers"),
    ({"mean": sympy.tanh(n.phi[n.i, n.s]) / n.N}, "whole powers"),
    ({"mean": FADING * n.phi[n.j, n.t]}, "without delay"),
    ({"mean": 1 / n.N**2}, "vanishes for large N, where the order 1/N matters"),
    ({"covariance": SAME / n.N**2}, "vanishes for large N, where the order 1/N matters"),
    ({"covariance": SAME / n.N + n.delta(n.j, n.l) / n.N**3}, r"where the order N\*\*\(-2\)"),
    ({"mean": sympy.log(n.N) / n.N}, "does not go with a power of N"),
    ({"covariance": SAME * n.delta(n.i, 1) / n.N}, "has 1 in the place of a site"),
    ({"mean": n.i / n.N}, "contains the site i as a number"),
    ({"covariance": n.i * n.k * SAME / n.N}, "contains the site i as a number"),
    ({}, "no couplings at all"),
    ({"mean": FADING / g * n.phi[n.j, n.s], "values": {"g": 0.0}}, "^values=.*infinite"),
    ({"covariance": 2 * sympy.I * SAME / n.N}, "complex"),
    ({"covariance": g**2 * SAME / n.N, "values": {"g": 2.0, "N": 100}}, "^values="),
    ({"covariance": g**2 * SAME / n.N, "values": {"g": 2.0, "h": 1.0}}, "^values="),
    ({"covariance": n.delta(n.i, n.j) * n.delta(n.k, n.l) / n.N}, "not derived"),
    ({"mean": -n.delta(n.i, n.j)}, "not derived"),
    ({"mean": sympy.exp(n.t - n.s) / n.N * n.phi[n.i, n.s] * n.phi[n.j, n.s]}, "growing"),
    ({"mean": 1 / (n.t - n.s) / n.N * n.phi[n.i, n.s] * n.phi[n.j, n.s]}, "infinite"),
])
def test_it_is_named(given, said):
    with pytest.raises(ModelError, match=said):
        dmft.support(dmft.Network((dmft.IID(1.0), dmft.ensemble(**given))))


@pytest.mark.parametrize(("draw", "said"), [
    (lambda neurons, rng: FIXED[:neurons, :neurons] / neurons**0.5, "same matrix with different"),
    (lambda neurons, rng: np.random.default_rng().normal(size=(neurons, neurons)) / neurons**0.5,
     "different matrices with equal"),
])
def test_a_draw_that_ignores_its_generator(draw, said):
    with pytest.raises(ModelError, match=said):
        dmft.ensemble(SAME / n.N, draw=draw)


@pytest.mark.parametrize("verb", ["four_point", "lyapunov_exponent", "jacobian_spectrum"])
def test_what_a_driven_mean_prevents_is_named(verb):
    network = dmft.Network((dmft.IID(0.6), dmft.ensemble(mean=2 / n.N)), noise=0.3)
    said = "have means" if verb == "jacobian_spectrum" else "couplings that drive the means of x"
    with pytest.raises(ModelError, match=said):
        getattr(dmft, verb)(network)


def test_a_delay_is_not_refused():
    assert dmft.ensemble(mean=FADING * n.phi[n.i, n.s] * n.phi[n.j, n.s - 1]).has_memory
