"""Multiregion networks: cross-region currents through low-rank couplings."""

from .network import MultiregionNetwork

__all__ = ["MultiregionNetwork"]
