"""Figures of plasticity, in reading order; each in its own file."""

from __future__ import annotations

from . import (
    activity,
    correlations,
    dimension,
    exponents,
    fixed_points,
    freezing,
    phases,
    spectra,
    timescales,
)

FIGURES = (
    *activity.FIGURES,
    *correlations.FIGURES,
    *timescales.FIGURES,
    *phases.FIGURES,
    *spectra.FIGURES,
    *dimension.FIGURES,
    *exponents.FIGURES,
    *fixed_points.FIGURES,
    *freezing.FIGURES,
)
