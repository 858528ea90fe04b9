"""Partition of the units of a weight matrix into regions."""

from __future__ import annotations

import numpy as np

from ...base import checks
from .tuning import SMALLEST_REGION


def partition(regions, units: int) -> tuple[np.ndarray, tuple[int, ...]]:
    """Order of the units, region by region, and the sizes of the regions.

    `regions` has one label (a whole number or a string) for each unit, or the size of each region,
    in the order of the units.

    Raises
    ------
    ModelError
        For labels or sizes that do not fit, and regions of fewer units than a statistic needs.
    """
    if checks.has_mask(regions):
        checks.reject("regions", regions, "has masked entries", "give a label for every unit")
    given = np.asarray(regions)
    if given.ndim != 1 or given.size == 0 or given.dtype.kind not in "iuUS":
        checks.reject("regions", regions, "neither labels of the units nor sizes of regions",
                      f"give {units} labels, or whole numbers that sum to {units}")
    if len(given) == units:
        names, label = np.unique(given, return_inverse=True)
        sizes = tuple(int(size) for size in np.bincount(label, minlength=len(names)))
        order = np.argsort(label, kind="stable")
    else:
        if given.dtype.kind not in "iu" or np.any(given < 1) or int(given.sum()) != units:
            checks.reject("regions", regions, f"neither {units} labels, nor sizes that sum to "
                          f"{units}", "give one label per unit, or the size of each region")
        sizes, order = tuple(int(size) for size in given), np.arange(units)
    if min(sizes) < SMALLEST_REGION:
        checks.reject("regions", list(sizes), f"a region has fewer than {SMALLEST_REGION} units",
                      "give larger regions: the theory is that of many units in each")
    order.flags.writeable = False
    return order, sizes
