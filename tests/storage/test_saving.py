"""save and load: what comes back is what was saved, to the last bit, or one clear error."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import dmft
from dmft.base.convergence import Check, Convergence
from dmft.storage import files
from dmft.storage.encoding import HOME, find


def solution(network) -> dmft.Solution:
    """A solution's form with numbers of no meaning."""
    lags = dmft.Lags(span=7.0, dt=0.03)
    curve = np.exp(-lags.tau) / 3
    one = dmft.Estimate(0.1, 0.2)
    convergence = Convergence(True, 12, 1e-13, float("nan"), "fourier", "fine",
                              (Check("decay", 1e-9, 1e-6, "of C_x at the window's end"),))
    return dmft.Solution(network, lags, dmft.Estimate(curve, 1e-3), dmft.Estimate(curve**2), one,
                         one, dmft.Estimate(curve), one, "chaotic", convergence)


def same(a, b) -> bool:
    """Equal in type and in every bit."""
    if isinstance(a, np.ndarray):
        return (isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape
                and a.tobytes() == b.tobytes())
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, float):
        return isinstance(b, float) and np.float64(a).tobytes() == np.float64(b).tobytes()
    return type(a) is type(b) and a == b


numbers = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8),
                    st.floats(allow_nan=False), st.complex_numbers(allow_nan=False))
arrays = hnp.arrays(st.sampled_from([np.float64, np.float32, np.int64, np.bool_, np.complex128]),
                    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
values = st.recursive(st.one_of(numbers, arrays), lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple),
    st.dictionaries(st.text(max_size=6), inner, max_size=3)), max_leaves=8)


@given(values)
def test_any_nest_of_plain_values_comes_back(tmp_path_factory, value):
    path = dmft.save(value, tmp_path_factory.mktemp("save") / "value")
    assert same(dmft.load(path), value)


@pytest.mark.parametrize("phi", [dmft.tanh, dmft.erf, dmft.relu, dmft.linear], ids=repr)
def test_a_solution_comes_back(tmp_path, phi):
    before = solution(dmft.RandomNetwork(g=2.1, phi=phi, noise=0.3, reciprocity=0.0, bias=0.2))
    after = dmft.load(dmft.save(before, tmp_path / "sol.npz"))
    assert after.network == before.network
    assert after.lags == before.lags
    assert after.branch == before.branch
    assert repr(after.convergence) == repr(before.convergence)  # repr: NaN is not itself
    for name in ("C_x", "C_phi", "C_x_static", "C_phi_static", "R_phi", "gain"):
        assert same(getattr(after, name).value, getattr(before, name).value)
        assert same(getattr(after, name).stderr, getattr(before, name).stderr)
        assert not getattr(after, name).value.flags.writeable


def test_a_sum_of_ensembles_comes_back(tmp_path):
    network = dmft.Network((dmft.IID(1.0), dmft.IID(0.5, reciprocity=0.3)), dmft.erf, noise=0.1)
    assert dmft.load(dmft.save(network, tmp_path / "net")) == network


def test_a_sympy_nonlinearity_comes_back(tmp_path):
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x", real=True)
    phi = dmft.Nonlinearity.from_sympy(sympy.tanh(x) + x / 10, name="leaky")
    network = dmft.RandomNetwork(g=1.5, phi=phi)
    after = dmft.load(dmft.save(network, tmp_path / "net"))
    assert after == network
    assert np.array_equal(after.phi(np.arange(3.0)), phi(np.arange(3.0)))


def test_a_function_of_ones_own_must_be_given_again(tmp_path):
    arctan = dmft.Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x), name="arctan")
    network = dmft.RandomNetwork(g=2.0, phi=arctan)
    path = dmft.save(network, tmp_path / "net")
    assert dmft.load(path, phi=arctan) == network
    with pytest.raises(dmft.StorageError, match=r"function of your own.*load\(path, phi="):
        dmft.load(path)
    other = dmft.Nonlinearity(np.sin, np.cos, name="arctan")
    with pytest.raises(dmft.StorageError, match=r"another phi, 'arctan': at x=-2\.3 it was"):
        dmft.load(path, phi=other)
    with pytest.raises(dmft.StorageError, match=r"another phi, 'arctan': at x="):
        dmft.load(path, phi=dmft.tanh)


