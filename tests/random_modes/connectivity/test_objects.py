"""Objects of other libraries, binary files, and the Connectivity that results."""

from __future__ import annotations

import copy
import gzip
import pickle
import sys
import zipfile

import networkx
import numpy as np
import pandas
import pytest
from scipy import io, sparse

import dmft
from dmft.base.errors import ModelError, StorageError

A = np.array([[0, 1.5, 0], [2, 0, 3], [0, 4, 0.25]])


# ---- objects


def test_masked_entries_are_zero_and_noted():
    found = dmft.load_connectivity(np.ma.masked_greater(A, 2))
    assert np.array_equal(found, np.where(A > 2, 0, A))
    assert "2 masked entries were taken as no connection" in str(found)
    for function in (dmft.measure_connectivity, dmft.Matrix, dmft.rotated_network,
                     dmft.RandomModeNetwork.from_connectivity,
                     dmft.HeterogeneousNetwork.from_connectivity):
        with pytest.raises(ModelError, match="masked entries"):
            function(np.ma.masked_greater(A, 2))
    assert np.array_equal(dmft.Matrix(np.ma.masked_array(A)).matrix, A)  # nothing is masked


def test_a_data_frame_whose_rows_and_columns_differ_in_order():
    frame = pandas.DataFrame(A, list("abc"), list("abc"))[["c", "a", "b"]]
    assert np.array_equal(dmft.load_connectivity(frame), A)
    with pytest.raises(ModelError, match="load_connectivity"):
        dmft.Matrix(frame)
    assert np.array_equal(dmft.Matrix(frame[["a", "b", "c"]]).matrix, A)
    counted = pandas.DataFrame(A)[[2, 0, 1]]
    assert np.array_equal(dmft.load_connectivity(counted), A)
    with pytest.raises(ModelError, match="load_connectivity"):
        dmft.measure_connectivity(counted)


@pytest.mark.parametrize(("given", "word"), [
    (pandas.DataFrame(np.eye(3, dtype=int)), "kind='matrix' or kind='edges'"),
    (pandas.DataFrame({"pre": [1, None], "post": [2, 3]}), "'pre' has missing values"),
    (pandas.DataFrame({"pre": [1, 2], "post": [2, 3], "delay": [1, 2]}), "give weight="),
    (pandas.DataFrame({"pre": [1, 2], "post": [2, 3], "w": ["a", "b"]}), "not numbers"),
    (pandas.DataFrame(np.where(A == 0, np.nan, A)), "missing values; give .fillna"),
    (pandas.DataFrame(A, list("abc"), list("abd")), "different names"),
    (pandas.DataFrame(A.astype(str)), "does not hold numbers"),
    (pandas.DataFrame({"pre": [1], "post": [2]}).set_index(["pre", "post"]), "several levels"),
    (A[:2], "not a square matrix"), (A * 1j, "complex"), (sparse.csr_array(A * 1j), "complex"),
    (np.where(A == 0, np.nan, A), "NaN or infinity"), (sparse.csr_array(A[:2]), "not a square"),
    (np.array([["a", "b"], ["b", "a"]]), "kind='edges'"), ([[1.0, 2.0], [3.0]], "lengths"),
    (A * 1e200, "overflows"), (object(), "neither a path"), (np.ones((2, 2, 2)), "shape")])
def test_invalid_and_ambiguous_objects_are_refused(given, word):
    with pytest.raises(ModelError, match=word):
        dmft.load_connectivity(given)


