"""Random modes: connectivity spectrum, overlaps of modes, and heterogeneous neurons."""

from .random_mode_network import RandomModeNetwork

__all__ = ["RandomModeNetwork"]
