"""Multiregion networks: cross-region currents through low-rank couplings."""

from .attractor_manifold import AttractorManifold, attractor_manifold
from .energy import energy
from .network import MultiregionNetwork
from .symmetric_strengths import symmetric_strengths

__all__ = ["AttractorManifold", "MultiregionNetwork", "attractor_manifold", "energy",
           "symmetric_strengths"]
