"""A wrong sign or factor in the modes, the engine's second order or its results is detected."""

from dataclasses import dataclass, replace

import pytest
import sympy as sp

from dmft.derivations.engine import four_point, spectral
from dmft.derivations.engine.disorder import Functional
from dmft.derivations.fluctuations import unit_covariances
from dmft.derivations.random_modes import (
    gains,
    linear_network,
    mode_covariances,
    mode_spectrum,
    random_mode_network,
)
from dmft.derivations.random_modes.modes import Modes
from dmft.derivations.random_networks import iid, iid_covariances

FACTORS = (sp.Integer(-1), sp.Rational(1, 2), sp.Integer(2))


def fails(steps):
    """Whether any step does not hold; an error raised by the engine counts as a failure."""
    for step in steps:
        try:
            if step.residual() != 0:
                return True
        except (NotImplementedError, ValueError, KeyError, ZeroDivisionError):
            return True
    return False


def named(derivation, *beginnings):
    """The steps whose statements begin so; each must exist."""
    found = [step for step in derivation.steps if step.says.startswith(beginnings)]
    assert len(found) == len(beginnings)
    return found


@dataclass(frozen=True)
class Altered(Modes):
    """Modes with an altered functional: a factor, another overlap or another strength."""

    factor: sp.Expr = sp.S.One
    overlap_factor: sp.Expr = sp.S.One
    strength_factor: sp.Expr = sp.S.One

    def functional(self, coupling, instants):
        true = Modes(self.D * self.strength_factor, self.rho * self.overlap_factor, self.alpha)
        found = true.functional(coupling, instants)
        return Functional(self.factor * found.value, found.order)


@pytest.mark.parametrize(("part", "factor"), [
    ("overlap_factor", 2),
    *(pytest.param(part, factor, marks=pytest.mark.slow) for part, factor in (
        ("overlap_factor", -1), ("factor", 2), ("factor", sp.Rational(1, 2)),
        ("strength_factor", 2), ("strength_factor", sp.Rational(1, 2)))),
])  # fmt: skip
def test_mutant_of_the_functional_is_detected(part, factor):
    """By the integrals over single entries, by noise and memory, and by the second derivatives."""
    ensemble = Altered(
        random_mode_network.D, random_mode_network.rho, random_mode_network.alpha, **{part: factor}
    )
    derivation = random_mode_network.derive(ensemble)
    for beginning in ("Given the fields", "First derivatives of W", "The second derivative of W"):
        assert fails(named(derivation, beginning)), beginning


FORMULAS = ("TRANSFER", "NOISE", "MEMORY")


@pytest.mark.slow
@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("name", FORMULAS)
def test_mutant_of_a_mode_is_detected(name, factor, monkeypatch):
    monkeypatch.setattr(random_mode_network, name, factor * getattr(random_mode_network, name))
    assert fails(named(random_mode_network.derive(), "First derivatives of W"))


@pytest.mark.slow
@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("place", random_mode_network.PROPAGATOR)
def test_mutant_of_the_propagator_is_detected(place, factor, monkeypatch):
    value = random_mode_network.PROPAGATOR[place]
    monkeypatch.setitem(random_mode_network.PROPAGATOR, place, factor * value)
    assert fails(named(random_mode_network.derive(), "A mode's propagator"))
    assert fails(named(random_mode_network.derive(), "The second derivative of W"))


@pytest.mark.slow
@pytest.mark.parametrize("place", four_point.CAUSAL[:-1])
def test_mutant_of_the_second_derivative_is_detected(place, monkeypatch):
    """By its derivation, and by the covariance in closed form."""
    generic = mode_covariances.GENERIC.copy()
    if generic[place] == 0:
        return
    generic[place] *= -1
    monkeypatch.setattr(mode_covariances, "GENERIC", generic)
    derivation = random_mode_network.derive()
    assert fails(named(derivation, "Its entries are averages"))
    assert fails(named(derivation, "Whatever these averages are"))


def terms_altered(expression, factor=-1):
    """The expression with each of its terms altered in turn."""
    terms = sp.Add.make_args(expression)
    return [sp.Add(*terms[:n], factor * one, *terms[n + 1 :]) for n, one in enumerate(terms)]


