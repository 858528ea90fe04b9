"""The command line: `python -m dmft`, also the script `dmft`.

Every subcommand is one call of a public function. Exit status: 0 for success, 1 for disagreement
or failure, 2 for bad arguments.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from . import __version__
from .base.errors import ConvergenceError, ModelError, StorageError
from .commands.common import CommandFailed

COMMANDS = {  # one file each in commands/
    "solve": "solve the mean-field theory of a network",
    "validate": "solve, simulate, and compare the two",
    "connectivity": "read a connectivity matrix as random modes",
    "figures": "make the figures of a theory",
    "equations": "derive the equations, and write or check their code",
    "bench": "measure speed and accuracy; writes docs/benchmarks.md",
}

EXAMPLES = """\
examples:
  dmft solve random --g 2 --phi tanh --output sol.npz
  dmft validate random --g 2 --phi erf --seed 1
  dmft equations --check
`dmft COMMAND --help` describes each of them.
"""


def parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """The parser of all subcommands, with the arguments of the chosen one.

    Files of the other subcommands are not imported: `dmft equations --write` must run before the
    equations that a network needs have been written.
    """
    top = argparse.ArgumentParser(
        prog="dmft", description="Dynamical mean-field theory of random recurrent networks.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"dmft {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        one = commands.add_parser(name, help=summary,
                                  description=f"{summary[0].upper()}{summary[1:]}.",
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
        one.set_defaults(parser=one)
        if name == chosen:
            importlib.import_module(f".commands.{name}", __package__).add(one)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after `dmft`; those of the process by default.

    Returns
    -------
    int
        Exit status: 0 for success, 1 for disagreement or failure, 130 after Ctrl-C. (For bad
        arguments, argparse raises SystemExit with status 2.)
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    args = parser(next((word for word in words if word in COMMANDS), None)).parse_args(words)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _one_line
            status = args.run(args)
            sys.stdout.flush()
            return status
    except ModelError as error:
        args.parser.error(str(error))
        return 2  # not reached: error() raises SystemExit
    except (ConvergenceError, StorageError, CommandFailed) as error:
        print(f"dmft: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dmft: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has exited
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _one_line(message: Any, category: type, *where: Any, **more: Any) -> None:
    print(f"dmft: {category.__name__}: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
