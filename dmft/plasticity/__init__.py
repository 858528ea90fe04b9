"""Coupled neuronal-synaptic dynamics: random networks with plastic couplings."""

from .plastic_network import PlasticNetwork

__all__ = ["PlasticNetwork"]
