"""The page of benchmarks: the rows, how each was measured, and the machine."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

from dmft.storage.files import write_atomically

from .measure import Row

HEAD = """\
# Benchmarks

Written by `python -m dmft bench --output docs/benchmarks.md`. Each benchmark runs in a fresh
process with one BLAS thread and without `OPENBLAS_CORETYPE` and `OPENBLAS_L2_SIZE`; both sides of
a ratio are measured in that one process, as processor time unless a note says otherwise. Absolute
times depend on the machine and its load; the ratios vary less. The plain scripts are
in `validation/benchmarks/plain/`.
"""


def write(path: Path, rows: list[Row], described: dict[str, str]) -> None:
    """Write the page atomically."""
    text = page(rows, described)
    write_atomically(path, lambda stream: stream.write(text.encode()))


def page(rows: list[Row], described: dict[str, str]) -> str:
    """The Markdown text."""
    table = ["| | what | compared with | dmft | result | target |", "|---|---|---|---|---|---|"]
    notes: dict[str, list[str]] = {}  # rows measured in the same way share a note
    for number, row in enumerate(rows, 1):
        met = {None: "", True: f"{row.target}: met", False: f"{row.target}: **missed**"}[row.met]
        cells = [str(number), row.says, row.baseline, row.ours,
                 f"**{row.value:.3g}** {row.unit}", met]
        table.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        notes.setdefault(row.how, []).append(str(number))
    how = "\n".join(f"- **{', '.join(numbers)}.** {note}" for note, numbers in notes.items())
    parts = [HEAD, "\n".join(table), "\n## How each was measured\n\n" + how,
             "\n## The machine\n\n" + "\n".join(f"- {key}: {value}"
                                                for key, value in described.items())]
    return "\n".join(parts) + "\n"


def machine() -> dict[str, str]:
    """Description of the machine and of the libraries of this process."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy"))
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "BLAS": _blas(),
        "versions": f"Python {platform.python_version()}, {versions}",
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass  # not Linux
    return platform.processor() or "unknown"


def _blas() -> str:
    """numpy's BLAS with its kernel and number of threads, where they can be determined."""
    import numpy as np
    from threadpoolctl import threadpool_info

    built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    name = f"{built.get('name')} {built.get('version')}"
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    used = {f"kernel {pool.get('architecture', 'unknown')}, threads: {pool['num_threads']}"
            for pool in pools}
    return f"{name}; " + "; ".join(sorted(used))
