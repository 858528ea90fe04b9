"""Random modes: connectivity spectrum, overlaps of modes, and heterogeneous neurons."""

from .connectivity import ConnectivityModes, measure_connectivity
from .connectivity_file import load_connectivity
from .heterogeneous_network import HeterogeneousNetwork
from .random_mode_network import RandomModeNetwork

__all__ = ["ConnectivityModes", "HeterogeneousNetwork", "RandomModeNetwork", "load_connectivity",
           "measure_connectivity"]
