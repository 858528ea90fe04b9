"""Figures of plasticity, in the order in which they are read; each in its own file."""

from __future__ import annotations

from . import (
    figures_plasticity_activity,
    figures_plasticity_correlations,
    figures_plasticity_exponents,
    figures_plasticity_fixed_points,
    figures_plasticity_freezing,
    figures_plasticity_phases,
    figures_plasticity_spectra,
    figures_plasticity_times,
)

FIGURES = (
    *figures_plasticity_activity.FIGURES,
    *figures_plasticity_correlations.FIGURES,
    *figures_plasticity_times.FIGURES,
    *figures_plasticity_phases.FIGURES,
    *figures_plasticity_spectra.FIGURES,
    *figures_plasticity_exponents.FIGURES,
    *figures_plasticity_fixed_points.FIGURES,
    *figures_plasticity_freezing.FIGURES,
)
