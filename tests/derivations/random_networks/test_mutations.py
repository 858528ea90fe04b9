"""A wrong sign or a lost factor of two anywhere in the network's action or ensemble is detected."""

from dataclasses import replace
from functools import cache

import pytest
import sympy as sp

from dmft.derivations.engine import disorder
from dmft.derivations.engine.couplings import IID
from dmft.derivations.engine.disorder import (
    EQUATION,
    WHITE,
    N,
    i,
    j,
    k,
    l,
    network_action,
    phi,
    s,
    t,
    xhat,
)
from dmft.derivations.random_networks import iid

FACTORS = (sp.Integer(-1), sp.Rational(1, 2), sp.Integer(2))
TERMS = [one.name for one in network_action()]


class Altered(IID):
    """The iid ensemble with one term of its covariance multiplied by a factor."""

    def covariance(self):
        terms = list(sp.Add.make_args(sp.expand(super().covariance())))
        terms[self.number] *= self.factor
        return sp.Add(*terms)


def altered(number, factor):
    ensemble = Altered(iid.g, iid.reciprocity)
    object.__setattr__(ensemble, "number", number)
    object.__setattr__(ensemble, "factor", factor)
    return ensemble


@cache
def mutant(name, factor):
    """The whole derivation from an action with one coefficient altered."""
    return iid.derive(action=tuple(
        replace(one, coefficient=factor * one.coefficient) if one.name == name else one
        for one in network_action()
    ))  # fmt: skip


def failures(derivation, among=slice(None)):
    """The first step that does not hold; an error raised by the engine counts as a failure."""
    for step in derivation.steps[among]:
        try:
            if step.residual() != 0:
                return [step.says]
        except (NotImplementedError, ValueError, KeyError, ZeroDivisionError):
            return [step.says]
    return []


def test_the_true_action_has_no_failures():
    assert failures(iid.derive()) == []


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("name", TERMS)
def test_mutant_of_the_action_is_detected(name, factor):
    assert failures(mutant(name, factor))


# A Gaussian noise with the opposite sign is the same noise; only the action itself can tell.
DOWNSTREAM = [(n, f) for n in TERMS for f in FACTORS if (n, f) != ("noise", -1)]


@pytest.mark.parametrize(("name", "factor"), DOWNSTREAM)
def test_mutant_of_the_action_is_detected_without_its_first_step(name, factor):
    """Also without comparison with the equation of motion: later steps fail too."""
    assert failures(mutant(name, factor), slice(1, None))


@pytest.mark.parametrize(("name", "factor"), DOWNSTREAM)
def test_mutant_of_the_action_is_detected_by_the_single_site(name, factor):
    """Also without the averaged action: noise, memory or drift of the single site are wrong."""
    derivation = mutant(name, factor)
    first = next(n for n, step in enumerate(derivation.steps) if step.says.startswith("Noise:"))
    assert failures(derivation, slice(first, None))


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("number", range(2))
def test_mutant_of_the_covariance_is_detected(number, factor):
    derivation = iid.derive(ensemble=altered(number, factor))
    assert failures(derivation)
    assert failures(derivation, slice(2, None)), "by the draw or by the integrals as well"


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("number", range(2))
def test_mutant_of_the_covariance_changes_the_formulas(number, factor):
    true, false = iid.derive().formulas, iid.derive(ensemble=altered(number, factor)).formulas
    assert [f.value for f in true] != [f.value for f in false]


@pytest.mark.parametrize("factor", FACTORS)
def test_mutant_of_the_white_noise_is_detected(factor, monkeypatch):
    for module in (disorder, iid):
        monkeypatch.setattr(module, "WHITE", factor * WHITE)
    assert failures(iid.derive())


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("part", sp.Add.make_args(EQUATION))
def test_mutant_of_the_equation_is_detected(part, factor):
    action = network_action(EQUATION - part + factor * part)
    assert failures(iid.derive(action=action))


@pytest.mark.parametrize("factor", FACTORS)
def test_mutant_of_the_gaussian_average_is_detected(factor, monkeypatch):
    """The half in the exponent of a Gaussian average."""
    true = disorder.average

    def wrong(*args, **kwargs):
        mean, pairs = true(*args, **kwargs)
        return mean, factor * pairs

    for module in ("engine.disorder", "engine.couplings", "random_networks.iid"):
        monkeypatch.setattr(f"dmft.derivations.{module}.average", wrong)
    assert failures(iid.derive())


def test_average_of_the_coupling_term_is_not_transcribed():
    """Another covariance gives another average: the Kronecker deltas are summed explicitly."""
    coupling = disorder.term(network_action(), "coupling")
    shared = 1 / N**2 * sp.KroneckerDelta(i, k)
    _, pairs = disorder.average(coupling, disorder.J[disorder.i, disorder.j], covariance=shared)
    # Couplings that all leave a unit equally: three sites remain, of which l is one.
    assert sp.expand(pairs + xhat[i, t] * phi[j, t] * xhat[i, s] * phi[l, s] / (2 * N**2)) == 0
