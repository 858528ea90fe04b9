"""dmft equations: run the derivations, and write or check the generated equations."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .outputs import check_folder
from .terminal import CommandFailed, example

EXAMPLE = "dmft equations --check"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true",
                      help="prove every step, and compare the committed code with newly "
                      "generated code")
    what.add_argument("--write", action="store_true",
                      help="write the generated code and its documentation")
    parser.add_argument("--root", type=Path, metavar="FOLDER", default=Path.cwd(),
                        help="a checkout of the repository (default: the current folder)")


def run(args: argparse.Namespace) -> int:
    """Write or check the generated equations."""
    from dmft.derivations.engine.derivation import DerivationError
    from dmft.derivations.printing import emit

    if not (args.root / "derivations").is_dir():
        args.parser.error(f"--root {args.root}: not a checkout of dmft; run the command in one, or "
                          "give its folder")
    if args.write:
        try:
            check_folder(args.root)
        except argparse.ArgumentTypeError as error:
            args.parser.error(f"--root {error}")
        try:
            changed = emit.write(args.root)
        except DerivationError as error:
            raise CommandFailed(f"nothing was written: {error}") from error
        for path in changed:
            print(path)
        return 0
    wrong = emit.check(args.root)
    for line in wrong:
        print(line, file=sys.stderr)
    print("the generated equations " + ("differ from the derivations: run `dmft equations --write`"
                                        if wrong else "agree with the derivations"))
    return 1 if wrong else 0
