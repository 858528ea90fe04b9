"""Any file is read or refused soon, within bounded memory, and with one clear error."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tracemalloc
import zipfile

import numpy as np
import pytest

import dmft
from dmft.storage import archive, files
from dmft.storage.tuning import DEEPEST, LARGEST_HEADER, LARGEST_WHOLE_BITS, MOST_NODES

from .shared_scan import ROOT
from .test_saving import rewrite_header, solution


def refused(path, problem):
    """The file is refused for this reason, with little memory."""
    tracemalloc.start()
    try:
        with pytest.raises(dmft.StorageError, match=problem) as caught:
            dmft.load(path)
        assert tracemalloc.get_traced_memory()[1] < 2**26
    finally:
        tracemalloc.stop()
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 1000


def file_of(path, head, **members):
    """A file with this header and these members, each an array or bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("header.json", json.dumps(head) if not isinstance(head, str) else head)
        for name, content in members.items():
            with out.open(f"{name}.npy", "w") as member:
                if isinstance(content, bytes):
                    member.write(content)
                else:
                    np.lib.format.write_array(member, content)
    return path


def whole(value):
    return {"format": "dmft", "format_version": 1, "dmft_version": "0.1.0", "note": {"dict": {}},
            "value": value}


def phi(expression):
    return {"nonlinearity": {"name": "phi", "expression": expression}}


X = ["symbol", "x", {"real": True}]
TEN, THOUSAND = ["rational", 10, 1], ["rational", 1000, 1]


def nested(expression, times):
    for _ in range(times):
        expression = ["sin", expression]
    return expression


@pytest.mark.parametrize(("tree", "problem"), [
    ({"seed": {"entropy": 1, "spawn_key": [], "pool_size": 2**27}}, "a pool of 134217728 words"),
    ({"seed": {"entropy": [1] * 2000, "spawn_key": [], "pool_size": 4}}, "of 2000 numbers"),
    ({"seed": {"entropy": 1, "spawn_key": [2**40] * 2000, "pool_size": 4}}, "of 2001 numbers"),
    ({"seed": {"entropy": True, "spawn_key": [], "pool_size": 4}}, "needs whole numbers"),
    (phi(["Add", X, ["float", "1.5", 10**8]]), "not a saved expression"),
    (phi(["Add", X, ["float", "1e999999999", 53]]), "not a saved expression"),
    (phi(["Mul", X, ["Pow", TEN, ["rational", 10**9, 1]]]), "not a saved expression"),
    (phi(["Mul", X, ["Pow", ["Pow", ["Pow", TEN, THOUSAND], THOUSAND], THOUSAND]]),
     "not a saved expression"),
    (phi(["Pow", ["Mul", TEN, X], ["rational", 10**9, 1]]), "not a saved expression"),
    (phi(["Mul", X, ["exp", ["exp", ["exp", ["float", "1e300", 53]]]]]), "not a saved expression"),
    (phi(nested(X, DEEPEST + 1)), f"nested more than {DEEPEST} deep"),
    (phi(["Add", *[X] * MOST_NODES]), f"more than {MOST_NODES} parts"),
    ({"class": "Lags", "fields": {"span": 1e9, "dt": 1e-9}}, "lags, above"),
    ({"class": "Times", "fields": {"stop": 1e9, "dt": 1e-9}}, "times, above"),
    ({"complex": [1, True]}, "needs two numbers"),
    ({"class": "x" * 5000, "fields": {}}, "a class that is not registered here"),
    ({"y" * 5000: 1, "fields": {}}, "an entry of unknown kind 'yy"),
    ({"float": "1e5"}, "is no number"),
    ({"tuple": [{"array": "a"}, {"array": "a"}]}, "two places name the array 'a'"),
], ids=lambda value: str(value)[:40])
def test_a_number_of_the_header_is_bounded(tmp_path, tree, problem):
    refused(file_of(tmp_path / "x.npz", whole(tree), a=np.zeros(3)), problem)


