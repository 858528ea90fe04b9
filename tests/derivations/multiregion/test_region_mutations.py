"""A wrong sign or factor in the action, the ensemble or a result of the regions is detected."""

from dataclasses import dataclass, replace

import pytest
import sympy as sp

from dmft.derivations.engine.couplings import IID, Ensemble
from dmft.derivations.engine.disorder import Functional, between, network_action, phi, term, xhat
from dmft.derivations.engine.kinds_of_sites import Blocks, RankOne, explicit_network
from dmft.derivations.engine.saddle import C_phi, single_site, single_site_directly
from dmft.derivations.gaussian import variance_derivative
from dmft.derivations.multiregion import (
    constant_currents,
    energy,
    low_rank,
    matching,
    multiregion_network,
    static_regions,
    variance_response,
)
from dmft.derivations.multiregion.region_network import KINDS, MU, NU, loading, regions, strength

FACTORS = (sp.Integer(-1), sp.Rational(1, 2), sp.Integer(2))
ENGINE = slice(0, 12)


def failures(steps):
    """The first step that does not hold."""
    for step in steps:
        if step.residual() != 0:
            return [step.says]
    return []


def test_the_true_network_has_no_failures():
    assert failures(multiregion_network.derive().steps[ENGINE]) == []


# A Gaussian noise with the opposite sign is the same noise.
MUTANTS = [(one.name, f) for one in network_action() for f in FACTORS
           if (one.name, f) != ("noise", -1)]  # fmt: skip


@pytest.mark.parametrize(("name", "factor"), MUTANTS)
def test_mutant_of_the_action_is_detected(name, factor):
    action = tuple(
        replace(one, coefficient=factor * one.coefficient) if one.name == name else one
        for one in network_action()
    )
    assert failures(multiregion_network.derive(action=action).steps[ENGINE])


@dataclass(frozen=True)
class Altered(Ensemble):
    """Drawn like another ensemble, with a factor in its mean or covariance."""

    true: Ensemble
    factors: tuple

    def mean(self):
        return self.factors[0] * self.true.mean()

    def covariance(self):
        return self.factors[1] * self.true.covariance()

    def sample(self, size):
        return self.true.sample(size)


def altered(here, there, part, factor):
    true = regions().blocks[here, there].parts
    factors = (factor, 1) if part else (1, factor)
    parts = [Altered(one, factors) if number == part else one for number, one in enumerate(true)]
    return Blocks(dict(regions().blocks) | {(here, there): parts[0] + parts[1]})


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("part", range(2), ids=["random", "low rank"])
@pytest.mark.parametrize("there", KINDS)
def test_mutant_of_the_ensemble_is_detected(there, part, factor):
    """By the averaged exponent, by the integrals over what is drawn, and by the single site."""
    steps = multiregion_network.derive(ensemble=altered(MU, there, part, factor)).steps
    assert failures(steps[:1])
    assert failures(steps[2:3])
    assert failures(steps[4:6])


@pytest.mark.parametrize("part", range(2), ids=["random", "low rank"])
def test_exchange_of_sender_and_receiver_is_detected(part):
    """Loadings or gains of the opposite direction between two regions."""
    swapped = {
        (a, b): (IID(strength(b, a)) if part == 0 else IID(strength(a, b)))
        + (RankOne(loading("m", b, a), loading("n", b, a)) if part else
           RankOne(loading("m", a, b), loading("n", a, b)))
        for a in KINDS for b in KINDS
    }  # fmt: skip
    steps = multiregion_network.derive(ensemble=Blocks(swapped)).steps
    assert failures(steps[:1])
    assert failures(steps[4:6])


