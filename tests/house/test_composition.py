"""The page of compositions is what the code says, and what it says is what the verbs do."""

import runpy

import pytest

import dmft
from dmft.base.errors import ModelError
from tests.house.floors import ROOT

DOCS = runpy.run_path(str(ROOT / "docs" / "write_composition.py"))
VERBS = {"solve in time": lambda network: dmft.solve(network, times=dmft.Times(0.2, 0.1)),
         "solve": dmft.solve,
         "four_point": lambda network: dmft.four_point(dmft.solve(network)).psi(0.0, 0.0),
         "lyapunov_exponent": lambda network: dmft.lyapunov_exponent(dmft.solve(network))}


def test_the_page_is_written_from_the_code():
    assert DOCS["PAGE"].read_text() == DOCS["page"](), "run `make composition`"


CASES = [("IID", verb, condition) for verb in VERBS for condition in DOCS["CONDITIONS"]]
CASES += [("IID with reciprocity", "solve in time", "noise, odd"),
          ("Hebbian", "solve in time", "noise, odd"),
          ("MeanCouplings", "four_point", "noise, odd"),
          ("MeanCouplings", "solve", "noise, odd"),
          ("LowRank", "lyapunov_exponent", "bias, odd")]


@pytest.mark.parametrize(("name", "verb", "condition"), CASES)
def test_what_it_says_is_what_the_verb_does(name, verb, condition):
    """Cheap cells, carried out: refused exactly where the page says so."""
    network = dmft.Network(DOCS["ENSEMBLES"][name], **DOCS["CONDITIONS"][condition])
    refusal = dmft.support(network)[verb]
    if refusal:
        with pytest.raises(ModelError):
            VERBS[verb](network)
    elif name != "LowRank" and condition.startswith("noise"):
        VERBS[verb](network)


def test_one_kind_of_couplings_acts_within_each_region():
    both = dmft.Network((dmft.IID(0.5), dmft.RegionalIID([[0.3, 0.2], [0.0, 0.4]])), noise=0.5)
    assert both.ensembles[0] == dmft.RegionalIID([0.5, 0.5])
    memory = dmft.Network((dmft.IID(0.5, 0.2), dmft.Hebbian(1.0, 2.0),
                           dmft.RegionalIID([0.3, 0.2])))
    assert memory.ensembles[:2] == (dmft.RegionalIID([0.5, 0.5], 0.2),
                                    dmft.RegionalHebbian([1.0, 1.0], 2.0))
    with pytest.raises(ModelError, match="acts on one kind"):
        dmft.Network((dmft.Modes(dmft.Spectrum.flat(1.5, 0.5)), dmft.RegionalIID([0.3, 0.2])))
