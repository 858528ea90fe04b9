"""Validation: finite networks simulated, and compared with the theory.

>>> from dmft import RandomNetwork, validation
>>> runs = validation.simulate(RandomNetwork(g=2.0), neurons=100, networks=8, duration=5.0,
...                            burn_in=5.0, lags=[0.0], trials=2, rng=1)
>>> runs.C_phi.shape
(1,)
"""

from __future__ import annotations

import importlib
from typing import Any

# public name -> module that defines it; imported on first use
_HOME = {
    "compare": "comparison.compare",
    "Verdict": "comparison.verdict",
    "lyapunov_exponent": "lyapunov.largest_exponent",
    "LyapunovSpectrum": "lyapunov.lyapunov_spectrum",
    "lyapunov_spectrum": "lyapunov.lyapunov_spectrum",
    "FixedPointCounts": "plasticity.enumeration",
    "enumerate_fixed_points": "plasticity.enumeration",
    "Freezes": "plasticity.freezing",
    "freeze": "plasticity.freezing",
    "Traces": "plasticity.freezing_traces",
    "freeze_traces": "plasticity.freezing_traces",
    "jacobian_eigenvalues": "plasticity.joint_jacobian",
    "extrapolate": "runs.finite_size_fit",
    "Runs": "runs.runs",
    "TimeRuns": "runs.time_runs",
    "ramp": "settings.preparation",
    "simulate": "simulation.simulate",
    "NetworkRun": "simulation.start",
    "StoredState": "simulation.start",
    "start": "simulation.start",
}
_MODULES = ("strategies",)

__all__ = [
    "FixedPointCounts", "Freezes", "LyapunovSpectrum", "NetworkRun", "Runs", "StoredState",
    "TimeRuns", "Traces", "Verdict",
    "compare", "enumerate_fixed_points", "extrapolate", "freeze", "freeze_traces",
    "jacobian_eigenvalues", "lyapunov_exponent", "lyapunov_spectrum", "ramp", "simulate",
    "start", "strategies",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    from dmft.base.errors import no_attribute

    raise no_attribute(__name__, name, __all__)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
