"""Figures of the multiregion theory, in reading order; each in its own file."""

from __future__ import annotations

from . import (
    accuracy,
    chaos,
    class_examples,
    class_map,
    currents,
    disorder,
    energy,
    regions,
    spectrum,
)

FIGURES = (
    *currents.FIGURES,
    *regions.FIGURES,
    *disorder.FIGURES,
    *energy.FIGURES,
    *spectrum.FIGURES,
    *class_map.FIGURES,
    *class_examples.FIGURES,
    *chaos.FIGURES,
    *accuracy.FIGURES,
)
