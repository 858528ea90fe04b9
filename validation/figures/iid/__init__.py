"""Figures of the reference theory."""

from .correlations import FIGURES

__all__ = ["FIGURES"]
