"""Multiregion networks: cross-region currents through low-rank couplings."""

from .energy import energy
from .network import MultiregionNetwork
from .symmetric_strengths import symmetric_strengths

__all__ = ["MultiregionNetwork", "energy", "symmetric_strengths"]