@pytest.mark.parametrize("core", terms_altered(mode_covariances.CORE), ids=str)
def test_mutant_of_the_covariance_of_phi_is_detected(core, monkeypatch):
    wrong = mode_covariances.PHI.subs(mode_covariances.CORE, core)
    assert wrong != mode_covariances.PHI
    monkeypatch.setattr(mode_covariances, "PHI", wrong)
    assert fails(named(random_mode_network.derive(), "Whatever these averages are"))
    monkeypatch.setattr(linear_network, "PHI", wrong)
    assert fails(named(random_mode_network.derive(), "Modes and independent couplings")), (
        "second route"
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(sp.Add.make_args(mode_covariances.overlap_x()))))
def test_mutant_of_the_covariance_of_x_is_detected(number, monkeypatch):
    wrong = terms_altered(mode_covariances.overlap_x())[number]
    monkeypatch.setattr(mode_covariances, "overlap_x", lambda: wrong)
    for beginning in ("The currents' covariances", "Without white noise"):
        assert fails(named(random_mode_network.derive(), beginning))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["PHI_PLAIN", "X_PLAIN"])
def test_mutant_without_overlaps_is_detected(name, monkeypatch):
    for wrong in terms_altered(sp.expand(getattr(mode_covariances, name))):
        with monkeypatch.context() as patch:
            patch.setattr(mode_covariances, name, wrong)
            assert fails(named(random_mode_network.derive(), "Without overlaps the mean square"))


@pytest.mark.parametrize("name", ["CENTER", "ALONG", "ACROSS", "EDGE"])
def test_mutant_of_the_ellipse_is_detected(name, monkeypatch):
    monkeypatch.setattr(mode_spectrum, name, 2 * getattr(mode_spectrum, name))
    assert fails(mode_spectrum.steps())


def test_mutant_of_the_cumulants_is_detected(monkeypatch):
    """One overlap too many: detected by the expansion of W and by the closed form."""
    true = linear_network.Cumulants.of

    def wrong(self, word):
        value = true(self, word)
        return 2 * value if word in ((1, 1, -1), (1, -1, 1), (-1, 1, 1)) else value

    monkeypatch.setattr(linear_network.Cumulants, "of", wrong)
    steps = linear_network.steps()
    assert fails(steps[:1])
    assert fails(steps[4:5])


def test_mutant_of_the_rank_is_detected(monkeypatch):
    monkeypatch.setattr(linear_network, "HAAR", linear_network.HAAR + 1)
    assert fails(linear_network.steps()[5:])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["WEIGHTED_PHI", "WEIGHTED_X"])
def test_mutant_of_heterogeneous_units_is_detected(name, monkeypatch):
    for wrong in terms_altered(sp.expand(getattr(gains, name))):
        with monkeypatch.context() as patch:
            patch.setattr(gains, name, wrong)
            assert fails(gains.steps()[4:6])
            assert fails(gains.steps()[6:]), "against homogeneous networks"


@pytest.mark.parametrize("wrong", terms_altered(iid_covariances.COVARIANCE / (
    iid_covariances.C_1 * iid_covariances.C_2)), ids=str)  # fmt: skip
def test_mutant_of_the_iid_covariance_is_detected(wrong, monkeypatch):
    monkeypatch.setattr(iid_covariances, "COVARIANCE",
                        iid_covariances.C_1 * iid_covariances.C_2 * wrong)  # fmt: skip
    assert fails(named(iid.derive(), "Covariances between units follow"))


@pytest.mark.parametrize("factor", FACTORS[:2])
@pytest.mark.parametrize("number", range(2))
def test_mutant_of_the_coupling_term_is_detected(number, factor, monkeypatch):
    terms = list(sp.Add.make_args(sp.expand(spectral.COUPLING.monomial)))
    terms[number] *= factor
    wrong = replace(spectral.COUPLING, monomial=sp.Add(*terms))
    for module in (spectral, unit_covariances, random_mode_network):
        monkeypatch.setattr(module, "COUPLING", wrong)
    assert fails(named(unit_covariances.derive(), "At a frequency the cosine's"))
    assert fails(named(random_mode_network.derive(), "First derivatives of W"))


@pytest.mark.parametrize("factor", FACTORS[1:])
def test_mutant_of_the_bare_covariance_is_detected(factor, monkeypatch):
    true = four_point.independent_sites
    for module in (four_point, unit_covariances):
        monkeypatch.setattr(module, "independent_sites", lambda *G: factor * true(*G))
    assert fails(named(unit_covariances.derive(), "Gaussian fields of one site"))
    assert fails(named(random_mode_network.derive(), "Whatever these averages are"))
