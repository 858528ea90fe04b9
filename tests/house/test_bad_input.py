"""Bad input, thrown at every public callable: one clear error that names the argument.

Each callable has a row: a call that works, and for each argument the kind of value that it takes.
Every value of the wrong kind must raise ModelError or StorageError, with the argument's name in
the message, and leave nothing behind. A public name without a row fails the first test.
"""

import functools
import inspect
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dmft
from dmft import validation
from dmft.base.errors import ModelError, StorageError

NOT_NUMBERS = [None, "two", [1.0, 2.0], {}, object(), np.nan, np.inf, -np.inf, np.array([1, 2]),
               1j, True]
BAD = {
    "nonnegative": [*NOT_NUMBERS, -1e-9, -3, 1e308],
    "positive": [*NOT_NUMBERS, 0, -0.5],
    "positive or none": [*NOT_NUMBERS[1:], 0, -0.5],
    "fraction": [*NOT_NUMBERS, -1.01, 1.01],
    "whole": [*NOT_NUMBERS, 0, -4, 2.5, 3.0],
    "strengths of pairs": ["x", -1.0, [1.0, 2.0], [[1.0]], [[np.nan, 0.0], [0.0, 0.0]]],
    "fractions": ["x", [1.0], [0.5, 0.6], [1.0, 0.0], [np.nan, 1.0]],
    "of populations": ["x", -1.0, [1.0], [1.0, -1.0], np.nan],
    "correlations": ["x", 1.5, [0.5], [[0.1, 0.2], [0.3, 0.1]], [[0.0, 2.0], [2.0, 0.0]], np.nan],
    "plastic strengths": ["x", [1.0, 2.0], [[1.0]], np.nan, object()],
    "inputs": ["x", [1.0], np.nan, [np.inf, 0.0], [[1.0, 2.0]]],
    "expression": [None, "4/N", True, np.nan, [1.0], object(), dmft.notation.phi[1, 2] ** 2],
    "draw": [3.0, "normal", lambda neurons: np.eye(neurons), lambda neurons, rng: 0.0,
             lambda neurons, rng: np.full((neurons, neurons), np.nan)],
    "numbers": ["g", [1.0], {"g": "x"}, {"g": np.nan}, {1: 2.0}],
    "text": ["", None, 3],
    "unit": [None, 1.0, "leaky", dmft.Leaky],
    "adaptation": [*NOT_NUMBERS, -1.0],
    "leak": [*NOT_NUMBERS, 0.0, 2.0],
    "fraction of s": [None, "1/(1+s)", [], [0.0], [np.nan], [1.0, 1.0], object()],
    "denominator": ["x", [], [0.0], [np.inf], [-1.0, 1.0], object()],
    "phi": [None, "tanh", np.tanh, 3.0],
    "network": [None, 2.0, "random", dmft.tanh, {}, dmft.RandomNetwork, dmft.PlasticNetwork],
    "solution": [None, 2.0, "sol", dmft.RandomNetwork(2.0), dmft.Solution],
    "option": ["", "exact", None, 3],
    "option or none": ["", "exact", 3],
    "lags": [3.0, "long", (10, 0.1)],
    "callable": [None, 3.0, "tanh"],
    "kinks": ["x", None, 3.0, [np.nan], [[1.0]], [1j], object()],
    "exponents": [[np.nan], ["-1"], [[-0.5]], [True], 2.0],
    "array": ["x", [np.nan, 1.0], [np.inf], [], [-1.0], object()],
    "dt": [*NOT_NUMBERS, 0, -0.1, 1e9],
    "tol": [*(bad for bad in NOT_NUMBERS if bad is not None), 0, -1e-8, 1e-16, 1.0],
    "rng": ["seed", -1, 2.5, [[1]]],
    "tensor": ["x", None, 2.0, [[1.0]], np.full((2, 2, 2), np.nan), np.ones((2, 2, 3)), object()],
    "strengths": [*[bad for bad in NOT_NUMBERS if not isinstance(bad, list)][:3], -1.0,
                  [1.0, 2.0, 3.0], [1.0, np.nan], [-1.0, 1.0]],
    "means": ["x", [1.0, 2.0, 3.0], [1.0, np.nan], np.inf, object()],
    "variances": ["x", -1.0, [1.0, 2.0, 3.0], [1.0, np.nan], [-1.0, 1.0]],
    "starts": ["x", 0, 2.5, [[1.0]], np.full((1, 2, 2), np.nan), np.ones((2, 3, 3)), object()],
    "cross": ["x", [[1.0, 0.0], [0.0, 0.0]], [[0.0, -1.0], [0.0, 0.0]], [1.0, 1.0]],
    "square": ["x", [[np.nan]], [[1.0, 2.0]], [[[1.0]]]],
    "input overlaps": ["x", [[np.nan]], [[1.0, 2.0]], [1.0], np.ones((2, 3, 2)), object()],
    "shares": ["x", -1.0, [1.0, 2.0, 3.0], [1.0, np.nan], [0.0, 1.0], object()],
    "partition": ["x", None, [24.0], [12], [12, 13], [23, 1], [-12, 36], [[12, 12]], object()],
    "region": [*NOT_NUMBERS, -1, 2, 0.5],
    "pulse": [*NOT_NUMBERS, -1.0],
    "keep": [0, -1, 1.5, "x"],
    "regions": [[0.5, 1.0], [2, 0], ["a"], [-1, 0]],
    "own duration": [*NOT_NUMBERS[1:], 0, -0.5],  # None is the default
    "own dt": [*NOT_NUMBERS[1:], 0, -0.1, 1e9],
    "choice": ["", "exact", 3, (), ("S", "S")],
    "variance": ["x", -1.0, np.nan, [1.0, -1.0], [1.0, 2.0, 3.0], object()],
    "stationary": [0.0, "x", [1.0], object()],
    "path": [3.5, None, "", os.path.join("no", "such", "folder", "x.npz")],
    "samples": [[], ()],
    "eigenvalue": [None, "two", [1.0, 2.0], {}, object(), np.nan, np.inf, 0.0, -1.0 + 1.0j, 1e308],
    "gains": ["x", [np.nan], [], [1.0, 2.0], object()],
    "modes": ["x", None, [], [0.0, 0.0], [1.0, -1.0], [1.0, np.nan], [[1.0]], object(), -1.0, 0.0],
    "overlaps": ["x", None, [], 1.5, -1.5, np.nan, [0.1, 0.2], [[2.0]], [0.5, np.inf], object()],
    "flag": [None, 1, "yes"],
    "column": ["", 2.5, True, [], object()],
    "column name": [2.5, True, [], object(), 3],
    "neurons": ["ab", 0, -4, 2.5, True, [], ["a"], [1, 1], [1.5, 2.5], {}, object(), np.nan],
    "neuron names": ["ab", 3, 2.5, [], ["a"], [1, 1], [1.5, 2.5], {}, object()],
    "matrix": ["x", None, 2.0, np.ma.masked_equal(np.eye(3), 1.0), [[1.0, 2.0]],
               [[np.nan, 1.0], [1.0, 1.0]], np.zeros((2, 2)), np.ones((2, 2, 2)), object()],
    "distribution": ["x", None, [1.0], -1.0, 0.0, np.nan, object()],
    "own g": [*NOT_NUMBERS[1:], 0, -0.5],
    "own tol": ["x", None, np.nan, 0, -1e-3, 1.0],
    "tau": ["x", None, [np.nan], np.inf, 1e6, object()],
    "number": NOT_NUMBERS,
    "mean square": ["x", None, np.nan, -1.0, [0.5, 0.4, 0.3], [[0.5]], object()],
    "sampled tol": ["x", np.nan, 0, -1e-3, [1.0]],
    "name": [None, "", "phi", "no", 3],
    "values": ["x", None, [np.nan], [], [[1.0]], object()],
    "axis": ["x", None, [np.nan], [], [1.0, 1.0], [[1.0]], object()],
    "events": ["x", None, -1.0, 0.0, [2.0, 1.0], [1.0, 1.0], np.nan, 1j, object()],
    "in time": ["x", None, np.nan, [1.0, 2.0], [[1.0, -2.0]], [[np.nan, 1.0]], object()],
    "own paths": [*NOT_NUMBERS[1:], 0, 63, 100.0],
    "stages": ["x", [[-1.0, 2.0]], [1.0, 2.0], [[np.nan, 1.0]], object()],
    "nodes": ["x", None, [np.nan], [], np.zeros(20), [1.0], object()],
    "class": [None, 3.0, "Lags", int, object(), dmft.Lags(1.0, 0.1)],
}


