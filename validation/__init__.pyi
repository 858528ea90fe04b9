# Written from the table in __init__.py by `make stubs`; a test compares the two.
from . import strategies as strategies
from .comparison.compare import compare as compare
from .comparison.verdict import Verdict as Verdict
from .lyapunov.largest_exponent import lyapunov_exponent as lyapunov_exponent
from .lyapunov.lyapunov_spectrum import LyapunovSpectrum as LyapunovSpectrum
from .lyapunov.lyapunov_spectrum import lyapunov_spectrum as lyapunov_spectrum
from .plasticity.enumeration import FixedPointCounts as FixedPointCounts
from .plasticity.enumeration import enumerate_fixed_points as enumerate_fixed_points
from .plasticity.freezing import Freezes as Freezes
from .plasticity.freezing import freeze as freeze
from .plasticity.freezing_traces import Traces as Traces
from .plasticity.freezing_traces import freeze_traces as freeze_traces
from .plasticity.joint_jacobian import jacobian_eigenvalues as jacobian_eigenvalues
from .runs.finite_size_fit import extrapolate as extrapolate
from .runs.runs import Runs as Runs
from .runs.time_runs import TimeRuns as TimeRuns
from .settings.preparation import ramp as ramp
from .simulation.simulate import simulate as simulate
from .simulation.start import NetworkRun as NetworkRun
from .simulation.start import StoredState as StoredState
from .simulation.start import start as start

__all__ = [
    "FixedPointCounts", "Freezes", "LyapunovSpectrum", "NetworkRun", "Runs", "StoredState",
    "TimeRuns", "Traces", "Verdict", "compare", "enumerate_fixed_points", "extrapolate", "freeze",
    "freeze_traces", "jacobian_eigenvalues", "lyapunov_exponent", "lyapunov_spectrum", "ramp",
    "simulate", "start", "strategies",
]
