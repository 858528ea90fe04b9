"""Memory and time of a call: an error before it needs more than there is, a warning if it is long.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from .checks import reject
from .errors import CostWarning
from .tuning import LONG_RUN, MEMORY_SHARE


def available() -> float:
    """Bytes of memory available now: the system's, or those of the control group if fewer.

    Infinity where the system reports neither.
    """
    found = [_meminfo(), _group_limit()]
    if found[0] is None:
        found[0] = _sysconf()
    return min((b for b in found if b is not None), default=float("inf"))


def require(need: float, name: str, value, advice: str) -> float:
    """Raise ModelError if `need` bytes are not available.

    Parameters
    ----------
    need : float
        Bytes, above 0.
    name, value : str, object
        The argument that determines how many bytes are needed.
    advice : str
        What to change.

    Returns
    -------
    float
        How many times `need` fits into the available memory, 1 or above.

    Raises
    ------
    ModelError
        If `need` is above the share MEMORY_SHARE of the available memory.
    """
    have = MEMORY_SHARE * available()
    if need > have:
        reject(name, value, f"needs {need / 2**30:.3g} GiB of memory and {have / 2**30:.3g} GiB "
               "are available", advice)
    return have / need


def warn_if_long(seconds: float, what: str, advice: str, *, more: str = "",
                 stacklevel: int) -> bool:
    """CostWarning if a rough duration on one core is above LONG_RUN; whether it is.

    Parameters
    ----------
    seconds : float
        The duration.
    what, more, advice : str
        What takes so long, what else it needs, and what to change.
    stacklevel : int
        As if the caller gave the warning.
    """
    if seconds <= LONG_RUN:
        return False
    warnings.warn(f"{what} take roughly {duration(seconds)} on one core, or longer{more}; {advice}",
                  CostWarning, stacklevel=stacklevel + 1)
    return True


def duration(seconds: float) -> str:
    """A duration in the unit in which it is read, to one digit or two."""
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds:.2g} seconds"


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
        except (OSError, ValueError):  # no such file, or the text "max" (no limit)
            continue
    return None


def _sysconf() -> float | None:
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return None
