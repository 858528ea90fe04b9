"""Multiregion networks: cross-region currents through low-rank couplings."""

from .attractor_manifold import AttractorManifold, attractor_manifold
from .energy import energy
from .network import MultiregionNetwork
from .period import period
from .random_class import random_solution_class
from .random_overlaps import effective_matrix, random_overlaps
from .solution_class import SolutionClass, solution_class
from .structured_region import (
    StructuredRegion,
    chaos_onset,
    region_phase,
    structure_loss,
    structured_region,
)
from .symmetric_strengths import symmetric_strengths

__all__ = ["AttractorManifold", "MultiregionNetwork", "SolutionClass", "StructuredRegion",
           "attractor_manifold", "chaos_onset", "effective_matrix", "energy", "period",
           "random_overlaps", "random_solution_class", "region_phase", "solution_class",
           "structure_loss", "structured_region", "symmetric_strengths"]
