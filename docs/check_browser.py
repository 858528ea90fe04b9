"""Open every page of the built site in a headless browser: part of `make docs-check`.

The browser runs what the pages' scripts do, which a reading of the files cannot. A page must ask
nothing of another host, must load all of its own files, must raise no error in its scripts, and
must show formulas, not their LaTeX. Pictures of some pages go to `docs/_build/screenshots`, for
the eye.

Chromium is looked for on the path (or at $CHROMIUM); without one the check says so and ends.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from check_site import LATEX

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
PICTURED = ("index", "plasticity", "regions", "random-modes", "lyapunov-spectrum",
            "working-memory", "gallery/index", "gallery/plot_1_random_network",
            "equations/plasticity")
# what a reader sees, without code; formulas are <math> elements, whose annotation is hidden
VISIBLE = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll("pre, code, script, style, annotation").forEach(one => one.remove());
  return copy.textContent;
}"""
UNDRAWN = """() => [...document.querySelectorAll("math")].filter(
  one => one.checkVisibility() && one.getBoundingClientRect().width < 1).length"""
BROKEN = """() => [...document.images].filter(one => !one.naturalWidth).map(one => one.src)"""


def browser() -> str | None:
    """Path of a Chromium, if there is one."""
    names = (os.environ["CHROMIUM"],) if "CHROMIUM" in os.environ else NAMES
    return next((path for path in map(shutil.which, names) if path), None)


def problems(site: Path, chromium: str, pictures: Path) -> Iterator[str]:
    """One line for each fault that the browser meets."""
    from playwright.sync_api import sync_playwright

    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        page = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS).new_page(
            viewport={"width": 1280, "height": 1000})
        met: list[str] = []
        page.on("request", lambda one: met.append(f"asks for {one.url}")
                if not one.url.startswith(("file:", "data:", "blob:")) else None)
        page.on("requestfailed", lambda one: met.append(f"could not load {one.url}"))
        page.on("pageerror", lambda error: met.append(f"a script fails: {error}"))
        for path in sorted(site.rglob("*.html")):
            if "_static" in path.parts:
                continue
            met.clear()
            page.goto(path.as_uri(), wait_until="load")
            name = path.relative_to(site).with_suffix("").as_posix()
            met += [f"shows raw LaTeX {part!r}" for part in LATEX.findall(page.evaluate(VISIBLE))]
            met += [f"shows no picture {one}" for one in page.evaluate(BROKEN)]
            if undrawn := page.evaluate(UNDRAWN):
                met.append(f"{undrawn} formulas have no width")
            if name in PICTURED:
                page.screenshot(path=pictures / f"{name.replace('/', '-')}.png", full_page=True)
            yield from (f"{name}: {one}" for one in met)


if __name__ == "__main__":
    site = Path(sys.argv[1]).resolve()
    chromium = browser()
    if chromium is None:
        print(f"no browser ({', '.join(NAMES)}, or $CHROMIUM): pages were read, not opened")
        sys.exit()
    faults = list(problems(site, chromium, site.parent / "screenshots"))
    print("\n".join(faults) or f"{chromium}: every page opened, no fault")
    sys.exit(bool(faults))