def test_graphs():
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from([7, 3])
    graph.add_edge(3, 1, synapses=2, delay=1.5)
    graph.add_edge(3, 1, synapses=4, delay=1.5)
    found = dmft.load_connectivity(graph)
    assert found.names == (7, 3, 1)
    assert np.array_equal(found, [[0, 0, 0], [0, 0, 0], [0, 6, 0]])
    assert dmft.load_connectivity(graph, weight="delay")[2, 1] == 3
    assert dmft.load_connectivity(graph, weight=False)[2, 1] == 2
    with pytest.raises(ModelError, match="has edges, which run from source"):
        dmft.load_connectivity(graph, rows="presynaptic")
    with pytest.raises(ModelError, match="reverse"):
        dmft.load_connectivity(graph, source="delay")
    with pytest.raises(ModelError, match="load_connectivity"):
        dmft.Matrix(graph)
    both = networkx.Graph([("a", "b", {"weight": 2.0}), ("a", "a", {"weight": 5.0})])
    undirected = dmft.load_connectivity(both)
    assert np.array_equal(undirected, [[5, 2], [2, 0]])
    assert "both directions" in str(undirected)
    both.edges["a", "b"].pop("weight")
    with pytest.raises(ModelError, match="weight=None"):
        dmft.load_connectivity(both)
    with pytest.raises(ModelError, match="attributes delay"):
        dmft.load_connectivity(networkx.DiGraph([(0, 1, {"delay": 2.0})]))


# ---- files


@pytest.mark.parametrize(("name", "content", "word"), [
    ("J.mat", b"MATLAB 7.3 MAT-file" + b" " * 200, "'-v7'"),
    ("J.h5", b"\x89HDF\r\n\x1a\n", "h5py"), ("J.parquet", b"PAR1", "pandas.read_parquet"),
    ("J.csv", b"ARROW1", "pandas.read_feather"), ("J.pkl", b"\x80\x04K\x01.", "unpickle it"),
    ("J.xls", b"\xd0\xcf\x11\xe0", "pandas.read_excel"), ("J.json", b"{}", "networkx graph"),
    ("J.csv", b"<!DOCTYPE html><p>404", "web page"), ("J.npy", b"0,1\n1,0\n", "ending .npy"),
    ("J.csv.gz", gzip.compress(b"pre,post\n" + b"a,b\n" * 99, mtime=0)[:-9], "cannot be read"),
    ("J.mtx", b"%%MatrixMarket matrix array complex general\n1 1\n1 2\n", "complex"),
    ("J.mtx", b"%%MatrixMarket matrix coordinate real general\n99999999999 99999999999 1\n1 2 3\n",
     "GiB"), ("J.mat", b"garbage", "cannot be read"), ("J.graphml", b"<graphml", "GraphML"),
    ("J.graphml", b"<graphml><graph id='a'></graph><graph id='b'></graph></graphml>", "several")])
def test_what_is_not_read_is_refused_with_the_cure(tmp_path, name, content, word):
    (tmp_path / name).write_bytes(content)
    with pytest.raises((StorageError, ModelError), match=word):
        dmft.load_connectivity(tmp_path / name)


