"""Benchmarks of the import: the time that `import dmft` adds, and what it loads."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from .measure import Row, timing

BASE = "import numpy, scipy.fft"
HEAVY = ("sympy", "matplotlib")


def time_and_load(repeats: int = 9) -> list[Row]:
    """Time of `import dmft` in a fresh process, and the modules it must not load."""
    cases = (BASE, "import dmft", "import dmft; dmft.solve")
    times: dict[str, list[float]] = {case: [] for case in cases}
    # in turn, so that fluctuations of the machine's load affect all equally
    for _ in range(repeats):
        for case in cases:
            times[case].append(_clock(case))
    base, own, whole = (median(times[case]) for case in cases)
    how = (f"Medians of {repeats} fresh processes each, taken in turn, on the clock, start of the "
           "interpreter included.")
    heavy = loaded("import dmft; dmft.solve(dmft.RandomNetwork(2.0))")
    return [
        Row("import dmft", f"`import dmft` against `{BASE}`", timing(base), timing(own),
            own - base, "s more", how + " Public names are imported when first used.",
            most=0.15),
        Row("import and find solve", f"`import dmft; dmft.solve` against `{BASE}`", timing(base),
            timing(whole), whole - base, "s more", how + " scipy.optimize is "
            "most of it."),
        Row("import loads", "of " + ", ".join(HEAVY) + ", loaded by import dmft and a solve",
            "-", ", ".join(heavy) or "none", len(heavy), "modules", "sys.modules in a fresh "
            "process.", most=0),
    ]


def loaded(code: str) -> list[str]:
    """The heavy libraries that a piece of code loads."""
    code += f"; import sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True,
                            text=True)
    return result.stdout.split()


def _clock(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start
