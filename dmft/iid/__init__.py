"""The reference theory: a network with independent Gaussian couplings."""

from .random_network import RandomNetwork

__all__ = ["RandomNetwork"]
