"""Tables in text files: the header decides; a table with two possible meanings is refused."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError, StorageError

DATA = Path(__file__).parents[2] / "data" / "drosophila_mushroom_body_left.csv"
TRIANGLE = [[0, 0, 7], [5, 0, 0], [0, 2, 0]]  # edges 0 -> 1 (5), 1 -> 2 (2), 2 -> 0 (7)


@pytest.fixture
def read(tmp_path):
    """The connectivity in a text, which must not warn."""
    def function(text, warned=(), **said):
        path = tmp_path / "J.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = dmft.load_connectivity(path, **said)
        assert [one.category for one in caught] == list(warned)
        return found
    return function


# ---- labels


LABELLED = "0,11,12\n11,0,.5\n12,.3,0\n"


def test_numbers_that_may_be_names_or_couplings_are_refused(read):
    with pytest.raises(ModelError, match="may be names or couplings; give names=True or"):
        read(LABELLED)
    found = read(LABELLED, names=True)
    assert np.array_equal(found, [[0, 0.5], [0.3, 0]])
    assert found.names == (11, 12)
    couplings = read(LABELLED, kind="matrix", names=False)
    assert np.array_equal(couplings, [[0, 11, 12], [11, 0, 0.5], [12, 0.3, 0]])
    assert couplings.names is None


@pytest.mark.parametrize("corner", ["", "neuron", '""'])
def test_a_corner_that_is_not_a_number_marks_names(read, corner):
    ids = (720575940600000001, 720575940600000002)  # not exact as float64
    found = read(f"{corner},{ids[0]},{ids[1]}\n{ids[0]},0,5\n{ids[1]},2,0\n")
    assert found.names == ids
    assert np.array_equal(found, [[0, 5], [2, 0]])
    with pytest.raises(ModelError, match="may be names"):
        read(f"0,{ids[0]},{ids[1]},9\n{ids[0]},0,.5,1\n{ids[1]},2,0,1\n9,1,1,1\n")


def test_names_keep_rows_and_columns_together(read):
    found = read(",a,b,c\nb,3,0,4\na,0,1,2\nc,5,6,0\n")  # rows and columns in two orders
    assert found.names == ("b", "a", "c")
    assert np.array_equal(found, [[0, 3, 4], [1, 0, 2], [6, 5, 0]])
    assert "another order" in str(found)
    with pytest.raises(ModelError, match="row 'd' has no column"):
        read(",a,b,c\na,0,1,2\nb,3,0,4\nd,5,6,0\n")
    wider = read(",a,b,c\na,0,1,2\nb,3,0,4\nd,5,6,0\n", neurons=["a", "b", "c", "d", "e"])
    assert np.array_equal(wider, [[0, 1, 2, 0, 0], [3, 0, 4, 0, 0], [0] * 5, [5, 6, 0, 0, 0],
                                  [0] * 5])
    with pytest.raises(ModelError, match="columns have the name 'a'"):
        read(",a,a,c\na,0,1,2\nb,3,0,4\nc,5,6,0\n")


def test_the_index_of_a_data_frame_is_dropped_and_noted(read):
    found = read(",a,b,c,d\n0,0,1,2,3\n1,3,0,4,1\n2,5,6,0,1\n3,1,1,1,1\n")
    assert found.names == ("a", "b", "c", "d")
    assert found.matrix[0, 3] == 3
    assert "dropped the index column 0 to 3" in str(found)
    of_r = read('"V1" "V2" "V3"\n"1" 0 .5 1\n"2" .1 0 2\n"3" 0 1 0\n')
    assert of_r.names == ("V1", "V2", "V3")
    assert np.array_equal(of_r, [[0, 0.5, 1], [0.1, 0, 2], [0, 1, 0]])


# ---- matrix or edges


@pytest.mark.parametrize("text", [
    "0,1,5\n1,2,2\n2,0,7\n", "0 1\n1 0\n", "0,1,5\n1,0,2\n", "0,1\n0,1\n2,0\n",
    "a,b,c\n0,1,2\n1,2,3\n2,0,1\n", "1.0e+00 2.0e+00\n2.0e+00 1.0e+00\n"])
def test_a_table_with_two_meanings_is_refused(read, text):
    with pytest.raises(ModelError, match="give kind='matrix' or kind='edges'"):
        read(text)


def test_kind_determines_what_a_table_is(read):
    text = "0,1,5\n1,2,2\n2,0,7\n"
    assert np.array_equal(read(text, kind="matrix"), [[0, 1, 5], [1, 2, 2], [2, 0, 7]])
    found = read(text, kind="edges")
    assert np.array_equal(found, TRIANGLE)
    assert "column 1 was taken as source, column 2 as target" in found.direction
    with pytest.raises(ModelError, match=r"rows='presynaptic': .* has edges"):
        read(text, kind="edges", rows="presynaptic")
    with pytest.raises(ModelError, match="kind='matrix': a matrix has no columns"):
        read(text, kind="matrix", source=1)


@pytest.mark.parametrize("text", [
    "source,target,weight\n0,1,5\n1,2,2\n2,0,7\n", "target,source,weight\n1,0,5\n2,1,2\n0,2,7\n",
    "post,pre,w\n1,0,5\n2,1,2\n0,2,7\n", "weight,pre,post\n5,0,1\n2,1,2\n7,2,0\n",
    ",from,to,count\n0,0,1,5\n1,1,2,2\n2,2,0,7\n", "from;to;w\n0;1;5,0\n1;2;2,0\n2;0;7,0\n",
    "pre_pt_root_id,post_pt_root_id,n_syn\n0,1,5\n1,2,2\n2,0,7\n",
    "bodyId_pre,bodyId_post,roi,weight\n0,1,LAL,2\n0,1,FB,3\n1,2,FB,2\n2,0,FB,7\n",
    '"source" "target" "weight"\n"1" 0 1 5\n"2" 1 2 2\n"3" 2 0 7\n',
    "# target source weight\n1 0 5\n2 1 2\n0 2 7\n",
    "Post\tPre\tStrength\n1\t0\t5\n2\t1\t2\n0\t2\t7\n",
    "PRE|POST|Synapses\n0|1|5\n1|2|2\n2|0|7\n"], ids=lambda text: text.partition("\n")[0])
def test_columns_are_found_by_their_names(read, text):
    found = read(text)
    assert np.array_equal(found, TRIANGLE)
    assert found.names == (0, 1, 2)
    assert found.is_sparse
    assert "source is column" in str(found)


def test_what_is_dropped_or_added_up_is_noted(read):
    found = read("id,pre,post,roi,weight\n0,5,6,LAL,2\n1,5,6,FB,3\n2,6,6,FB,1\n3,7,5,FB,0\n")
    assert np.array_equal(found, [[0, 0, 0], [5, 1, 0], [0, 0, 0]])
    for said in ("dropped the index column 'id'", "dropped the columns roi",
                 "1 of 4 edges repeat an earlier one: weights are added",
                 "1 of 4 edges connect a neuron to itself, and are kept", "1 couplings are zero"):
        assert f"note: {said}" in str(found)


@pytest.mark.parametrize(("text", "said", "word"), [
    ("neuron1,neuron2,w\n1,2,3\n2,1,1\n3,1,1\n4,1,1\n5,1,1\n", {}, "no column has the name of a"),
    ("a,b,weight\nx,y,3\ny,x,1\n", {}, "no column has the name of a source"),
    ("pre,b,weight\nx,y,3\ny,x,1\n", {}, "names a source only"),
    ("pre,post,delay\n1,2,3\n2,1,1\n", {}, "give weight= with .*, or weight=False"),
    ("pre,post,count,size\n1,2,3,4\n2,1,1,1\n", {}, "count, size are each a weight"),
    ("pre,post_name,post_id,w\n1,b,2,3\n2,a,1,1\n", {}, "post_name, post_id are each a target"),
    ("5,7,1,2\n5,8,2,3\n7,5,1,1\n", {"kind": "edges"}, "4 columns without a header"),
    ("0,5,7\n1,7,9\n2,9,5\n3,5,9\n4,9,7\n", {}, "the first column counts the rows"),
    ("cell1,cell2\nb,c\nc,b\n", {}, "may be a header or an edge"),
    ("1,2\nx,4\n", {}, "both texts and numbers as names"),
    ("# target neuron, source neuron and weight\n1 0 5\n2 1 2\n", {}, "may name the columns"),
    ("a;x,b;y,1\nb;x,a;y,1\n", {}, "separated by semicolons or by commas"),
    ("pre,post,w,\n1,2,3,4\n2,1,3,4\n", {}, "column number 4 has no name"),
    ("1 2 3 4\n1 2 3 4\n", {}, "2 rows of 4 columns are not a square matrix"),
    ("0,1,2\n3,4,5.5\n", {"kind": "matrix"}, "not a square matrix"),
    ("1\n2\n", {}, "one column")])
def test_ambiguous_text_is_refused_with_the_argument_to_give(read, text, said, word):
    with pytest.raises(ModelError, match=word):
        read(text, **said)


def test_the_arguments_that_the_refusals_name_are_enough(read):
    text = "neuron1,neuron2,delay,w\n0,1,3,5\n1,2,3,2\n2,0,3,7\n"
    assert np.array_equal(read(text, source="neuron1", target="neuron2"), TRIANGLE)
    assert np.array_equal(read(text, source=1, target=0, weight="delay"),
                          3.0 * (np.array(TRIANGLE).T > 0))
    assert np.array_equal(read("0,1,a,5\n1,2,b,2\n2,0,c,7\n", source=0, target=1, weight=3),
                          TRIANGLE)
    assert np.array_equal(read("cell1,cell2\nb,c\nc,b\n", source="cell1", target="cell2"),
                          [[0, 1], [1, 0]])
    assert read("cell1,cell2\nb,c\nc,b\n", source=0, target=1).neurons == 4
    assert np.array_equal(read("pre,post,delay\n0,1,3\n1,0,3\n", weight=False), [[0, 1], [1, 0]])


# ---- neurons


def test_edges_without_weights_are_counted(read):
    found = read("source target\n0 1\n0 1\n2 0\n")
    assert np.array_equal(found, [[0, 0, 1], [2, 0, 0], [0, 0, 0]])
    assert "every edge counts as 1" in str(found)


def test_neurons_without_edges_are_included_if_named(read):
    text = "pre,post\n0,1\n4,1\n"
    found = read(text, warned=[UserWarning])  # few gaps: neurons 2 and 3 may be isolated
    assert found.names == (0, 1, 4)
    assert "neurons= includes others" in str(found)
    all_of_them = read(text, neurons=6)
    assert all_of_them.names == tuple(range(6))
    assert all_of_them.matrix[1, 4] == 1
    assert "3 of 6 neurons have no edge" in str(all_of_them)
    assert read(text, neurons=[4, 1, 0, 9]).names == (4, 1, 0, 9)
    assert read("pre,post\n1,2\n2,3\n", neurons=3).names == (1, 2, 3)
    with pytest.raises(ModelError, match=r"neurons=4: .* numbered from 0 or from 1"):
        read("pre,post\n1,2\n2,3\n", neurons=4)
    with pytest.raises(ModelError, match="neurons=4: the edges have neurons from 0 to 4"):
        read(text, neurons=4)
    with pytest.raises(ModelError, match=r"neurons=.*such as 4"):
        read(text, neurons=[0, 1, 2])
    with pytest.raises(ModelError, match=r"neurons=5: .* names that are not numbers"):
        read("pre,post\na,b\n", neurons=5)


def test_identifiers_are_names_and_their_size_costs_nothing(tmp_path, monkeypatch):
    """28,572 neurons in steps of 7: as indices they would need 298 GiB."""
    ids = np.arange(0, 200_001, 7)
    lines = [f"{one},{two},1" for one, two in zip(ids, np.roll(ids, 1), strict=True)]
    (tmp_path / "J.csv").write_text("\n".join(["pre,post,weight", *lines]))
    found = dmft.load_connectivity(tmp_path / "J.csv")
    assert found.names == tuple(ids.tolist())
    assert found.nnz == found.neurons == 28572
    assert found.matrix[0, 1] == 1
    monkeypatch.setattr("dmft.base.allocation.available", lambda: 8e9)
    for function in (dmft.measure_connectivity, dmft.Matrix, dmft.rotated_network, np.asarray):
        with pytest.raises(ModelError, match="GiB of memory"):
            function(found)
    with pytest.raises(ModelError, match=r"neurons=10+: needs .* GiB"):
        dmft.load_connectivity(tmp_path / "J.csv", neurons=10**12)
    wide = ",".join(["1"] * 10**5)
    (tmp_path / "J.csv").write_text(f"{wide}\n{wide}\n")
    with pytest.raises(ModelError, match="GiB of memory"):
        dmft.load_connectivity(tmp_path / "J.csv")


# ---- cells


def test_decimal_commas_encodings_and_line_ends(read):
    assert np.array_equal(read("0;1,5\r\n-2,5e0;0\r\n"), [[0, 1.5], [-2.5, 0]])
    assert np.array_equal(read("0,5 1,2\n0,3 1,1\n"), [[0.5, 1.2], [0.3, 1.1]])
    assert np.array_equal(read('"0,5","1,2"\n"0,3","1,1"\n'), [[0.5, 1.2], [0.3, 1.1]])
    for encoding in ("utf-16", "utf-8-sig"):
        assert read("pre,post\né,b\nb,é\n".encode(encoding)).names == ("b", "é")
    assert read("pre,post,\ra,b,\rb,c,\r").names == ("a", "b", "c")
    first = 720575940600000000  # neighbours would be one float64
    assert read(f"{first} {first + 2} 2\n{first + 1} {first} 1\n", kind="edges").names == (
        first, first + 1, first + 2)


@pytest.mark.parametrize(("text", "word"), [
    ("", "is empty"), ("# nothing\n", "is empty"), ("pre,post\n", "has a header and no edges"),
    ("0.5,1\n2,\n", "line 2: column 2 is empty; write 0"),
    ("0.5,1\nNA,2.5\n", "NA"), ("5,NA\n2,1\n", "name is missing .'NA'."),
    ("0.5,1\n2,nan\n", "line 2: column 2 'nan' is a missing value"),
    ("0.5,1\n2,inf\n", "line 2: column 2: 'inf' is not a finite number"),
    ("0.5,1\n2,1e999\n", "line 2: column 2: '1e999' is not a finite number"),
    ("pre,post,w\n1,2,1_0\n", "line 2: column 3: '1_0' is not a finite number"),
    ("pre,post,w\na,b,1\nc,d,x\n", "line 3: column 3: 'x' is not a finite number"),
    ("pre,post,w\na,b,1\nc,,2\n", "name is missing"), ("pre,post\na,nan\n", "name is missing"),
    ("a,b,LAL,1\nb,c,LAL,2\n", "give source=, target= and weight="),
    ("pre,post\n1.5,2\n", "'1.5' is not the name of a neuron"),
    ("pre,post\n-1,2\n", "'-1' is not the name of a neuron"),
    ("pre,post\n7.2e17,2.0\n", "'7.2e17' has been rounded"),
    ("pre,post\n07,7\n", "'07' and '7' are the same number"),
    ("0;1,500\n2,500;0\n", "may be a decimal comma or separate thousands"),
    ("0.5;1,5\n2,5;0\n", "'2,5' has a decimal comma and '0.5' a decimal point"),
    ("pre,post,w\n1,2,3\n1,2\n", "line 3: has 2 cells, other lines have 3"),
    ("pre,post,w\n1,2,3\npre,post,w\n", "line 3: repeats the header"),
    ("pre post\na b\n#c d\n", "line 3: '#c d' may be a comment or a row"),
    ('pre,post\n"a,b\nc,d\n', "quotation mark"),
    ("pre,post\né,b\n".encode("latin-1"), "not text in UTF-8"),
    ("pre,post\na,b\n".encode("utf-16-le"), "UTF-16 without its byte-order mark")])
def test_cells_that_cannot_be_read_are_named_with_their_line(read, text, word):
    with pytest.raises(StorageError, match=word):
        read(text)


def test_the_mushroom_body():
    """Rows are presynaptic: projection neurons, the last ones, receive no input from the others."""
    J = dmft.load_connectivity(DATA, rows="presynaptic")
    assert J.shape == (209, 209)
    assert np.all(J[151:] == 0)  # no input
    assert np.any(J[:, 151:])
    assert "transposed" in J.direction
    assert np.array_equal(dmft.load_connectivity(DATA).matrix.T, J)