@pytest.mark.parametrize(("text", "problem"), [
    (json.dumps(whole(0)).replace(": 0}", ": NaN}"), "NaN is no JSON"),
    (json.dumps(whole(0)).replace(": 0}", ": 1e999}"), "too large for a float"),
    (json.dumps(whole(0)).replace(": 0}", ": " + "9" * 5000 + "}"), "integer string conversion"),
    ("[" * 10**6, "damaged"), ('{"a":' * 10**5, "damaged"),
    ('"' + "x" * LARGEST_HEADER + '"', "its header has .* bytes"),
], ids=["nan", "1e999", "digits", "lists", "dicts", "long"])
def test_a_header_is_bounded(tmp_path, text, problem):
    refused(file_of(tmp_path / "x.npz", text), problem)


def test_a_member_that_the_header_does_not_name_is_not_unpacked(tmp_path, monkeypatch):
    """2 MB that unpack to 2 GB: they are neither read nor counted."""
    path = dmft.save(np.arange(3.0), tmp_path / "x")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as out, out.open(
            "more.npy", "w", force_zip64=True) as member:
        for _ in range(128):
            member.write(bytes(2**20))  # the rest is claimed by the directory
    tracemalloc.start()
    assert np.array_equal(dmft.load(path), np.arange(3.0))
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()


def npy(descr, shape, data=b""):
    text = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + data


@pytest.mark.parametrize(("content", "problem"), [
    (npy("<f8", (10**11,), bytes(24)), "does not fit its size"),
    (npy("<f8", (2,), bytes(24)), "does not fit its size"),
    (npy("<f8", (-1, -3), bytes(24)), "an array of float64"),
    (npy("|S0", (10**11,)), "an array of"), (npy("<M8[s]", (3,), bytes(24)), "datetime64"),
    (npy("<m8[s]", (3,), bytes(24)), "timedelta64"), (npy("|O", (3,), bytes(24)), "object"),
    (npy("|b1", (3,), b"\0\1\7"), "neither 0 nor 1"), (npy("|V8", (3,), bytes(24)), "V8"),
    (b"\x93NUMPY\3\0" + bytes(30), "format"), (b"", "damaged"), (bytes(10**6), "damaged"),
], ids=lambda value: str(value)[:30])
def test_an_array_that_differs_from_its_header_is_refused(tmp_path, content, problem):
    refused(file_of(tmp_path / "x.npz", whole({"array": "a"}), a=content), problem)


def test_arrays_larger_than_the_memory_are_refused(tmp_path, monkeypatch):
    path = dmft.save([np.zeros(2**21), np.zeros(2**21)], tmp_path / "x")
    monkeypatch.setattr(archive, "available", lambda: 2.0**25)
    refused(path, "its arrays need .* GiB of memory")
    monkeypatch.setattr(archive, "available", lambda: 2.0**26)
    assert len(dmft.load(path)) == 2


@pytest.mark.parametrize(("value", "stderr", "problem"), [
    (np.full(235, np.nan), np.zeros(235), "C_x is NaN throughout"),
    (np.zeros(235, bool), np.zeros(235), "bool"),
    (np.ones(235) * 1j, np.zeros(235), "complex"),
    (np.ones(235), np.zeros(235, bool), "bool"),
    (np.array(["1.0"] * 235), np.zeros(235), "<U3"),
    (np.ones(3), np.zeros(3), "C_x has shape"),
], ids=["nan", "bool", "complex", "stderr", "text", "short"])
def test_an_invalid_curve_is_refused(tmp_path, value, stderr, problem):
    path = dmft.save(solution(dmft.RandomNetwork(2.0)), tmp_path / "x")
    head, arrays = archive.read(path, "value")
    arrays |= {"C_x.value": value, "C_x.stderr": stderr}
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("header.json", json.dumps(head))
        for name, array in arrays.items():
            with out.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array)
    refused(path, problem)


