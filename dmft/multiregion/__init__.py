"""Multiregion networks: cross-region currents through low-rank couplings."""

from .attractor_manifold import AttractorManifold, attractor_manifold
from .energy import energy
from .network import MultiregionNetwork
from .structured_region import (
    StructuredRegion,
    chaos_onset,
    region_phase,
    structure_loss,
    structured_region,
)
from .symmetric_strengths import symmetric_strengths

__all__ = ["AttractorManifold", "MultiregionNetwork", "StructuredRegion", "attractor_manifold",
           "chaos_onset", "energy", "region_phase", "structure_loss", "structured_region",
           "symmetric_strengths"]
