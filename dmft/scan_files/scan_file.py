"""ScanFile: a scan as a TOML file describes it, checked before anything is computed."""

from __future__ import annotations

import inspect
import itertools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import dmft

from ..base import checks
from .texts import phi_from, unit_from
from .verbs import OF_NETWORKS, OF_SOLUTIONS, check_verb

NETWORKS = {"random": "RandomNetwork", "modes": "RandomModeNetwork", "plastic": "PlasticNetwork",
            "multiregion": "MultiregionNetwork", "population": "PopulationNetwork"}
KEYS = ("network", "verb", "seed", "parameters", "grid", "points", "options", "solve")
AXIS = ("start", "stop", "count")
MOST_VALUES = 10**6  # of one axis
GRIDS: dict[str, Any] = {"lags": dmft.Lags, "times": dmft.Times, "options": dmft.SamplingOptions}
# the network or solution, what a scan gives, and what would store a failure as a result
SET_BY_SCAN = {"network", "solution", "rng", "callback", "progress", "initial", "strict"}


@dataclass(frozen=True)
class ScanFile:
    """Networks, and what is computed of each.

    Parameters
    ----------
    verb : str
        Name of a public function of networks, or of their solutions.
    networks : tuple
    parameters : tuple of dict
        The values of each network for all parameters that any of them scans.
    options, solve : dict
        Options of the function, and of `dmft.solve` where the function takes a solution.
    seed : int

    Examples
    --------
    >>> scan = described({"network": "random", "verb": "solve", "grid": {"g": [1.5, 2.0]}})
    >>> [one.g for one in scan.networks], scan.parameters[1]
    ([1.5, 2.0], {'g': 2.0})
    """

    verb: str
    networks: tuple[Any, ...]
    parameters: tuple[dict[str, Any], ...]
    options: dict[str, Any]
    solve: dict[str, Any]
    seed: int


def read_scan(path: str | Path) -> ScanFile:
    """The scan that a file describes.

    Raises
    ------
    ModelError
        For a file that cannot be read, is no TOML, has unknown keys, or describes a network that
        cannot be; the message names the key.
    """
    try:
        with open(path, "rb") as file:
            found = tomllib.load(file)
    except OSError as error:
        checks.reject("FILE", str(path), f"cannot be read ({error.strerror or error})",
                      "give the name of a TOML file")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        checks.reject("FILE", str(path), f"not TOML: {error}", "see docs/command-line.md")
    return described(found)


def described(found: dict[str, Any]) -> ScanFile:
    """The scan of a mapping, as `tomllib.load` gives it."""
    for key in found:
        checks.one_of("key", key, KEYS)
    if "network" not in found:
        checks.reject("network", None, "missing", f"give one of {', '.join(NETWORKS)}")
    word = checks.one_of("network", found["network"], tuple(NETWORKS))
    verb = checks.one_of("verb", found.get("verb", "solve"), OF_NETWORKS + OF_SOLUTIONS)
    if "solve" in found and verb not in OF_SOLUTIONS:
        checks.reject("solve", found["solve"], f"the verb {verb} takes a network, not its solution",
                      "give its options in [options]")
    seed = checks.whole("seed", found.get("seed", 0), 0)
    fixed, points = _table(found, "parameters"), _points(found)
    for name in set(fixed) & set(_table(found, "grid")):
        checks.reject(f"parameters.{name}", fixed[name], "also in [grid], which has other values",
                      "give it in one of the two")
    options, solve = (_options(found, name, called) for name, called in
                      (("options", verb), ("solve", "solve")))
    cls = getattr(dmft, NETWORKS[word])
    networks = tuple(_network(cls, {**fixed, **one}) for one in points)
    check_verb(verb, networks)
    names = dict.fromkeys(name for one in points for name in one)
    parameters = tuple({name: one[name] if name in one else _as_written(getattr(network, name))
                        for name in names} for one, network in zip(points, networks, strict=True))
    return ScanFile(verb, networks, parameters, options, solve, seed)


def _points(found: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Parameters of each network: all combinations of the grid, then the single points."""
    grid, single = _table(found, "grid"), found.get("points", [])
    if not isinstance(single, list) or not all(isinstance(one, dict) for one in single):
        checks.reject("points", single, "no list of tables", "write [[points]] before each of them")
    axes = [[(name, value) for value in _values(name, given)] for name, given in grid.items()]
    whole = [dict(one) for one in itertools.product(*axes)] if axes else []
    if not whole and not single:
        checks.reject("grid", grid, "no network at all", "give [grid], such as g = [1.5, 2.0], or "
                      "[[points]]")
    return (*whole, *single)


def _values(name: str, given: Any) -> list[Any]:
    """The values of one axis: a list, or `start`, `stop` and `count` of equal steps."""
    if isinstance(given, dict) and set(given) == set(AXIS):
        count = checks.whole(f"grid.{name}.count", given["count"])
        if count > MOST_VALUES:
            checks.reject(f"grid.{name}.count", count, f"above {MOST_VALUES}", "give fewer values")
        start, stop = (checks.finite(f"grid.{name}.{end}", given[end]) for end in AXIS[:2])
        return np.linspace(start, stop, count).tolist()
    if not isinstance(given, list) or not given:
        checks.reject(f"grid.{name}", given, "no list of values", "give [1.0, 2.0], or "
                      "{start = 1.0, stop = 2.0, count = 11}")
    return given


def _network(cls: type, given: dict[str, Any]) -> Any:
    given = dict(given)
    for name, made in (("phi", phi_from), ("unit", unit_from)):
        if name in given:
            one = given[name]
            given[name] = tuple(map(made, one)) if isinstance(one, list) else made(one)
    return _made("parameters", cls, given)


def _as_written(value: Any) -> Any:
    """A default as the file would give it: a nonlinearity by its name."""
    return value.name if isinstance(value, dmft.Nonlinearity) else value


def _made(name: str, cls: type, given: dict[str, Any]) -> Any:
    """An object of a public class; a parameter that it lacks, or needs, is named."""
    known = inspect.signature(cls).parameters
    for key in given:
        checks.one_of(f"{name}.key", key, tuple(known))
    missing = [key for key, one in known.items() if one.default is one.empty and key not in given]
    if missing:
        checks.reject(name, sorted(given), f"without {', '.join(missing)}",
                      f"give all that dmft.{cls.__name__} requires")
    try:
        return cls(**given)
    except TypeError as error:  # a word or a date where a number is expected
        checks.reject(name, given, f"not of the kinds that dmft.{cls.__name__} takes ({error})",
                      f"see the parameters of dmft.{cls.__name__}")


def _options(found: dict[str, Any], name: str, called: str) -> dict[str, Any]:
    """Options of a public function; lags, times and options are tables of their fields."""
    given = dict(_table(found, name))
    known = set(inspect.signature(getattr(dmft, called)).parameters) - SET_BY_SCAN
    for key, value in given.items():
        checks.one_of(f"{name}.key", key, tuple(sorted(known)))
        if key in GRIDS and isinstance(value, dict):
            given[key] = _made(f"{name}.{key}", GRIDS[key], value)
    return given


def _table(found: dict[str, Any], name: str) -> dict[str, Any]:
    given = found.get(name, {})
    if not isinstance(given, dict):
        checks.reject(name, given, "no table", f"write [{name}] and one option on each line")
    return given
