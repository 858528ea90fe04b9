"""Figures, a folder for each theory: `data(...)` computes the numbers, `draw(data, axes)` draws.

`registry.py` names the theories, caches the numbers and holds the common style; read it first.
`regenerate(theory, folder)` makes them.
"""

from .registry import regenerate

__all__ = ["regenerate"]
