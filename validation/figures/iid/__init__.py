"""Figures of the reference theory: independent couplings."""

from .correlations import FIGURES

__all__ = ["FIGURES"]
