"""dmft connectivity: read a connectivity matrix as random modes, and print the predictions."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import dmft

from .common import CommandFailed, example, progress
from .networks import PHIS
from .summaries import formatted

EXAMPLE = ("dmft connectivity synapses.csv --rows presynaptic --g 3 --phi erf\n"
           "exit status: 0 if every prediction converged, 1 if one did not")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    parser.add_argument("file", metavar="FILE", help="a square table (.csv, .tsv, .txt, .npy), a "
                        "sparse matrix (.npz), or a list of edges: source, target, weight")
    parser.add_argument("--kind", choices=("auto", "dense", "edges"), default="auto",
                        help="contents of a text file (default: auto)")
    parser.add_argument("--rows", choices=("postsynaptic", "presynaptic"), default="postsynaptic",
                        help="neuron to which a row of the table belongs (default: postsynaptic)")
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
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def run(args: argparse.Namespace) -> int:
    """Measure the matrix, predict the activity, and print both."""
    J = dmft.load_connectivity(args.file, kind=args.kind, rows=args.rows)
    found = dmft.measure_connectivity(J, remove_mean=not args.keep_mean)
    networks = {name: dmft.RandomModeNetwork.from_connectivity(
        found, getattr(dmft, args.phi), args.noise, args.g, overlaps=name == "with overlaps")
                for name in ("without overlaps", *(() if args.no_overlaps else ("with overlaps",)))}
    print(found, flush=True)
    first = networks["without overlaps"]
    print(f"\npredicted at g_eff = {first.g_eff:.4g}, phi = {args.phi}, noise = {args.noise:g}; of "
          f"{found.neurons} neurons, N PR dimensions\n"
          f"{'':<18}{'C_phi(0)':<20}{'PR_phi/N':<24}PR_x/N", flush=True)
    failures, few = [], False
    for name, network in networks.items():
        try:
            with progress(args.quiet) as show:
                solution = solve_with_progress(network, show)
        except dmft.ConvergenceError as error:
            failures.append(f"{name}: {error}")
            print(f"{name:<18}not found", flush=True)
            continue
        if solution.branch == "quiescent":
            print(f"{name:<18}{'0':<20}quiescent: no activity", flush=True)
            continue
        dimensions = [dmft.dimension(solution, of=of) for of in ("phi", "x")]
        few |= any(float(one) * found.neurons < 1 for one in dimensions)
        cells = [formatted(one, 4) for one in (solution.C_phi[0], *dimensions)]
        print(f"{name:<18}{cells[0]:<20}{cells[1]:<24}{cells[2]}", flush=True)
    if few:
        print("note: a predicted dimension is below 1, which is impossible: the matrix has too few "
              "modes for the theory, which assumes many")
    if failures:
        raise CommandFailed("; ".join(failures))
    return 0


def solve_with_progress(network: dmft.RandomModeNetwork, show: Callable[[str], None] | None) -> Any:
    """The solution of a network; `show` receives a line at every iteration, unless it is None."""
    if show is None:
        return dmft.solve(network)
    return dmft.solve(network, callback=lambda iteration, value, _: show(
        f"iteration {iteration}, residual {value:.1e}"))
