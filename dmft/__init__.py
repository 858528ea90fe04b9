"""Dynamical mean-field theory of random recurrent networks."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

__version__ = "0.2.0"

# In a bare checkout `derivations/` and `validation/` stand beside this folder: make them importable
# as dmft.derivations and dmft.validation there too, as they are in an installed package.
_root = Path(__file__).resolve().parent.parent
if (_root / "derivations" / "printing" / "emit.py").exists():
    __path__.append(str(_root))

# public name -> module that defines it; imported on first use
_HOME = {
    "ClosedForm": "network.nonlinearity",
    "ConvergenceError": "base.errors",
    "CostWarning": "base.errors",
    "ModelError": "base.errors",
    "ResolutionWarning": "base.errors",
    "StorageError": "base.errors",
    "StorageWarning": "base.errors",
    "Estimate": "base.estimate",
    "gaussian_averages": "averages.gaussian_averages",
    "Branch": "branches.branch",
    "BranchPoint": "branches.branch",
    "continue_in": "branches.continuation",
    "Hebbian": "ensembles.hebbian",
    "IID": "ensembles.iid",
    "LowRank": "ensembles.low_rank",
    "Matrix": "ensembles.matrix",
    "Modes": "ensembles.modes",
    "RegionalHebbian": "ensembles.hebbian",
    "RegionalIID": "ensembles.regional_iid",
    "Spectrum": "ensembles.spectrum",
    "Dimension": "fluctuations.dimension",
    "dimension": "fluctuations.dimension",
    "FourPoint": "fluctuations.four_point",
    "four_point": "fluctuations.four_point",
    "fixed_points": "finding_fixed_points",
    "Lags": "grids.lags",
    "Times": "grids.times",
    "RandomNetwork": "iid.random_network",
    "lyapunov_exponent": "lyapunov.lyapunov_exponent",
    "LyapunovSpectrum": "lyapunov_spectra.spectrum_result",
    "lyapunov_spectrum": "lyapunov_spectra.lyapunov_spectrum",
    "AttractorManifold": "multiregion.attractor_manifold",
    "attractor_manifold": "multiregion.attractor_manifold",
    "energy": "multiregion.energy",
    "RegionalWeights": "multiregion.measured.regional_weights",
    "MultiregionNetwork": "multiregion.multiregion_network",
    "period": "attractors.period",
    "ChaoticOverlaps": "multiregion.chaos_search",
    "chaotic_overlaps": "multiregion.chaos_search",
    "random_activity_class": "attractors.random_classes",
    "random_solution_class": "attractors.random_classes",
    "effective_matrix": "multiregion.random_overlaps",
    "random_overlaps": "multiregion.random_overlaps",
    "ActivityClass": "attractors.activity_class",
    "activity_class": "attractors.activity_class",
    "SolutionClass": "attractors.solution_class",
    "solution_class": "attractors.solution_class",
    "StructuredRegion": "multiregion.structured_region",
    "chaos_onset": "multiregion.structured_region",
    "region_phase": "multiregion.structured_region",
    "structure_loss": "multiregion.structured_region",
    "structured_region": "multiregion.structured_region",
    "symmetric_strengths": "multiregion.energy",
    "Gains": "network.gains",
    "Input": "network.inputs",
    "Pulse": "network.inputs",
    "Network": "network.network",
    "Nonlinearity": "network.nonlinearity",
    "erf": "network.nonlinearity",
    "linear": "network.nonlinearity",
    "relu": "network.nonlinearity",
    "tanh": "network.nonlinearity",
    "Complexity": "plasticity.complexity",
    "active_family_onset": "plasticity.fixed_point_onsets",
    "fixed_point_onset": "plasticity.fixed_point_onsets",
    "FixedPointFamily": "plasticity.fixed_points",
    "PlasticFixedPoints": "plasticity.fixed_points",
    "Frozen": "plasticity.freezing",
    "freeze": "plasticity.freezing",
    "freezing_onset": "plasticity.freezing_onset",
    "PhaseDiagram": "plasticity.phase_diagram",
    "phase_diagram": "plasticity.phase_diagram",
    "Phase": "plasticity.phases",
    "MeanCouplings": "ensembles.mean_couplings",
    "PopulationNetwork": "populations.population_network",
    "PopulationState": "populations.population_states",
    "PopulationStates": "populations.population_states",
    "phase": "plasticity.phases",
    "PlasticNetwork": "plasticity.plastic_network",
    "Connectivity": "random_modes.connectivity.connectivity",
    "load_connectivity": "random_modes.connectivity.load",
    "ConnectivityModes": "random_modes.connectivity_modes",
    "measure_connectivity": "random_modes.connectivity_modes",
    "HeterogeneousNetwork": "random_modes.heterogeneous_network",
    "RandomModeNetwork": "random_modes.random_mode_network",
    "rotated_network": "random_modes.rotated_network",
    "RegionalState": "regions.stationary_states",
    "StationaryStates": "regions.stationary_states",
    "DerivedEnsemble": "own.own_ensemble",
    "ensemble": "own.own_ensemble",
    "notation": "own.notation",
    "SamplingOptions": "sampled.sampling_options",
    "solve": "solving",
    "jacobian_spectrum": "spectra.jacobian_spectrum",
    "JointSpectrum": "spectra.joint_spectrum",
    "joint_spectrum": "spectra.state_spectrum",
    "Solution": "stationary.solution",
    "Timescales": "stationary.timescales",
    "timescales": "stationary.timescales",
    "support": "finding_support",
    "register": "storage.encoding",
    "load": "storage.files",
    "save": "storage.files",
    "ScanError": "storage.scan",
    "ScanInterrupted": "storage.scan",
    "scan": "storage.scan",
    "PathOptions": "paths_in_time.path_options",
    "SampledTimeSolution": "paths_in_time.path_solution",
    "Schedule": "paths_in_time.schedule",
    "TimeSolution": "two_time.time_solution",
    "Delayed": "units.delayed",
    "Map": "units.discrete_map",
    "Leaky": "units.leaky",
    "Adaptation": "units.named_units",
    "SynapticFilter": "units.named_units",
    "Rational": "units.rational",
}
_MODULES = ("derivations", "validation")

__all__ = sorted([*_HOME, *_MODULES])


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    from .base.errors import no_attribute

    raise no_attribute(__name__, name, __all__)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
