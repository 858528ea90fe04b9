"""dmft solve: solve the theory of one network and print the result."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import dmft

from . import networks
from .arrays import ARRAY, array
from .common import example, new_file, progress

EXAMPLE = ("dmft solve random --g 2 --phi tanh --output sol.npz\n"
           "  dmft solve modes --D 2.8 --modes-per-neuron 0.5 --overlaps 0.5 --dimension\n"
           "  dmft solve plastic --g 1.5 --k 1 --p 2.5 --lyapunov --freeze\n"
           "  dmft solve multiregion --g 1.5 0 --T T.npy --stop 50 --currents 1 0 0 1")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    for word, one in networks.add_networks(parser).items():
        add_solver(one)
        one.add_argument("--lyapunov", action="store_true",
                         help="also compute the largest Lyapunov exponent")
        one.add_argument("--dimension", action="store_true",
                         help="also compute the dimension of stationary activity, per neuron")
        if word == "plastic":
            one.add_argument("--freeze", action="store_true",
                             help="also compute the state after plasticity is halted")
        one.add_argument("--output", type=new_file, metavar="FILE",
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
    group.add_argument("--method", help="auto, energy, fourier or sampled (default: auto)")
    group.add_argument("--stop", type=float, metavar="T", help="solve in time up to T, from "
                       "prepared initial conditions (default: stationary)")
    group.add_argument("--currents", nargs="+", metavar="Z",
                       help=f"with --stop: filtered currents at t = 0, row by row; {ARRAY}")
    group.add_argument("--variance", nargs="+", metavar="V", help="with --stop: variance of x(0) "
                       "in each region, without the part of the currents (default: 1)")
    group.add_argument("--quiet", action="store_true", help="no progress on stderr")


def solve(args: argparse.Namespace) -> Any:
    """The solution of the network that the options describe."""
    options: dict[str, Any] = {}
    if args.stop is not None:
        if args.span is not None:
            args.parser.error("--span applies to stationary solutions only: omit --span or --stop")
        options.update(times=dmft.Times(args.stop, 0.1 if args.dt is None else args.dt),
                       **preparation(args))
    else:
        if args.currents is not None or args.variance is not None:
            args.parser.error("--currents and --variance are initial conditions of a solution in "
                              "time: give --stop too")
        if (args.span is None) != (args.dt is None):
            args.parser.error("--span and --dt determine the grid together: give both, or neither")
        if args.span is not None:
            options["lags"] = dmft.Lags(span=args.span, dt=args.dt)
    options.update((name, getattr(args, name)) for name in ("tol", "method")
                   if getattr(args, name) is not None)
    with progress(args.quiet) as show:
        if show is not None:
            options["callback"] = lambda iteration, value, _: show(
                f"iteration {iteration}, residual {value:.1e}" if args.stop is None else
                f"refinement {iteration}, {value:.0%} of the time")
        return dmft.solve(networks.network(args), **options)


def preparation(args: argparse.Namespace) -> dict[str, Any]:
    """Those of currents and variance at t = 0 that are given."""
    return {name: array(name, getattr(args, name)) for name in ("currents", "variance")
            if getattr(args, name) is not None}


def run(args: argparse.Namespace) -> int:
    """Solve, print the result, and save it if an output file is given."""
    if args.lyapunov and args.stop is None and hasattr(args.network, "current_shape"):
        args.parser.error("--lyapunov of a network with currents requires a solution in time: "
                          "give --stop")
    if args.dimension and (args.stop is not None or hasattr(args.network, "current_shape")):
        args.parser.error("--dimension applies to stationary activity of one region: omit "
                          "--dimension or --stop")
    if args.dimension and hasattr(args.network, "k"):
        args.parser.error("--dimension has no theory for plastic couplings: measure it with "
                          "dmft.validation.simulate(..., dimension=True)")
    try:
        solution = solve(args)
    except dmft.ConvergenceError as error:
        if error.solution is not None:
            print(summary(error.solution))
        raise
    print(summary(solution))
    if args.output is not None:
        print(f"saved               {dmft.save(solution, args.output)}")
    if args.lyapunov:
        print(f"Lyapunov exponent   {formatted(dmft.lyapunov_exponent(solution), 6)}")
    if getattr(args, "freeze", False):
        print(frozen_summary(solution))
    if args.dimension:
        for of in ("phi", "x"):
            print(f"{f'PR_{of}/N':<20}{formatted(dmft.dimension(solution, of=of), 7)}")
    return 0


def summary(solution: Any) -> str:
    """The main quantities of a solution, one per line."""
    if isinstance(solution, dmft.TimeSolution):
        rows = _time_rows(solution)
    elif isinstance(solution, dmft.StationaryStates):
        rows = _fixed_point_rows(solution)
    else:
        rows = _stationary_rows(solution)
    rows = [("network", repr(solution.network)), *rows,
            ("convergence", str(solution.convergence))]
    return "\n".join(f"{name:<20}{text}" for name, text in rows)


def frozen_summary(solution: Any) -> str:
    """The state after plasticity is halted, one quantity per line."""
    found = dmft.freeze(solution)
    rows = [("halted: q", formatted(found.q)), ("halted: overlap", formatted(found.overlap)),
            ("halted: C_phi", formatted(found.C)), ("halted: fixed point", found.convergence)]
    return "\n".join(f"{name:<20}{text}" for name, text in rows)


def _timescale_rows(solution: Any) -> list[tuple[str, str]]:
    """Time scales of the correlation, and its oscillation where that is resolved."""
    if solution.branch not in ("chaotic", "driven") or not solution.convergence.success:
        return []
    found = dmft.timescales(solution)
    rows = [("half-life of C_phi", formatted(found.half_life, 6))]
    if found.oscillates:
        rows += [("first zero of C_phi", formatted(found.first_zero, 6)),
                 ("lowest C_phi", f"{formatted(found.minimum, 6)} of C_phi(0), at lag "
                  + formatted(found.minimum_lag, 6))]
    if found.peak_resolved:
        rows.append(("peak frequency", f"{formatted(found.peak, 6)} radians per time constant"))
    return rows


def _stationary_rows(solution: Any) -> list[tuple[str, str]]:
    lags = solution.lags
    return [
        ("branch", solution.branch),
        ("variance C_x(0)", formatted(solution.C_x[0])),
        ("C_phi(0)", formatted(solution.C_phi[0])),
        ("static part of C_x", formatted(solution.C_x_static)),
        ("gain <phi'>", formatted(solution.gain)),
        *_timescale_rows(solution),
        ("lags", f"{len(lags)}, from 0 to {lags.span:g} in steps of {lags.dt:.4g}"),
    ]


def formatted(value: Any, digits: int = 10) -> str:
    """An Estimate with `digits` digits, or with 6 and its standard error if that is not zero."""
    error = float(value.stderr)
    return f"{float(value):.6g} +- {error:.2g}" if error else f"{float(value):.{digits}g}"


def _time_rows(solution: dmft.TimeSolution) -> list[tuple[str, str]]:
    times, rows = solution.times, []
    rows.append(("times", f"{len(times)}, from 0 to {times.stop:g} in steps of {times.dt:.4g}"))
    z = np.atleast_2d(solution.z[-1])
    for index, row in enumerate(z if z.size else ()):
        rows.append((f"z to region {index + 1}" if len(z) > 1 else "z", _numbers(row)))
    rows += [("variance", _numbers(solution.variance[-1])),
             ("gain <phi'>", _numbers(solution.psi[-1])),
             ("largest error", f"{float(np.max(solution.error)):.2g}")]
    return rows


def _fixed_point_rows(states: dmft.StationaryStates) -> list[tuple[str, str]]:
    rows = [("fixed points", f"{len(states)} of the currents, {len(states.stable)} stable, from "
             f"{states.starts} starts")]
    for index, one in enumerate(states, 1):
        kind = "stable" if one.stable else "unstable"
        if one.stable and one.marginal:
            kind = f"marginal in {one.marginal} directions"
        rows += [(f"state {index}", f"{kind}, growth rate {one.growth_rate:.6g}; regions "
                  + ", ".join(one.branch)),
                 ("  variance", _numbers(one.variance)), ("  gain <phi'>", _numbers(one.psi))]
        rows += [("  z" if row == 0 else "", _numbers(values))
                 for row, values in enumerate(np.atleast_2d(one.z))]
    return rows


def _numbers(values: np.ndarray) -> str:
    return "  ".join(f"{float(one):.6g}" for one in values)