def test_functions_of_populations_are_given_one_or_all(tmp_path):
    arctan = dmft.Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x), name="arctan")
    sine = dmft.Nonlinearity(np.sin, np.cos, name="sine")
    mean = [[0.5, -1.0], [0.3, 0.0]]
    network = dmft.PopulationNetwork(mean, 0.3, phi=(arctan, dmft.tanh))
    path = dmft.save(network, tmp_path / "one")
    assert dmft.load(path, phi=arctan).phi == network.phi
    with pytest.raises(dmft.StorageError, match=r"function of your own"):
        dmft.load(path)
    with pytest.raises(dmft.StorageError, match=r"another phi, 'arctan'"):
        dmft.load(path, phi=sine)
    network = dmft.PopulationNetwork(mean, 0.3, phi=(arctan, sine))
    path = dmft.save(network, tmp_path / "two")
    for both in ((arctan, sine), (sine, arctan)):
        assert dmft.load(path, phi=both).phi == network.phi


def test_a_built_in_is_not_replaced_on_loading(tmp_path):
    path = dmft.save(dmft.RandomNetwork(g=2.0, phi=dmft.erf), tmp_path / "net")
    with pytest.raises(dmft.StorageError, match=r"saved with dmft\.erf, not with dmft\.tanh"):
        dmft.load(path, phi=dmft.tanh)


def test_numpy_alone_reads_the_arrays_and_any_tool_the_header(tmp_path):
    before = solution(dmft.RandomNetwork(g=2.0))
    path = dmft.save(before, tmp_path / "sol", note={"seed": np.random.SeedSequence(7)})
    with np.load(path, allow_pickle=False) as file:
        assert same(file["C_x.value"], before.C_x.value)
    with zipfile.ZipFile(path) as file:
        assert json.loads(file.read("header.json"))["dmft_version"] == dmft.__version__
    head = files.header(path)
    assert head["note"]["seed"].entropy == 7
    assert head["value"]["class"] == "Solution"


@pytest.mark.parametrize("key", ["\0", "a/b", "..", "\\", "\ud800", "x" * 70_000, "header.json",
                                 "value", "a.npy", "é"], ids=ascii)
def test_any_key_of_a_dict_comes_back(tmp_path, key):
    value = {key: np.arange(3.0), "a": {"b": np.zeros(2)}, "a.b": np.ones(2), key + "_": np.ones(1)}
    assert same(dmft.load(dmft.save(value, tmp_path / "x")), value)


def test_the_same_result_is_the_same_file(tmp_path):
    a = dmft.save(solution(dmft.RandomNetwork(g=2.0)), tmp_path / "a")
    b = dmft.save(solution(dmft.RandomNetwork(g=2.0)), tmp_path / "b")
    assert a.read_bytes() == b.read_bytes()


def test_the_suffix_is_added_once_and_dots_in_names_are_kept(tmp_path):
    assert dmft.save(1, tmp_path / "g=1.5").name == "g=1.5.npz"
    assert dmft.save(1, tmp_path / "g=1.5.npz").name == "g=1.5.npz"
    assert dmft.load(tmp_path / "g=1.5") == 1


def test_every_class_of_the_table_is_in_its_module():
    assert {name for name in HOME if find(name) is None} == set()


