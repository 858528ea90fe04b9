"""Check the built site: `make docs-check`.

Every page stands alone (nothing is loaded from another host), shows no raw LaTeX, and leads to
pages, anchors and files that exist.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LATEX = re.compile(r"\\(?:frac|sum|int|langle|rangle|mathrm|partial|phi|tau|alpha|left|big)"
                   r"(?![a-z])|\$\$")
UNREAD = {"script", "style", "code", "pre", "annotation", "math"}
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src"}


class Page(HTMLParser):
    """Anchors, links, what is loaded, and text outside of code and formulas."""

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.inside = path, 0
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.text: list[str] = []
        self.bad_formulas: list[str] = []
        self.in_math = 0
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        for name in ("id", "name"):
            if given.get(name):
                self.anchors.add(given[name])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        loads = tag != "link" or given.get("rel") in ("stylesheet", "icon", "preload")
        if tag in LOADED and given.get(LOADED[tag]) and loads:
            self.loaded.append(given[LOADED[tag]])
        self.inside += tag in UNREAD
        self.in_math += tag == "math"

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in UNREAD
        self.in_math -= tag == "math"

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text.append(data)
        if self.in_math and "\\" in data:
            self.bad_formulas.append(data.strip())


def problems(site: Path) -> list[str]:
    """One line for each fault of the site."""
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))
             if "_static" not in path.parts}
    found = []
    for path, page in pages.items():
        here = path.relative_to(site)
        for one in page.loaded:
            if urlsplit(one).netloc:
                found.append(f"{here}: loads {one}")
        for part in page.bad_formulas:
            found.append(f"{here}: a formula shows {part[:40]!r}")
        for part in LATEX.findall("".join(page.text)):
            found.append(f"{here}: shows raw LaTeX {part!r}")
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            if not target.exists():
                found.append(f"{here}: leads to {link}, which does not exist")
            elif parts.fragment and target.suffix == ".html":
                there = pages.get(site.resolve() / target.relative_to(site.resolve()))
                if there and unquote(parts.fragment) not in there.anchors:
                    found.append(f"{here}: leads to {link}, an anchor that does not exist")
    return found


if __name__ == "__main__":
    site = Path(sys.argv[1]).resolve()
    faults = problems(site)
    print("\n".join(faults) or f"{len(list(site.rglob('*.html')))} pages, no fault")
    sys.exit(bool(faults))
