"""Coupled neuronal-synaptic dynamics: random networks with plastic couplings."""

from .complexity import (
    Complexity,
    fixed_point_onset,
    most_numerous,
    stable_complexity,
    total_complexity,
)
from .freezing import Frozen, freeze
from .joint_support import JointSpectrum
from .onset_of_freezing import freezing_onset
from .phases import Phase, phase
from .plastic_network import PlasticNetwork
from .resting_points import (
    FixedPointFamily,
    PlasticFixedPoints,
    plastic_fixed_points,
    quiescent_point,
)
from .resting_site import has_plasticity
from .support_of_units import joint_spectrum

__all__ = ["Complexity", "FixedPointFamily", "Frozen", "JointSpectrum", "Phase",
           "PlasticFixedPoints", "PlasticNetwork", "fixed_point_onset", "freeze",
           "freezing_onset", "has_plasticity", "joint_spectrum", "most_numerous", "phase",
           "plastic_fixed_points", "quiescent_point", "stable_complexity", "total_complexity"]