@functools.cache
def solution():
    return dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))


@functools.cache
def runs():
    return validation.simulate(dmft.RandomNetwork(2.0, dmft.erf), neurons=40, networks=8,
                               duration=4.0, burn_in=4.0, trials=2, rng=0)


@functools.cache
def spectrum():
    return dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(0.5)))


@functools.cache
def exponents():
    return validation.lyapunov_spectrum(dmft.RandomNetwork(0.5), 60, 2, duration=4.0, burn_in=4.0,
                                        rng=0)


@functools.cache
def cycle():
    """Currents on a limit cycle."""
    network = dmft.MultiregionNetwork(0.0, dmft.random_overlaps(2, 2.0 + 1.5j, rng=0))
    return dmft.solve(network, times=dmft.Times(120.0, 0.2), currents=np.ones((2, 2)), tol=1e-3,
                      strict=False)


@functools.cache
def time_solution():
    return dmft.solve(SYMMETRIC, times=TIMES, currents=np.eye(2))


@functools.cache
def time_runs():
    return validation.simulate(SYMMETRIC, neurons=40, networks=8, times=TIMES, trials=2,
                               currents=np.eye(2), rng=0)


@functools.cache
def plastic_solution():
    return dmft.solve(PLASTIC, tol=1e-2, rng=0)


