"""The error for a misspelt public name suggests the right one."""

from __future__ import annotations

import subprocess
import sys

import pytest

import dmft
from dmft import validation


@pytest.mark.parametrize(("module", "name", "meant"), [
    (dmft, "slove", "solve"), (dmft, "RandomNetwrok", "RandomNetwork"),
    (dmft, "lyapunov_exp", "lyapunov_exponent"), (dmft, "Plastic", "PlasticNetwork"),
    (dmft, "validate", "validation"), (validation, "simluate", "simulate"),
    (validation, "lyapunov_spectra", "lyapunov_spectrum"),
])
def test_a_misspelt_name(module, name, meant):
    with pytest.raises(AttributeError, match=f"no attribute '{name}'; did you mean '{meant}'"):
        getattr(module, name)
    assert not hasattr(module, name)


def test_a_name_that_resembles_no_other():
    with pytest.raises(AttributeError, match=r"no attribute 'xyzzy'$"):
        _ = dmft.xyzzy


def test_there_is_one_suggestion():
    """Python's traceback adds no second one."""
    done = subprocess.run([sys.executable, "-c", "import dmft; dmft.slove"], capture_output=True,
                          text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last == "AttributeError: module 'dmft' has no attribute 'slove'; did you mean 'solve'?"
