"""dmft bench: measure speed and accuracy, and write the page of benchmarks."""

from __future__ import annotations

import argparse

from .common import CommandFailed, example, new_file, progress

EXAMPLE = "dmft bench --output docs/benchmarks.md"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which benchmarks (default: all)")
    parser.add_argument("--output", type=new_file, metavar="FILE",
                        help="write the page of benchmarks (Markdown)")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def run(args: argparse.Namespace) -> int:
    """Run the benchmarks and print one line for each."""
    from dmft.validation.benchmarks import registry

    with progress(args.quiet) as show:
        try:
            rows = registry.run(args.names or None, args.output, progress=show)
        except RuntimeError as error:  # the process of a benchmark failed
            raise CommandFailed(str(error)) from error
    for row in rows:
        print(row)
    return 0
