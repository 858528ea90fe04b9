"""A damaged binary file is read or refused: it never ends the process that reads it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from scipy import sparse

import dmft
from dmft.random_modes.connectivity.load import load_connectivity
from dmft.random_modes.connectivity.matlab_elements import check_elements

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(scipy.io.__file__).parent / "matlab" / "tests" / "data"


def write_all(folder):
    """The same matrix in each format that scipy reads by compiled code."""
    J = np.random.default_rng(0).normal(size=(6, 6))
    few = sparse.csc_array(J * (J > 0.5))
    nested = {"J": J, "s": {"a": np.eye(2), "b": "x"}, "c": np.array([J, "q"], dtype=object)}
    for name, value in (("dense", {"J": J}), ("sparse", {"J": few}), ("nested", nested)):
        scipy.io.savemat(folder / f"{name}.mat", value)
    scipy.io.savemat(folder / "packed.mat", {"J": J}, do_compression=True)
    scipy.io.savemat(folder / "old.mat", {"J": J}, format="4")
    sparse.save_npz(folder / "sparse.npz", few, compressed=False)
    scipy.io.mmwrite(folder / "sparse.mtx", few)
    return sorted(folder.iterdir())


def damage(data, seed):
    """Up to four bytes changed, most of them to small numbers, as types and counts are."""
    draw, damaged = random.Random(seed), bytearray(data)
    first = draw.choice([0, min(124, len(data) - 1)])
    for _ in range(draw.choice([1, 1, 2, 4])):
        damaged[draw.randrange(first, len(data))] = draw.choice([draw.randrange(256),
                                                                 draw.randrange(20)])
    return bytes(damaged)


def main(folder, each):
    warnings.simplefilter("ignore")
    for path in write_all(Path(folder)):
        whole, found = path.read_bytes(), {"read": 0, "refused": 0}
        for seed in range(each):
            path.write_bytes(damage(whole, seed))
            os.write(1, f"{path.name} {seed}\n".encode())
            try:
                np.asarray(load_connectivity(path, variable="J" if path.suffix == ".mat" else None))
                found["read"] += 1
            except (dmft.StorageError, dmft.ModelError):
                found["refused"] += 1
        assert min(found.values()) > 0, found
    os.write(1, b"done")


@pytest.mark.parametrize("each", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_damage_anywhere_does_not_end_the_process(tmp_path, each):
    code = "import sys; from tests.random_modes.connectivity import test_damaged_binary_files as t;"
    child = subprocess.run([sys.executable, "-c", f"{code} t.main(sys.argv[1], {each})", tmp_path],
                           cwd=ROOT, capture_output=True, text=True, check=False,
                           env={**os.environ, "PYTHONPATH": str(ROOT)})
    last = child.stdout.splitlines()[-1:]
    assert (child.returncode, last) == (0, ["done"]), child.stderr[-2000:]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="scipy without its own tests")
def test_whatever_scipy_reads_passes():
    """Files that MATLAB wrote, from version 4 to 7.4, on machines of both byte orders."""
    passed = 0
    for path in sorted(SAMPLES.glob("*.mat")):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scipy.io.loadmat(path)
        except Exception:
            continue
        check_elements(path.read_bytes())
        passed += 1
    assert passed > 90
