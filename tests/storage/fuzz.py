"""A fuzz of `load`: saved files are changed in every part and read again, within bounds.

`python -m tests.storage.fuzz COUNT SEED` reads COUNT changed files with a limit on the memory of
the process, and prints what came of them as JSON. The same count and seed give the same files.
"""

from __future__ import annotations

import collections
import copy
import io
import json
import resource
import struct
import sys
import time
import warnings
import zipfile
from pathlib import Path

import numpy as np
import sympy

import dmft
from dmft.storage.encoding import HOME

MEMORY = 2**30  # bytes above what the process has at its start
WRITTEN = Path(__file__).parents[1] / "data" / "written_by_0.1.0"


def samples(folder: Path) -> list[bytes]:
    """Files of every kind: those of an older version, and some of this one."""
    x = sympy.Symbol("x", real=True)
    phi = dmft.Nonlinearity.from_sympy(sympy.tanh(2 * x**3) + x / (1 + sympy.Abs(x)) + sympy.pi / 7)
    mine = dmft.Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x), name="arctan")
    own = [dmft.solve(dmft.RandomNetwork(0.5)), dmft.RandomNetwork(0.5, phi),
           dmft.RandomNetwork(0.5, phi), dmft.RandomNetwork(0.5, mine),
           {"seed": np.random.SeedSequence([1, 2**70], spawn_key=(3, 4)), "z": 1j, "n": 2**300,
            "nan": float("nan"), "array": np.arange(12.0).reshape(3, 4), "t": (1, [2, "x"])}]
    files = [dmft.save(value, folder / str(i)).read_bytes() for i, value in enumerate(own)]
    return files + [path.read_bytes() for path in sorted(WRITTEN.rglob("*.npz"))
                    if path.stat().st_size < 200_000]


# ---- changes: each takes the bytes of a file and a generator, and returns other bytes


def in_bytes(content: bytes, rng) -> bytes:
    """Bytes are changed, cut out, put in, repeated, or the end is lost."""
    changed = bytearray(content)
    for _ in range(rng.integers(1, 4)):
        at, length = int(rng.integers(len(changed) + 1)), int(rng.integers(1, 40))
        match rng.integers(5):
            case 0 if at < len(changed):
                changed[at] ^= 1 << int(rng.integers(8))
            case 1:
                del changed[at:at + length]
            case 2:
                changed[at:at] = rng.bytes(length)
            case 3:
                changed[at:at] = changed[at:at + length]
            case 4:
                del changed[at:]
    return bytes(changed)


def nodes(tree, path=()):
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(
        tree if isinstance(tree, list) else ())
    for key, item in items:
        yield from nodes(item, (*path, key))


def nest(kind, depth):
    tree: object = 1
    for _ in range(depth):
        tree = [tree] if kind == "list" else {kind: [tree] if kind == "tuple" else tree}
    return tree


def power(depth):
    tree = ["symbol", "x", {"real": True}]
    for _ in range(depth):
        tree = ["Pow", ["Mul", ["rational", 10, 1], tree], ["rational", 999, 1]]
    return tree


NASTY = (2**27, 2**31, 2**63, 10**4000, -1, 0, 1e308, -1e308, 5e-324, 1e15, 10**9, True, False,
         None, "", "x", "nan", "9" * 5000, "\0", [], {}, [1] * 3000, [[[]]],
         {"array": "C_x.value"}, {"float": "inf"}, {"float": "nan"}, {"complex": [1, 2]},
         {"tuple": [1, 2]}, nest("list", 90), nest("tuple", 90), nest("dict", 90),
         {"seed": {"entropy": 1, "spawn_key": [], "pool_size": 2**27}},
         {"seed": {"entropy": [7] * 10**5, "spawn_key": [], "pool_size": 4}},
         {"nonlinearity": {"built_in": "tanh"}},
         ["float", "1.5", 10**8], ["rational", 10**4000, 7], ["rational", 1, 0],
         ["Pow", ["rational", 10, 1], ["rational", 10**9, 1]], power(2), power(3), power(10),
         ["Pow", ["float", "1e300", 53], ["float", "1e300", 53]],
         ["exp", ["exp", ["exp", ["float", "1e300", 53]]]], ["sin", ["float", "1e9999999", 53]],
         ["sin", ["rational", 10**300, 1]], ["Add", *[["float", str(i), 53] for i in range(400)]],
         ["Max", *[["symbol", f"x{i}", {}] for i in range(60)]],
         ["Piecewise", *[[["rational", i, 1], ["constant", "true"]] for i in range(60)]],
         ["symbol", "x" * 10**5, {}], ["constant", "oo"], ["constant", "I"])


