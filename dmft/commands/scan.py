"""dmft scan: compute one quantity of many networks, as a TOML file describes them."""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

import dmft
from dmft.scan_files.scan_file import read_scan
from dmft.scan_files.table import write_table
from dmft.scan_files.verbs import function_of

from .outputs import output_file, output_folder
from .parsing import whole_number
from .terminal import CommandFailed, example, progress

EXAMPLE = ("dmft scan scan.toml --store scan-results --workers 2 --table scan.csv\n"
           "  with, in scan.toml,\n"
           '    network = "plastic"\n'
           '    verb = "dimension"\n'
           "    [parameters]\n"
           "    p = 2.5\n"
           "    [grid]\n"
           "    g = [1.5, 2.0]\n"
           "    k = {start = -1.0, stop = 1.0, count = 5}\n"
           "    [solve]\n"
           "    tol = 5e-3\n"
           "  interrupted, the same command continues\n"
           "exit status: 0 if every network has its result, 1 if one failed")
SHOWN_FAILURES = 10  # of a scan; a table has them all


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    parser.add_argument("file", metavar="FILE", help="the networks, and what is computed of each")
    parser.add_argument("--store", type=output_folder, required=True, metavar="DIR", help="folder "
                        "of the results, from which an interrupted scan continues")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=whole_number(1), default=1, metavar="N",
                       help="processes of this machine (default: 1)")
    where.add_argument("--dask", metavar="ADDRESS", help="scheduler of a dask cluster, such as "
                       "tcp://node1:8786 (requires dask.distributed)")
    parser.add_argument("--table", type=output_file(".csv"), metavar="FILE",
                        help="write a table of the results (.csv)")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def run(args: argparse.Namespace) -> int:
    """Compute what is missing in the store, and write the table."""
    scan = read_scan(args.file)
    function, failed = function_of(scan.verb, scan.solve), 0
    with _executor(args) as executor, progress(args.quiet) as show:
        def ready(done: int, total: int, index: int, result: Any) -> None:
            if show is not None:
                show(f"{done} of {total} networks")

        results = dmft.scan(function, scan.networks, executor=executor, rng=scan.seed,
                            store=args.store, callback=ready, on_error="return", progress=False,
                            **scan.options)
    for parameters, result in zip(scan.parameters, results, strict=True):
        if isinstance(result, BaseException):
            failed += 1
            if failed <= SHOWN_FAILURES:
                at = ", ".join(f"{name}={value}" for name, value in parameters.items())
                print(f"failed              at {at}: {result}")
    if failed > SHOWN_FAILURES:
        print(f"                    and {failed - SHOWN_FAILURES} more: see --table")
    print(f"networks            {len(results)}, of which {failed} failed")
    print(f"store               {args.store}")
    if args.table is not None:
        write_table(args.table, scan.parameters, results)
        print(f"table               {args.table}")
    return int(failed > 0)


@contextmanager
def _executor(args: argparse.Namespace) -> Iterator[Any]:
    """Processes, the workers of a dask cluster, or None for this process."""
    if args.dask is not None:
        try:
            from distributed import Client
        except ImportError as error:
            raise CommandFailed("--dask requires dask.distributed: pip install 'dmft[scan]'"
                                ) from error
        with Client(args.dask) as client:
            yield client.get_executor()
    elif args.workers > 1:
        with ProcessPoolExecutor(args.workers, multiprocessing.get_context("spawn")) as pool:
            yield pool
    else:
        yield None
