"""dmft bench: measure speed and accuracy, and write the page of benchmarks."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from .outputs import output_file
from .terminal import CommandFailed, example, progress

EXAMPLE = "dmft bench --output docs/benchmarks.md"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    from dmft.validation.benchmarks.registry import BENCHMARKS

    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    parser.add_argument("names", nargs="*", metavar="NAME", type=_known(tuple(BENCHMARKS)),
                        help=f"which benchmarks (default: all): {', '.join(BENCHMARKS)}")
    parser.add_argument("--output", type=output_file(".md"), metavar="FILE",
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


def _known(names: tuple[str, ...]) -> Callable[[str], str]:
    """Converter that accepts these names; `choices` of argparse would list them in the usage."""
    def name(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f"no benchmark is called {text!r}; give any of "
                                             + ", ".join(names))
        return text
    return name