# ---- what can go wrong with a place


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = dmft.save(np.arange(3.0), tmp_path / "old")

    def broken(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(np.lib.format, "write_array", broken)
        with pytest.raises(KeyboardInterrupt):
            dmft.save(np.zeros(3), path)
    assert [file.name for file in tmp_path.iterdir()] == ["old.npz"]
    assert same(dmft.load(path), np.arange(3.0))


def test_who_reads_the_old_file_is_not_disturbed(tmp_path):
    path = dmft.save(np.arange(3.0), tmp_path / "old")
    before = path.read_bytes()
    with open(path, "rb") as reader:
        dmft.save(np.zeros(300), path)
        assert reader.read() == before


def test_a_new_file_has_the_permissions_of_any_other(tmp_path):
    (tmp_path / "plain").write_text("")
    path = dmft.save(1, tmp_path / "x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(dmft.StorageError, match=r"nowhere does not exist; make it first"):
        dmft.save(1, tmp_path / "nowhere" / "x")


def test_an_unwritable_path_is_named(tmp_path):
    (tmp_path / "x.npz").mkdir()
    with pytest.raises(dmft.StorageError, match=r"x\.npz: cannot be written"):
        dmft.save(1, tmp_path / "x.npz")
    assert [file.name for file in tmp_path.iterdir()] == ["x.npz"]
    with pytest.raises(dmft.StorageError, match="cannot be read"):
        dmft.load(tmp_path / "x.npz")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_without_write_permission_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(dmft.StorageError, match="cannot be written"):
        dmft.save(1, tmp_path / "x")


@pytest.mark.parametrize("path", [None, 3, b"x", "", ".", "..", "/", "a\0b"])
def test_what_is_no_path_is_named(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    for attempt in (dmft.load, files.header, lambda path: dmft.save(1, path)):
        with pytest.raises(dmft.StorageError, match=r"path=.*: (not a path|has no file "
                           "name); give "):
            attempt(path)
    assert list(tmp_path.iterdir()) == []


# ---- what can go wrong with a file


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(dmft.StorageError, match=r"x\.npz: no such file"):
        dmft.load(tmp_path / "x")


def test_a_file_cut_anywhere_is_refused(tmp_path):
    path = dmft.save(solution(dmft.RandomNetwork(g=2.0)), tmp_path / "sol")
    whole = path.read_bytes()
    for length in np.linspace(0, len(whole) - 1, 25).astype(int):
        path.write_bytes(whole[:length])
        with pytest.raises(dmft.StorageError, match=r"sol\.npz"):
            dmft.load(path)


def test_a_flipped_bit_in_an_array_is_noticed(tmp_path):
    path = dmft.save(np.random.default_rng(0).random(1000), tmp_path / "x")
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(dmft.StorageError, match=r"x\.npz: not an \.npz file, or a damaged one"):
        dmft.load(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    path = dmft.save({"a": np.arange(6.0), "g": 2.0}, tmp_path_factory.mktemp("whole") / "x")
    return path.read_bytes()


def attempt(read, path) -> tuple:
    """What was read and "", or None and the complaint."""
    try:
        return read(path), ""
    except dmft.StorageError as error:
        return None, str(error)


@given(data=st.data())
def test_damage_anywhere_is_noticed_or_does_no_harm(tmp_path_factory, whole, data):
    """Bytes of a file are changed, cut out or put in: it is refused, or holds what it held."""
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 8))
    put = data.draw(st.binary(max_size=8))
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(whole[:at] + put + whole[at + cut:])
    value, complaint = attempt(dmft.load, path)
    if complaint:
        assert "damaged.npz" in complaint
    else:
        assert same(value, {"a": np.arange(6.0), "g": 2.0})


WORDS = ("float", "complex", "array", "tuple", "dict", "seed", "nonlinearity", "class", "fields",
         "built_in", "expression", "name", "values", "entropy", "spawn_key", "pool_size", "a",
         "tanh")
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False),
                   st.sampled_from([*WORDS, *HOME]), st.text(max_size=4))
trees = st.recursive(leaves, lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=3)),
    max_leaves=6)


@given(tree=trees)
def test_any_header_gives_a_value_or_one_clear_error(tmp_path_factory, tree):
    path = dmft.save({"a": np.arange(3.0)}, tmp_path_factory.getbasetemp() / "header")
    for part, read in (("value", dmft.load), ("note", files.header)):
        rewrite_header(path, **{part: tree})
        _, complaint = attempt(read, path)
        assert not complaint or "header.npz" in complaint


@pytest.mark.parametrize("head", [[], 3, None, {}, {"format": "dmft"},
                                  {"format": "dmft", "format_version": 1},
                                  {"format": "dmft", "format_version": True}])
def test_a_header_without_its_parts_is_refused(tmp_path, head):
    path = tmp_path / "x.npz"
    for text in (json.dumps(head), "{", "\0", "[" * 100_000):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("header.json", text)
        for read in (dmft.load, files.header):
            with pytest.raises(dmft.StorageError, match=r"x\.npz"):
                read(path)


def test_a_foreign_file_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(dmft.StorageError, match=r"not written by dmft\.save; read it with numpy"):
        dmft.load(tmp_path / "other.npz")
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(dmft.StorageError, match=r"not an \.npz file"):
        dmft.load(tmp_path / "text.npz")


