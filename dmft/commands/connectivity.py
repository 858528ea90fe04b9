"""dmft connectivity: read a connectivity matrix as random modes, and print the predictions."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import dmft
from dmft import validation

from .networks import PHIS
from .parsing import whole_number
from .summaries import formatted
from .terminal import CommandFailed, example, progress

EXAMPLE = ("dmft connectivity synapses.csv --rows presynaptic --g 3 --phi erf\n"
           "exit status: 0 if every prediction converged, 1 if one did not")
QUANTITIES = {"C_phi(0)": "C_phi", "PR_phi/N": "dimension_phi", "PR_x/N": "dimension_x"}
# Neurons up to which the network with this matrix is simulated by default: below half a minute.
SIMULATED_NEURONS = 1000
STARTS = 4  # initial conditions of the simulation by default; its error is that of their mean
DECAYED = 1e-6  # simulated C_phi(0) below which there is no activity to compare with
TRIALS = 4  # trajectories of each network that is simulated


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    parser.add_argument("file", metavar="FILE", help="a matrix or a list of edges: text, Matrix "
                        "Market, MATLAB, numpy, scipy.sparse or GraphML, also compressed")
    _add_reading(parser)
    parser.add_argument("--keep-mean", action="store_true",
                        help="do not subtract the mean coupling first")
    parser.add_argument("--g", type=float, metavar="X", help="rescale the matrix to this g_eff "
                        "(default: not rescaled)")
    parser.add_argument("--phi", choices=PHIS, default="tanh",
                        help="transfer function (default: tanh)")
    parser.add_argument("--noise", type=float, default=0.0, metavar="X",
                        help="strength of white noise (default: 0)")
    parser.add_argument("--no-overlaps", action="store_true",
                        help="omit the prediction with overlaps, which is computed by sampled "
                        "paths")
    parser.add_argument("--starts", type=whole_number(0), metavar="S", help="simulate the network "
                        "with this matrix from S initial conditions, which gives the error of the "
                        f"theory; 0 for none (default: {STARTS}, or 0 above {SIMULATED_NEURONS} "
                        "neurons)")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def _add_reading(parser: argparse.ArgumentParser) -> None:
    """Arguments of load_connectivity."""
    reading = parser.add_argument_group("how the file is read")
    reading.add_argument("--kind", choices=("matrix", "edges"), help="whether a table is a "
                         "matrix or a list of edges, if names and header do not determine it")
    reading.add_argument("--rows", choices=("postsynaptic", "presynaptic"),
                         help="neuron to which a row of a matrix belongs (default: postsynaptic)")
    for end in ("source", "target", "weight"):
        reading.add_argument(f"--{end}", type=_column, metavar="COLUMN",
                             help=f"column of the {end} of an edge: its name, or its place from 0")
    reading.add_argument("--no-weights", action="store_true", help="count every edge as 1")
    reading.add_argument("--neurons", nargs="+", metavar="N", help="number of all neurons, or "
                         "their names in order, with those without edges")
    reading.add_argument("--names", choices=("yes", "no"),
                         help="whether the first row and column of a matrix are names")
    reading.add_argument("--variable", metavar="NAME", help="name of the array to read, "
                         "if the file holds several")


def _column(text: str) -> str | int:
    return int(text) if text.isdecimal() else text


def read(args: argparse.Namespace) -> dmft.Connectivity:
    """The connectivity of the file, read with these arguments."""
    if args.no_weights and args.weight is not None:
        args.parser.error("give --weight or --no-weights, not both")
    neurons = args.neurons and [_column(word) for word in args.neurons]
    return dmft.load_connectivity(
        args.file, args.kind, rows=args.rows, source=args.source, target=args.target,
        weight=False if args.no_weights else args.weight,
        neurons=neurons[0] if neurons and len(neurons) == 1 else neurons,
        names=args.names and args.names == "yes", variable=args.variable)


def run(args: argparse.Namespace) -> int:
    """Read and measure the matrix, predict the activity, simulate it, and print all of it."""
    J = read(args)
    print(J, flush=True)
    found = dmft.measure_connectivity(J, remove_mean=not args.keep_mean)
    networks = {name: dmft.RandomModeNetwork.from_connectivity(
        found, getattr(dmft, args.phi), args.noise, args.g, overlaps=name == "with overlaps")
                for name in ("without overlaps", *(() if args.no_overlaps else ("with overlaps",)))}
    print(f"\n{found}", flush=True)
    first = networks["without overlaps"]
    print(f"\npredicted at g_eff = {first.g_eff:.4g}, phi = {args.phi}, noise = {args.noise:g}; of "
          f"{found.neurons} neurons, N PR dimensions\n"
          f"{'':<18}{'C_phi(0)':<20}{'PR_phi/N':<24}PR_x/N", flush=True)
    predicted: dict[str, dict[str, Any]] = {}
    failures: list[str] = []
    for name, network in networks.items():
        try:
            with progress(args.quiet) as show:
                solution = solve_with_progress(network, show)
        except dmft.ConvergenceError as error:
            failures.append(f"{name}: {error}")
            print(f"{name:<18}not found", flush=True)
            continue
        if solution.branch == "quiescent":
            predicted[name] = {"C_phi(0)": dmft.Estimate(np.asarray(0.0))}
            print(f"{name:<18}{'0':<20}quiescent: no activity", flush=True)
            continue
        predicted[name] = dict(zip(QUANTITIES, (
            solution.C_phi[0], *(dmft.dimension(solution, of=of) for of in ("phi", "x"))),
            strict=True))
        print(row(name, predicted[name]), flush=True)
    if any(float(value) * found.neurons < 1 for one in predicted.values()
           for quantity, value in one.items() if quantity != "C_phi(0)"):
        print("note: a predicted dimension is below 1, which is impossible: the matrix has too few "
              "modes for the theory, which assumes many")
    starts = args.starts
    if starts is None:
        starts = STARTS if found.neurons <= SIMULATED_NEURONS else 0
    if starts and predicted:
        simulated = simulate(found, getattr(dmft, args.phi), args.noise, args.g, starts)
        print(row("this matrix", simulated))
        print("\nerror of the theory, which assumes many neurons with random modes, for this "
              "matrix (prediction minus simulation):")
        for name, one in predicted.items():
            print(f"{name:<18}" + difference(one, simulated))
        print(f"+- is the sampling error alone: of sampled paths, or of {starts} starts")
    elif predicted:
        print("+- is the sampling error alone. The error of the theory for this matrix was not "
              "measured: the theory assumes many neurons with random modes; --starts 4 simulates "
              "the network with this matrix")
    if failures:
        raise CommandFailed("; ".join(failures))
    return 0


def simulate(found: dmft.ConnectivityModes, phi: dmft.Nonlinearity, noise: float, g: float | None,
             starts: int) -> dict[str, dmft.Estimate]:
    """The quantities of the network with this matrix, with errors over starts and noise."""
    network = dmft.Network((dmft.Matrix(found.matrix * found.scale(g)),), phi, noise)
    with warnings.catch_warnings():  # static or decaying activity gives no test of stationarity
        warnings.simplefilter("ignore", dmft.ResolutionWarning)
        runs = validation.simulate(network, found.neurons, starts, trials=TRIALS, lags=[0.0],
                                   cross_lags=[[0, 0]], dimension=True, rng=0)
    out = {}
    for quantity, name in QUANTITIES.items():
        rows = np.ravel(runs.rows(name))
        error = float(rows.std(ddof=1) / np.sqrt(starts)) if starts > 1 else np.nan
        out[quantity] = dmft.Estimate(np.asarray(float(rows.mean())), error)
    return out


def row(name: str, values: dict[str, Any]) -> str:
    """A line of the table."""
    one, two, three = (formatted(values[quantity], 4) for quantity in QUANTITIES)
    return f"{name:<18}{one:<20}{two:<24}{three}"


def difference(theory: dict[str, Any], simulated: dict[str, dmft.Estimate]) -> str:
    """Relative differences of theory and simulation; the absolute one where activity decays."""
    words = []
    for quantity, value in theory.items():
        measured = float(simulated[quantity])
        decays = quantity == "C_phi(0)" and measured < DECAYED
        scale, unit = (1.0, "") if decays else (100 / measured, " %")
        error = scale * float(np.hypot(float(value.stderr), float(simulated[quantity].stderr)))
        words.append(f"{quantity} {scale * (float(value) - measured):+.2g} +- {error:.1g}{unit}")
    return ", ".join(words)


def solve_with_progress(network: dmft.RandomModeNetwork, show: Callable[[str], None] | None) -> Any:
    """The solution of a network; `show` receives a line at every iteration, unless it is None."""
    if show is None:
        return dmft.solve(network)
    return dmft.solve(network, callback=lambda iteration, value, _: show(
        f"iteration {iteration}, residual {value:.1e}"))
