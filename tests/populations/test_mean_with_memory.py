"""A mean together with memory, in closed form for units phi(x) = x + c."""

from __future__ import annotations

import numpy as np
import pytest

import dmft

J0, G, R, OFFSET = -0.5, 0.5, 0.5, 0.8
AFFINE = dmft.Nonlinearity(lambda x: x + OFFSET, np.ones_like, name="x + c")


def test_affine_units_with_reciprocity():
    """K = g^2 r S, S = 1/(1 - K) at frequency zero: M = c/(1 - J0 - K) and <x> = (J0 + K) M.

    Units differ by their static input: var x = g^2 S^2 (var x + M^2).
    """
    state = dmft.solve(dmft.Network((dmft.MeanCouplings([[J0]]), dmft.IID(G, R)), AFFINE))[0]
    S = (1 - np.sqrt(1 - 4 * G**2 * R)) / (2 * G**2 * R)
    K = G**2 * R * S
    M = OFFSET / (1 - J0 - K)
    share = (G * S) ** 2
    assert float(state.rates[0]) == pytest.approx(M, rel=2e-3)
    assert float(state.means[0]) == pytest.approx((J0 + K) * M, rel=5e-3)
    assert float(state.variance[0]) == pytest.approx(share * M**2 / (1 - share), rel=1e-2)
    assert state.branch == ("static",)
    assert state.slowest == pytest.approx(J0 * S, rel=2e-2)  # d(drive)/d(mean): M = S (m + c)


def test_affine_units_with_convergent_motifs():
    """Couplings of one unit share a random part a/N: x = J0 M + a M z, M = c/(1 - J0)."""
    n, a = dmft.notation, 0.7
    own = dmft.ensemble(a**2 / n.N**2 * n.delta(n.i, n.k), mean=J0 / n.N)
    state = dmft.solve(dmft.Network(own, AFFINE))[0]
    M = OFFSET / (1 - J0)
    assert float(state.rates[0]) == pytest.approx(M, rel=1e-8)
    assert float(state.means[0]) == pytest.approx(J0 * M, rel=1e-8)
    assert float(state.variance[0]) == pytest.approx((a * M) ** 2, rel=1e-6)
