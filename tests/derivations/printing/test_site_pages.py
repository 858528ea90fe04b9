"""The derivation of a network as a text: its terms, its steps, and well-formed LaTeX."""

import numpy as np
import pytest
import sympy

import dmft
from dmft.base.errors import ModelError
from dmft.derivations.engine.derivation import DerivationError
from dmft.derivations.printing import site_pages
from tests.ensembles.examples import ENSEMBLES

n = dmft.notation


def timing():
    p = sympy.Symbol("p", positive=True)
    mean = (sympy.exp(-(n.t - n.s) / p) / n.N * sympy.exp(-(n.s - n.u)) * sympy.Heaviside(n.s - n.u)
            * n.phi[n.i, n.s] * n.phi[n.j, n.u])
    return dmft.ensemble(1 / n.N**2 * (n.delta(n.j, n.k) + n.delta(n.i, n.l)
                                       + n.delta(n.i, n.k) + n.delta(n.j, n.l)),
                         mean, values={"p": 2.0})


NETWORKS = [dmft.RandomNetwork(2.0, reciprocity=0.3), dmft.PlasticNetwork(2.0, -1.0, 2.5),
            dmft.RandomModeNetwork([1.5, 1.0], 0.4), dmft.PopulationNetwork([[1.0]], 0.5),
            dmft.MultiregionNetwork(0.5, np.ones((2, 2, 2)) / 4),
            dmft.Network((dmft.IID(1.0), timing())),
            *(dmft.Network(one) for one in ENSEMBLES)]


@pytest.mark.parametrize("network", NETWORKS, ids=lambda one: repr(one)[:40])
def test_the_text_is_well_formed_latex(network):
    text = network.derivation.to_latex()
    assert text.count("{") == text.count("}")
    assert text.count("\\begin{") == text.count("\\end{")
    assert text.count("\\left") == text.count("\\right")
    assert text.count("$") % 2 == 0
    assert "\\paragraph{One unit.}" in text


def test_the_terms_of_a_sum():
    text = dmft.Network((dmft.IID(1.0, 0.5), timing())).derivation.to_latex()
    for part in (r"g^{2} r R{\left(\tau \right)}", r"\int\limits_{0}^{\infty}", "M^{2}",
                 r"\theta\left(", "m ="):
        assert part in text


def test_a_constant_mean():
    """Its part of W has one instant; what follows from it is proved."""
    n, r = dmft.notation, sympy.Symbol("J0")
    derivation = dmft.Network((dmft.IID(1.0), dmft.ensemble(mean=r / n.N, values={"J0": 2.0})),
                              ).derivation
    text = derivation.to_latex()
    assert r"W = \sum_{t} \left(- i \langle {\phi}_{t}\rangle" in text
    assert "m = J_{0} M" in text
    assert r"\mathrm{cov}(J_{ij},J_{kl}) = 0 " in text
    assert text.count("own: J0=2: Noise, memory and drift") == 1
    derivation.check()


@pytest.mark.slow
def test_every_step_is_proved():
    dmft.Network((dmft.IID(1.0, 0.5), timing())).derivation.check()


def test_a_wrong_term_is_not_proved(monkeypatch):
    right = site_pages.stationary_site

    def wrong(mean, covariance):
        site = right(mean, covariance)
        return site_pages.StationarySite(site.noise + site.noise, site.memory, site.drift)

    monkeypatch.setattr(site_pages, "stationary_site", wrong)
    with pytest.raises(DerivationError):
        dmft.RandomNetwork(2.0).derivation.check()


def test_an_ensemble_without_derivation_is_named():
    class Other:
        noise_gain, has_memory = 1.0, False

        def noise(self, order):
            return order.C_spectrum, order.C_static

        def memory(self, order):
            return 0 * order.S

    with pytest.raises(ModelError, match="has no derivation"):
        _ = dmft.Network(Other()).derivation