def in_header(content: bytes, rng) -> bytes:
    """Entries of the header are replaced by others, left out, renamed, or of another class."""
    members = unpacked(content)
    head = json.loads(members["header.json"])
    for _ in range(rng.integers(1, 3)):
        places = [path for path in nodes(head) if path]
        *up, key = places[rng.integers(len(places))]
        parent = head
        for step in up:
            parent = parent[step]
        match rng.integers(6):
            case 0 | 1 | 2:
                parent[key] = copy.deepcopy(NASTY[rng.integers(len(NASTY))])
            case 3:
                del parent[key]
            case 4:
                parent[key] = list(HOME)[rng.integers(len(HOME))]
            case 5 if isinstance(parent[key], (int, float)):
                parent[key] = parent[key] * 10**int(rng.integers(1, 30))
    members["header.json"] = json.dumps(head).encode()
    return packed(members)


def in_zip(content: bytes, rng) -> bytes:
    """Fields of the records of the archive are replaced: sizes, methods, places, counts."""
    changed = bytearray(content)
    signatures = {b"PK\1\2": 46, b"PK\3\4": 30, b"PK\5\6": 22}
    places = [(at, length) for signature, length in signatures.items()
              for at in range(len(content)) if content.startswith(signature, at)]
    for _ in range(rng.integers(1, 4)):
        at, length = places[rng.integers(len(places))]
        width = int(rng.choice([2, 4]))
        field = at + 4 + int(rng.integers((length - 4) // 2)) * 2
        values = (0, 1, 8, 9, 12, 14, 2**15, 2**16 - 1, 2**31 - 1, 2**32 - 1, 2**30,
                  int(rng.integers(2**32)))
        value = values[rng.integers(len(values))] % 2**(8 * width)
        changed[field:field + width] = struct.pack("<H" if width == 2 else "<L", value)
    return bytes(changed)


def in_members(content: bytes, rng) -> bytes:
    """Arrays are exchanged, left out, or differ from what their headers state."""
    members = unpacked(content)
    names = [name for name in members if name != "header.json"] or ["value.npy"]
    name = names[rng.integers(len(names))]
    kinds = (np.zeros(3, bool), np.ones(3) * 1j, np.zeros(3, "M8[s]"), np.full(1025, np.nan),
             np.zeros((0, 2)), np.array(["a", "b"]), np.zeros(3, "i4,f8"), np.zeros(3, ">f4"),
             np.array(2.0), np.full(3, np.inf), np.zeros((2, 2, 2)))
    match rng.integers(6):
        case 0:
            other = names[rng.integers(len(names))]
            members[name], members[other] = members.get(other, b""), members.get(name, b"")
        case 1:
            members.pop(name, None)
        case 2:
            members[name] = npy(kinds[rng.integers(len(kinds))])
        case 3:
            texts = ("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }",
                     "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
                     "{'descr': '<U99999999', 'fortran_order': True, 'shape': (3,), }",
                     "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -3), }",
                     "{'descr': '|S0', 'fortran_order': False, 'shape': (99999999999,), }",
                     "{'descr': '<f8', 'fortran_order': 3, 'shape': (" + "1," * 99 + "), }")
            text = texts[rng.integers(len(texts))].encode()
            members[name] = b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + bytes(24)
        case 4:
            members["more.npy"] = npy(np.zeros(2**23))  # 64 MB that the header does not name
        case 5:
            members[name] = npy(np.zeros(2**23))
    return packed(members)


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array)
    return stream.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def written(content: bytes, folder: Path) -> Path:
    path = folder / "whole.npz"
    path.write_bytes(content)
    return path


def again(value, folder: Path) -> bytes:
    return dmft.save(value, folder / "again").read_bytes()


CHANGES = (in_bytes, in_header, in_zip, in_members)


def run(count: int, seed: int, folder: Path) -> dict:
    """Outcomes of `count` changed files: how many were read and refused, and all that is wrong."""
    warnings.simplefilter("ignore")
    files = samples(folder)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    path = folder / "changed.npz"
    outcomes: collections.Counter[str] = collections.Counter()
    wrong, longest = [], 0.0
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        change = CHANGES[index % len(CHANGES)]
        whole = files[rng.integers(len(files))]
        path.write_bytes(change(whole, rng))
        begun = time.perf_counter()
        try:
            value = dmft.load(path)
            outcome = "read"
            if change in (in_bytes, in_zip) and again(value, folder) != again(
                    dmft.load(written(whole, folder)), folder):
                wrong.append([index, "another value than the one that was saved"])
        except dmft.StorageError as error:
            outcome = "refused"
            if "changed.npz" not in str(error) or len(str(error)) > 1000:
                wrong.append([index, f"unclear: {str(error)[:200]}"])
        except BaseException as error:
            outcome = "failed"
            wrong.append([index, f"{type(error).__name__}: {str(error)[:200]}"])
        outcomes[f"{change.__name__}: {outcome}"] += 1
        took = time.perf_counter() - begun
        longest = max(longest, took)
        if took > 5:
            wrong.append([index, f"took {took:.1f} s"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    return {"outcomes": dict(sorted(outcomes.items())), "wrong": wrong, "longest": longest,
            "peak": peak}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])), indent=1))
