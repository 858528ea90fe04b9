"""Figures of the multiregion theory, in the order in which they are read; each in its own file."""

from __future__ import annotations

from . import (
    figures_multiregion_accuracy,
    figures_multiregion_currents,
    figures_multiregion_energy,
    figures_multiregion_map,
    figures_multiregion_regions,
    figures_multiregion_spectrum,
)

FIGURES = (
    *figures_multiregion_currents.FIGURES,
    *figures_multiregion_regions.FIGURES,
    *figures_multiregion_energy.FIGURES,
    *figures_multiregion_spectrum.FIGURES,
    *figures_multiregion_map.FIGURES,
    *figures_multiregion_accuracy.FIGURES,
)
