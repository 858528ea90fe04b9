"""Draw the house in one picture, from what the files import: `make picture`.

Every room is a box on its floor, with the beginning of its own introduction; a line leads from a
room down to those that it imports. Lines that follow from others (a imports b, b imports c,
a imports c) are left out; lines that skip a floor are dashed.
"""

from __future__ import annotations

import ast
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.house.floors import (  # noqa: E402
    FLOORS,
    WITHIN,
    room_of,
    sources,
    within_package,
)

PICTURE = ROOT / "docs" / "figures" / "architecture.svg"
WIDTH, ROW, BOX, GAP = 1180, 92, 46, 56  # of the picture, a floor, a box, and between boxes
FILL = {"derivations": "#f3e2c7", "validation": "#d9ead3", "dmft": "#d6e4f2"}
LETTER = 5.6  # width of a letter of the small font
NAMES = {"dmft": "public names", "__main__": "command line", "solving": "solve",
         "finding_fixed_points": "fixed_points"}


def unit(module: str) -> str:
    """The box of a module: its room, or its house where that is one box."""
    house, room = room_of(module)
    return house if house in WITHIN else room


def edges() -> set[tuple[str, str]]:
    """(box, box that it imports), without those that follow from others."""
    direct: dict[str, set[str]] = {}
    for _, here, there, _ in within_package(sources()):
        if unit(here) != unit(there):
            direct.setdefault(unit(here), set()).add(unit(there))

    def below(box: str) -> set[str]:
        return set().union(*({one} | below(one) for one in direct.get(box, ())), set())

    return {(box, one) for box, ones in direct.items() for one in ones
            if not any(one in below(other) for other in ones - {one})}


def introduction(box: str) -> str:
    """The first words of a room's docstring, or of the file at the front door."""
    folder = ROOT / box if box in WITHIN else ROOT / "dmft" / box
    file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    if box == "dmft":
        return "dmft/__init__.py"
    first = (ast.get_docstring(ast.parse(file.read_text())) or "").partition("\n")[0]
    for end in (":", ",", "."):
        head, found, rest = first.partition(end)
        if end == ":" and len(head) < 18:  # "solve: the theory of a network"
            head = rest.partition(",")[0].strip()
        if found and len(head) <= 40:
            return head
    return first[:40].rsplit(" ", 1)[0]


def places() -> dict[str, tuple[float, float, float]]:
    """(x, y, width) of each box, the ground floor at the bottom."""
    found: dict[str, tuple[float, float, float]] = {}
    for floor, boxes in enumerate(FLOORS):
        widths = [LETTER * max(len(introduction(box)), 1.2 * len(title(box))) + 24
                  for box in boxes]
        x = (WIDTH - sum(widths) - GAP * (len(boxes) - 1)) / 2
        for box, width in zip(boxes, widths, strict=True):
            found[box] = (x, ROW * (len(FLOORS) - 1 - floor) + 12, width)
            x += width + GAP
    return found


def title(box: str) -> str:
    """The name of a box. No count of files: the picture would be out of date with every new one."""
    return NAMES.get(box, box)


def picture() -> str:
    """The SVG."""
    at = places()
    floor = {box: height for height, boxes in enumerate(FLOORS) for box in boxes}
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {ROW * len(FLOORS)}" '
             'font-family="DejaVu Sans, Helvetica, sans-serif">',
             f'<rect width="{WIDTH}" height="{ROW * len(FLOORS)}" fill="white"/>']
    for above, below in sorted(edges()):
        x1, y1, w1 = at[above]
        x2, y2, w2 = at[below]
        a, top, b, bottom = x1 + w1 / 2, y1 + BOX, x2 + w2 / 2, y2
        half = (top + bottom) / 2
        skips = ' stroke-dasharray="5,4"' if floor[above] - floor[below] > 1 else ""
        lines.append(f'<path d="M{a:.1f},{top:.1f} C{a:.1f},{half:.1f} {b:.1f},{half:.1f} '
                     f'{b:.1f},{bottom:.1f}" fill="none" stroke="#555" stroke-width="1.2"{skips}/>')
    for box, (x, y, width) in at.items():
        middle = x + width / 2
        lines += [f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BOX}" rx="5" '
                  f'fill="{FILL.get(box, FILL["dmft"])}" stroke="#444"/>',
                  f'<text x="{middle:.1f}" y="{y + 19:.1f}" text-anchor="middle" font-size="13" '
                  f'font-weight="bold">{escape(title(box))}</text>',
                  f'<text x="{middle:.1f}" y="{y + 36:.1f}" text-anchor="middle" font-size="10.5" '
                  f'fill="#333">{escape(introduction(box))}</text>']
    return "\n".join([*lines, "</svg>"]) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture())
    print(PICTURE)