N = dmft.notation.N
SAME = (dmft.notation.delta(dmft.notation.i, dmft.notation.k)
        * dmft.notation.delta(dmft.notation.j, dmft.notation.l))
TIMES = dmft.Times(2.0, 0.1)
PLASTIC = dmft.PlasticNetwork(2.0, -1.0, 2.5)
FEW = dmft.PathOptions(paths=64, repeats=4)
NETWORK = dmft.RandomNetwork(2.0)
SYMMETRIC = dmft.MultiregionNetwork.symmetric(0.0, [[0.0, 1.5], [1.5, 0.0]])
# name -> (callable, arguments of a call that works, {argument: kind})
TABLE = {
    "RandomNetwork": (dmft.RandomNetwork, lambda: {"g": 2.0}, {
        "g": "nonnegative", "phi": "phi", "noise": "nonnegative", "reciprocity": "fraction",
        "bias": "nonnegative"}),
    "Network": (dmft.Network, lambda: {"ensembles": (dmft.IID(2.0),)}, {
        "ensembles": "network", "phi": "phi", "noise": "nonnegative", "bias": "nonnegative",
        "unit": "unit"}),
    "ensemble": (dmft.ensemble, lambda: {"covariance": 4 / N * SAME}, {
        "covariance": "expression", "mean": "expression", "draw": "draw", "values": "numbers",
        "name": "text"}),
    "DerivedEnsemble": (dmft.DerivedEnsemble, lambda: {"mean": 0.5 / N, "covariance": 4 / N * SAME},
                        {"covariance": "expression", "mean": "expression", "draw": "draw",
                         "name": "text"}),
    "support": (dmft.support, lambda: {"network": NETWORK}, {"network": "network"}),
    "MeanCouplings": (dmft.MeanCouplings, lambda: {"mean": [[1.0, -2.0], [1.5, -1.0]]}, {
        "mean": "square"}),
    "PopulationNetwork": (dmft.PopulationNetwork, lambda: {
        "mean": [[1.0, -2.0], [1.5, -1.0]], "g": 0.5}, {
        "mean": "square", "g": "strengths of pairs", "phi": "phi", "unit": "unit",
        "share": "fractions", "noise": "of populations", "bias": "of populations",
        "input": "inputs", "reciprocity": "correlations", "k": "plastic strengths",
        "p": "positive"}),
    "Leaky": (dmft.Leaky, dict, {}),
    "Adaptation": (dmft.Adaptation, lambda: {"b": 1.0, "tau": 4.0}, {
        "b": "adaptation", "tau": "positive"}),
    "SynapticFilter": (dmft.SynapticFilter, lambda: {"tau": 2.0}, {"tau": "positive"}),
    "Rational": (dmft.Rational, lambda: {"numerator": [1.0], "denominator": [1.0, 1.0]}, {
        "numerator": "fraction of s", "denominator": "denominator"}),
    "Delayed": (dmft.Delayed, lambda: {"unit": dmft.Leaky(), "d": 0.5}, {
        "unit": "unit", "d": "positive"}),
    "Map": (dmft.Map, lambda: {"a": 0.5}, {"a": "leak"}),
    "IID": (dmft.IID, lambda: {"g": 2.0}, {"g": "nonnegative", "reciprocity": "fraction"}),
    "RegionalIID": (dmft.RegionalIID, lambda: {"g": [1.0, 2.0]}, {
        "g": "square", "reciprocity": "correlations"}),
    "RegionalHebbian": (dmft.RegionalHebbian, lambda: {"k": [1.0, 2.0], "p": 2.5}, {
        "k": "square", "p": "positive"}),
    "LowRank": (dmft.LowRank, lambda: {
        "source": [0, 1], "target": [1, 0], "overlaps": [[0.0, 1.0], [1.0, 0.0]],
        "covariance": np.eye(2), "kinds": 2}, {
        "source": "regions", "target": "regions", "overlaps": "tensor", "covariance": "tensor",
        "kinds": "whole"}),
    "MultiregionNetwork": (dmft.MultiregionNetwork, lambda: {
        "g": [1.0, 2.0], "T": np.ones((2, 2, 2))}, {
        "g": "strengths", "T": "tensor", "cross_g": "cross", "phi": "phi", "noise": "nonnegative",
        "bias": "nonnegative", "input": "lags", "share": "shares"}),
    "from_weights": (dmft.MultiregionNetwork.from_weights, lambda: {
        "W": np.eye(24) + np.eye(24, k=3), "regions": [12, 12]}, {
        "W": "matrix", "regions": "partition", "rank": "whole", "phi": "phi",
        "noise": "nonnegative"}),
    "silenced": (SYMMETRIC.silenced, lambda: {"nu": 1}, {"nu": "region"}),
    "Input": (dmft.Input, lambda: {"signal": [1.0, 0.0], "V": np.ones((2, 2))}, {
        "signal": "square", "V": "input overlaps", "W": "input overlaps"}),
    "Pulse": (dmft.Pulse, lambda: {"amplitude": [1.0, 0.0], "start": 0.0, "stop": 1.0}, {
        "amplitude": "tensor", "stop": "pulse"}),
    "Times": (dmft.Times, lambda: {"stop": 10.0, "dt": 0.1}, {
        "stop": "positive", "dt": "dt", "keep": "keep"}),
    "Spectrum": (dmft.Spectrum, lambda: {"values": [1.0, 2.0], "weights": [0.5, 0.5]}, {
        "values": "modes", "weights": "modes", "smooth": "flag"}),
    "Modes": (dmft.Modes, lambda: {"spectrum": dmft.Spectrum.flat(2.0)}, {
        "spectrum": "network", "overlaps": "overlaps"}),
    "Matrix": (dmft.Matrix, lambda: {"matrix": np.eye(2)}, {"matrix": "matrix"}),
    "RandomModeNetwork": (dmft.RandomModeNetwork, lambda: {"D": 2.0}, {
        "D": "modes", "overlaps": "overlaps", "modes_per_neuron": "own g", "phi": "phi",
        "noise": "nonnegative", "unstructured": "nonnegative"}),
    "from_connectivity": (dmft.RandomModeNetwork.from_connectivity, lambda: {"J": np.eye(3)}, {
        "J": "matrix", "phi": "phi", "noise": "nonnegative", "g": "own g", "overlaps": "flag",
        "remove_mean": "flag"}),
    "measure_connectivity": (dmft.measure_connectivity, lambda: {"J": np.eye(3)}, {
        "J": "matrix", "remove_mean": "flag", "shuffles": "pulse", "rng": "rng"}),
    "load_connectivity": (dmft.load_connectivity, lambda: {"path_or_object": "x.npy"}, {
        "path_or_object": "path", "kind": "choice", "rows": "choice", "source": "column",
        "target": "column", "weight": "column", "neurons": "neurons", "names": "neuron names",
        "variable": "column name"}),
    "Gains": (dmft.Gains, lambda: {"values": [1.0, 2.0], "weights": [0.5, 0.5]}, {
        "values": "modes", "weights": "modes", "spread": "pulse"}),
    "HeterogeneousNetwork": (dmft.HeterogeneousNetwork, lambda: {"couplings": 2.0}, {
        "couplings": "nonnegative", "input_gain": "distribution", "output_gain": "distribution",
        "phi": "phi"}),
    "four_point": (dmft.four_point, lambda: {"solution": solution()}, {"solution": "solution"}),
    "psi": (lambda **given: dmft.four_point(solution()).psi(**given), lambda: {
        "tau1": 1.0, "tau2": 1.0}, {
        "tau1": "tau", "tau2": "tau", "of": "option", "tol": "own tol"}),
    "dimension": (dmft.dimension, lambda: {"solution": solution()}, {
        "solution": "solution", "of": "option", "z_scored": "flag", "tol": "own tol"}),
    "Lags": (dmft.Lags, lambda: {"span": 10.0, "dt": 0.1}, {"span": "positive", "dt": "dt"}),
    "Nonlinearity": (dmft.Nonlinearity, lambda: {"function": np.sin, "derivative": np.cos}, {
        "function": "callable", "derivative": "callable", "kinks": "kinks"}),
    "ClosedForm": (dmft.ClosedForm, lambda: dict.fromkeys(
        ("correlation", "slope", "mean", "mean_slope"), np.sin), {
        "correlation": "callable", "slope": "callable", "mean": "callable",
        "mean_slope": "callable"}),
    "solve": (dmft.solve, lambda: {"network": NETWORK}, {
        "network": "network", "lags": "lags", "method": "option", "tol": "tol",
        "max_iter": "whole", "initial": "lags", "callback": "lags", "strict": "option",
        "rng": "rng"}),
    "solve in time": (dmft.solve, lambda: {
        "network": SYMMETRIC, "times": dmft.Times(1.0, 0.5), "currents": np.ones((2, 2)),
        "tol": 1e-2}, {
        "network": "network", "times": "lags", "currents": "tensor", "variance": "variances",
        "tol": "tol", "callback": "lags", "strict": "option", "rng": "rng"}),
    "solve in time with memory": (dmft.solve, lambda: {
        "network": PLASTIC, "times": dmft.Times(1.0, 0.5), "options": FEW, "tol": 0.1}, {
        "network": "network", "times": "lags", "variance": "variances", "mean": "means",
        "tol": "tol", "schedule": "lags", "options": "lags", "rng": "rng", "callback": "lags"}),
    "Schedule": (dmft.Schedule, lambda: {"halt": 1.0, "release": 2.0}, {
        "halt": "events", "release": "events", "couplings": "in time", "plasticity": "in time",
        "drive": "in time"}),
    "PathOptions": (dmft.PathOptions, dict, {
        "paths": "own paths", "repeats": "whole", "control": "flag"}),
    "start": (validation.start, lambda: {"network": PLASTIC, "neurons": 20, "rng": 0}, {
        "network": "network", "neurons": "whole", "trials": "whole", "dt": "own dt",
        "variance": "variances", "currents": "stationary", "prepare": "stages", "rng": "rng",
        "dtype": "option"}),
    "fixed_points": (dmft.fixed_points, lambda: {"network": SYMMETRIC, "starts": 2}, {
        "network": "network", "starts": "starts", "lags": "lags", "rng": "rng",
        "callback": "lags"}),
    "lyapunov_exponent": (dmft.lyapunov_exponent, lambda: {"solution": solution()}, {
        "solution": "solution"}),
    "lyapunov_spectrum": (dmft.lyapunov_spectrum, lambda: {"solution": solution()}, {
        "solution": "solution", "paths": "whole", "full": "flag", "window": "positive or none",
        "dt": "positive or none",
        "rng": "rng"}),
    "energy": (dmft.energy, lambda: {"network": SYMMETRIC, "z": np.ones((2, 2))}, {
        "network": "network", "z": "tensor"}),
    "symmetric_strengths": (dmft.symmetric_strengths, lambda: {"network": SYMMETRIC}, {
        "network": "network"}),
    "attractor_manifold": (dmft.attractor_manifold, lambda: {"network": SYMMETRIC}, {
        "network": "network"}),
    "structured_region": (dmft.structured_region, lambda: {"b": 2.0, "g": 1.7}, {
        "b": "positive", "g": "nonnegative", "phi": "phi"}),
    "chaos_onset": (dmft.chaos_onset, lambda: {"b": 2.0}, {"b": "positive", "phi": "phi"}),
    "structure_loss": (dmft.structure_loss, lambda: {"b": 2.0}, {"b": "positive", "phi": "phi"}),
    "region_phase": (dmft.region_phase, lambda: {"b": 2.0, "g": 1.7}, {
        "g": "nonnegative", "phi": "phi"}),
    "jacobian_spectrum": (dmft.jacobian_spectrum, lambda: {
        "network": NETWORK, "gain": 0.5, "mean_square_gain": 0.3}, {
        "network": "network", "gain": "gains", "mean_square_gain": "gains"}),
    "solution_class": (dmft.solution_class, lambda: {
        "solution": SYMMETRIC, "times": dmft.Times(40.0, 0.5), "currents": np.ones((2, 2))}, {
        "solution": "network", "times": "lags", "currents": "tensor", "variance": "square"}),
    "activity_class": (dmft.activity_class, lambda: {
        "solution": SYMMETRIC, "times": dmft.Times(40.0, 0.5), "currents": np.ones((2, 2))}, {
        "solution": "network", "times": "lags", "currents": "tensor", "variance": "square"}),
    "lyapunov_exponent of a network": (dmft.lyapunov_exponent, lambda: {
        "solution": SYMMETRIC, "times": dmft.Times(40.0, 0.5), "currents": np.ones((2, 2))}, {
        "solution": "network", "times": "lags", "currents": "tensor", "variance": "square"}),
    "period": (dmft.period, lambda: {"solution": cycle()}, {"solution": "solution"}),
    "effective_matrix": (dmft.effective_matrix, lambda: {"T": np.ones((2, 2, 2))}, {
        "T": "tensor"}),
    "random_overlaps": (dmft.random_overlaps, lambda: {"regions": 2, "leading": 1.5}, {
        "regions": "whole", "leading": "eigenvalue", "tolerance": "positive", "rng": "rng"}),
    "random_solution_class": (dmft.random_solution_class, lambda: {
        "leading": 1.5, "times": dmft.Times(40.0, 0.5)}, {
        "leading": "eigenvalue", "regions": "whole", "g": "strengths", "times": "lags",
        "rng": "rng"}),
    "random_activity_class": (dmft.random_activity_class, lambda: {
        "leading": 1.5, "times": dmft.Times(40.0, 0.5)}, {
        "leading": "eigenvalue", "regions": "whole", "g": "strengths", "times": "lags",
        "rng": "rng"}),
    "chaotic_overlaps": (dmft.chaotic_overlaps, lambda: {"regions": 3}, {
        "regions": "whole", "population": "whole", "generations": "whole", "rng": "rng"}),
    "scan": (dmft.scan, lambda: {"function": dmft.solve, "networks": [NETWORK]}, {
        "function": "callable", "on_error": "option", "on_version": "option", "executor": "lags",
        "rng": "rng"}),
    "save": (dmft.save, lambda: {"value": solution(), "path": "x.npz"}, {"path": "path"}),
    "load": (dmft.load, lambda: {"path": "x.npz"}, {"path": "path"}),
    "register": (dmft.register, lambda: {"cls": dmft.Lags}, {"cls": "class"}),
    "simulate": (validation.simulate, lambda: {
        "network": NETWORK, "neurons": 20, "networks": 2, "duration": 1.0, "burn_in": 0.0,
        "rng": 0}, {
        "network": "network", "neurons": "whole", "networks": "whole", "trials": "whole",
        "duration": "own duration", "dt": "own dt", "lags": "array", "rng": "rng",
        "dtype": "option", "discard": "option", "at": "stationary", "currents": "stationary",
        "variance": "stationary"}),
    "simulate in time": (validation.simulate, lambda: {
        "network": SYMMETRIC, "neurons": 20, "networks": 2, "times": TIMES, "currents": np.eye(2),
        "rng": 0}, {
        "network": "network", "neurons": "whole", "networks": "whole", "trials": "whole",
        "times": "lags", "at": "array", "currents": "tensor", "variance": "variance",
        "mean": "means", "pairs": "option", "dt": "own dt", "rng": "rng", "dtype": "option",
        "discard": "option", "duration": "stationary", "burn_in": "stationary",
        "lags": "stationary"}),
    "compare": (validation.compare, lambda: {"solution": solution(), "runs": runs()}, {
        "solution": "solution", "runs": "network", "quantity": "choice", "at": "stationary",
        "alpha": "positive", "power": "positive"}),
    "compare in time": (validation.compare, lambda: {
        "solution": time_solution(), "runs": time_runs()}, {
        "solution": "solution", "runs": "network", "quantity": "choice", "at": "array",
        "alpha": "positive", "power": "positive"}),
    "compare spectra": (validation.compare, lambda: {
        "solution": spectrum(), "runs": exponents()}, {
        "solution": "solution", "runs": "network", "quantity": "choice", "at": "exponents",
        "alpha": "positive", "power": "positive"}),
    "validation.lyapunov_exponent": (validation.lyapunov_exponent, lambda: {
        "network": NETWORK, "neurons": 20, "networks": 2, "rng": 0}, {
        "network": "network", "neurons": "whole", "networks": "whole", "dt": "own dt",
        "rng": "rng"}),
    "Hebbian": (dmft.Hebbian, lambda: {"k": 1.0, "p": 2.5}, {"k": "number", "p": "positive"}),
    "PlasticNetwork": (dmft.PlasticNetwork, lambda: {"g": 2.0, "k": 1.0, "p": 2.5}, {
        "g": "nonnegative", "k": "number", "p": "positive", "phi": "phi",
        "noise": "nonnegative"}),
    "solve sampled": (dmft.solve, lambda: {"network": PLASTIC}, {
        "tol": "tol", "max_iter": "whole", "initial": "lags", "strict": "option", "rng": "rng",
        "options": "lags", "branch": "option or none"}),
    "SamplingOptions": (dmft.SamplingOptions, dict, {
        "pilot_paths": "whole", "first_paths": "whole", "tries": "whole",
        "longest_span": "positive", "frozen_span": "positive",
        "span_in_memory_times": "positive"}),
    "freeze": (dmft.freeze, lambda: {"solution": plastic_solution()}, {
        "solution": "solution", "tol": "sampled tol", "rng": "rng"}),
    "lyapunov_exponent sampled": (dmft.lyapunov_exponent, lambda: {
        "solution": plastic_solution()}, {"tol": "sampled tol", "rng": "rng"}),
    "jacobian_spectrum of a state": (dmft.jacobian_spectrum, lambda: {
        "network": plastic_solution()}, {"gain": "stationary", "rng": "rng"}),
    "joint_spectrum": (dmft.joint_spectrum, lambda: {
        "x": np.linspace(-3.0, 3.0, 50), "weight": None, "C": 0.5, "network": PLASTIC}, {
        "x": "nodes", "C": "mean square", "network": "network", "bandwidth": "own g"}),
    "fixed_point_onset": (dmft.fixed_point_onset, lambda: {"g": 1.5}, {
        "g": "positive", "phi": "phi"}),
    "active_family_onset": (dmft.active_family_onset, lambda: {"g": 0.8}, {
        "g": "positive", "phi": "phi", "width": "positive", "stable": "flag"}),
    "gaussian_averages": (dmft.gaussian_averages, lambda: {"phi": dmft.tanh, "variance": 1.0}, {
        "phi": "phi", "variance": "nonnegative"}),
    "rotated_network": (dmft.rotated_network, lambda: {"J": np.eye(3)}, {
        "J": "matrix", "phi": "phi", "noise": "nonnegative", "g": "own g"}),
    "freezing_onset": (dmft.freezing_onset, lambda: {"network": PLASTIC}, {
        "network": "network", "tol": "sampled tol", "rng": "rng"}),
    "timescales": (dmft.timescales, lambda: {"solution": solution()}, {"solution": "solution"}),
    "continue_in": (dmft.continue_in, lambda: {
        "network": PLASTIC, "name": "k", "values": [-1.0, -0.5]}, {
        "network": "network", "name": "name", "values": "values", "tol": "sampled tol",
        "rng": "rng", "initial": "lags", "options": "lags"}),
    "phase": (dmft.phase, lambda: {"network": PLASTIC}, {
        "network": "network", "tol": "sampled tol", "freeze_tol": "sampled tol", "rng": "rng",
        "initial": "lags", "options": "lags"}),
    "phase_diagram": (dmft.phase_diagram, lambda: {"g": [0.5], "k": [-1.0]}, {
        "g": "axis", "k": "axis", "p": "positive", "phi": "phi", "rng": "rng",
        "tol": "sampled tol", "freeze_tol": "sampled tol", "options": "lags"}),
    "ramp": (validation.ramp, lambda: {"start": 1.5, "stages": 2}, {
        "start": "nonnegative", "stages": "whole", "first": "positive", "each": "positive"}),
    "validation.freeze": (validation.freeze, lambda: {
        "network": PLASTIC, "neurons": 20, "networks": 2, "rng": 0}, {
        "network": "network", "neurons": "whole", "networks": "whole", "freezes": "whole",
        "duration": "positive", "after": "nonnegative", "dt": "own dt", "prepare": "stages",
        "rng": "rng", "dtype": "option"}),
    "freeze_traces": (validation.freeze_traces, lambda: {
        "network": PLASTIC, "neurons": 20, "rng": 0}, {
        "network": "network", "neurons": "whole", "units": "whole", "before": "nonnegative",
        "during": "nonnegative", "after": "nonnegative", "prepare": "stages", "rng": "rng"}),
    "jacobian_eigenvalues": (validation.jacobian_eigenvalues, lambda: {
        "network": PLASTIC, "neurons": 10, "burn_in": 1.0, "rng": 0}, {
        "network": "network", "neurons": "whole", "networks": "whole", "trials": "whole",
        "prepare": "stages", "rng": "rng"}),
    "enumerate_fixed_points": (validation.enumerate_fixed_points, lambda: {
        "network": PLASTIC, "neurons": 3, "networks": 2, "rng": 0}, {
        "network": "network", "neurons": "whole", "networks": "whole", "rng": "rng"}),
    "validation.lyapunov_spectrum": (validation.lyapunov_spectrum, lambda: {
        "network": PLASTIC, "neurons": 5, "networks": 2, "duration": 2.0, "burn_in": 1.0,
        "rng": 0}, {
        "network": "network", "neurons": "whole", "networks": "whole",
        "duration": "positive", "every": "positive", "prepare": "stages", "rng": "rng"}),
    "extrapolate": (validation.extrapolate, lambda: {
        "neurons": (10, 20), "samples": (np.ones((3, 1)), np.ones((3, 1)))}, {
        "samples": "samples"}),
}
# results: made by the verbs, checked there
DATA = {"ActivityClass", "AttractorManifold", "Branch", "BranchPoint", "ChaoticOverlaps",
        "Complexity", "Connectivity", "ConnectivityModes",
        "Dimension", "Estimate", "FixedPointCounts", "FixedPointFamily", "FourPoint", "Freezes",
        "Frozen", "JointSpectrum", "LyapunovSpectrum", "NetworkRun", "Phase", "PhaseDiagram",
        "PlasticFixedPoints", "PopulationState", "PopulationStates", "RegionalState",
        "RegionalWeights", "Runs", "SampledTimeSolution", "Solution", "SolutionClass",
        "StationaryStates", "StoredState",
        "StructuredRegion", "TimeRuns", "TimeSolution",
        "Timescales", "Traces", "Verdict"}


