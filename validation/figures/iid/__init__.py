"""Figures of the reference theory: independent couplings."""

from . import correlations, entropy_and_dimension, lyapunov_spectra, spectra_along

FIGURES = (*correlations.FIGURES, *lyapunov_spectra.FIGURES, *entropy_and_dimension.FIGURES,
           *spectra_along.FIGURES)

__all__ = ["FIGURES"]
