"""What is no ensemble is refused where it is made, by name."""

from __future__ import annotations

import pytest
import sympy

import dmft
from dmft import ModelError

n = dmft.notation
g = sympy.Symbol("g")
SAME = n.delta(n.i, n.k) * n.delta(n.j, n.l)
FADING = sympy.exp(-(n.t - n.s)) / n.N


@pytest.mark.parametrize(("given", "said"), [
    ({"mean": FADING * n.phi[n.i, n.s] * n.phi[n.j, n.s + 1]}, "a later instant"),
    ({"mean": FADING * n.phi[n.i, n.s] ** sympy.Rational(1, 2)}, "whole powers"),
    ({"mean": sympy.tanh(n.phi[n.i, n.s]) / n.N}, "whole powers"),
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


def test_a_delay_is_not_refused():
    assert dmft.ensemble(mean=FADING * n.phi[n.i, n.s] * n.phi[n.j, n.s - 1]).has_memory
