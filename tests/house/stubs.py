"""The stubs of the public fronts, written from their tables: `make stubs`.

`dmft` and `dmft.validation` import their names when they are first used, which type checkers and
editors cannot follow. The stub beside each `__init__.py` imports the same names statically.
"""

from __future__ import annotations

import importlib
import textwrap
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
FRONTS = {"dmft": ROOT / "dmft", "dmft.validation": ROOT / "validation"}


def stub(front: ModuleType) -> str:
    """The text of the stub of a front: every name of its table, from the module in the table."""
    lines = ["# Written from the table in __init__.py by `make stubs`; a test compares the two."]
    lines += [f"from . import {name} as {name}" for name in sorted(front._MODULES)]
    table = sorted(front._HOME.items(), key=lambda row: (row[1], _rank(row[0])))
    lines += [f"from .{home} import {name} as {name}" for name, home in table]
    if hasattr(front, "__version__"):
        lines += ["", "__version__: str"]
    names = textwrap.wrap(", ".join(f'"{name}"' for name in sorted(front.__all__, key=_rank)),
                          width=95, break_on_hyphens=False)
    lines += ["", "__all__ = [", *(f"    {line}" for line in names)]
    return "\n".join(lines) + ",\n]\n"


def _rank(name: str) -> tuple[bool, bool, str]:
    """The order of names in which ruff expects them: IID, then Network, then solve."""
    return not name.isupper(), not name[0].isupper(), name


if __name__ == "__main__":
    for name, folder in FRONTS.items():
        (folder / "__init__.pyi").write_text(stub(importlib.import_module(name)))
