"""dmft solve: solve the theory of one network and print the result."""

from __future__ import annotations

import argparse
from typing import Any, get_args

import dmft
from dmft.base.annotations import Method

from . import networks
from .arrays import ARRAY, array
from .combinations import check_possible
from .outputs import output_file
from .summaries import formatted, frozen_summary, summary
from .terminal import example, progress

EXAMPLE = ("dmft solve random --g 2 --phi tanh --output sol.npz\n"
           "  dmft solve modes --D 2.8 --modes-per-neuron 0.5 --overlaps 0.5 --dimension\n"
           "  dmft solve plastic --g 1.5 --k 1 --p 2.5 --lyapunov --freeze\n"
           "  dmft solve population --mean 1.2 -2 1.6 -1 --g 0.5 --input 0.8 0.4\n"
           "  dmft solve multiregion --g 1.5 0 --T T.npy --stop 50 --currents 1 0 0 1")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    for one in networks.add_networks(parser).values():
        add_solver(one)
        one.add_argument("--lyapunov", action="store_true",
                         help="also compute the largest Lyapunov exponent")
        one.add_argument("--dimension", action="store_true",
                         help="also compute the dimension of stationary activity, per neuron")
        one.add_argument("--freeze", action="store_true", help="also compute the state after "
                         "plasticity is halted (plastic networks)")
        one.add_argument("--output", type=output_file(".npz"), metavar="FILE",
                         help="save the solution (.npz; read it with dmft.load)")
        one.set_defaults(run=run)


def add_solver(parser: argparse.ArgumentParser) -> None:
    """Add the options of `dmft.solve`."""
    group = parser.add_argument_group("solver")
    group.add_argument("--span", type=float, metavar="T",
                       help="largest lag, in neuronal time constants (default: automatic)")
    group.add_argument("--dt", type=float, metavar="DT",
                       help="step of the lags (default: automatic), or of the times (default: 0.1)")
    group.add_argument("--tol", type=float, metavar="X", help="tolerance, relative to C_x(0)")
    group.add_argument("--method", choices=get_args(Method),
                       help="how to solve; march is for --stop, energy, fourier and sampled are "
                       "for stationary activity (default: auto)")
    group.add_argument("--stop", type=float, metavar="T", help="solve in time up to T, from "
                       "prepared initial conditions (default: stationary)")
    group.add_argument("--currents", nargs="+", metavar="Z",
                       help=f"with --stop: filtered currents at t = 0, row by row; {ARRAY}")
    group.add_argument("--variance", nargs="+", metavar="V", help="with --stop: variance of x(0) "
                       "in each region, without the part of the currents (default: 1)")
    group.add_argument("--initial-mean", nargs="+", metavar="M", help="with --stop: mean of x(0) "
                       "in each population (default: 0)")
    group.add_argument("--quiet", action="store_true", help="no progress on stderr")


def solve(args: argparse.Namespace, network: Any) -> Any:
    """The solution of the network that the options describe."""
    options: dict[str, Any] = {}
    if args.stop is not None:
        options.update(times=times(args), **preparation(args))
    elif args.span is not None:
        options["lags"] = dmft.Lags(span=args.span, dt=args.dt)
    options.update((name, getattr(args, name)) for name in ("tol", "method")
                   if getattr(args, name) is not None)
    with progress(args.quiet) as show:
        if show is not None:
            options["callback"] = lambda iteration, value, _: show(
                f"iteration {iteration}, residual {value:.1e}" if args.stop is None else
                f"refinement {iteration}, {value:.0%} of the time")
        return dmft.solve(network, **options)


def times(args: argparse.Namespace) -> dmft.Times:
    """The times of a solve until --stop."""
    return dmft.Times(args.stop, 0.1 if args.dt is None else args.dt)


def preparation(args: argparse.Namespace) -> dict[str, Any]:
    """Those of currents, variance and mean at t = 0 that are given."""
    options = {"currents": "currents", "variance": "variance", "mean": "initial_mean"}
    return {name: array(option, getattr(args, option)) for name, option in options.items()
            if getattr(args, option) is not None}


def run(args: argparse.Namespace) -> int:
    """Solve, print the result, and save it if an output file is given."""
    network = networks.network(args)
    check_possible(args, network)
    try:
        solution = solve(args, network)
    except dmft.ConvergenceError as error:
        if error.solution is not None:
            print(summary(error.solution))
        raise
    print(summary(solution))
    if args.output is not None:
        print(f"saved               {dmft.save(solution, args.output)}")
    if args.lyapunov:
        print(f"Lyapunov exponent   {formatted(dmft.lyapunov_exponent(solution), 6)}")
    if args.freeze:
        print(frozen_summary(solution))
    if args.dimension:
        for of in ("phi", "x"):
            print(f"{f'PR_{of}/N':<20}{formatted(dmft.dimension(solution, of=of), 7)}")
    return 0
