"""Figures of the reference theory: independent couplings."""

from . import correlations, lyapunov_spectra

FIGURES = correlations.FIGURES + lyapunov_spectra.FIGURES

__all__ = ["FIGURES"]
