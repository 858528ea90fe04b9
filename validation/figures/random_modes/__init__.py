"""Figures of random modes, in reading order; each in its own file."""

from __future__ import annotations

from . import (
    collapse,
    connectivity,
    connectivity_chaos,
    connectivity_noise,
    correlations,
    dimension,
    four_point,
    gains,
    lyapunov_spectra,
    overlaps,
    spectra,
)

FIGURES = (
    *correlations.FIGURES,
    *dimension.FIGURES,
    *spectra.FIGURES,
    *collapse.FIGURES,
    *four_point.FIGURES,
    *gains.FIGURES,
    *overlaps.FIGURES,
    *lyapunov_spectra.FIGURES,
    *connectivity.FIGURES,
    *connectivity_noise.FIGURES,
    *connectivity_chaos.FIGURES,
)
