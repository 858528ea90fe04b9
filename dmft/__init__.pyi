# Written from the table in __init__.py by `make stubs`; a test compares the two.
from . import derivations as derivations
from . import validation as validation
from .attractors.activity_class import ActivityClass as ActivityClass
from .attractors.activity_class import activity_class as activity_class
from .attractors.period import period as period
from .attractors.random_classes import random_activity_class as random_activity_class
from .attractors.random_classes import random_solution_class as random_solution_class
from .attractors.solution_class import SolutionClass as SolutionClass
from .attractors.solution_class import solution_class as solution_class
from .averages.gaussian_averages import gaussian_averages as gaussian_averages
from .base.errors import ConvergenceError as ConvergenceError
from .base.errors import CostWarning as CostWarning
from .base.errors import ModelError as ModelError
from .base.errors import ResolutionWarning as ResolutionWarning
from .base.errors import StorageError as StorageError
from .base.errors import StorageWarning as StorageWarning
from .base.estimate import Estimate as Estimate
from .branches.branch import Branch as Branch
from .branches.branch import BranchPoint as BranchPoint
from .branches.continuation import continue_in as continue_in
from .ensembles.hebbian import Hebbian as Hebbian
from .ensembles.hebbian import RegionalHebbian as RegionalHebbian
from .ensembles.iid import IID as IID
from .ensembles.low_rank import LowRank as LowRank
from .ensembles.matrix import Matrix as Matrix
from .ensembles.mean_couplings import MeanCouplings as MeanCouplings
from .ensembles.modes import Modes as Modes
from .ensembles.regional_iid import RegionalIID as RegionalIID
from .ensembles.spectrum import Spectrum as Spectrum
from .finding_fixed_points import fixed_points as fixed_points
from .finding_support import support as support
from .fluctuations.dimension import Dimension as Dimension
from .fluctuations.dimension import dimension as dimension
from .fluctuations.four_point import FourPoint as FourPoint
from .fluctuations.four_point import four_point as four_point
from .grids.lags import Lags as Lags
from .grids.times import Times as Times
from .iid.random_network import RandomNetwork as RandomNetwork
from .lyapunov.lyapunov_exponent import lyapunov_exponent as lyapunov_exponent
from .lyapunov_spectra.lyapunov_spectrum import lyapunov_spectrum as lyapunov_spectrum
from .lyapunov_spectra.spectrum_result import LyapunovSpectrum as LyapunovSpectrum
from .multiregion.attractor_manifold import AttractorManifold as AttractorManifold
from .multiregion.attractor_manifold import attractor_manifold as attractor_manifold
from .multiregion.chaos_search import ChaoticOverlaps as ChaoticOverlaps
from .multiregion.chaos_search import chaotic_overlaps as chaotic_overlaps
from .multiregion.energy import energy as energy
from .multiregion.energy import symmetric_strengths as symmetric_strengths
from .multiregion.measured.regional_weights import RegionalWeights as RegionalWeights
from .multiregion.multiregion_network import MultiregionNetwork as MultiregionNetwork
from .multiregion.random_overlaps import effective_matrix as effective_matrix
from .multiregion.random_overlaps import random_overlaps as random_overlaps
from .multiregion.structured_region import StructuredRegion as StructuredRegion
from .multiregion.structured_region import chaos_onset as chaos_onset
from .multiregion.structured_region import region_phase as region_phase
from .multiregion.structured_region import structure_loss as structure_loss
from .multiregion.structured_region import structured_region as structured_region
from .network.gains import Gains as Gains
from .network.inputs import Input as Input
from .network.inputs import Pulse as Pulse
from .network.network import Network as Network
from .network.nonlinearity import ClosedForm as ClosedForm
from .network.nonlinearity import Nonlinearity as Nonlinearity
from .network.nonlinearity import erf as erf
from .network.nonlinearity import linear as linear
from .network.nonlinearity import relu as relu
from .network.nonlinearity import tanh as tanh
from .own.notation import notation as notation
from .own.own_ensemble import DerivedEnsemble as DerivedEnsemble
from .own.own_ensemble import ensemble as ensemble
from .paths_in_time.path_options import PathOptions as PathOptions
from .paths_in_time.path_solution import SampledTimeSolution as SampledTimeSolution
from .paths_in_time.schedule import Schedule as Schedule
from .plasticity.complexity import Complexity as Complexity
from .plasticity.fixed_point_onsets import active_family_onset as active_family_onset
from .plasticity.fixed_point_onsets import fixed_point_onset as fixed_point_onset
from .plasticity.fixed_points import FixedPointFamily as FixedPointFamily
from .plasticity.fixed_points import PlasticFixedPoints as PlasticFixedPoints
from .plasticity.freezing import Frozen as Frozen
from .plasticity.freezing import freeze as freeze
from .plasticity.freezing_onset import freezing_onset as freezing_onset
from .plasticity.phase_diagram import PhaseDiagram as PhaseDiagram
from .plasticity.phase_diagram import phase_diagram as phase_diagram
from .plasticity.phases import Phase as Phase
from .plasticity.phases import phase as phase
from .plasticity.plastic_network import PlasticNetwork as PlasticNetwork
from .populations.population_network import PopulationNetwork as PopulationNetwork
from .populations.population_states import PopulationState as PopulationState
from .populations.population_states import PopulationStates as PopulationStates
from .random_modes.connectivity.connectivity import Connectivity as Connectivity
from .random_modes.connectivity.load import load_connectivity as load_connectivity
from .random_modes.connectivity_modes import ConnectivityModes as ConnectivityModes
from .random_modes.connectivity_modes import measure_connectivity as measure_connectivity
from .random_modes.heterogeneous_network import HeterogeneousNetwork as HeterogeneousNetwork
from .random_modes.random_mode_network import RandomModeNetwork as RandomModeNetwork
from .random_modes.rotated_network import rotated_network as rotated_network
from .regions.stationary_states import RegionalState as RegionalState
from .regions.stationary_states import StationaryStates as StationaryStates
from .sampled.sampling_options import SamplingOptions as SamplingOptions
from .solving import solve as solve
from .spectra.jacobian_spectrum import jacobian_spectrum as jacobian_spectrum
from .spectra.joint_spectrum import JointSpectrum as JointSpectrum
from .spectra.state_spectrum import joint_spectrum as joint_spectrum
from .stationary.solution import Solution as Solution
from .stationary.timescales import Timescales as Timescales
from .stationary.timescales import timescales as timescales
from .storage.encoding import register as register
from .storage.files import load as load
from .storage.files import save as save
from .storage.scan import ScanError as ScanError
from .storage.scan import ScanInterrupted as ScanInterrupted
from .storage.scan import scan as scan
from .two_time.time_solution import TimeSolution as TimeSolution
from .units.delayed import Delayed as Delayed
from .units.discrete_map import Map as Map
from .units.leaky import Leaky as Leaky
from .units.named_units import Adaptation as Adaptation
from .units.named_units import SynapticFilter as SynapticFilter
from .units.rational import Rational as Rational

