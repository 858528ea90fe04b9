"""dmft lyapunov: the Lyapunov exponents of one network by theory, and of simulated networks."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import dmft

from . import networks
from .combinations import check_possible
from .parsing import finite, whole_number
from .solve import add_solver, solve
from .summaries import formatted
from .terminal import example

EXAMPLE = ("dmft lyapunov random --g 2 --thresholds -1 -0.5 0\n"
           "  dmft lyapunov plastic --g 2 --k 1 --p 2.5\n"
           "  dmft lyapunov random --g 3 --neurons 400\n"
           "  dmft lyapunov multiregion --g 1.5 0 --T T.npy --currents 1 0 0 1 --stop 400 --dt 0.2")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    # exponents of populations are not derived
    for one in networks.add_networks(parser, without=("population",)).values():
        add_solver(one)
        group = one.add_argument_group("exponents")
        group.add_argument("--thresholds", type=finite, nargs="+", metavar="S",
                           help="print F(S), the fraction of exponents below S")
        group.add_argument("--largest", action="store_true", help="only the largest exponent")
        group.add_argument("--neurons", type=whole_number(2), metavar="N",
                           help="also the largest exponent of simulated networks of N units")
        group.add_argument("--networks", type=whole_number(2), default=8, metavar="M",
                           help="number of simulated networks (default: 8)")
        group.add_argument("--seed", type=whole_number(0), default=0,
                           help="seed of sampled paths and of the simulation (default: 0)")
        one.set_defaults(run=run, lyapunov=True)


def run(args: argparse.Namespace) -> int:
    """Solve, and print the exponents."""
    network = networks.network(args)
    check_possible(args, network)
    if args.largest and args.thresholds:
        args.parser.error("--largest leaves out the spectrum, of which --thresholds asks: omit one "
                          "of them")
    if args.stop is not None and (args.thresholds or args.neurons):
        args.parser.error("--thresholds and --neurons apply to stationary activity: omit them, or "
                          "--stop")
    solution = solve(args, network)
    _print("network", repr(network))
    options: dict[str, Any] = {} if args.stop is not None else {"rng": args.seed}
    _print("largest exponent", formatted(dmft.lyapunov_exponent(solution, **options), 6))
    if args.stop is None and not args.largest:
        _print_spectrum(args, solution)
    if args.neurons is not None:
        from dmft import validation

        found = validation.lyapunov_exponent(network, args.neurons, args.networks, rng=args.seed,
                                             progress=not args.quiet and sys.stderr.isatty())
        _print(f"at N={args.neurons}", f"{formatted(found, 6)}, over {args.networks} networks")
    return 0


def _print_spectrum(args: argparse.Namespace, solution: Any) -> None:
    """Entropy rate, dimension and F at the thresholds, or why there is no theory of them."""
    full = bool(args.thresholds)
    try:
        found = dmft.lyapunov_spectrum(solution, full=full, rng=args.seed)
    except dmft.ModelError as error:
        if full:
            raise
        _print("spectrum", f"without theory here: {error}")
        return
    _print("entropy rate", f"{formatted(found.entropy_rate, 6)} per neuron and time constant")
    _print("dimension", f"{formatted(found.dimension, 6)} per neuron (Kaplan-Yorke)")
    for s in args.thresholds or ():
        _print(f"F({s:g})", formatted(found.F(s), 6))


def _print(name: str, text: str) -> None:
    print(f"{name:<20}{text}")
