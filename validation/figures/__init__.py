"""Figures, a folder for each theory: `data(...)` computes the numbers, `draw(data, axes)` draws.

`registry.py` lists the theories and caches the numbers; read it first. Colours and settings are
those of `dmft.plots`. `regenerate(theory, folder)` computes and draws the figures of a theory.
"""

from .registry import regenerate

__all__ = ["regenerate"]