__version__: str

__all__ = [
    "IID", "ActivityClass", "Adaptation", "AttractorManifold", "Branch", "BranchPoint",
    "ChaoticOverlaps", "ClosedForm", "Complexity", "Connectivity", "ConnectivityModes",
    "ConvergenceError", "CostWarning", "Delayed", "DerivedEnsemble", "Dimension", "Estimate",
    "FixedPointFamily", "FourPoint", "Frozen", "Gains", "Hebbian", "HeterogeneousNetwork", "Input",
    "JointSpectrum", "Lags", "Leaky", "LowRank", "LyapunovSpectrum", "Map", "Matrix",
    "MeanCouplings", "ModelError", "Modes", "MultiregionNetwork", "Network", "Nonlinearity",
    "PathOptions", "Phase", "PhaseDiagram", "PlasticFixedPoints", "PlasticNetwork",
    "PopulationNetwork", "PopulationState", "PopulationStates", "Pulse", "RandomModeNetwork",
    "RandomNetwork", "Rational", "RegionalHebbian", "RegionalIID", "RegionalState",
    "RegionalWeights", "ResolutionWarning", "SampledTimeSolution", "SamplingOptions", "ScanError",
    "ScanInterrupted", "Schedule", "Solution", "SolutionClass", "Spectrum", "StationaryStates",
    "StorageError", "StorageWarning", "StructuredRegion", "SynapticFilter", "TimeSolution",
    "Times", "Timescales", "active_family_onset", "activity_class", "attractor_manifold",
    "chaos_onset", "chaotic_overlaps", "continue_in", "derivations", "dimension",
    "effective_matrix", "energy", "ensemble", "erf", "fixed_point_onset", "fixed_points",
    "four_point", "freeze", "freezing_onset", "gaussian_averages", "jacobian_spectrum",
    "joint_spectrum", "linear", "load", "load_connectivity", "lyapunov_exponent",
    "lyapunov_spectrum", "measure_connectivity", "notation", "period", "phase", "phase_diagram",
    "random_activity_class", "random_overlaps", "random_solution_class", "region_phase",
    "register", "relu", "rotated_network", "save", "scan", "solution_class", "solve",
    "structure_loss", "structured_region", "support", "symmetric_strengths", "tanh", "timescales",
    "validation",
]
