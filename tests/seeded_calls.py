"""Forty seeded calls of the public interface, whose numbers moving code must not change.

`python tests/seeded_calls.py FOLDER` runs each call of CALLS and writes its result, as named
arrays, to FOLDER; `--compare OTHER` reports every number in which two such folders differ. With
`make unchanged REV=...` the calls run on an earlier commit and on this one.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import dmft
from dmft import validation

CALLS: dict[str, Callable[[], Any]] = {}


def call(function: Callable[[], Any]) -> Callable[[], Any]:
    """Put a function among the calls."""
    CALLS[function.__name__] = function
    return function


def plastic() -> Any:
    return dmft.solve(dmft.PlasticNetwork(g=2.0, k=0.5, p=2.5), tol=1e-2, rng=0)


def regions() -> Any:
    return dmft.MultiregionNetwork.symmetric(g=2.0, c=[[0.3, 2.5], [2.5, 0.2]])


def overlapping(overlaps: float = 0.3) -> Any:
    spectrum = dmft.Spectrum.exponential(g=1.5, beta=1.0)
    return dmft.RandomModeNetwork(spectrum, overlaps=overlaps, phi=dmft.erf, noise=1.0)


def cycle() -> Any:
    T = np.zeros((3, 3, 3))
    for region in range(3):
        T[region, (region + 1) % 3, (region + 2) % 3] = 3.0
        T[region, (region + 1) % 3, region] = -2.0
    return dmft.MultiregionNetwork(g=0.5, T=T)


def trajectory() -> Any:
    start = np.random.default_rng(1).standard_normal((3, 3))
    return dmft.solve(cycle(), times=dmft.Times(40, 0.2), currents=start, variance=1.0, tol=1e-3,
                      strict=False)


def matrix() -> np.ndarray:
    return np.random.default_rng(3).standard_normal((60, 60)) / np.sqrt(60)


@call
def random_tanh():
    return dmft.solve(dmft.RandomNetwork(g=2.0))


@call
def random_erf_fourier():
    return dmft.solve(dmft.RandomNetwork(g=1.5, phi=dmft.erf), method="fourier")


@call
def random_noise():
    return dmft.solve(dmft.RandomNetwork(g=1.5, noise=0.5))


@call
def random_relu_bias():
    return dmft.solve(dmft.Network((dmft.IID(0.8),), dmft.relu, bias=0.3))


@call
def random_quiescent():
    return dmft.solve(dmft.RandomNetwork(g=0.8))


@call
def own_nonlinearity():
    import sympy

    x = sympy.Symbol("x")
    return dmft.solve(dmft.RandomNetwork(g=2.0, phi=dmft.Nonlinearity.from_sympy(sympy.atan(x))))


@call
def random_in_time():
    return dmft.solve(dmft.RandomNetwork(g=2.0), times=dmft.Times(stop=5, dt=0.1, keep=5))


@call
def reciprocity():
    return dmft.solve(dmft.RandomNetwork(g=2.0, reciprocity=0.3), tol=1e-2, rng=1)


@call
def sum_of_ensembles():
    network = dmft.Network((dmft.IID(1.0), dmft.Modes(dmft.Spectrum.flat(1.2, 0.5))), dmft.erf)
    return dmft.solve(network)


@call
def modes():
    return dmft.solve(dmft.RandomModeNetwork(dmft.Spectrum.exponential(1.5, 1.0), phi=dmft.erf,
                                             noise=1.0))


@call
def modes_with_overlaps():
    return dmft.solve(overlapping(), tol=1e-2)


@call
def modes_with_matrix_of_overlaps():
    overlaps = 0.3 * np.eye(3) + 0.1
    network = dmft.RandomModeNetwork([1.0, 1.5, 2.0], overlaps=overlaps, noise=1.0)
    return dmft.solve(network, tol=1e-2)


@call
def heterogeneous():
    network = dmft.HeterogeneousNetwork(2.0, input_gain=dmft.Gains.lognormal(0.5))
    solution = dmft.solve(network)
    return solution, dmft.dimension(solution), dmft.dimension(solution, z_scored=True)


@call
def plastic_hebbian():
    return plastic()


@call
def plastic_anti_hebbian():
    return dmft.solve(dmft.PlasticNetwork(g=2.0, k=-1.0, p=2.5), tol=1e-2, rng=2)


@call
def region_states():
    return dmft.solve(regions())


@call
def region_fixed_points_with_cross_disorder():
    network = dmft.MultiregionNetwork.symmetric(g=1.5, c=[[0.3, 2.5], [2.5, 0.2]])
    shared = dataclasses.replace(network, cross_g=[[0.0, 0.4], [0.4, 0.0]])
    return dmft.fixed_points(shared, starts=2)


@call
def regions_in_time():
    return dmft.solve(regions(), times=dmft.Times(stop=3, dt=0.1), variance=1.5,
                      currents=[[0, 1.2], [1.2, 0]])


@call
def regions_with_pulse():
    pulse = dmft.Pulse([0.5, 0.0], start=1.0, stop=2.0)
    network = dataclasses.replace(regions(), input=dmft.Input(pulse, V=[[0.3, 0.1], [0.2, 0.4]]))
    return dmft.solve(network, times=dmft.Times(stop=3, dt=0.1), currents=[[0, 1.2], [1.2, 0]])


@call
def structure():
    network = dmft.MultiregionNetwork.symmetric(g=0.0, c=[[0.3, 2.5], [2.5, 0.2]])
    return (dmft.chaos_onset(2.0), dmft.structure_loss(2.0), dmft.structured_region(2.0, 1.2),
            dmft.attractor_manifold(network))


@call
def currents_of_a_trajectory():
    solution = trajectory()
    return solution, dmft.lyapunov_exponent(solution)


@call
def class_of_currents():
    start = np.random.default_rng(1).standard_normal((3, 3))
    return dmft.solution_class(cycle(), currents=start, variance=1.0)


@call
def four_point():
    pairs = dmft.four_point(dmft.solve(dmft.RandomNetwork(g=3.0, phi=dmft.erf)))
    return pairs.psi(4.0, [4.0, -4.0]), pairs.collective_time(), pairs.single_time()


@call
def dimension():
    solution = dmft.solve(dmft.RandomNetwork(g=2.0, phi=dmft.erf, noise=0.5))
    return dmft.dimension(solution), dmft.dimension(solution, of="x")


@call
def dimension_with_overlaps():
    return dmft.dimension(dmft.solve(overlapping(-0.3), tol=1e-2))


@call
def exponent():
    return dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(g=2.0)))


@call
def exponent_of_a_plastic_network():
    return dmft.lyapunov_exponent(plastic(), tol=2e-2)


@call
def connectivity_spectra():
    return ([dmft.jacobian_spectrum(dmft.RandomNetwork(g=2.0, reciprocity=0.5)).boundary(16),
             dmft.jacobian_spectrum(regions(), gain=0.5, mean_square_gain=0.3).outliers,
             dmft.jacobian_spectrum(overlapping()).boundary(16)])


@call
def joint_spectrum():
    spectrum = dmft.jacobian_spectrum(plastic())
    return spectrum.abscissa, spectrum.contains([0.0, 0.1 + 0.2j, -1.0])


@call
def plastic_fixed_points():
    found = dmft.fixed_points(dmft.PlasticNetwork(g=1.5, k=2.0, p=2.5))
    return found, found.marginal_spectrum().abscissa, dmft.fixed_point_onset(2.0)


@call
def frozen():
    solution = dmft.solve(dmft.PlasticNetwork(g=1.5, k=1.0, p=2.5), tol=2e-2)
    return dmft.freeze(solution, tol=0.1), dmft.timescales(solution)


@call
def phase():
    return dmft.phase(dmft.PlasticNetwork(g=1.3, k=-0.5, p=2.5), tol=2e-2, freeze_tol=None)


@call
def branch():
    return dmft.continue_in(dmft.PlasticNetwork(2.0, -1.0, 2.5), "k", [-1.0, -0.5], tol=2e-2)


@call
def connectivity():
    measured = dmft.measure_connectivity(0.5 * matrix())
    turned = (measured.rotated(noise=1.0) if hasattr(measured, "rotated")  # before rooms
              else dmft.rotated_network(measured, noise=1.0))
    return measured, dmft.solve(turned, tol=2e-2)


@call
def saved_and_loaded():
    with tempfile.TemporaryDirectory() as folder:
        return dmft.load(dmft.save(dmft.solve(regions()), Path(folder) / "states"))


@call
def scan_with_a_store():
    networks = [dmft.RandomNetwork(g=g, reciprocity=0.2) for g in (1.8, 2.2)]
    with tempfile.TemporaryDirectory() as folder:
        first = dmft.scan(dmft.solve, networks, rng=5, store=Path(folder) / "scan", tol=3e-2)
        again = dmft.scan(dmft.solve, networks, rng=5, store=Path(folder) / "scan", tol=3e-2)
    return first, again


@call
def simulated():
    runs = validation.simulate(dmft.RandomNetwork(g=3.0, phi=dmft.erf), neurons=(100, 200),
                               networks=8, trials=2, duration=10, rng=1)
    verdict = validation.compare(dmft.solve(runs.network), runs)
    return runs, verdict.p_value, verdict.z


@call
def simulated_plastic():
    return validation.simulate(dmft.PlasticNetwork(g=2.0, k=1.0, p=2.5), neurons=100, networks=4,
                               duration=10, rng=2)


@call
def simulated_dimension():
    return validation.simulate(overlapping(), neurons=100, networks=4, trials=2, duration=20,
                               dimension=True, cross_lags=((1, 1), (1, -1)), rng=3)


@call
def simulated_in_time():
    return validation.simulate(regions(), neurons=100, networks=4, trials=1, dt=0.1, rng=4,
                               times=dmft.Times(stop=3, dt=0.1), at=[1, 2, 3],
                               currents=[[0, 1.2], [1.2, 0]], variance=1.5)


@call
def simulated_exponent():
    return validation.lyapunov_exponent(dmft.RandomNetwork(g=3.0), neurons=100, networks=3, rng=5)


@call
def simulated_freezing():
    return validation.freeze(dmft.PlasticNetwork(g=1.5, k=1.0, p=2.5), neurons=100, networks=3,
                             rng=6)


def flat(value: Any, at: str = "") -> dict[str, np.ndarray]:
    """The numbers in a result, each array under its dotted path."""
    if isinstance(value, dmft.Estimate):
        found = {"value": value.value, "stderr": np.asarray(value.stderr)}
        more = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)
                if field.name not in found}
        return {k: v for name, item in {**found, **more}.items()
                for k, v in flat(item, f"{at}.{name}").items()}
    if isinstance(value, np.ndarray | float | int | complex | bool | np.generic):
        return {at: np.asarray(value)}
    if dataclasses.is_dataclass(value):
        return {k: v for field in dataclasses.fields(value)
                if field.name not in ("network", "convergence")
                for k, v in flat(getattr(value, field.name), f"{at}.{field.name}").items()}
    if isinstance(value, dict):
        return {k: v for name, item in value.items() for k, v in flat(item, f"{at}.{name}").items()}
    if isinstance(value, list | tuple):
        return {k: v for i, item in enumerate(value) for k, v in flat(item, f"{at}.{i}").items()}
    return {}


def write(folder: Path) -> bool:
    """Run every call and write its numbers to FOLDER/name.npz; whether all of them ran."""
    folder.mkdir(parents=True, exist_ok=True)
    failed = False
    for name, function in CALLS.items():
        (folder / f"{name}.npz").unlink(missing_ok=True)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                np.savez(folder / f"{name}.npz", **flat(function(), name))
            print("done", name, flush=True)
        except Exception:
            print("FAILED", name, traceback.format_exc(limit=-2), flush=True)
            failed = True
    return not failed


def differences(one: Path, two: Path) -> list[str]:
    """A line for each array that differs between two folders, or is in one of them only."""
    lines = []
    for name in CALLS:
        files = [folder / f"{name}.npz" for folder in (one, two)]
        if not all(file.exists() for file in files):
            lines.append(f"{name}: missing in {[str(f) for f in files if not f.exists()]}")
            continue
        a, b = (dict(np.load(file)) for file in files)
        lines += [f"{key}: in one folder only" for key in sorted(a.keys() ^ b.keys())]
        for key in sorted(a.keys() & b.keys()):
            if a[key].shape != b[key].shape:
                lines.append(f"{key}: shapes {a[key].shape}, {b[key].shape}")
            elif not np.array_equal(a[key], b[key], equal_nan=a[key].dtype.kind in "fc"):
                apart = np.max(np.abs(np.asarray(a[key], float) - np.asarray(b[key], float)))
                lines.append(f"{key}: differs by {apart:.3g}")
    return lines


if __name__ == "__main__":
    if "--compare" in sys.argv:
        found = differences(Path(sys.argv[1]), Path(sys.argv[-1]))
        print(
            "\n".join(found) or f"all numbers of {len(CALLS)} calls are the same, to the last bit"
        )
        sys.exit(bool(found))
    sys.exit(not write(Path(sys.argv[1])))