def cases():
    return [(name, argument, bad) for name, (_, _, kinds) in TABLE.items()
            for argument, kind in kinds.items() for bad in BAD[kind]]


def test_every_public_callable_has_a_row():
    public = set()
    for module in (dmft, validation):
        for name in module.__all__:
            thing = getattr(module, name)
            raised = inspect.isclass(thing) and issubclass(thing, BaseException)
            if callable(thing) and not isinstance(thing, dmft.Nonlinearity) and not raised:
                public.add(name)
    assert public - DATA <= set(TABLE), "give the new name a row in TABLE"


@given(case=st.sampled_from(cases()))
def _throw(case):
    name, argument, bad = case
    function, arguments, _ = TABLE[name]
    with pytest.raises((ModelError, StorageError)) as caught:
        function(**{**arguments(), argument: bad})
    message = str(caught.value)
    if not argument.startswith("path"):
        assert argument in message or (argument == "network" and "network" in message), message
    assert len(message) < 600
    assert "\n" not in message.strip()


def test_bad_input_is_one_clear_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _throw()
    assert list(tmp_path.iterdir()) == []  # nothing half-written


@pytest.mark.parametrize(("name", "argument"), [(n, a) for n, row in TABLE.items() for a in row[2]])
def test_each_argument_refuses_each_bad_value(name, argument, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    function, arguments, kinds = TABLE[name]
    accepted = []
    for bad in BAD[kinds[argument]]:
        try:
            function(**{**arguments(), argument: bad})
        except (ModelError, StorageError) as error:
            if not argument.startswith("path") and argument not in str(error):
                accepted.append((bad, str(error)))
        except Exception as error:
            accepted.append((bad, repr(error)))
        else:
            accepted.append((bad, "accepted"))
    assert not accepted
    assert list(tmp_path.iterdir()) == []


def test_a_mask_is_not_ignored():
    """Every array of the calls above, with its last entry masked."""
    tried = 0
    for function, arguments, kinds in TABLE.values():
        if not {"array", "matrix", "square", "tensor", "modes", "values", "axis", "nodes",
                "overlaps", "strengths", "regions", "gains"} & set(kinds.values()):
            continue
        for argument, value in arguments().items():
            if isinstance(value, (list, np.ndarray)) and np.asarray(value).dtype.kind in "bif":
                masked = np.ma.masked_array(value)
                masked[(-1,) * masked.ndim] = np.ma.masked
                with pytest.raises(ModelError, match=f"{argument}.*masked entries"):
                    function(**{**arguments(), argument: masked})
                tried += 1
    assert tried > 20


@pytest.mark.parametrize("call", [dmft.solve, lambda one: dmft.validation.simulate(one, 50)])
def test_a_class_is_not_a_network(call):
    with pytest.raises(ModelError, match=r"network='?RandomNetwork'?: a class"):
        call(dmft.RandomNetwork)


@pytest.mark.parametrize("network", [dmft.RandomNetwork(2.0), dmft.HeterogeneousNetwork(
    2.0, input_gain=dmft.Gains.lognormal(0.5))], ids=["first integral", "gains"])
def test_a_start_that_would_not_be_used_is_rejected(network):
    start = dmft.solve(dmft.RandomNetwork(1.9))
    with pytest.raises(ModelError, match="initial="):
        dmft.solve(network, initial=start)
