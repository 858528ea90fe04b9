"""dmft bench: measure speed and accuracy, and write the page of benchmarks."""

from __future__ import annotations

import argparse

from .common import example, progress

EXAMPLE = "dmft bench"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def run(args: argparse.Namespace) -> int:
    """Measure; print the rows."""
    from dmft.validation import benchmark

    with progress(args.quiet) as show:
        rows = benchmark.run(progress=show)
    for row in rows:
        print(row)
    return 0
