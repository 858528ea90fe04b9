"""How much memory there is, and a refusal before more than that is asked for."""

from __future__ import annotations

import os
from pathlib import Path

from .checks import reject

SHARE = 0.8  # of the memory that is free now: the rest is left to everybody else


def available() -> float:
    """Bytes that can be had now: what the system says, or the control group's limit if lower.

    Infinity where the system does not say.
    """
    found = [_meminfo(), _group_limit()]
    if found[0] is None:
        found[0] = _sysconf()
    return min((b for b in found if b is not None), default=float("inf"))


def require(need: float, name: str, value, advice: str) -> float:
    """How many times `need` bytes are there; the one ModelError where they are not once.

    Parameters
    ----------
    need : float
        Bytes.
    name, value : str, object
        The argument that makes the need.
    advice : str
        What to change.

    Raises
    ------
    ModelError
        If the need is above `SHARE` of what is available.
    """
    have = SHARE * available()
    if need > have:
        reject(name, value, f"needs {need / 2**30:.3g} GiB of memory and {have / 2**30:.3g} GiB "
               "can be had", advice)
    return have / need


def _meminfo() -> float | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(float(line.split()[1]) * 1024 for line in lines
                    if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return None


def _group_limit() -> float | None:
    root = Path("/sys/fs/cgroup")
    for limit, used in (("memory.max", "memory.current"),
                        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")):
        try:
            return float((root / limit).read_text()) - float((root / used).read_text())
        except (OSError, ValueError):  # no such file, or the word "max"
            continue
    return None


def _sysconf() -> float | None:
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return None