def test_the_format_follows_from_the_content_and_not_from_the_ending(tmp_path):
    sparse.save_npz(tmp_path / "J.npz", sparse.csr_matrix(A))
    (tmp_path / "J.csv").write_bytes((tmp_path / "J.npz").read_bytes())
    assert np.array_equal(dmft.load_connectivity(tmp_path / "J.csv"), A)
    (tmp_path / "J.npy").write_bytes(gzip.compress((tmp_path / "J.npz").read_bytes()))
    assert np.array_equal(dmft.load_connectivity(tmp_path / "J.npy"), A)
    with zipfile.ZipFile(tmp_path / "J.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    with pytest.raises(StorageError, match="read_excel"):
        dmft.load_connectivity(tmp_path / "J.xlsx")


def test_files_of_several_arrays(tmp_path):
    io.savemat(tmp_path / "J.mat", {"A": A, "B": A.T, "s": {"A": A}})
    with pytest.raises(ModelError, match=r"holds 2 arrays: A, B; give variable="):
        dmft.load_connectivity(tmp_path / "J.mat")
    assert np.array_equal(dmft.load_connectivity(tmp_path / "J.mat", variable="B"), A.T)
    with pytest.raises(StorageError, match="struct with the fields A"):
        dmft.load_connectivity(tmp_path / "J.mat", variable="s")
    with pytest.raises(ModelError, match="no array 'C'"):
        dmft.load_connectivity(tmp_path / "J.mat", variable="C")
    with pytest.raises(ModelError, match="holds a matrix, not a list of edges"):
        dmft.load_connectivity(sparse.csr_array(A), source=0, target=1)


def test_sizes_are_checked_before_a_file_is_unpacked(tmp_path, monkeypatch):
    np.save(tmp_path / "J.npy", np.zeros((400, 400)))
    np.savez_compressed(tmp_path / "J.npz", np.zeros((400, 400)))
    (tmp_path / "J.npy.gz").write_bytes(gzip.compress((tmp_path / "J.npy").read_bytes()))
    monkeypatch.setattr("dmft.base.allocation.available", lambda: 1e6)
    for name in ("J.npy", "J.npz", "J.npy.gz"):
        with pytest.raises(ModelError, match="GiB of memory"):
            dmft.load_connectivity(tmp_path / name)


def test_a_missing_library_is_named_with_its_extra(tmp_path, monkeypatch):
    networkx.write_graphml(networkx.DiGraph([("a", "b")]), tmp_path / "J.graphml")
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(StorageError, match=r"pip install 'dmft\[connectome\]'"):
        dmft.load_connectivity(tmp_path / "J.graphml")
    records = np.array([(0, 1, 2.0)], dtype=[("pre", int), ("post", int), ("w", float)])
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(StorageError, match=r"pip install 'dmft\[connectome\]'"):
        dmft.load_connectivity(records)


# ---- the result


@pytest.mark.parametrize("given", [A, sparse.csr_array(A)], ids=["dense", "sparse"])
def test_a_connectivity_is_used_as_its_matrix(given):
    J = dmft.load_connectivity(given, names=["a", "b", "c"])
    x = np.arange(3.0)

    def dense(value):
        return value.toarray() if sparse.issparse(value) else value

    for found, expected in ((2 * J, 2 * A), (J * 2, 2 * A), (J / 2, A / 2), (-J, -A),
                            (J @ x, A @ x), (x @ J, x @ A), (J - J, A - A), (J + A, 2 * A),
                            (A - J, 0 * A), (J.T, A.T), (abs(J), A), (np.abs(J), A),
                            (J @ J, A @ A)):
        assert np.array_equal(dense(found), expected)
    assert (J[1, 2], len(J), J.shape, J.neurons, J.sum()) == (3, 3, (3, 3), 3, A.sum())
    assert np.array_equal(np.asarray(J, dtype=np.float32), A.astype(np.float32))
    assert dmft.load_connectivity(J) is J
    with pytest.raises(ModelError, match=r"rows='presynaptic': .* read already"):
        dmft.load_connectivity(J, rows="presynaptic")
    for again in (pickle.loads(pickle.dumps(J)), copy.deepcopy(J)):
        assert again.names == J.names
        assert np.array_equal(again, A)
    with pytest.raises(ValueError, match="read-only"):
        (J.data if J.is_sparse else J.matrix)[0] = 1
    with pytest.raises(AttributeError, match="nothing"):
        _ = J.nothing


@pytest.mark.parametrize("given", [A, sparse.csr_array(A), sparse.coo_matrix(A)], ids=repr)
@pytest.mark.filterwarnings("ignore::dmft.ResolutionWarning")  # of so small a matrix
def test_every_function_of_a_connectivity_takes_it(given):
    for J in (given, dmft.load_connectivity(given)):
        assert np.array_equal(dmft.Matrix(J).matrix, A)
        assert np.array_equal(dmft.measure_connectivity(J, remove_mean=False).matrix, A)
        assert dmft.rotated_network(J, remove_mean=False).ensembles == (dmft.Matrix(A),)
        for named in (dmft.RandomModeNetwork, dmft.HeterogeneousNetwork):
            assert named.from_connectivity(J) == named.from_connectivity(A)
