"""The check of the built site finds what it is for."""

import runpy

import pytest

from tests.house.floors import ROOT

GOOD = ('<html><body><h1 id="top">One</h1><a href="two.html#here">two</a><code>\\frac</code>'
        '<math><mi>x</mi></math><script src="local.js"></script></body></html>')
TWO = '<html><body><p id="here">Two, see <a href="one.html">one</a></p></body></html>'


@pytest.fixture
def problems(tmp_path):
    check = runpy.run_path(str(ROOT / "docs" / "check_site.py"))["problems"]

    def of(page: str) -> list[str]:
        (tmp_path / "one.html").write_text(page)
        (tmp_path / "two.html").write_text(TWO)
        return check(tmp_path)

    return of


def test_a_site_that_stands_alone_has_no_fault(problems):
    assert problems(GOOD) == []


@pytest.mark.parametrize(("good", "bad", "said"), [
    ("local.js", "https://elsewhere.org/math.js", "loads https://elsewhere.org/math.js"),
    ("One</h1>", "\\frac12</h1>", "shows raw LaTeX"),
    ("<mi>x</mi>", "<mi>\\langle</mi>", "a formula shows"),
    ("two.html#here", "three.html", "which does not exist"),
    ("two.html#here", "two.html#there", "an anchor that does not exist"),
])
def test_each_fault_is_named(problems, good, bad, said):
    found = problems(GOOD.replace(good, bad))
    assert len(found) == 1
    assert found[0].startswith("one.html: ")
    assert said in found[0]
