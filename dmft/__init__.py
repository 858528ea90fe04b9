"""Dynamical mean-field theory of random recurrent networks."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

__version__ = "0.1.0"

# In a bare checkout `derivations/` and `validation/` stand beside this folder: let them be found
# as dmft.derivations and dmft.validation there too, as they are in an installed package.
_root = Path(__file__).resolve().parent.parent
if (_root / "derivations" / "emit.py").exists():
    __path__.append(str(_root))

# public name -> module that defines it; imported when first asked for
_HOME = {
    "ConvergenceError": "errors", "ModelError": "errors", "ResolutionWarning": "errors",
    "StorageError": "errors",
    "Estimate": "estimate", "Lags": "grids", "Times": "times",
    "Hebbian": "ensembles", "IID": "ensembles", "LowRank": "ensembles",
    "RegionalIID": "ensembles",
    "Matrix": "ensembles", "Modes": "ensembles", "Spectrum": "spectrum", "Gains": "gains",
    "RandomModeNetwork": "random_modes", "HeterogeneousNetwork": "random_modes",
    "ConnectivityModes": "random_modes", "load_connectivity": "random_modes",
    "measure_connectivity": "random_modes",
    "FourPoint": "four_point_function", "four_point": "four_point_function",
    "Dimension": "activity_dimension", "dimension": "activity_dimension",
    "Network": "network", "RandomNetwork": "iid", "MultiregionNetwork": "multiregion",
    "PlasticNetwork": "plasticity", "Frozen": "plasticity", "freeze": "plasticity",
    "freezing_onset": "plasticity", "Phase": "plasticity", "phase": "plasticity",
    "PhaseDiagram": "phase_maps", "phase_diagram": "phase_maps",
    "Timescales": "correlation_times", "timescales": "correlation_times",
    "PlasticFixedPoints": "plasticity", "FixedPointFamily": "plasticity",
    "Complexity": "plasticity", "fixed_point_onset": "plasticity",
    "JointSpectrum": "plasticity", "joint_spectrum": "plasticity",
    "Input": "inputs", "Pulse": "inputs",
    "ClosedForm": "averages", "Nonlinearity": "nonlinearity",
    "erf": "nonlinearity", "linear": "nonlinearity", "relu": "nonlinearity", "tanh": "nonlinearity",
    "Solution": "solution", "TimeSolution": "time_solution", "solve": "solving",
    "RegionalState": "regional_states", "StationaryStates": "regional_states",
    "fixed_points": "dispatch",
    "Branch": "branch", "BranchPoint": "branch", "continue_in": "continuation",
    "lyapunov_exponent": "exponents",
    "jacobian_spectrum": "dispatch",
    "energy": "multiregion", "symmetric_strengths": "multiregion",
    "AttractorManifold": "multiregion", "attractor_manifold": "multiregion",
    "StructuredRegion": "multiregion", "structured_region": "multiregion",
    "chaos_onset": "multiregion", "structure_loss": "multiregion", "region_phase": "multiregion",
    "SolutionClass": "multiregion", "solution_class": "multiregion", "period": "multiregion",
    "effective_matrix": "multiregion", "random_overlaps": "multiregion",
    "random_solution_class": "multiregion",
    "ScanError": "scanning", "ScanInterrupted": "scanning", "scan": "scanning",
    "load": "saving", "save": "saving",
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
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