# Results stated by the derivations, and the steps that must detect an error in them.
RESULTS = [
    (low_rank, "COVARIANCE", low_rank.current_steps), (low_rank, "CURRENT", low_rank.stein_steps),
    (variance_derivative, "ERF_ENERGY", variance_derivative.variance_derivative_steps),
    (variance_derivative, "GAIN_SLOPE", variance_derivative.variance_derivative_steps),
    (constant_currents, "STRUCTURED_VARIANCE", constant_currents.constant_steps),
    (constant_currents, "CHAOS_ONSET", constant_currents.constant_steps),
    (constant_currents, "CURRENTS", constant_currents.constant_steps),
    (constant_currents, "POTENTIAL", constant_currents.constant_steps),
    (matching, "MATCHING_LOAD", matching.pair_steps),
    (matching, "SELF_CURRENT_SQUARED", matching.pair_steps),
    (matching, "STAR", matching.star_steps),
    (variance_response, "STIFFNESS", variance_response.variance_response_steps),
    (static_regions, "RESTING", static_regions.static_region_steps),
]  # fmt: skip


@pytest.mark.parametrize("factor", [-1, 2])
@pytest.mark.parametrize(("module", "name", "steps"), RESULTS, ids=lambda v: str(v)[:25])
def test_mutant_of_a_result_is_detected(module, name, steps, factor, monkeypatch):
    monkeypatch.setattr(module, name, factor * getattr(module, name))
    assert failures(steps())


@pytest.mark.parametrize("factor", [-1, 2])
@pytest.mark.parametrize("what", ["field", "variance"])
def test_mutant_of_the_energy_is_detected(what, factor, monkeypatch):
    """A factor in the v, or in the variance due to the currents, is detected by the flow."""
    true = getattr(energy, what)
    monkeypatch.setattr(energy, what, lambda *region: factor * true(*region))
    energy.flow.cache_clear()
    try:
        assert failures(energy.energy_steps()[1:4])
    finally:
        energy.flow.cache_clear()


def test_one_region_without_directions_is_the_iid_network():
    """For any reciprocity too: a kind is only a label."""
    g, r = sp.symbols("g r", positive=True)
    one = single_site(network_action(), Blocks({(MU, MU): IID(g, r)}), range(2), MU)
    plain = single_site(network_action(), IID(g, r))
    for pair in plain.noise_covariance:
        for named, bare in ((one.noise_covariance, plain.noise_covariance),
                            (one.memory_kernel, plain.memory_kernel)):  # fmt: skip
            nameless = named[pair].replace(
                lambda e: isinstance(e, sp.core.function.AppliedUndef),
                lambda e: e.func(*e.args[1:]))  # fmt: skip
            assert sp.expand(nameless - bare[pair]) == 0
    assert one.leftover == 0


def test_reciprocity_acts_within_a_block_only():
    """Blocks are independent: a unit's output is fed back through its own region only."""
    g, r = sp.symbols("g r", positive=True)
    blocks = {(a, b): IID(g, r) for a in KINDS for b in KINDS if a == b} | {(MU, NU): IID(g)}
    site = single_site(network_action(), Blocks(blocks), range(2), MU)
    assert set(site.memory_kernel[1, 0].atoms(sp.Symbol)) == {g, r, MU[0]}


def test_unequal_populations():
    """Shares do not change the site, by both routes, but change the weights of the functional."""
    share = {kind: sp.Symbol(f"f_{kind[0]}", positive=True) for kind in KINDS}
    unequal = Blocks(regions().blocks, share)
    for route in (single_site, single_site_directly):
        site = route(network_action(), unequal, range(2), NU)
        expected = sum(strength(NU, b) ** 2 * C_phi(*b, 1, 0) for b in KINDS)
        assert sp.expand(site.noise_covariance[1, 0] - expected) == 0
    W = unequal.functional(term(network_action(), "coupling"), range(1))
    assert W.value.has(share[MU])
    with pytest.raises(ValueError, match="populations"):
        W + Functional(sp.S.Zero)


def test_small_network_by_integrals_with_three_units():
    """One block alone, three units of each of two kinds at one instant."""
    block = Blocks({(MU, NU): regions().blocks[MU, NU]})
    coupling = term(network_action(), "coupling")
    W = block.functional(coupling, range(1))
    assert sp.expand(explicit_network(block, coupling, 3, range(1)) - W.at_sites(3)) == 0


def test_between_names_the_kinds():
    coupling = between(term(network_action(), "coupling"), MU, NU)
    fields = {e.base: e.indices[1] for e in coupling.monomial.atoms(sp.Indexed)}
    assert fields[xhat] == MU[0]
    assert fields[phi] == NU[0]
