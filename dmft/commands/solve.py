"""dmft solve: solve the theory of one network and print what it says."""

from __future__ import annotations

import argparse
from typing import Any

import dmft

from . import networks
from .common import example, new_file, progress

EXAMPLE = "dmft solve random --g 2 --phi tanh --output sol.npz"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    for one in networks.add_networks(parser).values():
        add_solver(one)
        one.add_argument("--lyapunov", action="store_true",
                         help="also the largest Lyapunov exponent")
        one.add_argument("--output", type=new_file, metavar="FILE",
                         help="save the solution (.npz; read it with dmft.load)")
        one.set_defaults(run=run)


def add_solver(parser: argparse.ArgumentParser) -> None:
    """Add the options of `dmft.solve`."""
    group = parser.add_argument_group("solver")
    group.add_argument("--span", type=float, metavar="T",
                       help="largest lag, in neuronal time constants (default: chosen)")
    group.add_argument("--dt", type=float, metavar="DT", help="step of the lags (default: chosen)")
    group.add_argument("--tol", type=float, metavar="X", help="tolerance, relative to C_x(0)")
    group.add_argument("--method", help="auto, energy or fourier (default: auto)")
    group.add_argument("--quiet", action="store_true", help="no progress on stderr")


def solve(args: argparse.Namespace) -> Any:
    """The solution of the network that the options describe."""
    options: dict[str, Any] = {}
    if (args.span is None) != (args.dt is None):
        args.parser.error("--span and --dt are given together or not at all")
    if args.span is not None:
        options["lags"] = dmft.Lags(span=args.span, dt=args.dt)
    options.update((name, getattr(args, name)) for name in ("tol", "method")
                   if getattr(args, name) is not None)
    with progress(args.quiet) as show:
        if show is not None:
            options["callback"] = lambda iteration, residual, _: show(
                f"iteration {iteration}, residual {residual:.1e}")
        return dmft.solve(networks.network(args), **options)


def run(args: argparse.Namespace) -> int:
    """Solve, print, and save where told."""
    try:
        solution = solve(args)
    except dmft.ConvergenceError as error:
        if error.solution is not None:
            print(summary(error.solution))
        raise
    print(summary(solution))
    if args.lyapunov:
        print(f"Lyapunov exponent   {float(dmft.lyapunov_exponent(solution)):.6g}")
    if args.output is not None:
        print(f"saved               {dmft.save(solution, args.output)}")
    return 0


def summary(solution: Any) -> str:
    """What a solution says, a line for each thing."""
    lags = solution.lags
    rows = [
        ("network", repr(solution.network)),
        ("branch", solution.branch),
        ("variance C_x(0)", f"{float(solution.C_x[0]):.10g}"),
        ("C_phi(0)", f"{float(solution.C_phi[0]):.10g}"),
        ("static part of C_x", f"{float(solution.C_x_static):.10g}"),
        ("gain <phi'>", f"{float(solution.gain):.10g}"),
        ("lags", f"{len(lags)}, from 0 to {lags.span:g} in steps of {lags.dt:.4g}"),
        ("convergence", str(solution.convergence)),
    ]
    return "\n".join(f"{name:<20}{text}" for name, text in rows)

