"""Figures of random modes, in the order in which they are read; each in its own file."""

from __future__ import annotations

from . import (
    figures_random_modes_collapse,
    figures_random_modes_connectivity,
    figures_random_modes_connectivity_chaos,
    figures_random_modes_connectivity_noise,
    figures_random_modes_correlations,
    figures_random_modes_dimension,
    figures_random_modes_four_point,
    figures_random_modes_gains,
    figures_random_modes_overlaps,
    figures_random_modes_spectra,
)

FIGURES = (
    *figures_random_modes_correlations.FIGURES,
    *figures_random_modes_dimension.FIGURES,
    *figures_random_modes_spectra.FIGURES,
    *figures_random_modes_collapse.FIGURES,
    *figures_random_modes_four_point.FIGURES,
    *figures_random_modes_gains.FIGURES,
    *figures_random_modes_overlaps.FIGURES,
    *figures_random_modes_connectivity.FIGURES,
    *figures_random_modes_connectivity_noise.FIGURES,
    *figures_random_modes_connectivity_chaos.FIGURES,
)
