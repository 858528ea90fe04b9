"""The second and third lock: the committed text gives the formulas back, and is what is printed."""

from dataclasses import replace
from pathlib import Path

import pytest

from dmft.derivations import CATALOGUE, load
from dmft.derivations.engine.derivation import DerivationError
from dmft.derivations.printing import emit

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", CATALOGUE)
def test_committed_text_gives_the_formulas_back(name):
    emit.prove((ROOT / f"dmft/equations/{name}.py").read_text(), load(name))


FRESH = emit.files()


@pytest.mark.parametrize("name", sorted(FRESH))
def test_committed_file_is_a_fresh_print(name):
    assert (ROOT / name).read_text() == FRESH[name]


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_wrong_formula_is_caught(name):
    """A sign or a factor of two in any single formula opens the second lock."""
    derivation = load(name)
    text = (ROOT / f"dmft/equations/{name}.py").read_text()
    for number, formula in enumerate(derivation.formulas):
        if formula.value == 0:
            continue
        for factor in (-1, 2):
            wrong = list(derivation.formulas)
            wrong[number] = replace(formula, value=factor * formula.value)
            with pytest.raises(DerivationError, match=formula.name):
                emit.prove(text, replace(derivation, formulas=tuple(wrong)))


def test_write_and_check_are_one_function(tmp_path, monkeypatch):
    # Proving the steps is the first lock's test; here only the files matter.
    monkeypatch.setattr("dmft.derivations.engine.derivation.Derivation.check", lambda self: None)
    assert len(emit.write(tmp_path)) == len(emit.files())
    assert emit.write(tmp_path) == []
    assert emit.check(tmp_path) == []
    module = tmp_path / "dmft/equations/iid.py"
    module.write_text(module.read_text().replace("* g**2", "* 2 * g**2"))
    (tmp_path / "docs/equations/old.md").write_text("a page that nothing derives")
    (tmp_path / "dmft/equations/transfer.py").unlink()
    wrong = emit.check(tmp_path)
    assert any("noise_covariance" in line for line in wrong)
    assert any("iid.py differs" in line for line in wrong)
    assert any("transfer" in line and "missing" in line for line in wrong)
    assert any("old.md comes from no derivation" in line for line in wrong)


def test_a_step_that_fails_is_reported(monkeypatch):
    def fails(self):
        raise DerivationError("not proved")

    monkeypatch.setattr("dmft.derivations.engine.derivation.Derivation.check", fails)
    assert len([line for line in emit.check(ROOT) if "not proved" in line]) == len(CATALOGUE)


def test_the_map_names_figures_that_exist():
    named = {formula.figure for name in CATALOGUE for formula in load(name).formulas} - {None}
    assert named
    for figure in named:
        assert (ROOT / figure).exists(), figure


def test_the_map_names_tests_that_exist():
    for name in CATALOGUE:
        for formula in load(name).formulas:
            path, _, test = formula.test.partition("::")
            assert f"def {test}(" in (ROOT / path).read_text(), formula.test
