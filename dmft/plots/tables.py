"""Tables in HTML: what a notebook shows of a network, a solution, a verdict."""

from __future__ import annotations

import dataclasses
from html import escape
from typing import Any

import numpy as np

from ..base.estimate import Estimate
from .tuning import LONGEST_VALUE


class Shown:
    """Mixin of data classes: a notebook shows their `_summary`, by default their fields."""

    def _summary(self) -> list[tuple[str, Any]]:
        """(name, value) of each row."""
        return [(field.name, getattr(self, field.name))
                for field in dataclasses.fields(self)  # type: ignore[arg-type]
                if not field.name.startswith("_")]

    def _heading(self) -> str:
        """HTML above the table, such as an equation."""
        return ""

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th style="text-align:left">{escape(name)}</th>'
            f'<td style="text-align:left">{escape(text_of(value))}</td></tr>'
            for name, value in self._summary())
        return (f"<div><b>{escape(type(self).__name__)}</b>{self._heading()}"
                f"<table>{rows}</table></div>")


def text_of(value: Any) -> str:
    """A value on one line: arrays that are not small by shape and range."""
    if isinstance(value, Estimate) and value.ndim == 0:
        error = f" ± {float(value.stderr):.2g}" if value.stderr > 0 else ""
        return f"{float(value):.8g}{error}"
    if isinstance(value, np.ndarray) and value.size > 9:
        finite = value[np.isfinite(value)] if value.dtype.kind in "fiu" else np.zeros(0)
        span = f", {finite.min():.6g} to {finite.max():.6g}" if finite.size else ""
        return f"array of shape {value.shape}{span}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=6, separator=", ").replace("\n", "")
    text = f"{value:.8g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE - 2].rstrip() + " …"
