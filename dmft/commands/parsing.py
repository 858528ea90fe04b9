"""The parser of the command line: every notation of numbers; errors before the usage."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that reads `-5e-1` as a number, and prints an error before the usage."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # argparse tests with this object whether a word that begins with "-" is a number. Its
        # default matches no exponents up to Python 3.13, and no rows such as -1,0 in any version.
        self._negative_number_matcher = _Numbers()  # type: ignore[assignment]

    def error(self, message: str) -> NoReturn:
        """Print the message, then one line of usage; exit with status 2."""
        if sys.stderr is not None:
            print(f"dmft: {message}\nusage: {self.prog} ..., as `{self.prog} --help` describes",
                  file=sys.stderr)
        raise SystemExit(2)


class _Numbers:
    """In place of a regular expression: matches what `float` reads, and rows of it with commas."""

    @staticmethod
    def match(word: str) -> bool:
        try:
            return bool([float(one) for one in word.split(",") if one])
        except ValueError:
            return False


def whole_number(least: int = 1) -> Callable[[str], int]:
    """Converter of text to a whole number of `least` or above, for the `type` of argparse."""
    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if value < least:
            raise argparse.ArgumentTypeError(f"{text} is below {least}; give {least} or more")
        return value
    return number


def finite(text: str) -> float:
    """A finite number, for the `type` of argparse."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text} is not finite")
    return value


def number(text: str, *, zero: bool = False) -> float:
    """A finite number above 0, or also 0, for the `type` of argparse."""
    value = finite(text)
    if value < 0 or (value == 0 and not zero):
        raise argparse.ArgumentTypeError(
            f"{text} is {'negative' if value < 0 else 'not positive'}; give a number "
            + ("of 0 or above" if zero else "above 0"))
    return value


def number_or_zero(text: str) -> float:
    """A finite number, 0 or above, for the `type` of argparse."""
    return number(text, zero=True)
