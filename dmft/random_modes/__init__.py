"""Random modes: connectivity spectrum, overlaps of modes, and heterogeneous neurons."""

from .heterogeneous_network import HeterogeneousNetwork
from .random_mode_network import RandomModeNetwork

__all__ = ["HeterogeneousNetwork", "RandomModeNetwork"]
