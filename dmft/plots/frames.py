"""Results as an xarray Dataset or a pandas DataFrame, where these libraries are installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..base.estimate import Estimate


def library(name: str, extra: str) -> Any:
    """A library that is not required, or an error that names the command to install it."""
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportError(f"{name} is not installed; run: pip install 'dmft[{extra}]'") from None


def dataset(curves: Mapping[str, tuple[tuple[str, ...], Any]], coords: Mapping[str, Any],
            attrs: Mapping[str, Any]) -> Any:
    """An xarray.Dataset of named curves with their dimensions.

    Of an `Estimate` with standard errors, these become the variable `<name>_stderr`.
    """
    xarray = library("xarray", "xarray")
    found = {}
    for name, (dims, curve) in curves.items():
        found[name] = (dims, np.asarray(curve, dtype=float))
        if isinstance(curve, Estimate) and np.any(curve.stderr != 0):
            found[f"{name}_stderr"] = (dims, curve.stderr)
    return xarray.Dataset(found, coords=dict(coords), attrs=dict(attrs))


def frame(columns: Mapping[str, Any]) -> Any:
    """A pandas.DataFrame of columns; standard errors become the column `<name>_stderr`."""
    pandas = library("pandas", "connectome")
    found: dict[str, Any] = {}
    for name, column in columns.items():
        found[name] = np.asarray(column)
        if isinstance(column, Estimate) and np.any(column.stderr != 0):
            found[f"{name}_stderr"] = column.stderr
    return pandas.DataFrame(found)
