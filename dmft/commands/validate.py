"""dmft validate: compare the theory of a network with simulations of it."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import dmft
from dmft.network.structure import structure

from . import networks
from .combinations import check_possible
from .outputs import check_different, output_file
from .parsing import number, number_or_zero, whole_number
from .solve import add_solver, preparation, solve, times
from .summaries import summary
from .terminal import example

# Networks of one size that `validation.compare` requires: checked here before the simulation.
FEWEST_NETWORKS = 8
QUANTITIES = ("C_x", "C_phi", "dimension_phi", "dimension_x")
EXAMPLE = ("dmft validate random --g 3 --phi erf --neurons 250 1000 --networks 60 --seed 1\n"
           "exit status: 0 if theory and simulation agree, 1 if they do not")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    for one in networks.add_networks(parser).values():
        add_solver(one)
        group = one.add_argument_group("simulation")
        group.add_argument("--neurons", type=whole_number(2), nargs="+", default=[250, 1000],
                           metavar="N",
                           help="sizes; several are extrapolated in 1/N (default: 250 1000)")
        group.add_argument("--networks", type=whole_number(FEWEST_NETWORKS), default=60,
                           metavar="M", help="networks drawn at each size (default: 60)")
        group.add_argument("--trials", type=whole_number(), default=4, metavar="K",
                           help="runs of each network (default: 4)")
        group.add_argument("--duration", type=number, metavar="T",
                           help="measured time of each trial, in neuronal time constants, of a "
                           "stationary solution (default: 20)")
        group.add_argument("--lags", type=number_or_zero, nargs="+", metavar="TAU",
                           help="lags to compare at, chosen before the results are known")
        group.add_argument("--dimension", action="store_true",
                           help="also compare the dimensions of stationary activity")
        group.add_argument("--store", type=output_file(".npz"), metavar="FILE",
                           help="keep finished networks in this file: after an interruption the "
                           "same command resumes")
        group.add_argument("--seed", type=whole_number(0), default=0,
                           help="seed of the draws (default: 0)")
        one.add_argument("--output", type=output_file(".npz"), metavar="FILE",
                         help="save the results of the simulation (.npz; read it with dmft.load)")
        one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Solve, simulate and compare; print the verdict."""
    from dmft import validation
    from dmft.validation.simulation.checked_call import check_store

    network = networks.network(args)
    check_possible(args, network)
    try:
        check_different(args.store, args.output, "--store and --output")
    except argparse.ArgumentTypeError as error:
        args.parser.error(str(error))
    own = structure(network)
    if args.stop is None and own.in_regions and not own.drift:
        args.parser.error("the theory does not determine which of the stationary states of these "
                          "regions a finite network reaches: give --stop and --currents, and "
                          "compare in time")
    neurons = args.neurons[0] if len(args.neurons) == 1 else tuple(args.neurons)
    options = {**_options(args), "rng": args.seed}
    if args.store is not None:
        check_store(args.store, network, neurons, args.networks, **options)
    solution = solve(args, network)
    print(summary(solution), flush=True)
    if isinstance(solution, dmft.PopulationStates):
        _require_one_state(args, solution)
    elif not _in_time(solution) and solution.branch == "quiescent":
        args.parser.error("the network is quiescent, so that there is no activity to compare: give "
                          "a larger --g, or --noise")
    runs = validation.simulate(network, neurons, args.networks, store=args.store,
                               progress=not args.quiet and sys.stderr.isatty(), **options)
    if args.output is not None:
        print(f"saved               {dmft.save(runs, args.output)}")
    verdict = validation.compare(solution, runs, quantity=QUANTITIES if args.dimension else None)
    print()
    print(verdict)
    return 0 if verdict.agrees else 1


def _in_time(solution: Any) -> bool:
    return isinstance(solution, dmft.TimeSolution | dmft.SampledTimeSolution)


def _require_one_state(args: argparse.Namespace, states: dmft.PopulationStates) -> None:
    if len(states.stable) != 1:
        args.parser.error(f"the network has {len(states.stable)} stable states, and the theory "
                          "does not determine which of them a finite network reaches: give --stop, "
                          "--initial-mean and --variance, and compare in time")


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """What the simulation is told, besides its network, sizes and seed."""
    options: dict[str, Any] = {name: getattr(args, name) for name in ("duration", "trials", "lags")
                               if getattr(args, name) is not None}
    if args.stop is not None:
        return {**options, "times": times(args), **preparation(args)}
    options.setdefault("duration", 20.0)
    if args.dimension:
        options.update(dimension=True, cross_lags=((0.0, 0.0),))
    return options
