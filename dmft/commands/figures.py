"""dmft figures: reproduce the figures of a theory."""

from __future__ import annotations

import argparse
from pathlib import Path

from .outputs import check_folder
from .terminal import example, progress

EXAMPLE = "dmft figures iid --quick --output docs/figures"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    from dmft.validation.figures.registry import THEORIES

    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    parser.add_argument("theory", choices=THEORIES, help="which theory: " + ", ".join(THEORIES))
    parser.add_argument("--output", type=Path, default=Path("docs/figures"), metavar="FOLDER",
                        help="folder of the figures (default: docs/figures)")
    parser.add_argument("--only", nargs="+", metavar="NAME",
                        help="names of the figures to make (default: all of the theory)")
    parser.add_argument("--quick", action="store_true",
                        help="smaller simulations, which take seconds")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")


def run(args: argparse.Namespace) -> int:
    """Make the figures and print their paths."""
    from dmft.validation.figures import registry

    try:
        args.output.mkdir(parents=True, exist_ok=True)
        check_folder(args.output)
    except FileExistsError:
        args.parser.error(f"--output {args.output}: is a file; give the name of a folder")
    except OSError as error:
        args.parser.error(f"--output {args.output}: {error.strerror}; choose another folder")
    except argparse.ArgumentTypeError as error:
        args.parser.error(f"--output {error}")
    names = [one.name for one in registry.figures(args.theory)]
    for one in args.only or ():
        if one not in names:
            args.parser.error(f"--only {one}: not a figure of {args.theory}; give one or more of "
                              + ", ".join(names))
    with progress(args.quiet) as show:
        made = registry.regenerate(args.theory, args.output, quick=args.quick, progress=show,
                                   only=args.only)
    for path in made or ():
        print(path)
    return 0
