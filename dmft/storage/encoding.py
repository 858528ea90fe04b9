"""Conversion of values to a tree of JSON and named arrays, and back, for `save`, `load` and `scan`.

A frozen dataclass is saved as its name and fields. Only classes of `HOME` and `register` are built.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from ..base.errors import StorageError
from .fields import check_fields, check_numbers, check_seed
from .tuning import LARGEST_WHOLE_BITS

PACKAGE = "dmft"
# class -> the module that defines it, imported when the class is first needed
HOME = {
    "Check": "base.convergence",
    "Convergence": "base.convergence",
    "Estimate": "base.estimate",
    "Branch": "branches.branch",
    "BranchPoint": "branches.branch",
    "DerivedEnsemble": "own.own_ensemble",
    "Hebbian": "ensembles.hebbian",
    "IID": "ensembles.iid",
    "LowRank": "ensembles.low_rank",
    "Matrix": "ensembles.matrix",
    "Modes": "ensembles.modes",
    "RegionalHebbian": "ensembles.hebbian",
    "RegionalIID": "ensembles.regional_iid",
    "Spectrum": "ensembles.spectrum",
    "Dimension": "fluctuations.dimension",
    "FourPoint": "fluctuations.four_point",
    "Lags": "grids.lags",
    "Times": "grids.times",
    "RandomNetwork": "iid.random_network",
    "LyapunovExponent": "lyapunov.lyapunov_exponent",
    "LyapunovSpectrum": "lyapunov_spectra.spectrum_result",
    "AttractorManifold": "multiregion.attractor_manifold",
    "ChaoticOverlaps": "multiregion.chaos_search",
    "RegionalWeights": "multiregion.measured.regional_weights",
    "MultiregionNetwork": "multiregion.multiregion_network",
    "ActivityClass": "attractors.activity_class",
    "SolutionClass": "attractors.solution_class",
    "StructuredRegion": "multiregion.structured_region",
    "Gains": "network.gains",
    "Input": "network.inputs",
    "Pulse": "network.inputs",
    "Network": "network.network",
    "Complexity": "plasticity.complexity",
    "FixedPointFamily": "plasticity.fixed_points",
    "PlasticFixedPoints": "plasticity.fixed_points",
    "Frozen": "plasticity.freezing",
    "PhaseDiagram": "plasticity.phase_diagram",
    "Phase": "plasticity.phases",
    "PhaseRow": "plasticity.phase_rows",
    "MeanCouplings": "ensembles.mean_couplings",
    "PopulationNetwork": "populations.population_network",
    "PopulationState": "populations.population_states",
    "PopulationStates": "populations.population_states",
    "PlasticNetwork": "plasticity.plastic_network",
    "ConnectivityModes": "random_modes.connectivity_modes",
    "HeterogeneousNetwork": "random_modes.heterogeneous_network",
    "RandomModeNetwork": "random_modes.random_mode_network",
    "RegionalState": "regions.stationary_states",
    "StationaryStates": "regions.stationary_states",
    "SamplingOptions": "sampled.sampling_options",
    "ConnectivitySpectrum": "spectra.connectivity_spectrum",
    "ContourSpectrum": "spectra.contour_spectrum",
    "JointSpectrum": "spectra.joint_spectrum",
    "Replicates": "stationary.solution",
    "Solution": "stationary.solution",
    "Timescales": "stationary.timescales",
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
    "Verdict": "validation.comparison.verdict",
    "Runs": "validation.runs.runs",
    "TimeRuns": "validation.runs.time_runs",
    "Settings": "validation.settings.settings",
    "TimeSettings": "validation.settings.time_settings",
}
_registered: dict[str, type] = {}

Class = TypeVar("Class", bound=type)
# takes the path of an array in the tree and the array; stores it and returns its key
Put = Callable[[str, np.ndarray], str]


def register(cls: Class) -> Class:
    """Register a dataclass of your own, so that `save` and `load` accept it (also a decorator).

    Parameters
    ----------
    cls : type
        A dataclass whose fields are numbers, strings, arrays, tuples, dicts or registered classes.
        It is saved under its name, and rebuilt by calling it with its fields.

    Returns
    -------
    type
        `cls` itself.

    Raises
    ------
    StorageError
        If `cls` is not a dataclass, or another class has the same name.

    Examples
    --------
    >>> import dataclasses
    >>> @register
    ... @dataclasses.dataclass(frozen=True)
    ... class Recording:
    ...     rate: float
    >>> Recording(2.0).rate
    2.0
    """
    if not (isinstance(cls, type) and dataclasses.is_dataclass(cls)):
        raise StorageError(f"cls={cls!r}: not a dataclass; give a class made by @dataclass")
    name = cls.__name__
    if name in HOME and cls.__module__.startswith(f"{PACKAGE}.{HOME[name]}"):
        return cls
    known = _registered.get(name)
    if name in HOME or (known is not None and known.__qualname__ != cls.__qualname__):
        raise StorageError(f"cls={cls!r}: another class named {name} is registered already; rename "
                           "yours")
    _registered[name] = cls
    return cls


def find(name: str) -> type | None:
    """The registered class of this name, or None."""
    if name in HOME:
        module = importlib.import_module(f"{PACKAGE}.{HOME[name]}")
        return getattr(module, name, None)
    return _registered.get(name)


def encode(value: Any, put: Put, at: str = "", of_phi: Callable[[Any], Any] | None = None) -> Any:
    """JSON tree of a value; each array is passed to `put`, and the tree holds its key.

    Parameters
    ----------
    value : object
        Numbers, strings, None, arrays, tuples, lists, dicts with string keys, seed sequences,
        nonlinearities and registered dataclasses, nested to any depth.
    put : callable
        `put(path, array)` stores the array and returns its key.
    at : str
        Dotted path of this value, such as `C_x.value`.
    of_phi : callable, optional
        What to record of a phi that is a plain function, and of functions that are not saved.

    Raises
    ------
    StorageError
        For a value of any other type; the message gives its path.
    """
    from . import saved_expression as expressions
    from . import saved_nonlinearity as phis

    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, np.generic):
        return encode(value.item(), put, at, of_phi)
    if isinstance(value, int):
        if value.bit_length() > LARGEST_WHOLE_BITS:
            raise StorageError(f"{at or 'the value'}: a whole number of {value.bit_length()} bits "
                               f"cannot be saved; give at most {LARGEST_WHOLE_BITS}")
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, complex):
        return {"complex": [encode(value.real, put, at), encode(value.imag, put, at)]}
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biufcSU":
            raise StorageError(f"{at or 'the value'}: an array of {value.dtype} cannot be saved; "
                               "give arrays of numbers")
        return {"array": put(at or "value", value)}
    if isinstance(value, (tuple, list)):
        items = [encode(item, put, _join(at, str(i)), of_phi) for i, item in enumerate(value)]
        return {"tuple": items} if isinstance(value, tuple) else items
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise StorageError(f"{at or 'the value'}: a dict can be saved only with string keys; "
                               "convert the keys to strings")
        return {"dict": {key: encode(item, put, _join(at, key), of_phi)
                         for key, item in value.items()}}
    if isinstance(value, np.random.SeedSequence):
        entropy = np.asarray(value.entropy, dtype=object).tolist()  # one whole number, or a list
        key = [int(number) for number in value.spawn_key]
        check_seed(entropy, key, value.pool_size)
        return {"seed": {"entropy": encode(entropy, put, at), "spawn_key": encode(key, put, at),
                         "pool_size": value.pool_size}}
    if phis.is_nonlinearity(value):
        saved = phis.encode(value, at)
        if of_phi is not None and "values" in saved:
            saved["code"] = of_phi(value)
        return {"nonlinearity": saved}
    if expressions.is_expression(value):
        return {"expression": expressions.encode(value, at)}
    if dataclasses.is_dataclass(value) and find(type(value).__name__) is type(value):
        fields = _fields(value, put, at, of_phi)
        return {"class": type(value).__name__, "fields": fields}
    raise StorageError(f"{at or 'the value'}: the type {type(value).__name__} cannot be saved; "
                       "give numbers, arrays, or a dataclass registered by dmft.register")


def _fields(value: Any, put: Put, at: str, of_phi: Callable[[Any], Any] | None) -> dict[str, Any]:
    """Trees of the fields of a dataclass; of those that are not saved, what `of_phi` records."""
    own = {f.name: f.metadata.get("saved", True) for f in dataclasses.fields(value) if f.init}
    found = {name: encode(getattr(value, name), put, _join(at, name), of_phi)
             for name, saved in own.items() if saved}
    unsaved = [name for name, saved in own.items() if of_phi is not None and not saved]
    return found | {f"{name} code": of_phi(getattr(value, name))  # type: ignore[misc]
                    for name in unsaved}


def decode(tree: Any, arrays: Mapping[str, np.ndarray], phi: Any = None) -> Any:
    """The value that a tree represents: the inverse of `encode`.

    Parameters
    ----------
    tree : JSON
        The tree that `encode` returned.
    arrays : mapping
        The arrays by their keys.
    phi : Nonlinearity, optional
        Replaces a nonlinearity of which only the name and some values were saved.

    Raises
    ------
    StorageError
        For an unknown class, or if a nonlinearity is required and was not given.
    """
    from . import saved_expression as expressions
    from . import saved_nonlinearity as phis

    if isinstance(tree, list):
        return [decode(item, arrays, phi) for item in tree]
    if isinstance(tree, float) and not math.isfinite(tree):
        raise ValueError("a number is too large for a float")
    if not isinstance(tree, dict):
        return tree
    match tree:
        case {"float": text}:
            if text not in ("inf", "-inf", "nan"):
                raise ValueError(f"{str(text)[:40]!r} is no number")
            return float(text)
        case {"complex": [_, _] as parts}:
            parts = decode(parts, arrays)
            if not all(type(part) in (int, float) for part in parts):
                raise ValueError("a complex number needs two numbers")
            return complex(*parts)
        case {"array": key}:
            array = arrays[key]
            array.flags.writeable = False
            return array
        case {"tuple": items}:
            return tuple(decode(item, arrays, phi) for item in items)
        case {"dict": items}:
            return {key: decode(item, arrays, phi) for key, item in items.items()}
        case {"seed": seed}:
            entropy, key, pool = (decode(seed["entropy"], arrays), tuple(seed["spawn_key"]),
                                  seed["pool_size"])
            check_seed(entropy, key, pool)
            return np.random.SeedSequence(entropy, spawn_key=key, pool_size=pool)
        case {"nonlinearity": saved}:
            return phis.decode(saved, phi)
        case {"expression": saved}:
            return expressions.decode(saved)
        case {"class": str(name), "fields": dict(fields)}:
            cls = find(name)
            if cls is None:
                raise StorageError(f"holds a {name[:80]}, a class that is not registered here; "
                                   "import the module that registers it, or install a newer dmft")
            given = {key: decode(item, arrays, phi) for key, item in fields.items()}
            if name in HOME:
                check_fields(cls, given)
            check_numbers(result := cls(**given))
            return result
    kind = next(iter(tree), "empty")
    raise StorageError(f"holds an entry of unknown kind {kind[:80]!r}; install a newer dmft")


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
