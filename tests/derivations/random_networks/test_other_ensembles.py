"""Ensembles that the package does not contain, through the same engine."""

from dataclasses import dataclass

import pytest
import sympy as sp

from dmft.derivations.engine.couplings import IID, Ensemble, Sum, explicit_average
from dmft.derivations.engine.disorder import (
    N,
    delta0,
    group,
    h,
    i,
    j,
    k,
    network_action,
    noise,
    phi,
    s,
    t,
    term,
    x,
    xhat,
)
from dmft.derivations.engine.saddle import C_phi, R_phi, single_site, single_site_directly
from dmft.derivations.plasticity.hebbian import Hebbian
from dmft.derivations.random_modes.modes import Modes

g, r = sp.symbols("g r", positive=True)
m, n = map(sp.IndexedBase, "mn")
ACTION = network_action()


@dataclass(frozen=True)
class RankOne(Ensemble):
    """J_ij = m_i n_j / N with loadings of the sites."""

    def mean(self):
        return m[i] * n[j] / N * sp.KroneckerDelta(t, s)


def test_rank_one_drives_along_its_loading():
    site = single_site(ACTION, RankOne())
    latent = sp.Function("mean_phi_n")
    for at in range(2):
        expected = -x[at] + h[at] + sp.Symbol("m") * latent(at)
        assert sp.simplify(_bare(site.drift[at]) - expected) == 0
    assert site.leftover == 0
    assert all(site.memory_kernel[pair] == 0 for pair in site.memory_kernel)


def _bare(expression):
    """Loadings as plain symbols."""
    return expression.xreplace({m.label: sp.Symbol("m"), n.label: sp.Symbol("n")})


def test_hebbian_plasticity_remembers_its_own_past():
    """Clark & Abbott 2024: memory (k/p) exp(-(t-s)/p) C(t, s), without presynaptic reaction."""
    k, p = sp.symbols("k p", positive=True)
    site = single_site(ACTION, Hebbian(k, p) + IID(g), range(3))
    for late, early in ((1, 0), (2, 0), (2, 1)):
        expected = k / p * sp.exp(-sp.Integer(late - early) / p) * C_phi(late, early)
        assert sp.simplify(site.memory_kernel[late, early] - expected) == 0
        assert site.memory_kernel[early, late] == 0
        assert sp.simplify(site.noise_covariance[late, early] - g**2 * C_phi(late, early)) == 0
    assert sp.simplify(site.leftover) == 0


def test_random_modes_with_overlaps():
    """Their log-determinant gives the memory <D rho> delta + <D^2 rho^2 R>, and noise |T/S|^2 C."""
    D, rho, alpha = sp.symbols("D rho alpha", positive=True)
    site = single_site(ACTION, Modes(D, rho, alpha))
    at_once, later = site.memory_kernel[1, 1], site.memory_kernel[1, 0]
    assert sp.simplify(at_once - alpha * D * rho) == 0
    assert sp.simplify(later - alpha * D**2 * rho**2 * R_phi(1, 0)) == 0
    assert site.memory_kernel[0, 1] == 0
    assert sp.simplify(site.leftover) == 0
    first = site.noise_covariance[0, 0] - 2 * noise**2 * delta0
    assert sp.simplify(first - alpha * D**2 * C_phi(0, 0)) == 0
    # P C P^T with P = 1/(1 - D rho R), to the order that two instants can show.
    across = alpha * D**2 * (C_phi(1, 0) + D * rho * R_phi(1, 0) * C_phi(0, 0))
    assert sp.simplify(site.noise_covariance[1, 0] - across) == 0


def test_modes_without_overlap_are_the_iid_network():
    D, alpha = sp.symbols("D alpha", positive=True)
    modes = single_site(ACTION, Modes(D, sp.S.Zero, alpha))
    network = single_site(ACTION, IID(D * sp.sqrt(alpha)))
    for pair in network.noise_covariance:
        difference = modes.noise_covariance[pair] - network.noise_covariance[pair]
        assert sp.simplify(difference) == 0
        assert sp.simplify(modes.memory_kernel[pair] - network.memory_kernel[pair]) == 0


def test_a_sum_of_all_of_them_adds_noise_and_memory():
    k, p, D, alpha = sp.symbols("k p D alpha", positive=True)
    parts = (IID(g, r), Hebbian(k, p), Modes(D, sp.S.Half, alpha), RankOne())
    total = single_site(ACTION, Sum(parts))
    alone = [single_site(ACTION, part) for part in parts]
    nothing = single_site(ACTION, Ensemble())
    for pair in total.noise_covariance:
        noises = sum(one.noise_covariance[pair] - nothing.noise_covariance[pair] for one in alone)
        noises += nothing.noise_covariance[pair]
        assert sp.simplify(total.noise_covariance[pair] - noises) == 0
        memories = sum(one.memory_kernel[pair] for one in alone)
        assert sp.simplify(total.memory_kernel[pair] - memories) == 0


@dataclass(frozen=True)
class SharedInput(Ensemble):
    """J_ij = a_i / N, equal for all inputs of a unit: a covariance that fixes one site only."""

    def covariance(self):
        return g**2 / N**2 * sp.KroneckerDelta(i, k)


def test_couplings_shared_by_a_row_make_the_mean_a_quenched_noise():
    site, mean = single_site(ACTION, SharedInput()), sp.Function("mean_phi")
    assert sp.expand(site.noise_covariance[1, 0] - g**2 * mean(1) * mean(0)) == 0
    assert all(value == 0 for value in site.memory_kernel.values())
    assert site.leftover == 0


def test_other_than_products_of_sites_is_refused():
    with pytest.raises(ValueError, match="single sites"):
        group(sp.Sum(phi[j, 0], (j, 1, N)) * xhat[i, 0])


GAUSSIAN = [RankOne(), SharedInput(), Hebbian(*sp.symbols("k p")), IID(g, r)]


@pytest.mark.parametrize("ensemble", GAUSSIAN)
def test_saddle_point_agrees_with_direct_decoupling(ensemble):
    saddle, direct = single_site(ACTION, ensemble), single_site_directly(ACTION, ensemble)
    for pair in saddle.noise_covariance:
        assert sp.simplify(saddle.noise_covariance[pair] - direct.noise_covariance[pair]) == 0
        assert sp.simplify(saddle.memory_kernel[pair] - direct.memory_kernel[pair]) == 0
    for at in saddle.drift:
        assert sp.simplify(saddle.drift[at] - direct.drift[at]) == 0


def test_integrals_over_three_units_agree_with_the_functional():
    coupling = term(ACTION, "coupling")
    W = IID(g, r).functional(coupling, range(1))
    found = explicit_average(IID(g, r), coupling, 3, range(1)) - W.at_sites(3)
    assert sp.expand(sp.simplify(found)) == 0


def test_an_ensemble_without_a_draw_is_reported():
    with pytest.raises(NotImplementedError, match="Ensemble"):
        Ensemble().sample(2)