@pytest.mark.parametrize(("field", "value"), [
    ("branch", 3), ("C_x", 1.5), ("lags", None), ("network", "RandomNetwork"),
    ("convergence", {"tuple": []}), ("gain", {"array": "gain.value"})])
def test_a_field_of_another_type_is_refused(tmp_path, field, value):
    path = dmft.save(solution(dmft.RandomNetwork(2.0)), tmp_path / "x")
    head, _ = archive.read(path, "value")
    head["value"]["fields"][field] = value
    rewrite_header(path, value=head["value"])
    refused(path, f"a Solution whose {field} is ")


def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "x.npz")
    refused(tmp_path / "x.npz", "it is not a file")
    (tmp_path / "y.npz").symlink_to("/dev/zero")
    refused(tmp_path / "y.npz", "it is not a file")


def test_a_directory_of_many_entries_is_refused(tmp_path):
    """An archive that ends with the claim of a long directory, which is not read."""
    path = tmp_path / "x.npz"
    with open(path, "wb") as stream:
        stream.truncate(2**26)  # a file with a hole
        stream.seek(0, os.SEEK_END)
        stream.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**26, 0, 0))
    refused(path, "its directory has 67108864 bytes")


def test_an_encrypted_member_and_other_compressions_are_refused(tmp_path):
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(tmp_path / "x.npz", "w", method) as out:
            out.writestr("header.json", json.dumps(whole(1)))
        refused(tmp_path / "x.npz", "has compression")
    content = bytearray(dmft.save(1, tmp_path / "x").read_bytes())
    content[content.rindex(b"PK\1\2") + 8] |= 1
    (tmp_path / "x.npz").write_bytes(content)
    refused(tmp_path / "x.npz", "is encrypted")


@pytest.mark.parametrize(("value", "problem"), [
    (2**LARGEST_WHOLE_BITS, "a whole number of"),
    (np.random.SeedSequence(1, pool_size=2**10), "pool"),
    (["x" * 1000] * (LARGEST_HEADER // 1000), "MiB of numbers and names"),
    (np.zeros(3, "M8[s]"), "datetime64")], ids=["whole", "pool", "long", "dates"])
def test_what_could_not_be_read_is_not_written(tmp_path, value, problem):
    with pytest.raises(dmft.StorageError, match=problem):
        dmft.save(value, tmp_path / "x")
    assert not list(tmp_path.iterdir())
    assert dmft.load(dmft.save(2**LARGEST_WHOLE_BITS - 1, tmp_path / "x")) > 2**13_999


def test_a_phi_whose_numbers_are_too_long_is_not_written(tmp_path):
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x", real=True)
    long = dmft.Nonlinearity.from_sympy(sympy.tanh(x) + x * sympy.Float(0.1, 400))
    with pytest.raises(dmft.StorageError, match="too many digits"):
        dmft.save(dmft.RandomNetwork(0.5, long), tmp_path / "x")


def test_the_header_alone_reads_no_array(tmp_path, monkeypatch):
    path = dmft.save(np.zeros(1000), tmp_path / "x", note={"seed": np.arange(2)})
    read = []
    real = archive._array
    monkeypatch.setattr(archive, "_array", lambda *a: read.append(a[1].filename) or real(*a))
    assert np.array_equal(files.header(path)["note"]["seed"], np.arange(2))
    assert read == ["note.seed.npy"]


# the whole fuzz, of 2000 files, is `python -m tests.storage.fuzz 2000 7 FOLDER`
@pytest.mark.parametrize(("count", "seed"), [
    (16, 1), pytest.param(1000, 2, marks=pytest.mark.slow)])
@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process")
def test_any_file_is_read_or_refused_within_bounds(tmp_path, count, seed):
    child = subprocess.run([sys.executable, "-m", "tests.storage.fuzz", str(count), str(seed),
                            str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=600,
                           env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert child.returncode == 0, child.stderr[-2000:]
    found = json.loads(child.stdout)
    assert found["wrong"] == []
    assert sum(found["outcomes"].values()) == count
    assert found["peak"] < 1000  # MB
