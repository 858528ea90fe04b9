"""The command line: `python -m dmft`, also the script `dmft`.

Every subcommand is one call of a public function. `EXIT_STATUS` lists how a command can end.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import textwrap
import warnings
from collections.abc import Sequence
from typing import Any

from . import __version__
from .base.errors import ConvergenceError, ModelError
from .commands.parsing import Parser
from .commands.terminal import CommandFailed, any_text, complain, flush

COMMANDS = {  # one file each in commands/
    "solve": "solve the mean-field theory of a network",
    "lyapunov": "compute the Lyapunov exponents of a network",
    "validate": "solve, simulate, and compare the two",
    "connectivity": "read a connectivity matrix as random modes",
    "scan": "compute one quantity of many networks, which a file describes",
    "figures": "make the figures of a theory",
    "equations": "derive the equations, and write or check their code",
    "bench": "measure speed and accuracy; writes docs/benchmarks.md",
}

EXIT_STATUS = {
    0: "success; a comparison or a check agrees",
    1: "a comparison or a check does not agree, a computation failed, or a file or the output "
       "could not be read or written",
    2: "bad arguments, or a network that the theory excludes",
    130: "interrupted by Ctrl-C",
}

EXAMPLES = """\
examples:
  dmft solve random --g 2 --phi tanh --output sol.npz
  dmft validate random --g 2 --phi erf --seed 1
  dmft equations --check
`dmft COMMAND --help` describes each of them.

exit status:
"""


def parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """The parser of all subcommands, with the arguments of the chosen one.

    Files of the other subcommands are not imported: `dmft equations --write` must run before the
    equations that a network needs have been written.
    """
    status = "\n".join(textwrap.fill(text, 80, initial_indent=f"  {code:<5}",
                                     subsequent_indent=" " * 7)
                       for code, text in EXIT_STATUS.items())
    top = Parser(
        prog="dmft", description="Dynamical mean-field theory of random recurrent networks.",
        epilog=EXAMPLES + status, formatter_class=argparse.RawDescriptionHelpFormatter)
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
        Exit status, one of `EXIT_STATUS`.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    with any_text():
        try:
            status = _run(words)
        except SystemExit as leaves:  # of argparse, after --help and for bad arguments
            status = int(leaves.code or 0)
        except BrokenPipeError:
            status = 1
        lost = flush(sys.stdout)
        if lost is not None and not isinstance(lost, BrokenPipeError):
            complain(f"the output could not be written ({lost.strerror or lost})")
        flush(sys.stderr)
    return status or int(lost is not None)  # no message if a reader such as `head` has ended


def _run(words: list[str]) -> int:
    try:
        args = parser(next((word for word in words if word in COMMANDS), None)).parse_args(words)
        with warnings.catch_warnings():
            warnings.showwarning = _one_line
            return args.run(args)
    except ModelError as error:
        args.parser.error(str(error))
    except BrokenPipeError:  # an OSError without a message
        raise
    except MemoryError as error:
        complain(f"not enough memory ({error or 'none left'}); choose a smaller problem")
    except (ConvergenceError, CommandFailed, OSError) as error:  # StorageError is an OSError
        complain(str(error))
    except KeyboardInterrupt as stop:
        complain(str(stop) or "stopped")
        return 130
    return 1


def _one_line(message: Any, category: type, *where: Any, **more: Any) -> None:
    complain(f"{category.__name__}: {message}")


if __name__ == "__main__":
    sys.exit(main())
