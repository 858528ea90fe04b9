"""dmft equations: derive, and write or check the generated equations."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .common import CommandFailed, example

EXAMPLE = "dmft equations --check"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    example(parser, EXAMPLE)
    parser.set_defaults(run=run)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true",
                      help="prove every step, and compare the committed code with a fresh one")
    what.add_argument("--write", action="store_true", help="write the code and its pages")
    parser.add_argument("--root", type=Path, metavar="FOLDER", default=Path.cwd(),
                        help="a checkout of the repository (default: this folder)")


def run(args: argparse.Namespace) -> int:
    """Write or check."""
    from dmft.derivations.engine.derivation import DerivationError
    from dmft.derivations.printing import emit

    if not (args.root / "derivations").is_dir():
        args.parser.error(f"--root {args.root}: not a checkout of dmft; go to one, or name one")
    if args.write:
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
    print("the generated equations " + ("differ: run `dmft equations --write`" if wrong else
                                        "are what the derivations give"))
    return 1 if wrong else 0