def test_a_pickle_is_never_opened(tmp_path):
    path = tmp_path / "x.npz"
    head = {"format": "dmft", "format_version": 1, "note": {"dict": {}}, "value": {"array": "evil"}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.json", json.dumps(head))
        with archive.open("evil.npy", "w") as member:
            np.lib.format.write_array(member, np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(dmft.StorageError, match=r"damaged one \(an array of object\)"):
        dmft.load(path)


def rewrite_header(path, **changes) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["header.json"] = json.dumps({**json.loads(members["header.json"]), **changes}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_newer_format_is_refused(tmp_path):
    path = dmft.save(1, tmp_path / "x")
    rewrite_header(path, format_version=99, dmft_version="9.0")
    with pytest.raises(dmft.StorageError, match=r"format 99, written by dmft 9\.0, newer"):
        dmft.load(path)


@pytest.mark.parametrize(("tree", "problem"), [
    ({"class": "Unheard", "fields": {}}, "holds a Unheard, a class that is not registered"),
    ({"class": "Lags", "fields": {"span": 1.0}}, "do not match this version"),
    ({"class": "Lags", "fields": {"span": -1.0, "dt": 0.1}}, "span=-1.0: not positive"),
    ({"array": "gone"}, "do not match this version"),
    ({"array": []}, "do not match this version"),
    ({"dict": 3}, "do not match this version"),
    ({"float": "much"}, "do not match this version"),
    ({"seed": {"entropy": 1}}, "do not match this version"),
    ({"nonlinearity": 3}, "do not match this version"),
    ({"novelty": 1}, "entry of unknown kind 'novelty'"),
    ({"nonlinearity": {"built_in": "swish"}}, "built-in phi 'swish'"),
])
def test_a_header_that_does_not_fit_is_named(tmp_path, tree, problem):
    path = dmft.save(1, tmp_path / "x")
    rewrite_header(path, value=tree)
    with pytest.raises(dmft.StorageError, match=problem) as caught:
        dmft.load(path)
    assert "x.npz" in str(caught.value)


# ---- what can be saved


@dataclass(frozen=True)
class Mine:
    a: np.ndarray
    b: tuple[dmft.Estimate, ...] = ()


@dataclass(frozen=True)
class Unknown:
    a: float


def test_a_registered_class_comes_back(tmp_path):
    files.register(Mine)
    files.register(Mine)  # a module may be imported twice
    after = dmft.load(dmft.save(Mine(np.arange(3), (dmft.Estimate(1.0),)), tmp_path / "x"))
    assert isinstance(after, Mine)
    assert same(after.a, np.arange(3))
    assert float(after.b[0]) == 1.0


@pytest.mark.parametrize(("value", "where"), [
    (Unknown(1.0), "the value: the type Unknown"), ((1, {"k": object()}), r"1\.k: the type object"),
    (np.array([None]), "array of object"), ({1: 2}, "only with string keys"), (print, "builtin"),
])
def test_what_cannot_be_saved_is_named_and_leaves_no_file(tmp_path, value, where):
    with pytest.raises(dmft.StorageError, match=where):
        dmft.save(value, tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_what_contains_itself_cannot_be_saved(tmp_path):
    ring: list = []
    ring.append(ring)
    with pytest.raises(dmft.StorageError, match="contains itself"):
        dmft.save(ring, tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_only_dataclasses_of_a_new_name_are_registered():
    with pytest.raises(dmft.StorageError, match="not a dataclass"):
        files.register(int)
    impostor = type("Solution", (Unknown,), {})
    with pytest.raises(dmft.StorageError, match="class named Solution is registered already"):
        files.register(impostor)
    assert files.register is dmft.register


def test_a_file_of_another_kind_is_named_as_it_was_given(tmp_path):
    (tmp_path / "a.csv").write_text("0,1\n1,0\n")
    with pytest.raises(dmft.StorageError, match=r"a\.csv: is not .*dmft\.load_connectivity"):
        dmft.load(tmp_path / "a.csv")


def test_a_solution_that_failed_is_read_with_how_it_ended(tmp_path):
    network = dmft.RandomNetwork(1.5, dmft.erf, reciprocity=0.3)
    found = dmft.solve(network, lags=dmft.Lags(20.0, 0.4), max_iter=2, strict=False)
    assert found.convergence.ended is not None
    dmft.save(found, tmp_path / "failed.npz")
    assert dmft.load(tmp_path / "failed.npz").convergence == found.convergence
