"""Figures of plasticity, in reading order; each in its own file."""

from __future__ import annotations

from . import (
    activity,
    branches,
    correlations,
    dimension,
    exponents,
    fixed_points,
    freezing,
    in_time,
    lyapunov_spectra,
    marginal,
    phases,
    spectra,
    timescales,
    working_memory,
)

FIGURES = (
    *activity.FIGURES,
    *correlations.FIGURES,
    *timescales.FIGURES,
    *phases.FIGURES,
    *branches.FIGURES,
    *spectra.FIGURES,
    *dimension.FIGURES,
    *exponents.FIGURES,
    *lyapunov_spectra.FIGURES,
    *fixed_points.FIGURES,
    *marginal.FIGURES,
    *freezing.FIGURES,
    *in_time.FIGURES,
    *working_memory.FIGURES,
)
